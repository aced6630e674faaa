/* A unit to look at: 480 V wye, 80 A at power factor 0.92, three seconds after
 * power-up, at system type 40. What the glass shows is the firmware's. */
#pragma once

#include "hal_sim/unit.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above. */
#include <cmocka.h>
#include <string.h>

static inline struct unit *fixture_unit(void)
{
    struct unit *u = unit_new(&(struct unit_options){ .model = model_find("s4100"),
                                                      .wiring = WAVEFORM_WYE,
                                                      .ct_primary_a = 100,
                                                      .ct_output_v = 1,
                                                      .pt_ratio = 1,
                                                      .serial_number = 1000,
                                                      .seed = 1 },
                              0);
    struct waveform_grid grid = { .hz = 60, .degrees = { 0, -120, 120 } };
    struct waveform_load load = { 0 };

    for (int k = 0; k < 3; k++) {
        grid.volts[k] = 277.128;
        load.amps[k] = 80;
        load.lag_degrees[k] = waveform_lag_degrees(0.92, false);
    }
    waveform_set_grid(u->world, &grid);
    waveform_set_load(u->world, &load);
    unit_power(u, true);
    unit_advance(u, INT64_C(3000000000));
    return u;
}

/* Solar power: as much as the load, and back. */
static inline void fixture_export(struct unit *u)
{
    struct waveform_load load = { 0 };

    for (int k = 0; k < 3; k++) {
        load.amps[k] = 80;
        load.lag_degrees[k] = 180 + waveform_lag_degrees(0.92, false);
    }
    waveform_set_load(u->world, &load);
}

/* "-+<>": minus, plus, back, select. */
static inline void fixture_press(struct unit *u, const char *keys)
{
    for (; *keys; keys++) {
        unit_keys(u, *keys == '+'   ? METER_KEY_PLUS
                     : *keys == '-' ? METER_KEY_MINUS
                     : *keys == '<' ? METER_KEY_BACK
                                    : METER_KEY_SELECT);
        unit_advance(u, u->now_ns + INT64_C(100000000));
        unit_keys(u, 0);
        unit_advance(u, u->now_ns + INT64_C(100000000));
    }
}

static inline void fixture_lose_b(struct unit *u)
{
    unit_set_fault(u, FAULT_PHASE_LOSS, 1, 1);
    unit_advance(u, u->now_ns + INT64_C(3000000000));
}
