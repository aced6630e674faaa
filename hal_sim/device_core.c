/* The linked core as a device: each call of the table is a call of core/meter.h. See
 * device.h. */
#include "hal_sim/device_core.h"
#include "core/registers.h"
#include "hal_sim/board.h"
#include "hal_sim/board_assert.h"
#include "hal_sim/device_core_check.h"
#include "waveform/base/store.h"
#include <stdlib.h>
#include <string.h>

_Static_assert((int)DEVICE_BLOCK == (int)BLOCK, "the unit's block is the core's");
_Static_assert((int)DEVICE_WAVE == (ACQUIRE_BLOCKS - 1) * BLOCK,
               "all but the one that fills");
_Static_assert((int)DEVICE_BEHIND == WINDOW_BEHIND * BLOCK, "what metering lags");

struct core {
    struct device device;
    struct meter meter;
};

static struct meter *meter_of(struct device *d)
{
    return &((struct core *)(void *)d)->meter;
}

static const struct meter *seen(const struct device *d)
{
    return &((const struct core *)(const void *)d)->meter;
}

/* A call into core that may fail an assertion: on a guarded device the failure ends
 * here, with the device stopped. Samples come too often, and core asserts nothing in
 * its loops over them. */
#define GUARDED(d, call)                                                               \
    do {                                                                               \
        struct board_guard guard;                                                      \
        if (!(d)->guarded) {                                                           \
            call;                                                                      \
            break;                                                                     \
        }                                                                              \
        guard.serial_number = (d)->board->serial_number;                               \
        if (sigsetjmp(guard.point, 0) == 0) {                                          \
            board_set_guard(&guard);                                                   \
            call;                                                                      \
        } else {                                                                       \
            (d)->stopped = true;                                                       \
        }                                                                              \
        board_set_guard(NULL);                                                         \
    } while (0)

static void release(struct device *d)
{
    free(d);
}

static void power_up(struct device *d)
{
    d->stopped = false;
    GUARDED(d, meter_start(meter_of(d), d->board, d->model));
}

static void power_down(struct device *d)
{
    (void)d; /* nothing calls it any more */
}

static void supply(struct device *d, bool good)
{
    GUARDED(d, meter_supply(meter_of(d), good));
}

static void samples(struct device *d, const int32_t x[][DEVICE_BLOCK], int count)
{
    meter_samples(meter_of(d), x, (uint32_t)count);
}

static void run(struct device *d, uint64_t now_us)
{
    struct meter *m = meter_of(d);

    GUARDED(d, (meter_tick(m, now_us), meter_poll(m)));
}

static uint64_t deadline_us(const struct device *d)
{
    return meter_deadline(seen(d));
}

static void keys(struct device *d, unsigned closed, uint64_t now_us)
{
    GUARDED(d, meter_keys(meter_of(d), closed, now_us));
}

static void uart_byte(struct device *d, uint8_t byte, unsigned flags, uint64_t now_us)
{
    GUARDED(d, meter_uart_byte(meter_of(d), byte, flags, now_us));
}

static uint64_t uart_deadline_us(const struct device *d)
{
    return rtu_deadline(&seen(d)->rtu);
}

static int request(struct device *d, const uint8_t *pdu, int size, uint8_t *answer)
{
    volatile int length = 0;

    GUARDED(d, length = meter_request(meter_of(d), pdu, size, answer));
    return length;
}

static bool reading(const struct device *d, enum quantity q, int64_t *value)
{
    return meter_reading(seen(d), q, value);
}

static bool registers(struct device *d, uint16_t addr, int count, uint16_t *words)
{
    volatile bool read = false;

    GUARDED(d, read = registers_read(meter_of(d), addr, (uint16_t)count, words) ==
                      MODBUS_OK);
    return read;
}

static void settings(const struct device *d, struct settings *copy)
{
    *copy = seen(d)->settings;
}

static uint32_t seconds(const struct device *d)
{
    return seen(d)->seconds;
}

static uint16_t alerts(const struct device *d)
{
    return seen(d)->alerts;
}

/* Numbers and two pointers. A meter that never ran has no state. */
static void store(struct device *d, bool powered, struct store *s)
{
    struct meter *m = meter_of(d);
    bool started = m->model != NULL;

    m->hal = NULL;
    m->model = NULL;
    STORE(s, *m);
    store_flag(s, &started);
    if (!started)
        memset(m, 0, sizeof *m);
    m->hal = started ? d->board : NULL;
    m->model = started ? d->model : NULL;
    if (s->loading && (started ? !device_core_check(m) : powered))
        s->failed = true;
}

static void option(struct device *d, enum unit_option which, uint16_t value)
{
    struct meter *m = meter_of(d);

    if (which == UNIT_FILL_WORD)
        m->fill_word = value;
    else if (which == UNIT_IMBALANCE_RULE)
        m->rules.imbalance = (uint8_t)value;
    else
        m->rules.phase_loss = (uint8_t)value;
}

static void report(struct device *d, const struct hal_report *board)
{
    meter_board(meter_of(d), board);
}

static void phasors(const struct device *d, struct device_phasors *last)
{
    const struct second *s = &seen(d)->second;

    last->uhz = s->uhz;
    for (int k = 0; k < 3; k++) {
        last->v[k] = s->v[k];
        last->i[k] = s->i[k];
        last->s[k] = s->s[k];
        last->p[k] = s->p[k];
        last->q[k] = s->q[k];
    }
}

/* From the ring of blocks that the meter itself works on: all but the one that
 * fills. */
static void waves(const struct device *d, int32_t x[HAL_CHANNELS][DEVICE_WAVE])
{
    const struct acquire *a = &seen(d)->metering.acquire;

    for (int k = 0; k < ACQUIRE_BLOCKS - 1; k++) {
        const struct block *b = &a->ring[(a->filling + 1 + k) % ACQUIRE_BLOCKS];
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            memcpy(&x[ch][k * BLOCK], b->x[ch], sizeof b->x[ch]);
    }
}

/* With what the counts of a mWh leave. */
static double energy_wh(const struct device *d, enum energy_kind kind)
{
    const struct energy *e = &seen(d)->energy;

    return (double)e->mwh[ENERGY_TOTAL][kind] / 1e3 +
           (double)e->rest_uj[ENERGY_TOTAL][kind] / 3.6e9;
}

static const struct device_inside inside = { .option = option,
                                             .report = report,
                                             .phasors = phasors,
                                             .waves = waves,
                                             .energy_wh = energy_wh };

static const struct device_kind kind = { .name = "core",
                                         .bytes = sizeof(struct core),
                                         .free = release,
                                         .power_up = power_up,
                                         .power_down = power_down,
                                         .supply = supply,
                                         .samples = samples,
                                         .run = run,
                                         .deadline_us = deadline_us,
                                         .keys = keys,
                                         .uart_byte = uart_byte,
                                         .uart_deadline_us = uart_deadline_us,
                                         .request = request,
                                         .reading = reading,
                                         .registers = registers,
                                         .settings = settings,
                                         .seconds = seconds,
                                         .alerts = alerts,
                                         .store = store,
                                         .inside = &inside };

struct device *device_core_new(struct hal *board, const struct model *model)
{
    struct core *c = calloc(1, sizeof *c);

    if (!c)
        abort();
    c->device = (struct device){ .kind = &kind, .board = board, .model = model };
    return &c->device;
}

struct meter *device_core_meter(struct device *d)
{
    return meter_of(d);
}
