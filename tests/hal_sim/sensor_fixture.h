/* A unit in a plain world, for tests of sensors: 277 V, 50 A through CTs of 100 A (the
 * meter's default), and its last second as V, A and W. */
#pragma once

#include "hal_sim/device_core.h"
#include "hal_sim/unit.h"
#include "tests/support/check.h"

#define SECOND_NS  INT64_C(1000000000)
#define RAD_PI     3.14159265358979323846
#define RADIANS(d) ((d) * (RAD_PI / 180))

struct readings {
    double hz, v[3], vll[3], i[3], p[3], q[3];
};

static const double rig_volts = 277, rig_amps = 50, rig_rated = 100;

static inline void rig_write(struct unit *u, uint16_t reg, uint16_t value)
{
    const uint8_t request[] = { 6, (uint8_t)((reg - 1) >> 8), (uint8_t)(reg - 1),
                                (uint8_t)(value >> 8), (uint8_t)value };
    uint8_t answer[METER_PDU_MAX];

    assert_int_equal(unit_request(u, request, 5, answer), 5);
}

static inline void rig_world(struct unit *u, double hz, double amps, double lag)
{
    struct waveform_grid grid = { .hz = hz };
    struct waveform_load load = { .ab = false };

    for (int k = 0; k < 3; k++) {
        grid.volts[k] = rig_volts;
        grid.degrees[k] = -120 * k;
        load.amps[k] = amps;
        load.lag_degrees[k] = lag;
    }
    waveform_set_grid(u->world, &grid);
    waveform_set_load(u->world, &load);
}

/* With power, of this system type. */
static inline struct unit *rig_new(const struct model *model, uint16_t system_type,
                                   double hz, double lag)
{
    const struct unit_options o = { .model = model,
                                    .wiring = unit_wiring_of(system_type),
                                    .ct_primary_a = rig_rated,
                                    .ct_output_v = 1,
                                    .pt_ratio = 1,
                                    .serial_number = 1,
                                    .seed = 1 };
    struct unit *u = unit_new(&o, 0);

    rig_world(u, hz, rig_amps, lag);
    unit_power(u, true);
    rig_write(u, 130, system_type);
    return u;
}

/* Its last second, after `seconds` more. */
static inline struct readings rig_read(struct unit *u, int seconds)
{
    struct readings r;

    unit_advance(u, u->now_ns + seconds * SECOND_NS);
    const struct second *s = &device_core_meter(u->device)->second;
    r.hz = (double)s->uhz * 1e-6;
    for (int k = 0; k < 3; k++) {
        r.v[k] = (double)s->v[k] * 1e-6;
        r.vll[k] = (double)s->vll[k] * 1e-6;
        r.i[k] = (double)s->i[k] * 1e-6;
        r.p[k] = (double)s->p[k] * 1e-6;
        r.q[k] = (double)s->q[k] * 1e-6;
    }
    return r;
}

static inline double rig_power(double lag)
{
    return rig_volts * rig_amps * cos(RADIANS(lag));
}
