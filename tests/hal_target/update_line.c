/* See update_line.h. */
#include "tests/hal_target/update_line.h"
#include "core/crc.h"
#include "core/user_function.h"
#include "hal_sim/image/image_open.h"
#include "sim/plant/board_image.h"
#include "tests/sim/line_fixture.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BAUD = 38400 };
#define SECOND_NS INT64_C(1000000000)

struct update_line update_line;
static struct bench b;

_Noreturn void flaw(const char *what)
{
    printf("%.3f s: %s\n", (double)sim_now(b.sim) * 1e-9, what);
    exit(1);
}

/* --- power --- */

/* One that has ended makes room; the two of a machine's cores at most run at once. */
void children_wait(int most)
{
    struct update_line *l = &update_line;
    int status;

    for (; l->children > most; l->children--) {
        if (wait(&status) < 0 || !WIFEXITED(status) || WEXITSTATUS(status))
            l->failed++;
    }
}

/* Power goes now: in a process of its own, which goes on from here, while this one goes on
 * without a cut. */
static void cut(void)
{
    struct update_line *l = &update_line;
    const int round = ++l->cuts;

    children_wait(1);
    fflush(stdout);
    const pid_t child = fork();
    if (child < 0)
        flaw("no process");
    l->children += child > 0;
    if (child)
        return;
    l->round = round;
    unit_power(l->meter[l->victim], false);
    l->off_until_ns = sim_now(b.sim) + SECOND_NS;
}

static void pass(int64_t to_ns)
{
    struct update_line *l = &update_line;
    const int64_t cut_ns =
        l->round || l->cuts == l->wanted ? INT64_MAX : l->cut_ns[l->cuts];

    if (cut_ns <= to_ns) {
        sim_run(b.sim, cut_ns);
        if (sim_now(b.sim) >= cut_ns)
            cut();
    } else if (l->off_until_ns && l->off_until_ns <= to_ns) {
        sim_run(b.sim, l->off_until_ns);
        if (sim_now(b.sim) < l->off_until_ns)
            return;
        unit_power(l->meter[l->victim], true);
        l->off_until_ns = 0;
        l->on_ns = sim_now(b.sim);
    } else {
        sim_run(b.sim, to_ns);
    }
}

void pause_ms(int ms)
{
    const int64_t until_ns = sim_now(b.sim) + ms * INT64_C(1000000);

    while (sim_now(b.sim) < until_ns)
        pass(until_ns);
}

/* --- questions --- */

static bool is_whole(int id)
{
    return b.x.answer_size >= 5 && b.x.answer[0] == id &&
           crc_modbus(b.x.answer, (uint32_t)b.x.answer_size) == 0;
}

int ask(int id, const uint8_t *pdu, int size, uint8_t *answer)
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
    if (b.x.result != LINE_ANSWERED || !is_whole(id)) {
        if (b.x.answer_size && !update_line.round)
            flaw("an answer is not whole, though no power was cut");
        return 0;
    }
    memcpy(answer, b.x.answer + 1, (size_t)b.x.answer_size - 3);
    return b.x.answer_size - 3;
}

void read_words(int id, int addr, int words, uint8_t *answer)
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

uint32_t runs(int k)
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

struct image_file image_change(const struct image_file *from, uint32_t version,
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

void image_read(const char *build, struct image_file *f)
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
                                    .serial_number = 1001 + (unsigned)update_line.count,
                                    .seed = 1 + (unsigned)update_line.count,
                                    .maker = maker };
    const struct unit_factory factory = {
        .given = { [SETTING_ADDRESS] = true, [SETTING_BAUD] = true },
        .value = { [SETTING_ADDRESS] = (uint16_t)(update_line.count + 1),
                   [SETTING_BAUD] = 5 },
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
    update_line.meter[update_line.count++] = u;
}

void update_line_open(const char *build, int wanted)
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
    while (update_line.count < wanted)
        add_meter(maker);
    sim_run(b.sim, 3 * SECOND_NS);
}

/* --- what must hold --- */

struct before look(int k)
{
    struct before w = { .wh = energy_wh(k + 1) };
    uint8_t answer[300];

    w.ns = sim_now(b.sim);
    read_words(k + 1, SETTINGS_ADDR, SETTINGS_COUNT, answer);
    memcpy(w.settings, answer, sizeof w.settings);
    return w;
}

#define KW INT64_C(36)

void compare(const struct before *was, const struct before *is)
{
    const int64_t most_wh = KW * 1000 * (is->ns - was->ns) / 3600 / 1000000000;

    if (memcmp(was->settings, is->settings, sizeof was->settings) != 0)
        flaw("the settings are not what they were");
    if (is->wh - was->wh > most_wh + 20 || is->wh - was->wh < most_wh - KW * 120 / 36)
        flaw("energy is missing, or too much");
}

int64_t now_ns(void)
{
    return sim_now(b.sim);
}
