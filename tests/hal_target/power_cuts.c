/* The flashed image whose power goes at random instructions, life after life on one FRAM
 * (power_cuts.sh). It meters a steady load on the models of its chips, and a master
 * changes a setting over RS-485 ten times a second. In every other life POWER_GOOD falls
 * first, and power goes within the 100 ms that the store lasts. After each cut: energies
 * and power-ups have not run back, settings are those that were answered (the one that
 * was under way may be the old or the new one), and where the save had 12 ms, at most
 * 20 ms of energy are lost (not in the first second after power-up, of which core knows
 * no energy before it ends: unfinished.h). Arguments: ELF TIMES SEED. */
#include "core/crc.h"
#include "core/demand.h"
#include "hal_sim/board.h"
#include "hal_sim/image/image_state.h"
#include "sim/plant/board_image.h"
#include "waveform/base/random.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SUBINTERVALS = 149, /* registers */
    POWER_UPS = 152,
    BYTE_NS = 521000, /* 10 bits at 19200 baud */
    CHANGE_NS = 100000000,
    RIDE_NS = 100000000,
    SAVED_NS = 12000000, /* a save at once takes 3 ms; one comes every 10 ms */
    TURN_NS = 5000000,   /* the turn that ends a second, with its save, takes 3 ms */
    FIRST_NS = 1000000000 + TURN_NS,
    LOSS_MS = 20,
    MWH_PER_S = 10000, /* 36 kW */
    LIFE = 6000000,    /* instructions: 2.2 s */
    FAILING = 400000,  /* of the ride-through */
    REPORTED = 10      /* flaws that are printed */
};
#define PI 3.14159265358979323846

struct test {
    struct hal hal;
    struct device *device;
    uint64_t random;
    int64_t powered_ns, sets, failed_ns; /* failed: POWER_GOOD fell; 0: not */
    int64_t changed_ns;
    bool fails;       /* POWER_GOOD falls in this life, … */
    int64_t fails_ns; /* … so long after power-up */
    struct settings settings;
    uint16_t kept, tried;      /* the setting that changes; tried: under way */
    int64_t mwh, before_mwh;   /* that must not run back; at this life's beginning */
    int64_t read_mwh, read_ns; /* what was read last, and when first */
    uint16_t power_ups;
    int life, flaws, in_start, in_save, soft, measured;
    double most_loss_ms;
};

static struct machine *machine_of(struct test *t)
{
    return &((struct image_device *)(void *)t->device)->machine;
}

static void flaw(struct test *t, const char *what, int64_t is, int64_t expected)
{
    if (t->flaws++ < REPORTED)
        printf("life %d: %s: %" PRId64 ", expected %" PRId64 "\n", t->life, what, is,
               expected);
}

static uint32_t draw(struct test *t, uint32_t below)
{
    return (uint32_t)((random_next(&t->random) >> 32) * below >> 32);
}

static bool is_over(struct test *t)
{
    return machine_of(t)->halted;
}

/* 60 Hz, 240 V and 50 A on each phase, in phase. */
static void convert(int64_t n, int32_t x[HAL_CHANNELS][DEVICE_BLOCK], int k)
{
    const double volt = 240 * sqrt(2) / 588.9 * 8388608,
                 amp = 0.5 * sqrt(2) / 1.7 * 8388608;

    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        x[ch][k] = (int32_t)lrint((ch < 3 ? volt : amp) *
                                  sin(2 * PI * ((double)(n % 42) / 42 - ch % 3 / 3.0)));
}

static int64_t set_ns(const struct test *t, int64_t n)
{
    return t->powered_ns + n * INT64_C(1000000000) / HAL_SAMPLE_RATE;
}

static void give_sets(struct test *t, int64_t to_ns)
{
    int32_t x[HAL_CHANNELS][DEVICE_BLOCK];
    int count = 0;

    while (count < DEVICE_BLOCK && set_ns(t, t->sets + 1) <= to_ns)
        convert(++t->sets, x, count++);
    t->device->sampled_ns = set_ns(t, t->sets);
    if (count)
        t->device->kind->samples(t->device, (const int32_t(*)[DEVICE_BLOCK])x, count);
}

/* What the meter has shown it may not forget. A reading is that of the turn's end
 * (device_image.c): it is shown once the image has come there. */
static void remember(struct test *t)
{
    int64_t mwh;

    if (t->device->kind->reading(t->device, Q_KWH_IMPORT, &mwh) && mwh > t->read_mwh) {
        t->read_mwh = mwh;
        t->read_ns = t->hal.now_ns;
    }
    if (t->read_mwh > t->mwh && t->hal.now_ns - t->read_ns >= TURN_NS)
        t->mwh = t->read_mwh;
}

static void advance(struct test *t, int64_t to_ns)
{
    while (t->hal.now_ns < to_ns && !is_over(t)) {
        const int64_t most_ns = set_ns(t, t->sets + DEVICE_BLOCK);
        t->hal.now_ns = most_ns < to_ns ? most_ns : to_ns;
        give_sets(t, t->hal.now_ns);
        t->device->kind->run(t->device,
                             (uint64_t)(t->hal.now_ns - t->powered_ns) / 1000);
        if (!is_over(t))
            remember(t);
    }
}

static void send(struct test *t, uint16_t reg, uint16_t value)
{
    uint8_t frame[8] = { 1,
                         6,
                         (uint8_t)((reg - 1) >> 8),
                         (uint8_t)(reg - 1),
                         (uint8_t)(value >> 8),
                         (uint8_t)value };
    const uint16_t crc = crc_modbus(frame, 6);

    frame[6] = (uint8_t)crc;
    frame[7] = (uint8_t)(crc >> 8);
    for (int k = 0; k < 8 && !is_over(t); k++) {
        advance(t, t->hal.now_ns + BYTE_NS);
        if (!is_over(t))
            t->device->kind->uart_byte(t->device, frame[k], 0,
                                       (uint64_t)(t->hal.now_ns - t->powered_ns) /
                                           1000);
    }
}

/* The whole answer has left: from now on the setting is the meter's. */
static void on_output(void *user, const struct tape_record *record)
{
    struct test *t = user;

    if (record->kind == TAPE_UART_SEND && record->size == 8 && record->data[1] == 6)
        t->kept = t->tried;
}

static void fail_supply(struct test *t)
{
    struct machine *m = machine_of(t);

    t->failed_ns = t->hal.now_ns;
    m->cut_at = m->time.instructions + 1 + draw(t, FAILING);
    t->device->kind->supply(t->device, false);
}

/* Until power goes: at an instruction, or when the store is empty. */
static void live(struct test *t)
{
    while (!is_over(t)) {
        if (t->failed_ns && t->hal.now_ns - t->failed_ns >= RIDE_NS)
            return;
        if (t->fails && !t->failed_ns && t->hal.now_ns - t->powered_ns >= t->fails_ns) {
            fail_supply(t);
        } else if (t->hal.now_ns - t->changed_ns >= CHANGE_NS) {
            t->changed_ns = t->hal.now_ns;
            t->tried = t->kept % DEMAND_SUBINTERVALS + 1;
            send(t, SUBINTERVALS, t->tried);
        } else {
            advance(t, t->hal.now_ns + 1000000 + draw(t, 7000000));
        }
    }
}

static void check_settings(struct test *t)
{
    struct settings now;

    t->device->kind->settings(t->device, &now);
    const uint16_t value = now.value[SETTING_SUBINTERVALS];
    if (value != t->kept && value != t->tried)
        flaw(t, "the setting", value, t->kept);
    t->kept = t->tried = t->settings.value[SETTING_SUBINTERVALS] = value;
    for (int k = 0; k < SETTINGS; k++)
        if (now.value[k] != t->settings.value[k])
            flaw(t, "another setting", now.value[k], t->settings.value[k]);
}

/* Energy of the life before, from its power-up to its end. */
static void check_loss(struct test *t, int64_t lasted_ns, int64_t mwh)
{
    const double lived_ms = (double)lasted_ns / 1e6,
                 booked_ms = (double)(mwh - t->before_mwh) * 1000 / MWH_PER_S;

    t->measured++;
    if (lived_ms - booked_ms > t->most_loss_ms)
        t->most_loss_ms = lived_ms - booked_ms;
    if (lived_ms - booked_ms > LOSS_MS)
        flaw(t, "energy lost, us", (int64_t)((lived_ms - booked_ms) * 1000),
             LOSS_MS * 1000);
}

/* The next life has come as far as its main loop. `lasted_ns`: of the life before, when
 * its save had the time; 0: it had not. */
static void check(struct test *t, int64_t lasted_ns)
{
    int64_t mwh = 0;
    uint16_t ups = 0;

    t->device->kind->reading(t->device, Q_KWH_IMPORT, &mwh);
    t->device->kind->registers(t->device, POWER_UPS - 1, 1, &ups);
    if (mwh < t->mwh)
        flaw(t, "energy, mWh", mwh, t->mwh);
    if (ups <= t->power_ups)
        flaw(t, "power-ups", ups, t->power_ups + 1);
    t->power_ups = ups;
    check_settings(t);
    if (lasted_ns)
        check_loss(t, lasted_ns, mwh);
    t->mwh = t->before_mwh = t->read_mwh = mwh;
}

static void power_up(struct test *t)
{
    t->powered_ns = t->changed_ns = t->hal.now_ns;
    t->sets = t->failed_ns = 0;
    t->device->kind->power_up(t->device);
}

static void power_down(struct test *t)
{
    struct image_device *i = (struct image_device *)(void *)t->device;

    t->in_save += i->cut_while_selected;
    t->device->kind->power_down(t->device);
    board_power_down(&t->hal);
    t->hal.now_ns += 1000000000;
}

/* Settings of its own, so that defaults are noticed. */
static void prepare(struct test *t)
{
    static const uint16_t own[][2] = { { 134, 480 }, { 142, 20 }, { 143, 33 },
                                       { 144, 10 },  { 150, 10 }, { SUBINTERVALS, 1 } };

    power_up(t);
    advance(t, t->hal.now_ns + 100000000);
    for (unsigned k = 0; k < sizeof own / sizeof *own; k++) {
        send(t, own[k][0], own[k][1]);
        advance(t, t->hal.now_ns + 50000000);
    }
    t->device->kind->settings(t->device, &t->settings);
    if (t->settings.value[SETTING_SUBINTERVALS] != 1)
        flaw(t, "not prepared", t->settings.value[SETTING_SUBINTERVALS], 1);
    t->kept = t->tried = 1;
    t->device->kind->registers(t->device, POWER_UPS - 1, 1, &t->power_ups);
    power_down(t);
}

/* The instant of the cut; a step of the unit may end later. */
static int64_t end_of_life(struct test *t)
{
    const struct image_device *i = (const struct image_device *)(const void *)t->device;

    return is_over(t) ? i->began_ns + i->machine.soc.now_ns : t->hal.now_ns;
}

static void run_life(struct test *t, int64_t *lasted_ns)
{
    machine_of(t)->cut_at = 1 + draw(t, LIFE);
    t->fails = t->life % 2;
    t->fails_ns = 200000000 + draw(t, 2000000000);
    if (t->fails)
        machine_of(t)->cut_at = 0;
    power_up(t);
    if (is_over(
            t)) { /* before its main loop: the next one is checked against the same */
        t->in_start++;
        *lasted_ns = 0;
        power_down(t);
        return;
    }
    check(t, *lasted_ns);
    live(t);
    t->soft += t->failed_ns != 0;
    const int64_t end_ns = end_of_life(t);
    const bool saved = t->failed_ns && end_ns - t->failed_ns >= SAVED_NS &&
                       end_ns - t->powered_ns >= FIRST_NS;
    *lasted_ns = saved ? end_ns - t->powered_ns : 0;
    power_down(t);
}

static int64_t bcd(uint32_t reg, unsigned shift)
{
    return (reg >> (shift + 4) & 7) * 10 + (reg >> shift & 15);
}

/* By its battery the calendar has gone on in all the seconds without power; a start takes
 * 0.2 s before the board's time begins (the reset system checks the image). */
static void check_calendar(struct test *t, int times)
{
    const uint32_t tr = machine_of(t)->soc.rtc.tr;
    const int64_t is = (bcd(tr, 16) * 60 + bcd(tr, 8)) * 60 + bcd(tr, 0);
    const int64_t ran = t->hal.now_ns / 1000000000 - 1; /* and 1 s of rest is to come */

    if (is < ran - 1 || is > ran + 1 + times / 4)
        flaw(t, "the calendar, s", is, ran);
}

/* A test that has hit nothing has shown nothing. */
static void check_counts(struct test *t, int times)
{
    if (t->in_start < times / 20)
        flaw(t, "cuts before the main loop", t->in_start, times / 20);
    if (t->in_save < times / 50)
        flaw(t, "cuts while FRAM was selected", t->in_save, times / 50);
    if (t->measured < times / 20)
        flaw(t, "saves that had their time", t->measured, times / 20);
    if (t->mwh < times * 1000)
        flaw(t, "mWh metered", t->mwh, times * 1000);
}

static void report(const struct test *t, int times, uint64_t seed)
{
    printf("seed %" PRIu64
           ": %d cuts, %d of them before the main loop, %d while FRAM was "
           "selected, %d after POWER_GOOD fell\n",
           seed, times, t->in_start, t->in_save, t->soft);
    printf("%" PRId64
           " mWh, %u power-ups; of %d saves that had their time the most that "
           "was lost are %.1f ms\n",
           t->mwh, t->power_ups, t->measured, t->most_loss_ms);
}

int main(int argc, char **argv)
{
    const int times = argc > 2 ? atoi(argv[2]) : 100;
    const uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    const struct board_options options = { .board = (char *)"image",
                                           .elf = argc > 1 ? argv[1] : NULL,
                                           .cycles = (char *)"1.2..2.6",
                                           .cpu = TRUE };
    const struct device_maker *maker;
    GError *error = NULL;
    static struct test t;
    int64_t lasted_ns = 0;

    if (!board_image_open(&options, &maker, &error)) {
        fprintf(stderr, "%s\n", error->message);
        return 2;
    }
    t.random = seed;
    board_start(&t.hal, 4100);
    t.hal.sink = on_output;
    t.hal.sink_user = &t;
    t.device = maker->make(maker, &t.hal, model_at(0));
    prepare(&t);
    for (t.life = 1; t.life <= times; t.life++)
        run_life(&t, &lasted_ns);
    check_counts(&t, times);
    check_calendar(&t, times);
    report(&t, times, seed);
    t.device->kind->free(t.device);
    board_free(&t.hal);
    return t.flaws > 0;
}
