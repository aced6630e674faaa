/* update_rounds BUILD ROUNDS METERS [SEED]: updates of the flashed image on modelled
 * chips, over a simulated RS-485 line, as metersim flash makes them, in lock-step.
 *
 * Each round updates one meter; the image alternates between two, and power goes at a
 * random moment of it. The meter must then run one of the two, be updated in the end,
 * and have its settings and its energy. Then an image that does nothing must give way to
 * the one before it. The other meters of the line are read between blocks, and all
 * answer. */
#include "core/crc.h"
#include "core/user_function.h"
#include "hal_sim/image/image_open.h"
#include "sim/flash/update.h"
#include "sim/plant/board_image.h"
#include "tests/sim/line_fixture.h"
#include "waveform/base/random.h"
#include <stdio.h>
#include <stdlib.h>

enum { BAUD = 38400, METERS_MOST = 16, SETTINGS_ADDR = 129, SETTINGS_COUNT = 15 };
#define KW INT64_C(36)

static struct bench b;
static struct unit *meters[METERS_MOST];
static int count;
static int64_t cut_ns, off_until_ns;
static int victim;
static uint32_t polled, unanswered;

static _Noreturn void flaw(const char *what)
{
    printf("%.3f s: %s\n", (double)sim_now(b.sim) * 1e-9, what);
    exit(1);
}

/* Power goes and comes at moments of their own. */
static void pass(int64_t to_ns)
{
    if (cut_ns && cut_ns <= to_ns) {
        sim_run(b.sim, cut_ns);
        cut_ns = 0;
        unit_power(meters[victim], false);
        off_until_ns = sim_now(b.sim) + 1000000000;
    } else if (off_until_ns && off_until_ns <= to_ns) {
        sim_run(b.sim, off_until_ns);
        off_until_ns = 0;
        unit_power(meters[victim], true);
    } else {
        sim_run(b.sim, to_ns);
    }
}

static void pause_ms(int ms)
{
    const int64_t until_ns = sim_now(b.sim) + ms * INT64_C(1000000);

    while (sim_now(b.sim) < until_ns)
        pass(until_ns);
}

/* The PDU of the answer; 0: none. */
static int ask(int id, const uint8_t *pdu, int size, uint8_t *answer)
{
    b.x.request[0] = (uint8_t)id;
    memcpy(b.x.request + 1, pdu, (size_t)size);
    b.x.request_size = line_master_finish(b.x.request, size + 1);
    b.x.kind = LINE_RAW_REQUEST;
    b.x.done = bench_done;
    b.x.user = &b;
    b.x.timeout_ns = 500000000;
    b.done = false;
    line_master_start(b.master, &b.x);
    while (!b.done)
        pass(sim_now(b.sim) + 50000000);
    if (b.x.result != LINE_ANSWERED || b.x.answer_size < 5 || b.x.answer[0] != id ||
        crc_modbus(b.x.answer, (uint32_t)b.x.answer_size) != 0)
        return 0;
    memcpy(answer, b.x.answer + 1, (size_t)b.x.answer_size - 3);
    return b.x.answer_size - 3;
}

static void read_words(int id, int addr, int words, uint8_t *answer)
{
    const uint8_t pdu[] = { 3, (uint8_t)(addr >> 8), (uint8_t)addr, 0, (uint8_t)words };

    for (int tries = 0; tries < 20; tries++) {
        if (ask(id, pdu, sizeof pdu, answer) == 2 + 2 * words)
            return;
        pause_ms(200);
    }
    flaw("a meter does not answer");
}

static int64_t energy_wh(int id)
{
    uint8_t answer[300];

    read_words(id, 0, 2, answer); /* register 001: net energy; 0.01 kWh */
    return 10 * (int64_t)(int32_t)((uint32_t)answer[2] << 24 |
                                   (uint32_t)answer[3] << 16 |
                                   (uint32_t)answer[4] << 8 | answer[5]);
}

static void poll_another(uint32_t turn)
{
    static const uint8_t pdu[] = { 4, 0, 0, 0, 2 };
    uint8_t answer[300];
    const int k = (int)(turn % (uint32_t)count);

    if (k == victim || turn % 8)
        return;
    polled++;
    unanswered += ask(k + 1, pdu, sizeof pdu, answer) != 6;
}

static struct flash_update update(int k, const struct image_file *file)
{
    static const struct update_options options = { .downgrade = true, .quick = true };
    struct flash_update u;
    uint8_t pdu[UPDATE_PDU_MAX], answer[UPDATE_PDU_MAX + 20];
    int size;

    update_start(&u, file, &options);
    for (uint32_t turn = 0; (size = update_question(&u, pdu)) > 0; turn++) {
        pause_ms(u.pause_ms);
        size = ask(k + 1, pdu, size, answer);
        update_take_answer(&u, answer, size);
        poll_another(turn);
    }
    return u;
}

/* The CRC of the image that runs. */
static uint32_t runs(int k)
{
    static const uint8_t pdu[] = { 0x42, USER_UPDATE_STATUS };
    uint8_t answer[300];

    for (int tries = 0; tries < 20; tries++) {
        if (ask(k + 1, pdu, 2, answer) == 3 + UPDATE_STATUS) {
            const uint8_t *at = answer + 3 + UPDATE_STATUS_CRC;
            return answer[3] ? 0
                             : (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
                                   (uint32_t)at[2] << 8 | at[3];
        }
        pause_ms(200);
    }
    flaw("a meter is bricked");
}

/* --- files --- */

static void put_word(uint8_t *at, uint32_t word)
{
    memcpy(at, &word, 4);
}

/* The same images of another version; `dead`: their first instruction is a loop. */
static struct image_file change(const struct image_file *from, uint32_t version,
                                bool dead)
{
    struct image_file f = *from;

    for (int k = 0; k < f.count; k++) {
        struct image_file_part *p = &f.part[k];
        uint8_t *bytes = g_memdup2(p->bytes, p->size);
        uint32_t entry;
        put_word(bytes + 0x208, version);
        memcpy(&entry, bytes + 4, 4);
        if (dead)
            memcpy(bytes + (entry - 1 - p->address), "\xFE\xE7", 2);
        p->crc = crc_ieee(bytes, p->size - 4);
        put_word(bytes + p->size - 4, p->crc);
        p->bytes = bytes;
        p->version = version;
    }
    return f;
}

static void read_file(const char *build, struct image_file *f)
{
    char *path = g_build_filename(build, "firmware", "meter.update", NULL), *bytes;
    gsize size;
    GError *error = NULL;

    if (!g_file_get_contents(path, &bytes, &size, &error) ||
        !image_file_parse(f, (const uint8_t *)bytes, size, &error)) {
        printf("%s\n", error->message);
        exit(2);
    }
    g_free(path);
}

/* --- the line --- */

static void add_meter(const struct device_maker *maker)
{
    const struct unit_options o = { .model = model_find("s4100"),
                                    .wiring = WAVEFORM_WYE,
                                    .ct_primary_a = 100,
                                    .ct_output_v = 1,
                                    .pt_ratio = 1,
                                    .serial_number = 1001 + (unsigned)count,
                                    .seed = 1 + (unsigned)count,
                                    .maker = maker };
    const struct unit_factory factory = {
        .given = { [SETTING_ADDRESS] = true, [SETTING_BAUD] = true },
        .value = { [SETTING_ADDRESS] = (uint16_t)(count + 1), [SETTING_BAUD] = 5 },
    };
    struct waveform_grid grid = { .hz = 60 };
    struct waveform_load load = { .ab = false };
    struct unit *u = unit_new(&o, 0);

    for (int k = 0; k < 3; k++) {
        grid.volts[k] = 240;
        grid.degrees[k] = -120 * k;
        load.amps[k] = 50;
    }
    waveform_set_grid(u->world, &grid);
    waveform_set_load(u->world, &load);
    if (unit_program(u, &factory) != UNIT_PROGRAMMED)
        flaw("a meter cannot be set up");
    unit_power(u, true);
    sim_add_unit(b.sim, u);
    if (!line_attach_unit(b.line, u, "meter"))
        flaw("the line is full");
    meters[count++] = u;
}

static void open_line(const char *build, int wanted)
{
    const struct board_options o = { .board = (char *)(uintptr_t) "image",
                                     .elf = g_build_filename(build, "firmware",
                                                             "meter.elf", NULL) };
    const struct device_maker *maker;
    GError *error = NULL;

    if (!board_image_open(&o, &maker, &error)) {
        printf("%s\n", error->message);
        exit(2);
    }
    bench_open(&b, BAUD, HAL_PARITY_NONE, LINE_ECHO_NONE);
    line_set_listener(b.line, NULL, NULL);
    while (count < wanted)
        add_meter(maker);
    sim_run(b.sim, 3000000000);
}

/* --- what must hold --- */

struct before {
    int64_t ns, wh;
    uint8_t settings[2 + 2 * SETTINGS_COUNT];
};

static struct before look(int k)
{
    struct before w = { .wh = energy_wh(k + 1) };
    uint8_t answer[300];

    w.ns = sim_now(b.sim);
    read_words(k + 1, SETTINGS_ADDR, SETTINGS_COUNT, answer);
    memcpy(w.settings, answer, sizeof w.settings);
    return w;
}

/* Energy grows by what was metered; of the time 12 s may be missing: the erase, starts,
 * and power that was off. */
static void compare(const struct before *was, const struct before *is)
{
    const int64_t most_wh = KW * 1000 * (is->ns - was->ns) / 3600 / 1000000000;

    if (memcmp(was->settings, is->settings, sizeof was->settings) != 0)
        flaw("the settings are not what they were");
    if (is->wh - was->wh > most_wh + 20 || is->wh - was->wh < most_wh - KW * 120 / 36)
        flaw("energy is missing, or too much");
}

/* Power goes at any moment of the update, which takes a minute and a half. */
static void cut_round(const struct image_file file[2], int round, uint64_t *dice)
{
    const struct image_file *wanted = &file[1 - round / count % 2];
    const struct image_file *old = &file[round / count % 2];

    victim = round % count;
    const struct before was = look(victim);
    if (!image_file_has(old, runs(victim)))
        flaw("the meter does not run the image before");
    cut_ns = sim_now(b.sim) + (int64_t)(random_next(dice) % 75000000000u);
    struct flash_update u = update(victim, wanted);
    if (u.step != STEP_DONE)
        flaw(u.text);
    while (cut_ns || off_until_ns)
        pause_ms(100);
    pause_ms(1500);
    const uint32_t crc = runs(victim);
    if (!image_file_has(wanted, crc) && !image_file_has(old, crc))
        flaw("the meter runs a wrong image");
    if (!image_file_has(wanted, crc))
        flaw("the meter does not run the new image");
    const struct before is = look(victim);
    compare(&was, &is);
}

static void dead_round(const struct image_file *dead)
{
    victim = 0;
    const uint32_t crc = runs(victim);
    const struct flash_update u = update(victim, dead);
    if (u.step != STEP_FAILED || runs(victim) != crc)
        flaw("the image that does nothing was not left");
    printf("an image that does nothing: %s\n", u.text);
}

int main(int argc, char **argv)
{
    struct image_file file[3];
    uint64_t dice = argc > 4 ? strtoull(argv[4], NULL, 10) : 1;

    if (argc < 4)
        return 2;
    const int rounds = atoi(argv[2]), wanted = atoi(argv[3]);
    read_file(argv[1], &file[0]);
    file[1] = change(&file[0], file[0].part[0].version + 1, false);
    file[2] = change(&file[0], file[0].part[0].version + 2, true);
    open_line(argv[1], wanted < METERS_MOST ? wanted : METERS_MOST);
    for (int round = 0; round < rounds; round++) {
        cut_round(file, round, &dice);
        printf("round %d: meter %d is whole, %.1f s simulated\n", round + 1, victim + 1,
               (double)sim_now(b.sim) * 1e-9);
        fflush(stdout);
    }
    dead_round(&file[2]);
    printf(
        "%d updates with a power cut each: 0 bricked, 0 with a wrong image; energies "
        "and settings whole\n",
        rounds);
    if (count > 1)
        printf("the other meters were read %u times, %u without an answer\n", polled,
               unanswered);
    if (unanswered)
        flaw("meters that were not updated did not answer");
    return 0;
}
