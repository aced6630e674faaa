/* Loads on the voltages that are there: sizes, laws, connections, the balance of
 * powers, and energies over time against their integrals. */
#include "tests/waveform/load_fixture.h"

static void test_the_table(void **state)
{
    (void)state;
    struct profile_point point = { 0, { 1, 1, 1 }, { 0 } };
    struct profile profile = { false, 1, &point };
    for (int kind = 0; kind < WAVEFORM_LOAD_KINDS; kind++) {
        struct waveform_load_spec spec = load_of((enum waveform_load_kind)kind, 10);
        spec.profile = &profile;
        assert_true(load_valid(&spec));
        for (int other = 0; other < kind; other++)
            assert_string_not_equal(load_table[other].name, load_table[kind].name);
        struct waveform *w = new_world(WAVEFORM_WYE);
        assert_int_equal(waveform_add_load(w, &spec), 0);
        waveform_free(w);
    }
    for (int k = 0; k < load_parameter_count; k++) {
        const struct parameter *p = &load_parameters[k];
        struct waveform_load_spec spec = load_of((enum waveform_load_kind)p->kind, 10);
        double beyond = p->max * 1.01 + 1;
        spec.profile = &profile;
        memcpy((char *)&spec + p->offset, &beyond, sizeof beyond);
        assert_false(load_valid(&spec));
    }
}

/* At 80 % of nominal volts: current of each law. */
static void test_laws(void **state)
{
    (void)state;
    static const struct {
        enum waveform_load_kind kind;
        double amps, low;
    } CASE[] = { { WAVEFORM_LOAD_IMPEDANCE, 8, 5 },
                 { WAVEFORM_LOAD_CURRENT, 10, 10 },
                 { WAVEFORM_LOAD_POWER, 12.5, 10 * 0.5 / 0.49 } };
    for (int k = 0; k < 3; k++) {
        struct waveform *w = new_world(WAVEFORM_WYE);
        struct waveform_load_spec spec = load_of(CASE[k].kind, 10);
        struct waveform_grid grid = GRID;
        spec.pf = 0.8;
        add(w, spec);
        waveform_truth(w, &t);
        assert_near(t.i[1], 10, 1e-12);
        assert_near(t.pf[1], 0.8, 1e-12);
        assert_near(t.q[1], 600, 1e-9);
        grid.volts[1] = 80;
        grid.volts[2] = 50;
        waveform_set_grid(w, &grid);
        waveform_truth(w, &t);
        assert_near(t.i[1], CASE[k].amps, 1e-12);
        assert_near(t.i[2], CASE[k].low, 1e-12);
        assert_near(t.pf[2], 0.8, 1e-12);
        waveform_free(w);
    }
}

/* The fifth harmonic of the voltage through R = 8, X = 6 Ω at 60 Hz: |Z5| = |8 + 30j|.
 */
static void test_harmonics_of_the_voltage(void **state)
{
    (void)state;
    struct waveform *w = new_world(WAVEFORM_WYE);
    struct waveform_grid grid = GRID;
    struct waveform_load_spec spec = load_of(WAVEFORM_LOAD_IMPEDANCE, 10);
    spec.pf = 0.8;
    grid.harmonics[0] = (struct waveform_harmonics){ 1, { { 5, 10, 77 } } };
    waveform_set_grid(w, &grid);
    add(w, spec);
    waveform_truth(w, &t);
    double fifth = 10 / hypot(8, 30);
    assert_near(t.i[0], hypot(10, fifth), 1e-12);
    assert_near(t.p[0], 8 * (100 + fifth * fifth), 1e-9);
    spec.leads = 1;
    waveform_clear_loads(w);
    add(w, spec);
    waveform_truth(w, &t);
    assert_near(t.i[0], hypot(10, 10 / hypot(8, 1.2)), 1e-12);
    assert_near(t.q[0], -600, 1e-9);
    waveform_free(w);
}

/* Star of 10, 20, 40 Ω at 100 V without neutral: line currents by Millman. */
static void test_a_star_without_neutral(void **state)
{
    (void)state;
    struct waveform *w = new_world(WAVEFORM_WYE);
    struct waveform_load_spec spec = { .kind = WAVEFORM_LOAD_RESISTOR,
                                       .connection = WAVEFORM_CONNECT_STAR,
                                       .amps_each = { 10, 5, 2.5 } };
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    double h = sqrt(3) / 2, g[3] = { 0.1, 0.05, 0.025 }, sum = 0.175, p = 0;
    double re = (10 - 2.5 - 1.25) / sum, im = (-5 * h + 2.5 * h) / sum;
    const double v_re[3] = { 100, -50, -50 }, v_im[3] = { 0, -100 * h, 100 * h };
    add(w, spec);
    waveform_truth(w, &t);
    for (int k = 0; k < 3; k++) {
        double volts = hypot(v_re[k] - re, v_im[k] - im);
        assert_near(t.i[k], g[k] * volts, 1e-12);
        p += g[k] * volts * volts;
    }
    assert_near(t.p_total, p,
                1e-9); /* what the sources give is what the resistors take */
    waveform_fill(w, WAVEFORM_BLOCK, x);
    for (int n = 0; n < WAVEFORM_BLOCK; n++)
        assert_near(x[3][n] + x[4][n] + x[5][n], 0, 1e-12);
    waveform_free(w);
}

/* The same star, its neutral gone: the voltages that the meter sees move with it. */
static void test_an_open_neutral(void **state)
{
    (void)state;
    struct waveform *w = new_world(WAVEFORM_WYE);
    struct waveform_load_spec spec = { .kind = WAVEFORM_LOAD_RESISTOR,
                                       .amps_each = { 10, 5, 2.5 } };
    struct waveform_disturbance disturbance = { .neutral_open = true };
    double h = sqrt(3) / 2, sum = 0.175, re = 6.25 / sum, im = -2.5 * h / sum;
    add(w, spec);
    waveform_truth(w, &t);
    assert_near(t.v[2], 100, 1e-12);
    assert_int_equal(waveform_set_disturbance(w, &disturbance), 0);
    waveform_truth(w, &t);
    /* the meter's own 0.4 µS each shift it by parts in 10^5 */
    assert_near(t.v[0], hypot(100 - re, im), 2e-3);
    assert_near(t.v[1], hypot(-50 - re, -100 * h - im), 2e-3);
    assert_near(t.v[2], hypot(-50 - re, 100 * h - im), 2e-3);
    assert_near(t.i[2], t.v[2] / 40, 1e-12);
    assert_near(t.p[1], t.v[1] * t.v[1] / 20, 1e-9);
    assert_near(t.vll[0], 100 * sqrt(3), 1e-9);
    waveform_free(w);
}

static void test_phase_losses(void **state)
{
    (void)state;
    struct waveform_grid grid = GRID;
    grid.lost[1] = true;
    struct waveform_disturbance disturbance = { .motor_share = { 0, 1, 0 } };
    for (int loss = WAVEFORM_LOSS_DEAD; loss <= WAVEFORM_LOSS_MOTOR; loss++) {
        struct waveform *w = new_world(WAVEFORM_DELTA);
        struct waveform_load_spec spec = load_of(WAVEFORM_LOAD_RESISTOR, 10);
        spec.connection = WAVEFORM_CONNECT_DELTA;
        disturbance.loss[1] = (enum waveform_loss)loss;
        if (loss < WAVEFORM_LOSS_BACKFED)
            add(w, spec);
        waveform_set_grid(w, &grid);
        assert_int_equal(waveform_set_disturbance(w, &disturbance), 0);
        waveform_truth(w, &t);
        double ab[] = { 100, 50 * sqrt(3), 50 * sqrt(3), 100 * sqrt(3) };
        assert_near(t.vll[0], ab[loss], 1e-4);
        assert_near(t.vll[2], 100 * sqrt(3), 1e-9);
        /* floating: the two branches in series besides the third */
        double amps[] = { 10, 15, 0, 0 };
        assert_near(t.i[0], amps[loss], 1e-4);
        assert_near(t.i[1], 0, 1e-4);
        waveform_free(w);
    }
}

static void test_shapes_have_their_powers(void **state)
{
    (void)state;
    struct waveform *w = new_world(WAVEFORM_WYE);
    struct waveform_load_spec spec = load_of(WAVEFORM_LOAD_PHASE_FIRED, 10);
    spec.orders = 400;
    add(w, spec);
    waveform_truth(w, &t);
    assert_near(t.p[2], 500, 1e-9);
    assert_near(t.q[2], 1000 / PI, 1e-9);
    assert_near(t.i[2], 10 * sqrt(0.5), 5e-3);
    waveform_clear_loads(w);
    spec = load_of(WAVEFORM_LOAD_DRIVE_6, 10);
    spec.delay_degrees = 120;
    add(w, spec);
    waveform_truth(w, &t);
    assert_near(t.p[0], -500, 1e-9);
    assert_near(t.q[0], 500 * sqrt(3), 1e-9);
    waveform_clear_loads(w);
    spec = load_of(WAVEFORM_LOAD_HALF_WAVE, 10);
    add(w, spec);
    waveform_truth(w, &t);
    assert_near(t.p[1], 500, 1e-9);
    waveform_clear_loads(w);
    waveform_truth(w, &t);
    assert_true(t.i[1] == 0);
    waveform_free(w);
}

static void test_kilowatts(void **state)
{
    (void)state;
    struct waveform *w = new_world(WAVEFORM_WYE);
    struct waveform_load_spec spec = load_defaults(WAVEFORM_LOAD_POWER);
    spec.kw = 6;
    add(w, spec);
    spec.connection = WAVEFORM_CONNECT_DELTA;
    add(w, spec);
    spec.connection = WAVEFORM_CONNECT_STAR;
    add(w, spec);
    spec.connection = WAVEFORM_CONNECT_AB;
    add(w, spec);
    waveform_truth(w, &t);
    assert_near(t.p_total, 24000, 1e-8);
    assert_near(t.pf_total, 0.95, 1e-2);
    spec = load_of(WAVEFORM_LOAD_CAPACITOR, 0);
    spec.kw = 6 * 4 * tan(acos(0.95)) / 4;
    for (int k = 0; k < 4; k++)
        add(w, spec);
    waveform_truth(w, &t);
    assert_near(t.q_total, 0, 1e-8);
    spec.amps = spec.kw = 0;
    assert_int_equal(waveform_add_load(w, &spec), -1);
    waveform_free(w);
}

/* The load of waveform_set_load is the same, added to the others' or by itself. */
static void test_the_plain_load_stays(void **state)
{
    (void)state;
    struct waveform *one = new_world(WAVEFORM_WYE), *other = new_world(WAVEFORM_WYE);
    struct waveform_load load = {
        { 10, 0, 7 }, { 33, 0, -170 }, { { 2, { { 5, 20, 10 }, { 0, 5, 0 } } } }, false
    };
    double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK], y[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    for (int ab = 0; ab < 2; ab++) {
        load.ab = ab;
        waveform_set_load(one, &load);
        waveform_set_load(other, &load);
        add(other, load_of(WAVEFORM_LOAD_RESISTOR, 1e-9));
        waveform_fill(one, WAVEFORM_BLOCK, x);
        waveform_fill(other, WAVEFORM_BLOCK, y);
        for (int n = 0; n < WAVEFORM_BLOCK; n++)
            for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
                assert_near(y[ch][n], x[ch][n], 5e-9);
    }
    waveform_free(one);
    waveform_free(other);
}

static double decay_integral(double tau, double seconds)
{
    return tau * (1 - exp(-seconds / tau));
}

/* Energy of 3 s of a motor: what it runs with, and the decaying rest; both of 100 V. */
static void test_a_motor_starts(void **state)
{
    (void)state;
    struct waveform *w = new_world(WAVEFORM_WYE);
    struct waveform_load_spec spec = load_of(WAVEFORM_LOAD_MOTOR, 10);
    spec.at_s = 1;
    add(w, spec);
    waveform_truth(w, &t);
    assert_true(t.i[0] == 0);
    fill_samples(w, RATE);
    waveform_truth(w, &t);
    assert_near(t.i[0], 60, 1e-9);
    assert_near(t.pf[0], 0.3, 1e-9);
    fill_samples(w, 2 * RATE);
    waveform_truth(w, &t);
    double watt_s = 850 * 2 + (6000 * 0.3 - 850) * decay_integral(0.5, 2);
    assert_near(t.wh_import[2], watt_s / 3600, 1e-9 * watt_s / 3600);
    double var_s = 1000 * sqrt(1 - 0.85 * 0.85);
    var_s = var_s * 2 + (6000 * sqrt(0.91) - var_s) * decay_integral(0.5, 2);
    assert_near(t.varh_total, 3 * var_s / 3600, 1e-9);
    fill_samples(w, 30 * RATE);
    waveform_truth(w, &t);
    assert_near(t.i[0], 10, 1e-9);
    waveform_free(w);
}

static void test_charging_and_the_sun(void **state)
{
    (void)state;
    struct waveform *w = new_world(WAVEFORM_WYE);
    struct waveform_load_spec spec = load_of(WAVEFORM_LOAD_VEHICLE, 10);
    spec.pf = 1;
    spec.ramp_s = 2;
    spec.hold_s = 3;
    spec.time_constant_s = 1.5;
    add(w, spec);
    fill_samples(w, 20 * RATE);
    waveform_truth(w, &t);
    assert_near(t.wh_import[0] * 3600, 1000 * (1 + 3 + decay_integral(1.5, 15)), 1e-6);
    waveform_clear_loads(w);
    spec = load_of(WAVEFORM_LOAD_SOLAR, 10);
    spec.day_s = 10;
    spec.rise_s = 2;
    spec.set_s = 8;
    add(w, spec);
    fill_samples(w, 25 * RATE);
    waveform_truth(w, &t);
    /* two days and half of the third one's light */
    assert_near(t.wh_export[0] * 3600, 1000 * 2.5 * 6 * 2 / PI, 1e-6);
    waveform_free(w);
}

/* Power that turns round on a straight line, at three quarters, is split there. */
static void test_a_profile(void **state)
{
    (void)state;
    struct profile_point point[] = { { 0, { 3, 1, 0 }, { 0 } },
                                     { 2, { -1, 3, 0 }, { 0, -3, 0 } },
                                     { 3, { -1, 3, 0 }, { 0, -3, 0 } } };
    struct profile profile = { true, 3, point };
    struct waveform *w = new_world(WAVEFORM_WYE);
    struct waveform_load_spec spec = load_defaults(WAVEFORM_LOAD_PROFILE);
    spec.profile = &profile;
    spec.day_s = 4;
    add(w, spec);
    fill_samples(w, RATE);
    waveform_truth(w, &t);
    assert_near(t.p[1], 2000, 1e-9);
    assert_near(t.q[1], 1500, 1e-9);
    assert_near(t.p[0], 1000, 1e-9);
    fill_samples(w, 7 * RATE);
    waveform_truth(w, &t);
    assert_near(t.wh_import[0] * 3.6, 2 * 2.25, 1e-9);
    assert_near(t.wh_export[0] * 3.6, 2 * 2.25, 1e-9);
    assert_near(t.wh_import[1] * 3.6, 2 * (4 + 6), 1e-9);
    assert_near(t.varh_total * 3.6, 2 * (3 + 6), 1e-9);
    waveform_free(w);
}

/* Interruption: nothing flows at 0 V, whatever the law. */
static void test_nothing_flows_without_volts(void **state)
{
    (void)state;
    struct waveform *w = new_world(WAVEFORM_WYE);
    struct waveform_load plain = { .amps = { 5, 5, 5 } };
    struct waveform_event event = event_defaults(WAVEFORM_EVENT_INTERRUPTION);
    struct waveform_load_spec spec = load_of(WAVEFORM_LOAD_DRIVE_12, 10);
    waveform_set_load(w, &plain);
    add(w, spec);
    add(w, load_of(WAVEFORM_LOAD_POWER, 10));
    assert_int_equal(waveform_add_event(w, &event), 0);
    waveform_truth(w, &t);
    for (int k = 0; k < 3; k++)
        assert_true(t.v[k] == 0 && t.i[k] == 0);
    fill_samples(w, RATE + 1);
    waveform_truth(w, &t);
    assert_near(t.p[0], 500 + 1000 + 950, 1e-9);
    waveform_free(w);
}

/* Constant power between A and B while A alone sags: the current turns with the
 * voltage, sample by sample; power stays. */
static void test_a_branch_turns_in_an_uneven_sag(void **state)
{
    (void)state;
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    struct waveform *w = new_world(WAVEFORM_AB);
    struct waveform_load_spec spec = load_of(WAVEFORM_LOAD_POWER, 0);
    struct waveform_event sag = event_defaults(WAVEFORM_EVENT_SAG);
    spec.connection = WAVEFORM_CONNECT_AB;
    spec.kw = 3.6;
    spec.pf = 1;
    sag.phases = 1;
    sag.ramp_in_s = sag.duration_s = 0.5;
    add(w, spec);
    assert_int_equal(waveform_add_event(w, &sag), 0);
    for (int n = 0; n < RATE; n++) {
        double e = n < RATE / 2 ? 1 - 0.3 * n / (RATE / 2) : 1;
        double re = 100 * e + 50, im = 50 * sqrt(3), theta = 2 * PI * 60 * n / RATE;
        double square = re * re + im * im;
        double volts = sqrt(2) * (re * sin(theta) + im * cos(theta));
        waveform_fill(w, 1, x);
        assert_near(x[3][0], volts * 3600 / square, 1e-9);
        assert_true(x[4][0] == -x[3][0]);
    }
    waveform_truth(w, &t);
    assert_near(t.wh_import[0], 1, 1e-6);
    waveform_free(w);
}

/* A view that a meter of three wires might have: it acts on what moves as on the rest.
 */
static void star_view(void *user, double hz, double re[][WAVEFORM_CHANNELS],
                      double im[][WAVEFORM_CHANNELS])
{
    (void)user;
    (void)hz;
    (void)im;
    for (int k = 0; k < 3; k++) {
        for (int j = 0; j < 3; j++)
            re[k][j] = (k == j) - 1 / 3.0;
        re[3 + k][3 + (k + 1) % 3] = -2;
    }
}

static void test_a_view_of_what_moves(void **state)
{
    (void)state;
    struct waveform *one = new_world(WAVEFORM_DELTA),
                    *other = new_world(WAVEFORM_DELTA);
    struct waveform *world[] = { one, other };
    double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK], y[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    for (int k = 0; k < 2; k++) {
        struct waveform_event sag = event_defaults(WAVEFORM_EVENT_SAG);
        struct waveform_event ramp = event_defaults(WAVEFORM_EVENT_HZ_RAMP);
        sag.phases = 1;
        sag.ramp_in_s = 0.05;
        ramp.at_s = 0.02;
        add(world[k], load_of(WAVEFORM_LOAD_MOTOR, 10));
        assert_int_equal(waveform_add_event(world[k], &sag), 0);
        assert_int_equal(waveform_add_event(world[k], &ramp), 0);
    }
    waveform_set_view(other, star_view, NULL);
    for (int block = 0; block < 20; block++) {
        waveform_fill(one, WAVEFORM_BLOCK, x);
        waveform_fill(other, WAVEFORM_BLOCK, y);
        for (int n = 0; n < WAVEFORM_BLOCK; n++) {
            double star = (x[0][n] + x[1][n] + x[2][n]) / 3;
            for (int k = 0; k < 3; k++) {
                assert_near(y[k][n], x[k][n] - star, 1e-10);
                assert_near(y[3 + k][n], -2 * x[3 + (k + 1) % 3][n], 1e-10);
            }
        }
    }
    waveform_free(one);
    waveform_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table),
        cmocka_unit_test(test_laws),
        cmocka_unit_test(test_harmonics_of_the_voltage),
        cmocka_unit_test(test_a_star_without_neutral),
        cmocka_unit_test(test_an_open_neutral),
        cmocka_unit_test(test_phase_losses),
        cmocka_unit_test(test_shapes_have_their_powers),
        cmocka_unit_test(test_kilowatts),
        cmocka_unit_test(test_the_plain_load_stays),
        cmocka_unit_test(test_a_motor_starts),
        cmocka_unit_test(test_charging_and_the_sun),
        cmocka_unit_test(test_a_profile),
        cmocka_unit_test(test_nothing_flows_without_volts),
        cmocka_unit_test(test_a_branch_turns_in_an_uneven_sag),
        cmocka_unit_test(test_a_view_of_what_moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
