/* Currents of three wires: they sum to zero at every sample, have the sizes that were
 * asked for, and make the power that their lag says. The power is that of the sampled
 * conductors, against any one of them. */
#include "tests/waveform/load_fixture.h"
#include "waveform/grid.h"
#include "waveform/three_wires.h"

static const struct waveform_grid CORNER = { .hz = 60,
                                             .volts = { 480, 0, 480 },
                                             .degrees = { 0, 0, 60 } };
static const struct waveform_grid UNEVEN = { .hz = 60,
                                             .volts = { 250, 280, 300 },
                                             .degrees = { 5, -110, 130 } };

static struct waveform *world_of(const struct waveform_grid *grid,
                                 const struct waveform_load *load)
{
    struct waveform *w = waveform_new(WAVEFORM_DELTA);
    waveform_set_grid(w, grid);
    waveform_set_load(w, load);
    return w;
}

/* One second: mean power against conductor `common`, the greatest |ΣI|, rms currents. */
struct measured {
    double watts, sum, amps[3];
};

static struct measured measure(struct waveform *w, int common)
{
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    struct measured m = { 0 };
    for (int n = 0; n < RATE; n++) {
        waveform_fill(w, 1, x);
        const double *i[3] = { x[3], x[4], x[5] };
        m.sum = fmax(m.sum, fabs(i[0][0] + i[1][0] + i[2][0]));
        for (int k = 0; k < 3; k++) {
            m.watts += (x[k][0] - x[common][0]) * i[k][0] / RATE;
            m.amps[k] += i[k][0] * i[k][0] / RATE;
        }
    }
    for (int k = 0; k < 3; k++)
        m.amps[k] = sqrt(m.amps[k]);
    return m;
}

static void test_corner_grounded(void **state)
{
    (void)state;
    const double lag = 180 / PI * acos(0.9);
    struct waveform_load load = { { 50, 50, 50 }, { lag, lag, lag }, { { 0 } }, false };
    struct waveform *w = world_of(&CORNER, &load);
    const double watts = sqrt(3) * 480 * 50 * 0.9;
    for (int common = 0; common < 3; common++) {
        struct measured m = measure(w, common);
        assert_near(m.watts, watts, 1e-6);
        assert_near(m.sum, 0, 1e-9);
    }
    waveform_truth(w, &t);
    assert_near(t.p_total, watts, 1e-6);
    assert_near(t.pf_total, 0.9, 1e-9);
    assert_near(t.i[1], 50, 1e-9);
    assert_near(t.p[1], watts / 3, 1e-6);
    waveform_free(w);
}

/* Sizes as asked, the total at the angle asked, on any grid and either sequence. */
static void test_sizes_make_a_triangle(void **state)
{
    (void)state;
    static const double AMPS[][3] = { { 30, 40, 50 }, { 50, 30, 40 }, { 10, 10, 0 },
                                      { 0, 10, 10 },  { 30, 20, 10 }, { 7, 7, 7 } };
    const struct waveform_grid *grids[] = { &GRID, &CORNER, &UNEVEN };
    for (unsigned g = 0; g < 3; g++)
        for (unsigned n = 0; n < sizeof AMPS / sizeof *AMPS; n++) {
            struct waveform_grid grid = *grids[g];
            struct waveform_load load = { .lag_degrees = { 30, 30, 30 } };
            memcpy(load.amps, AMPS[n], sizeof load.amps);
            if (n % 2) {
                grid.degrees[1] = grids[g]->degrees[2];
                grid.degrees[2] = grids[g]->degrees[1];
            }
            assert_true(three_wires_excess(load.amps) == 0);
            struct waveform *w = world_of(&grid, &load);
            struct measured m = measure(w, 1);
            waveform_truth(w, &t);
            assert_near(m.sum, 0, 1e-8);
            for (int k = 0; k < 3; k++)
                assert_near(m.amps[k], AMPS[n][k], 1e-6);
            assert_near(t.p_total, m.watts, 1e-5);
            assert_true(t.p_total > 0);
            assert_near(t.q_total, t.p_total * tan(PI / 6), 1e-6 * t.p_total);
            waveform_free(w);
        }
}

static void test_what_closes_is_left_alone(void **state)
{
    (void)state;
    struct waveform_load load = { .amps = { 5, 5, 5 }, .lag_degrees = { 25, 25, 25 } };
    struct waveform_load uneven = { .amps = { 30, 40, 50 },
                                    .lag_degrees = { 1, 2, 3 } };
    three_wires_close(&GRID, &load);
    assert_true(load.lag_degrees[0] == 25 && load.lag_degrees[2] == 25);
    three_wires_close(&UNEVEN, &uneven);
    struct waveform_load again = uneven;
    three_wires_close(&UNEVEN, &again);
    for (int k = 0; k < 3; k++)
        assert_true(again.lag_degrees[k] == uneven.lag_degrees[k]);
    assert_near(three_wires_sum(&UNEVEN, &uneven), 0, 1e-9);
}

static void test_what_is_left_over(void **state)
{
    (void)state;
    double order = 0;
    struct waveform_load load = { .amps = { 10, 10, 10 } };
    assert_near(three_wires_excess((double[3]){ 50, 0, 0 }), 50, 1e-9);
    assert_near(three_wires_excess((double[3]){ 10, 45, 20 }), 15, 1e-9);
    for (int k = 0; k < 3; k++)
        load.harmonics[k] =
            (struct waveform_harmonics){ 2, { { 5, 20, 10 }, { 3, 30, 0 } } };
    assert_near(three_wires_harmonic_sum(&GRID, &load, &order), 9, 1e-9);
    assert_true(order == 3);
    struct waveform *w = world_of(&GRID, &load); /* what has no way back is left out */
    struct measured m = measure(w, 0);
    assert_near(m.sum, 0, 1e-9);
    assert_near(m.amps[1], 10 * sqrt(1.04), 1e-9);
    waveform_free(w);
}

/* The world in motion makes the same currents by another way: as branches. */
static void test_both_ways_to_make_samples(void **state)
{
    (void)state;
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK],
        y[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    struct waveform_disturbance moving = { .notch_percent = 1e-9,
                                           .notch_width_degrees = 5,
                                           .notch_orders = 5 };
    for (int world = 0; world < 8; world++) {
        struct waveform_grid grid = world & 1 ? UNEVEN : CORNER;
        struct waveform_load load = { .amps = { 30, 40, 50 },
                                      .lag_degrees = { 20, 20, 20 },
                                      .harmonics = { { 1, { { 5, 20, 10 } } } } };
        if (world & 2)
            grid.lost[world / 4] = true;
        struct waveform *plain = world_of(&grid, &load);
        struct waveform *live = world_of(&grid, &load);
        assert_int_equal(waveform_set_disturbance(live, &moving), 0);
        for (int n = 0; n < 10; n++) {
            waveform_fill(plain, WAVEFORM_BLOCK, x);
            waveform_fill(live, WAVEFORM_BLOCK, y);
            for (int ch = WAVEFORM_IA; ch <= WAVEFORM_IC; ch++)
                for (int k = 0; k < WAVEFORM_BLOCK; k++)
                    assert_near(y[ch][k], x[ch][k], 1e-8);
        }
        waveform_free(plain);
        waveform_free(live);
    }
}

static void test_a_lost_wire_leaves_one_path(void **state)
{
    (void)state;
    struct waveform_load load = { .amps = { 30, 30, 30 } };
    struct waveform_grid grid = GRID;
    grid.lost[1] = true;
    struct waveform *w = world_of(&grid, &load);
    struct measured m = measure(w, 0);
    assert_near(m.sum, 0, 1e-9);
    assert_near(m.amps[1], 0, 1e-12);
    assert_near(m.amps[0], 30 / sqrt(3), 1e-9);
    assert_near(m.watts, 100 * sqrt(3) * 30 / sqrt(3), 1e-6);
    grid.lost[0] = true;
    waveform_set_grid(w, &grid);
    m = measure(w, 0);
    assert_near(m.amps[2], 0, 1e-12);
    waveform_free(w);
}

/* Through a sag of one phase, which turns and shrinks branches, too. */
static void test_events_keep_the_sum(void **state)
{
    (void)state;
    struct waveform_load load = { .amps = { 30, 40, 50 },
                                  .lag_degrees = { 30, 30, 30 } };
    struct waveform_event sag = event_defaults(WAVEFORM_EVENT_SAG);
    sag.phases = 1;
    sag.percent = 40;
    sag.duration_s = 0.5;
    sag.ramp_in_s = sag.ramp_out_s = 0.1;
    struct waveform *w = world_of(&GRID, &load);
    assert_int_equal(waveform_add_event(w, &sag), 0);
    struct measured m = measure(w, 2);
    waveform_truth(w, &t);
    assert_near(m.sum, 0, 1e-9);
    assert_near(t.wh_import_total, m.watts / 3600, 1e-4);
    waveform_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corner_grounded),
        cmocka_unit_test(test_sizes_make_a_triangle),
        cmocka_unit_test(test_what_closes_is_left_alone),
        cmocka_unit_test(test_what_is_left_over),
        cmocka_unit_test(test_both_ways_to_make_samples),
        cmocka_unit_test(test_a_lost_wire_leaves_one_path),
        cmocka_unit_test(test_events_keep_the_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
