/* Worlds of everything at once, drawn by lot: whatever is asked for, samples and truth
 * are finite, currents stay within reason, and energy takes its time and no more. */
#include "waveform/base/random.h"
#include "waveform/event.h"
#include "waveform/load_kind.h"
#include "waveform/waveform.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { WORLDS = 30, STEPS = 12, FILLS = 20, MOST = 10000000 };

static uint64_t random_state;

static double draw(void)
{
    return random_share(&random_state);
}

static unsigned draw_below(int n)
{
    return (unsigned)(draw() * n);
}

static void draw_grid(struct waveform *w)
{
    struct waveform_grid grid = { .hz = 45 + 20 * draw() };
    struct waveform_disturbance t = { .flicker_hz = 1 + 20 * draw(),
                                      .flicker_percent = draw() < 0.5 ? 0 : 10,
                                      .flicker_rectangular = draw() < 0.5,
                                      .neutral_open = draw() < 0.3,
                                      .notch_percent = draw() < 0.5 ? 0 : 30,
                                      .notch_width_degrees = 10,
                                      .motor_share = { 0.5, 0.9, 1 },
                                      .motor_slows_s = draw() < 0.5 ? 0 : 0.3 };
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        grid.volts[k] = 300 * draw();
        grid.degrees[k] = 360 * draw();
        grid.lost[k] = draw() < 0.2;
        grid.harmonics[k] =
            (struct waveform_harmonics){ 2, { { 0, 5, 0 }, { 5, 9, 44 } } };
        t.loss[k] = (enum waveform_loss)draw_below(4);
    }
    waveform_set_grid(w, &grid);
    assert_int_equal(waveform_set_disturbance(w, &t), 0);
}

/* A load and an event; there may be no room for them or no volts. */
static void draw_step(struct waveform *w)
{
    struct waveform_load_spec load =
        load_defaults((enum waveform_load_kind)draw_below(WAVEFORM_LOAD_PROFILE));
    struct waveform_event event =
        event_defaults((enum waveform_event_kind)draw_below(WAVEFORM_EVENTS));
    load.amps = 50 * draw();
    load.connection = (enum waveform_connection)draw_below(4);
    load.phases = draw_below(8);
    load.at_s = draw() / 4;
    event.phases = draw_below(8);
    event.at_s = draw() / 4;
    event.on_wave = draw() < 0.5;
    event.ramp_in_s = draw() < 0.5 ? 0 : 0.05;
    (void)waveform_add_load(w, &load);
    (void)waveform_add_event(w, &event);
    if (draw() < 0.1)
        waveform_set_rate(w, 2520 * (1 + 1e-4 * draw()));
    if (draw() < 0.1)
        waveform_clear_loads(w);
    if (draw() < 0.1)
        waveform_clear_events(w);
}

static void check_fills(struct waveform *w)
{
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    struct waveform_truth t;
    for (int fill = 0; fill < FILLS; fill++) {
        int n = 1 + (int)draw_below(WAVEFORM_BLOCK);
        waveform_fill(w, n, x);
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            for (int k = 0; k < n; k++)
                assert_true(fabs(x[ch][k]) < MOST);
    }
    waveform_truth(w, &t);
    assert_true(isfinite(t.p_total) && isfinite(t.s_total) && isfinite(t.varh_total));
    assert_true(t.wh_import_total >= 0 && t.wh_import_total < MOST);
    assert_true(t.wh_export_total >= 0 && t.wh_export_total < MOST);
}

static void test_worlds_by_lot(void **state)
{
    (void)state;
    for (unsigned world = 0; world < WORLDS; world++) {
        random_state = world;
        struct waveform *w = waveform_new((enum waveform_wiring)(world % 5));
        draw_grid(w);
        for (int step = 0; step < STEPS; step++) {
            draw_step(w);
            check_fills(w);
        }
        waveform_free(w);
    }
}

static void test_there_is_an_end_of_room(void **state)
{
    (void)state;
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    struct waveform_grid grid = { .hz = 60, .volts = { 120, 120, 120 } };
    struct waveform_event event = event_defaults(WAVEFORM_EVENT_SAG);
    struct waveform_load_spec load = load_defaults(WAVEFORM_LOAD_MOTOR);
    int loads = 0, events = 0;
    load.amps = 1;
    waveform_set_grid(w, &grid);
    while (loads < 1000 && waveform_add_load(w, &load) == 0)
        loads++;
    while (events < 1000 && waveform_add_event(w, &event) == 0)
        events++;
    assert_int_equal(loads, 12);
    assert_int_equal(events, 32);
    waveform_clear_loads(w);
    waveform_clear_events(w);
    assert_int_equal(waveform_add_load(w, &load), 0);
    assert_int_equal(waveform_add_event(w, &event), 0);
    assert_int_equal(waveform_set_lines(w, 60, NULL, 0), 0);
    assert_int_equal(waveform_add_load(w, &load), -1);
    assert_int_equal(waveform_add_event(w, &event), -1);
    waveform_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worlds_by_lot),
        cmocka_unit_test(test_there_is_an_end_of_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
