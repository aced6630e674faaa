/* Snapshots of a device that runs the flashed image, with a right seal and wrong content
 * (hostile_snapshots.sh). What no image could have left is refused: each row of `bad` by
 * itself. Then random edits: whatever is not refused runs on, answers, and is saved again.
 * Instructions take time, so that an image that hangs costs no more than one that works.
 * Under ASan and UBSan nothing of it may be reported. Arguments: ELF TIMES SEED. */
#include "core/meter.h"
#include "hal_sim/board.h"
#include "hal_sim/image/image_state.h"
#include "sim/plant/board_image.h"
#include "waveform/base/random.h"
#include "waveform/base/store.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS         INT64_C(1000000)
#define LONG_AGO   (-(INT64_C(1) << 60))
#define FAR_BEYOND (INT64_C(1) << 62)

enum { RUN_MS = 60, STEP_MS = 10, EDITS = 6, XPSR_EXCEPTION = 5, NUMBERS = 10 };

struct bad {
    const char *name;
    size_t offset, size;
    int64_t value;
};

#define BAD(member, wrong)                                                             \
    {                                                                                  \
#member, offsetof(struct image_device, member),                                \
            sizeof(((struct image_device *)NULL)->member), wrong                       \
    }

static const struct bad bad[] = {
    BAD(machine.soc.now_ns, FAR_BEYOND),
    BAD(machine.soc.now_ns, 0),
    BAD(machine.soc.access_ns, 0),
    BAD(machine.soc.clock_fs, 0),
    BAD(machine.soc.reset, 7),
    BAD(machine.soc.bus_fault, 2),
    BAD(machine.soc.held, 1),
    BAD(machine.soc.nvic.depth, 9),
    BAD(machine.soc.nvic.depth, -1),
    BAD(machine.soc.nvic.depth, 1),
    BAD(machine.soc.nvic.attend, 0x80),
    BAD(machine.soc.nvic.nested[0], 200),
    BAD(machine.soc.nvic.pending.word[0], 1),
    BAD(machine.soc.nvic.pending.word[1], INT64_MIN),
    BAD(machine.soc.systick.from_ns, LONG_AGO),
    BAD(machine.soc.systick.from_ns, FAR_BEYOND),
    BAD(machine.soc.systick.periods, -5000000),
    BAD(machine.soc.systick.rvr, -1),
    BAD(machine.soc.systick.flag, 3),
    BAD(machine.soc.rcc.core.num, 1),
    BAD(machine.soc.rcc.core.den, 0),
    BAD(machine.soc.rcc.apb1.den, 0),
    BAD(machine.soc.rcc.timer2.num, 0),
    BAD(machine.soc.rcc.crystal.stopped, 2),
    BAD(machine.soc.rcc.crystal.error_ppb, FAR_BEYOND),
    BAD(machine.soc.rcc.beyond, 1),
    BAD(machine.soc.gpio.outside[3], 9),
    BAD(machine.soc.spi[0].busy, 2),
    BAD(machine.soc.spi[0].byte_ns, 0),
    BAD(machine.soc.spi[1].sclk_hz, 1),
    BAD(machine.soc.dma.stream[0].ndtr, -1),
    BAD(machine.soc.dma.serves, 1),
    BAD(machine.soc.i2c.phase, 8),
    BAD(machine.soc.i2c.full, 0xFF),
    BAD(machine.soc.usart.busy, 2),
    BAD(machine.soc.usart.idle_until_ns, FAR_BEYOND),
    BAD(machine.soc.tim1.psc_now, -1),
    BAD(machine.soc.tim1.out.den, 1),
    BAD(machine.soc.iwdg.running, 2),
    BAD(machine.soc.rtc.second_ns, LONG_AGO),
    BAD(machine.soc.rtc.key, 3),
    BAD(machine.soc.rtc.empty_battery, 2),
    BAD(machine.soc.flash.operation, 3),
    BAD(machine.soc.flash.operation, 1),
    BAD(machine.soc.flash.keys, 2),
    BAD(machine.stalled_ns, LONG_AGO),
    BAD(machine.time.left_fs, -1),
    BAD(machine.figures.idle_ns, FAR_BEYOND),
    BAD(machine.figures.event_ns[0], INT64_MIN),
    BAD(board.afe.powered, 2),
    BAD(board.afe.origin_ns, LONG_AGO),
    BAD(board.afe.origin_ns, FAR_BEYOND),
    BAD(board.afe.converted, -1000000),
    BAD(board.afe.clkin.den, 0),
    BAD(board.afe.clkin.num, 1),
    BAD(board.afe.holds, 3),
    BAD(board.afe.gain[2], 0xE0),
    BAD(board.afe.gain[2], 1),
    BAD(board.fram.latch, 2),
    BAD(board.fram.address, FM25V20A_SIZE),
    BAD(board.fram.wrote_size, FM25V20A_PIECE + 1),
    BAD(board.fram.wrote_at, -1),
    BAD(board.lcd.on, 2),
    BAD(board.lcd.pointer, 200),
    BAD(board.supply.stuck, 2),
    BAD(board.supply.since_ns, FAR_BEYOND),
    BAD(board.transceiver.drives, 2),
    BAD(to_ns, LONG_AGO),
    BAD(to_ns, FAR_BEYOND),
    BAD(began_ns, LONG_AGO),
    BAD(began_ns, FAR_BEYOND),
    BAD(powered_ns, FAR_BEYOND),
    BAD(off_ns, FAR_BEYOND),
    BAD(last_ns, FAR_BEYOND),
    BAD(count, DEVICE_BLOCK + 1),
    BAD(count, -1),
    BAD(sent, RTU_FRAME_MAX + 1),
};

struct test {
    struct hal hal;
    struct device *device; /* the state is its own; the others are loaded */
    struct device *loaded;
    uint64_t random;
    int64_t sets;
    int flaws, refused, accepted, read;
};

static struct image_device *of(struct device *d)
{
    return (struct image_device *)(void *)d;
}

static uint32_t draw(struct test *t, uint32_t below)
{
    return (uint32_t)((random_next(&t->random) >> 32) * below >> 32);
}

static void advance(struct test *t, struct device *d, int64_t to_ns)
{
    int32_t x[HAL_CHANNELS][DEVICE_BLOCK];
    int count = 0;

    while (count < DEVICE_BLOCK &&
           (t->sets + 1) * INT64_C(1000000000) / HAL_SAMPLE_RATE <= to_ns) {
        t->sets++;
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            x[ch][count] = (int32_t)(t->sets * (ch + 3) % 84 - 42) * 50000;
        count++;
    }
    t->hal.now_ns = to_ns;
    d->sampled_ns = t->sets * INT64_C(1000000000) / HAL_SAMPLE_RATE;
    if (count)
        d->kind->samples(d, (const int32_t(*)[DEVICE_BLOCK])x, count);
    d->kind->run(d, (uint64_t)to_ns / 1000);
}

static struct store saved(struct device *d)
{
    struct store s = { .loading = false };

    d->kind->store(d, true, &s);
    return s;
}

static bool loads(struct test *t, const struct store *state)
{
    struct store from = store_load(state->byte, state->size);

    t->loaded->kind->store(t->loaded, true, &from);
    return store_loaded(&from);
}

static void flaw(struct test *t, const char *what, int64_t value)
{
    t->flaws++;
    printf("not refused: %s = %" PRId64 "\n", what, value);
}

/* One number of the device is another one while it is saved. */
static void try_bad(struct test *t, const struct bad *b)
{
    uint8_t *at = (uint8_t *)of(t->device) + b->offset;
    uint64_t own = 0;

    memcpy(&own, at, b->size);
    memcpy(at, &b->value, b->size);
    struct store state = saved(t->device);
    memcpy(at, &own, b->size);
    if (loads(t, &state))
        flaw(t, b->name, b->value);
    store_free(&state);
}

/* The code that runs says that it handles an exception, which is not active. */
static void try_exception(struct test *t)
{
    struct machine *m = &of(t->device)->machine;
    struct processor_state own, wrong;

    m->module->get(m->processor, &own);
    wrong = own;
    wrong.xpsr += XPSR_EXCEPTION;
    m->module->set(m->processor, &wrong);
    struct store state = saved(t->device);
    m->module->set(m->processor, &own);
    if (loads(t, &state))
        flaw(t, "xpsr", wrong.xpsr);
    store_free(&state);
}

static void use(struct test *t)
{
    static const uint8_t request[] = { 3, 0, 0, 0, 100 };
    struct device *d = t->loaded;
    const int64_t began_ns = t->hal.now_ns, sets = t->sets;
    uint8_t answer[METER_PDU_MAX];
    uint16_t words[100];
    struct settings settings;
    int64_t value;

    for (int ms = 0; ms < RUN_MS; ms += STEP_MS)
        advance(t, d, t->hal.now_ns + STEP_MS * MS);
    d->kind->keys(d, METER_KEY_SELECT, (uint64_t)t->hal.now_ns / 1000);
    d->kind->request(d, request, sizeof request, answer);
    for (int at = 0; at < 0x10000; at += 100)
        t->read += d->kind->registers(d, (uint16_t)at, 1, words) &&
                   d->kind->registers(d, (uint16_t)at, 100, words);
    for (int q = 0; q < QUANTITIES; q++)
        d->kind->reading(d, (enum quantity)q, &value);
    d->kind->settings(d, &settings);
    struct store again = saved(d);
    store_free(&again);
    d->kind->power_down(d);
    d->kind->power_up(d);
    t->hal.now_ns = began_ns;
    t->sets = sets;
}

/* A number of one of its sizes, where one may stand: half of them in what the chips hold,
 * half of the rest in the state of the meter in RAM. */
static void edit(struct test *t, struct store *s, size_t ram_at)
{
    static const int64_t number[NUMBERS] = { 0,        1,         -1,        2,
                                             255,      INT64_MAX, INT64_MIN, INT32_MAX,
                                             LONG_AGO, 1000000000 };
    const size_t size = (size_t)1 << draw(t, 4), chips = ram_at + MACHINE_RAM_SIZE;
    size_t at = draw(t, (uint32_t)s->size - 8);

    if (draw(t, 2))
        at = chips + draw(t, (uint32_t)(s->size - chips) - 8);
    else if (draw(t, 2))
        at = ram_at + draw(t, 2 * IMAGE_BODY);
    at -= at % size;
    const int64_t value =
        draw(t, 3) ? number[draw(t, NUMBERS)] : (int64_t)random_next(&t->random);
    memcpy(s->byte + at, &value, size);
}

static void try_random(struct test *t, const struct store *own, size_t ram_at)
{
    struct store state = { .byte = malloc(own->size), .size = own->size };

    if (!state.byte)
        abort();
    memcpy(state.byte, own->byte, own->size);
    for (uint32_t left = 1 + draw(t, EDITS); left; left--)
        edit(t, &state, ram_at);
    if (loads(t, &state)) {
        t->accepted++;
        use(t);
    } else {
        t->refused++;
    }
    free(state.byte);
}

static void start(struct test *t, const struct device_maker *maker)
{
    static const uint8_t request[] = { 3, 0, 0, 0, 20 };
    uint8_t answer[METER_PDU_MAX];

    board_start(&t->hal, 4100);
    t->device = maker->make(maker, &t->hal, model_at(0));
    t->loaded = maker->make(maker, &t->hal, model_at(0));
    t->device->kind->power_up(t->device);
    for (int ms = STEP_MS; ms <= 1250; ms += STEP_MS)
        advance(t, t->device, ms * MS);
    t->device->kind->request(t->device, request, sizeof request, answer);
}

int main(int argc, char **argv)
{
    const int times = argc > 2 ? atoi(argv[2]) : 100;
    const struct board_options options = { .board = (char *)"image",
                                           .elf = argc > 1 ? argv[1] : NULL,
                                           .cpu = TRUE };
    static const struct device_maker *maker; /* the program holds it to its end */
    GError *error = NULL;
    static struct test t;

    if (!board_image_open(&options, &maker, &error)) {
        fprintf(stderr, "%s\n", error->message);
        return 2;
    }
    t.random = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    start(&t, maker);
    struct store own = saved(t.device);
    const uint8_t *ram = memmem(own.byte, own.size, of(t.device)->machine.ram, 4096);
    if (!ram || !loads(&t, &own))
        flaw(&t, "the device's own state is refused", 0);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        try_bad(&t, &bad[k]);
    try_exception(&t);
    for (int k = 0; k < times && ram; k++)
        try_random(&t, &own, (size_t)(ram - own.byte));
    printf("%zu wrong numbers refused; of %d random edits %d were refused, %d ran on; "
           "%d blocks of registers read\n",
           sizeof bad / sizeof *bad + 1, times, t.refused, t.accepted, t.read);
    if (t.refused < times / 10 || t.accepted < times / 10)
        flaw(&t, "one kind of outcome is missing", t.accepted);
    store_free(&own);
    t.device->kind->free(t.device);
    t.loaded->kind->free(t.loaded);
    board_free(&t.hal);
    return t.flaws > 0;
}
