/* A unit to look at: 480 V wye, 80 A at power factor 0.92, three seconds after
 * power-up. The glass is written by the test, so that pictures do not depend on the
 * firmware's screens. */
#ifndef TESTS_GUI_PANEL_FIXTURE_H
#define TESTS_GUI_PANEL_FIXTURE_H

#include "hal_sim/unit.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above. */
#include <cmocka.h>
#include <string.h>

/* "3 VLL" and "480.1", with the heart: the way of the map in gui/glass.h. */
static const uint8_t fixture_text[HAL_LCD_SIZE] = {
    0x01, 0x8F, 0x00, 0x00, 0x00, 0x30, 0x0C, 0x38,
    0x00, 0x38, 0x00, 0x66, 0x7F, 0xBF, 0x06, 0x00,
};

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
    memcpy(u->hal.lcd, fixture_text, sizeof u->hal.lcd);
    return u;
}

static inline void fixture_lose_b(struct unit *u)
{
    unit_set_fault(u, FAULT_PHASE_LOSS, 1, 1);
    unit_advance(u, u->now_ns + INT64_C(3000000000));
    memcpy(u->hal.lcd, fixture_text, sizeof u->hal.lcd);
    u->hal.lcd[0] = 0x02;
}

#endif
