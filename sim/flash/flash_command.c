/* metersim flash: the image of physical meters, replaced over Modbus, one meter after the
 * other. A gateway's other clients, and its other meters, go on meanwhile; on a serial
 * line the other meters that were named are read between two blocks. */
#include "sim/field/client.h"
#include "sim/field/place.h"
#include "sim/flash/update.h"
#include "sim/program/commands.h"
#include "sim/program/error.h"
#include <stdio.h>
#include <string.h>

enum { OWN_ENTRIES = 3, POLLED_EACH = 8, ENERGY_ADDR = 0 };

struct job {
    struct place_options place;
    struct update_options options;
    gboolean downgrade, quick, poll;
    struct image_file file;
    GPtrArray *targets; /* struct place */
    struct client client;
    int polled, silent; /* other meters: answers, and none */
};

static int ask(struct job *j, const struct place *place, const uint8_t *pdu, int size,
               uint8_t answer[CLIENT_PDU_MAX])
{
    int length = 0;

    j->client.place = place;
    switch (client_ask(&j->client, pdu, size, answer, &length)) {
    case CLIENT_ANSWERED:
        return length;
    case CLIENT_EXCEPTION:
        answer[0] = pdu[0] | 0x80;
        answer[1] = (uint8_t)j->client.code;
        return 2;
    case CLIENT_SILENT:
    case CLIENT_LATE:
    case CLIENT_OTHER_UNIT:
    case CLIENT_OTHER_TRANSACTION:
    case CLIENT_ECHO:
    case CLIENT_DAMAGED:
    case CLIENT_GONE:
        break;
    }
    return 0;
}

/* The next of the other targets: its net energy. */
static void poll_other(struct job *j, const struct place *updated, uint32_t turn)
{
    static const uint8_t read_energy[] = { 3, 0, ENERGY_ADDR, 0, 2 };
    uint8_t answer[CLIENT_PDU_MAX];
    const struct place *other = g_ptr_array_index(j->targets, turn % j->targets->len);

    if (other == updated)
        return;
    if (ask(j, other, read_energy, sizeof read_energy, answer))
        j->polled++;
    else
        j->silent++;
}

static void show(const char *name, const struct flash_update *u, int *shown)
{
    const int percent = update_percent(u);

    if (percent / 10 == *shown)
        return;
    *shown = percent / 10;
    printf("%s: %d %%\n", name, percent);
    fflush(stdout);
}

static bool update_one(struct job *j, const struct place *place, GError **error)
{
    struct flash_update u;
    uint8_t pdu[UPDATE_PDU_MAX], answer[CLIENT_PDU_MAX];
    char name[PLACE_TEXT];
    int size, shown = 0;

    place_text(place, name);
    if (!client_open(&j->client, place, error))
        return false;
    update_start(&u, &j->file, &j->options);
    for (uint32_t turn = 0; (size = update_question(&u, pdu)) > 0; turn++) {
        g_usleep((gulong)u.pause_ms * 1000);
        update_take_answer(&u, answer, ask(j, place, pdu, size, answer));
        show(name, &u, &shown);
        if (j->poll && turn % POLLED_EACH == 0)
            poll_other(j, place, turn / POLLED_EACH);
    }
    client_close(&j->client);
    if (u.step == STEP_FAILED)
        return error_set_code(error, ERROR_FAILED, "%s: %s", name, u.text);
    printf("%s: serial number %u: %s\n", name, u.serial, u.text);
    return true;
}

static bool add_target(struct job *j, const char *text, GError **error)
{
    struct place *p = g_memdup2(&j->place.place, sizeof *p);

    g_ptr_array_add(j->targets, p);
    return place_parse(p, text, error);
}

static bool run(struct job *j, int argc, char **argv, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize size = 0;
    bool good = g_file_get_contents(argv[argc - 1], &bytes, &size, error);

    if (good && !image_file_parse(&j->file, (const uint8_t *)bytes, size, error)) {
        g_prefix_error(error, "%s: ", argv[argc - 1]);
        good = false;
    }
    for (int k = 1; k < argc - 1 && good; k++)
        good = add_target(j, argv[k], error);
    for (guint k = 0; good && k < j->targets->len; k++)
        good = update_one(j, g_ptr_array_index(j->targets, k), error);
    if (good && j->poll)
        printf("the others were read %d times, %d without an answer\n", j->polled,
               j->silent);
    return good;
}

int command_flash(int argc, char **argv, GError **error)
{
    struct job j = { .polled = 0 };
    GOptionEntry entries[OWN_ENTRIES + PLACE_ENTRIES + 1] = {
        { "downgrade", 0, 0, G_OPTION_ARG_NONE, &j.downgrade,
          "Sends an image that is older than the meter's, too", NULL },
        { "quick", 0, 0, G_OPTION_ARG_NONE, &j.quick,
          "The meter's CRC suffices: nothing is read back", NULL },
        { "poll", 0, 0, G_OPTION_ARG_NONE, &j.poll,
          "Reads the other meters that are named between blocks", NULL },
    };

    place_options_start(&j.place, entries + OWN_ENTRIES);
    if (!command_options(
            &argc, &argv, "METER… IMAGE", entries,
            "Replaces the image of physical meters, one after the other. METER is "
            "rtu:DEVICE/UNIT or\ntcp:HOST[:PORT]/UNIT, IMAGE the file meter.update. "
            "The "
            "meter meters while it receives;\nan update that was interrupted goes on "
            "where it stopped when it is asked for again.\n\nExamples:\n"
            "  metersim flash rtu:/dev/ttyUSB0/7 build/firmware/meter.update\n"
            "  metersim flash tcp:10.0.0.5/1 tcp:10.0.0.5/2 meter.update",
            error))
        return 2;
    if (argc < 3) {
        error_set_usage(error, "which meter, and which image?");
        return 2;
    }
    if (!place_options_check(&j.place, error))
        return 2;
    j.options = (struct update_options){ j.downgrade, j.quick };
    j.targets = g_ptr_array_new_with_free_func(g_free);
    const bool good = run(&j, argc, argv, error);
    g_ptr_array_free(j.targets, TRUE);
    return good ? 0 : error_exit_code(error ? *error : NULL);
}
