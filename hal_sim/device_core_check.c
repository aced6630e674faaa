/* The bounds of a meter's memory. See device_core_check.h. */
#include "hal_sim/device_core_check.h"
#include "core/edit.h"
#include "core/metering.h"
#include "core/screens.h"
#include <stddef.h>
#include <string.h>

enum {
    LOST_ALL = (1 << NVM_RECORDS) - 1,
    PULSES_MAX = 1000000,
    UHZ_MIN = 39900000,
    UHZ_MAX = 70100000
};

/* Full scale is 2^23, of A less B twice as much. */
#define CODE_MAX   (1 << 24)
/* Of a mean, which no signal without DC comes near to: its square in 2^-16 fits. */
#define MEAN_MAX   11800000
#define GROUP_MAX  (INT64_C(54) * CODE_MAX)
#define PHASOR_MAX ((INT64_C(1) << 28) - 1)
#define Q_MAX      (INT64_C(1) << 39)
#define SUM_MAX    ((INT64_C(1) << 60) - 1)
#define TIME_MAX   ((INT64_C(1) << 60) - 1)
#define DC_MAX     (MEAN_MAX * INT64_C(256))
#define PPM_MAX    100000

enum number { BOOL, U8, I16, U16, I32, U32, I64, U64 };

struct range {
    size_t offset, count;
    enum number number;
    int64_t min, max;
};

#define ROW(type, number, member, min, max)                                            \
    {                                                                                  \
        offsetof(struct meter, member),                                                \
            sizeof(((struct meter *)NULL)->member) / (sizeof(type)), number, min, max  \
    }
#define FLAG(member)       ROW(bool, BOOL, member, 0, 1)
#define BYTE(member, max)  ROW(uint8_t, U8, member, 0, max)
#define WORD(member, max)  ROW(uint16_t, U16, member, 0, max)
#define LONG(member, max)  ROW(uint32_t, U32, member, 0, max)
#define CODES(member, max) ROW(int32_t, I32, member, -(max), max)
#define SIZES(member, max) ROW(uint64_t, U64, member, 0, max)
#define SUMS(member, max)  ROW(int64_t, I64, member, -(max), max)

static const struct range ranges[] = {
    /* config.h, nvm.h, log_state.h */
    LONG(counters.power_ups, 0x7FFF),
    LONG(counters.lost, LOST_ALL),
    BYTE(nvm.slot, 1),
    BYTE(nvm.lost, LOST_ALL),
    FLAG(nvm.silent),
    BYTE(factory.keys_seen, (1 << KEYS) - 1),
    FLAG(lcd.held),
    CODES(calibration.gain_ppm, PPM_MAX),
    CODES(calibration.offset_codes2, INT32_MAX),
    CODES(calibration.phase_urad, PPM_MAX),
    SUMS(log.state.start_mwh, SUM_MAX),
    WORD(log.state.next, LOG_RING - 1),
    WORD(log.state.shown, LOG_ENTRIES),
    FLAG(log.holds),
    BYTE(log.scrubbed, LOGS - 1),
    WORD(log.scrubbed_place, LOG_RING - 1),
    /* metering_state.h and what it is made of */
    CODES(metering.acquire.ring, CODE_MAX),
    BYTE(metering.acquire.filling, ACQUIRE_BLOCKS - 1),
    BYTE(metering.acquire.fill, BLOCK - 1),
    BYTE(metering.acquire.closed, 0),
    CODES(metering.fundamental.sum, GROUP_MAX),
    CODES(metering.fundamental.u0, PHASOR_MAX),
    CODES(metering.fundamental.u90, PHASOR_MAX),
    SUMS(metering.fundamental.q, Q_MAX),
    SUMS(metering.fundamental.num, SUM_MAX),
    SUMS(metering.fundamental.den, SUM_MAX),
    SUMS(metering.cycle.now.vi, SUM_MAX >> 4),
    SUMS(metering.cycle.now.vv, SUM_MAX >> 4),
    SUMS(metering.cycle.now.ii, SUM_MAX >> 4),
    SUMS(metering.cycle.now.q, SUM_MAX >> 4),
    LONG(metering.cycle.now.count, CYCLE_LONGEST + BLOCK),
    ROW(int16_t, I16, metering.cycle.carried, -1, BLOCK),
    BYTE(metering.cycle.reference, 2),
    SUMS(metering.cycle.dc_product, INT64_C(1) << 48),
    FLAG(metering.window.starting),
    BYTE(metering.window.block, WINDOW_BLOCKS - 1),
    SUMS(metering.correction.dc_v, DC_MAX),
    SUMS(metering.correction.dc_i, DC_MAX),
    SUMS(metering.correction.rotation, INT64_C(1) << 31),
    BYTE(metering.correction.loaded, 7),
    SIZES(metering.carried, SUM_MAX),
    ROW(int64_t, I64, metering.uhz, 1, 1000000000),
    FLAG(metering.has_frequency),
    FLAG(metering.element_ab),
    BYTE(metering.blocks_seen, ACQUIRE_SEEN),
    BYTE(metering.unsettled, METERING_SETTLED + 1),
    BYTE(metering.before_window, ACQUIRE_SEEN + 1),
    /* energy.h, demand.h, pulse.h, front_end.h */
    SIZES(energy.mwh, SUM_MAX),
    LONG(energy.rest_uj, 3600000 - 1),
    SUMS(demand.rest_uj, 999),
    SUMS(demand.present_uw, SUM_MAX),
    BYTE(demand.parts, DEMAND_SUBINTERVALS),
    SUMS(demand.now.mj, SUM_MAX),
    SIZES(demand.now.us, TIME_MAX),
    SUMS(demand.maxima, SUM_MAX),
    FLAG(demand.start_asked),
    FLAG(demand.reset_asked),
    SIZES(pulse.weight_uj, SUM_MAX),
    SIZES(pulse.second_us, TIME_MAX),
    FLAG(pulse.closed),
    SIZES(front_end.last_us, TIME_MAX),
    SIZES(front_end.second_us, TIME_MAX),
    LONG(front_end.part_us, 2 * SECOND_US),
    FLAG(front_end.silent),
    /* rtu.h, keys.h, menu_state.h */
    WORD(rtu.length, RTU_FRAME_MAX),
    FLAG(rtu.broken),
    BYTE(menu.keys.raw, (1 << KEYS) - 1),
    BYTE(menu.keys.down, (1 << KEYS) - 1),
    BYTE(menu.notice, NOTICE_ERROR),
    FLAG(menu.scrolling),
    FLAG(menu.off),
    FLAG(menu.heart),
    /* meter_state.h */
    SIZES(second.v, SUM_MAX),
    SIZES(second.vll, SUM_MAX),
    SIZES(second.i, SUM_MAX),
    SUMS(second.p, SUM_MAX >> 2),
    SUMS(second.q, SUM_MAX >> 2),
    SIZES(second.s, SUM_MAX),
    SUMS(second.p_total, SUM_MAX),
    SUMS(second.q_total, SUM_MAX),
    SIZES(second.s_total, SUM_MAX),
    SUMS(second.uhz, 1000000000),
    SIZES(second.import_uj, SUM_MAX),
    SIZES(second.export_uj, SUM_MAX),
    SIZES(second.reactive_uj, SUM_MAX),
    BYTE(rules.phase_loss, PHASE_LOSS_DROP_PERCENT),
    BYTE(rules.imbalance, IMBALANCE_FROM_AVERAGE),
    FLAG(settings_changed),
    FLAG(waiting),
    FLAG(failing),
    SIZES(save_us, TIME_MAX),
    SIZES(now_us, TIME_MAX),
};

/* A number of the image; a flag is one byte. */
static int64_t number_at(const uint8_t *at, enum number number)
{
    union {
        uint8_t u8;
        int16_t i16;
        uint16_t u16;
        int32_t i32;
        uint32_t u32;
        int64_t i64;
    } n;

    switch (number) {
    case BOOL:
    case U8:
        return *at;
    case I16:
        memcpy(&n.i16, at, sizeof n.i16);
        return n.i16;
    case U16:
        memcpy(&n.u16, at, sizeof n.u16);
        return n.u16;
    case I32:
        memcpy(&n.i32, at, sizeof n.i32);
        return n.i32;
    case U32:
        memcpy(&n.u32, at, sizeof n.u32);
        return n.u32;
    case I64:
    case U64: /* above INT64_MAX: negative, and out of range */
        memcpy(&n.i64, at, sizeof n.i64);
        return n.i64;
    }
    return 0;
}

static bool in_range(const struct meter *m, const struct range *r)
{
    static const uint8_t size[] = { [BOOL] = sizeof(bool),
                                    [U8] = 1,
                                    [I16] = 2,
                                    [U16] = 2,
                                    [I32] = 4,
                                    [U32] = 4,
                                    [I64] = 8,
                                    [U64] = 8 };
    const uint8_t *at = (const uint8_t *)m + r->offset;

    for (size_t k = 0; k < r->count; k++, at += size[r->number]) {
        const int64_t x = number_at(at, r->number);
        if (x < r->min || x > r->max)
            return false;
    }
    return true;
}

static bool settings_hold(const struct meter *m)
{
    for (int k = 0; k < SETTINGS; k++)
        if (!config_in_range(m->model, (enum setting)k, m->settings.value[k]))
            return false;
    return true;
}

static bool sums_hold(const struct cycle_totals *t)
{
    const int64_t *const q = &t->q[0][0], *const vi = &t->vi[0][0];

    for (int d = 0; d < DIRECTIONS; d++) {
        const struct cycle_sums *s = &t->direction[d];
        for (int k = 0; k < 3; k++)
            if (magnitude(s->vi[k]) > SUM_MAX || magnitude(s->vv[k]) > SUM_MAX ||
                magnitude(s->ii[k]) > SUM_MAX || magnitude(s->q[k]) > SUM_MAX)
                return false;
        if (s->count > 1u << 24)
            return false;
    }
    for (int k = 0; k < QUADRANTS * 3; k++)
        if (magnitude(q[k]) > SUM_MAX || magnitude(vi[k]) > SUM_MAX)
            return false;
    return true;
}

/* What has been summed has its weight, but for a block's rounding. */
static bool window_sums_hold(const struct window_sums *s)
{
    const double samples = s->weight / (double)WINDOW_ONE + BLOCK,
                 groups = (double)s->q_weight + GROUPS * WINDOW_ONE;
    const struct products *const p = &s->products;

    if (s->weight > HAL_SAMPLE_RATE * WINDOW_ONE ||
        s->q_weight > WINDOW_BLOCKS * GROUPS * WINDOW_ONE)
        return false;
    for (int k = 0; k < 3; k++) {
        const int64_t square[] = { p->vi[k], p->vv[k], p->ii[k], p->vx[k] };
        for (int n = 0; n < 4; n++)
            if ((double)magnitude(square[n]) > samples * CODE_MAX * CODE_MAX)
                return false;
        if ((double)magnitude(p->v[k]) > samples * MEAN_MAX ||
            (double)magnitude(p->i[k]) > samples * MEAN_MAX ||
            (double)magnitude(s->q[k]) > groups * Q_MAX)
            return false;
    }
    return true;
}

/* The blocks that the window has seen have given it their weight. */
static bool window_holds(const struct window *w)
{
    const int whole = w->block - WINDOW_BEHIND - WINDOW_RAMP_BLOCKS;

    return window_sums_hold(&w->open) && window_sums_hold(&w->next) &&
           (whole <= 0 ||
            (w->open.weight >= (uint32_t)(whole * BLOCK * WINDOW_ONE) &&
             w->open.q_weight >= (uint32_t)(whole * GROUPS * WINDOW_ONE)));
}

static bool totals_hold(const struct cycle *c)
{
    return sums_hold(&c->phase[0]) && sums_hold(&c->phase[1]) &&
           sums_hold(&c->phase[2]) && sums_hold(&c->total);
}

static bool pulses_hold(const struct pulse *p)
{
    for (int k = 0; k < PULSE_CHANNELS; k++) {
        const struct pulse_channel *c = &p->channel[k];
        if (c->due > PULSES_MAX || c->given > c->due || c->rest_uj > SUM_MAX ||
            c->before_uj > p->weight_uj || c->added_uj > SUM_MAX)
            return false;
    }
    return true;
}

static bool demand_holds(const struct demand *d)
{
    for (int n = 0; n < DEMAND_SUBINTERVALS; n++) {
        if (d->part[n].us > TIME_MAX >> 4)
            return false;
        for (int k = 0; k < DEMANDS; k++)
            if (magnitude(d->part[n].mj[k]) > SUM_MAX >> 4)
                return false;
    }
    return true;
}

static bool menu_holds(const struct menu *menu)
{
    return menu->screen < screen_count && menu->notice_screen < screen_count &&
           (menu->keys.active & (menu->keys.active - 1)) == 0 &&
           menu->keys.active < 1 << KEYS &&
           edit_valid(&menu->edit, &screen_table[menu->screen]);
}

static bool block_waits(const struct acquire *a)
{
    return (uint8_t)(a->finished - a->received) <= 1;
}

bool device_core_check(struct meter *m)
{
    for (size_t k = 0; k < sizeof ranges / sizeof *ranges; k++)
        if (!in_range(m, &ranges[k]))
            return false;
    if (!settings_hold(m) || !clock_valid(&m->clock) ||
        !totals_hold(&m->metering.cycle) || !window_holds(&m->metering.window) ||
        !pulses_hold(&m->pulse) || !demand_holds(&m->demand) ||
        !block_waits(&m->metering.acquire) || !menu_holds(&m->menu))
        return false;
    config_derive(&m->config, &m->settings);
    const struct metering_setup setup = meter_setup(m);
    metering_scale(&m->metering, &setup);
    return true;
}
