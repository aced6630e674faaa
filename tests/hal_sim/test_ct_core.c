/* The iron core against an independent integration of its equation: Heun's method in 64
 * steps a sample on the exact current, the two-slope curve written down anew. Errors
 * are in shares of rated current's peak. */
#include "hal_sim/ct_core.h"
#include "tests/hal_sim/sensor_fixture.h"

enum { RATE = 2520, FINE = 64, SECONDS = 4 };

/* Primary current in multiples of rated rms. */
struct current {
    double rms, third, dc;
};

static double current_at(const struct current *c, double t)
{
    double angle = 2 * RAD_PI * 60 * t;
    return sqrt(2) * (c->rms * sin(angle) + c->third * sin(3 * angle)) + c->dc;
}

static double magnetising(double flux, double knee)
{
    double over = fabs(flux) - knee;
    return over > 0 ? copysign(knee + 1000 * over, flux) : flux;
}

/* Secondary current at the samples, from flux `share` of the knee at t = 0. */
static void integrate(const struct current *c, double rated_knee, double minutes,
                      double share, int count, double *out)
{
    const double w = 2 * RAD_PI * 60, lead = RADIANS(minutes / 60);
    const double tau = 1 / (w * tan(lead)), knee = rated_knee * sqrt(2) * sin(lead);
    const double h = 1.0 / RATE / FINE;
    double flux = share * knee;

    for (int n = 0; n < count; n++) {
        double t = (double)n / RATE;
        out[n] = current_at(c, t) - magnetising(flux, knee);
        for (int k = 0; k < FINE; k++, t += h) {
            double s1 = (current_at(c, t) - magnetising(flux, knee)) / tau;
            double s2 = (current_at(c, t + h) - magnetising(flux + h * s1, knee)) / tau;
            flux += h * (s1 + s2) / 2;
        }
    }
}

static double reference[RATE * SECONDS], output[RATE * SECONDS];

static void run_one(struct ct_core *core, int count, double *x)
{
    ct_core_run((struct ct_core *const[]){ core }, 1, count, (double *const[]){ x });
}

static void run(const struct current *c, double rated_knee, double minutes,
                double share, int count)
{
    struct ct_core core = { .r = 0 };

    ct_core_start(&core);
    ct_core_prepare(&core, rated_knee, tan(RADIANS(minutes / 60)), c->dc, 1);
    ct_core_magnetise(&core, share);
    for (int n = 0; n < count; n++)
        output[n] = current_at(c, (double)n / RATE) - c->dc;
    run_one(&core, count, output);
}

/* rms of harmonic h over `cycles` from sample `from` on, × rated. */
static double harmonic_in(const double *x, int from, int cycles, int h)
{
    double re = 0, im = 0;

    for (int n = 0; n < 42 * cycles; n++) {
        double angle = 2 * RAD_PI * 60 * h * n / RATE;
        re += x[from + n] * cos(angle);
        im += x[from + n] * sin(angle);
    }
    return hypot(re, im) * sqrt(2) / (42 * cycles);
}

static double harmonic(const double *x, int from, int h)
{
    return harmonic_in(x, from, 60, h);
}

static void follows_the_equation(void **state)
{
    static const struct {
        struct current current;
        double knee, minutes, share, worst, rms;
    } rows[] = {
        /* sound, in the middle of an offset flux */
        { { 1, 0, 0 }, 20, 15, 0, 3e-5, 5e-6 },
        { { 1, 0.3, 0 }, 20, 60, 0, 1e-4, 5e-5 },
        /* from a zero crossing: flux of twice the steady one, decaying */
        { { 1, 0, 0 }, 1.5, 15, 0, 0.02, 1e-3 },
        { { 2, 0, 0 }, 1.5, 15, 0, 0.02, 2e-3 },
        { { 2, 0, 0 }, 1.5, 60, -0.9, 0.02, 4e-3 },
        { { 1, 0, 0 }, 1.5, 15, 0.8, 0.02, 1e-3 },
        { { 0.8, 0, 0.05 }, 1.5, 15, 0, 0.02, 1e-3 },
        { { 1.5, 0.4, 0.02 }, 1.5, 30, 0.5, 0.03, 2e-3 },
    };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        double worst = 0, square = 0;
        integrate(&rows[k].current, rows[k].knee, rows[k].minutes, rows[k].share,
                  RATE * SECONDS, reference);
        run(&rows[k].current, rows[k].knee, rows[k].minutes, rows[k].share,
            RATE * SECONDS);
        for (int n = 0; n < RATE * SECONDS; n++) {
            double error = fabs(output[n] - reference[n]) / sqrt(2);
            worst = error > worst ? error : worst;
            square += error * error;
        }
        square = sqrt(square / (RATE * SECONDS));
        assert_near(worst, 0, rows[k].worst);
        assert_near(square, 0, rows[k].rms);
    }
}

/* Without saturation it is jωLm ÷ (Rt + jωLm), once the start has decayed. */
static void is_linear_below_the_knee(void **state)
{
    const struct current c = { 1, 0, 0 };

    (void)state;
    run(&c, 50, 60, 0, RATE * SECONDS); /* T = 0.15 s */
    const double *x = output + RATE * (SECONDS - 1);
    assert_near(harmonic(x, 0, 1), cos(RADIANS(1)), 1e-6);
    assert_near(x[0] / (sqrt(2) * cos(RADIANS(1))), sin(RADIANS(1)), 1e-6);
}

/* The knee's definition: a sine of 1.5 × rated just reaches it, when all has settled.
 */
static void saturates_from_the_knee_on(void **state)
{
    static const struct {
        double rms;
        bool cut;
    } rows[] = { { 1.45, false }, { 1.49, false }, { 1.6, true }, { 3, true } };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        const struct current c = { rows[k].rms, 0, 0 };
        run(&c, 1.5, 60, 0, RATE * SECONDS);
        double i = harmonic(output, RATE * (SECONDS - 1), 1);
        double third = harmonic(output, RATE * (SECONDS - 1), 3);
        if (rows[k].cut) {
            assert_true(third > 1e-3 && i < rows[k].rms * 0.999);
        } else {
            assert_near(third, 0, 1e-6);
            assert_near(i, rows[k].rms * cos(RADIANS(1)), 1e-6);
        }
    }
}

/* Remanence cuts half-waves of one sign: a second harmonic as large as the reference's,
 * which is gone when the flux has decayed (T = 0.6 s at 15 min). Direct current keeps
 * it. */
static void second_harmonic_comes_and_goes(void **state)
{
    const struct current sine = { 1.2, 0, 0 }, with_dc = { 1.2, 0, 0.03 };

    (void)state;
    integrate(&sine, 1.5, 15, 0.8, RATE * SECONDS, reference);
    run(&sine, 1.5, 15, 0.8, RATE * SECONDS);
    double expected = harmonic_in(reference, 0, 6, 2);
    assert_true(expected > 0.02);
    assert_near(harmonic_in(output, 0, 6, 2) / expected, 1, 0.01);
    assert_true(harmonic(output, RATE * (SECONDS - 1), 2) < 1e-3);
    assert_near(harmonic(output, RATE * (SECONDS - 1), 1), 1.2, 1e-3);
    integrate(&with_dc, 1.5, 15, 0, RATE * SECONDS, reference);
    run(&with_dc, 1.5, 15, 0, RATE * SECONDS);
    expected = harmonic(reference, RATE * (SECONDS - 1), 2);
    assert_true(expected > 5e-3);
    assert_near(harmonic(output, RATE * (SECONDS - 1), 2) / expected, 1, 0.03);
}

/* The same bits, however the samples are cut, and whatever is prepared anew between. */
static void any_cuts_give_the_same_bits(void **state)
{
    const struct current c = { 2, 0.3, 0.05 };
    struct ct_core core = { .r = 0 };
    struct random dice = { 3 };
    static double pieces[RATE];

    (void)state;
    run(&c, 1.5, 15, 0.5, RATE);
    ct_core_start(&core);
    ct_core_prepare(&core, 1.5, tan(RADIANS(0.25)), c.dc, 1);
    ct_core_magnetise(&core, 0.5);
    for (int n = 0; n < RATE; n++)
        pieces[n] = current_at(&c, (double)n / RATE) - c.dc;
    for (int n = 0; n < RATE;) {
        int part = (int)random_range(&dice, 1, 42);
        part = part < RATE - n ? part : RATE - n;
        run_one(&core, part, pieces + n);
        ct_core_prepare(&core, 1.5, tan(RADIANS(0.25)), c.dc, 1);
        n += part;
    }
    assert_memory_equal(pieces, output, sizeof pieces);
}

/* Three cores together are three by themselves. */
static void cores_do_not_disturb_each_other(void **state)
{
    const struct current c = { 2, 0.3, 0.05 };
    static double alone[3][RATE], together[3][RATE];
    struct ct_core one[3], all[3];

    (void)state;
    for (int k = 0; k < 3; k++) {
        one[k] = (struct ct_core){ .r = 0 };
        ct_core_start(&one[k]);
        ct_core_prepare(&one[k], 1.2 + 0.3 * k, tan(RADIANS(0.25)), c.dc, 1 + k);
        ct_core_set_hysteresis(&one[k], 0.4 * k);
        all[k] = one[k];
        for (int n = 0; n < RATE; n++)
            alone[k][n] = together[k][n] = current_at(&c, (double)(n + 14 * k) / RATE);
        run_one(&one[k], RATE, alone[k]);
    }
    ct_core_run((struct ct_core *const[]){ &all[0], &all[1], &all[2] }, 3, RATE,
                (double *const[]){ together[0], together[1], together[2] });
    assert_memory_equal(alone, together, sizeof alone);
}

/* Through the whole chain: far below its knee the core reads as the linear CT does,
 * also where the meter's range is another and the ratio is wrong. */
static void linear_core_reads_as_linear_ct(void **state)
{
    struct readings r[2];

    (void)state;
    for (int core = 0; core < 2; core++) {
        struct unit *u = rig_new(&model_s4100, 40, 60, 60);
        unit_set_fault(u, FAULT_CT_PHASE_ERROR, -1, 60);
        unit_set_fault(u, FAULT_CT_RATIO_ERROR, 0, 2);
        unit_set_fault(u, FAULT_CT_WRONG_RATIO, 1, 2);
        unit_set_fault(u, FAULT_CT_REVERSED, 2, 1);
        unit_set_fault(u, FAULT_TEMPERATURE, -1, 60);
        unit_set_fault(u, FAULT_CT_BURDEN, -1, 500);
        if (core)
            unit_set_fault(u, FAULT_CT_SATURATION, -1, 100);
        r[core] = rig_read(u, 5);
        unit_free(u);
    }
    for (int k = 0; k < 3; k++) {
        assert_near(r[1].i[k] / r[0].i[k], 1, 1e-5);
        assert_near(r[1].p[k] / r[0].p[k], 1, 1e-5);
        assert_near(r[1].q[k] / r[0].q[k], 1, 1e-4);
    }
}

/* 2.5 × rated through a core of 1.5, in a CT that the meter reads at 400 A of 1000:
 * low, and back when the current is. */
static void overload_reads_low_and_recovers(void **state)
{
    struct unit *u = rig_new(&model_s4100, 40, 60, 0);

    (void)state;
    unit_set_fault(u, FAULT_CT_SATURATION, 0, 0.4);
    unit_set_fault(u, FAULT_CT_PHASE_ERROR, 0, 120);
    struct readings r = rig_read(u, 3);
    assert_true(r.i[0] < 0.97 * rig_amps && r.i[0] > 0.3 * rig_amps);
    assert_near(r.i[1], rig_amps, 1e-3);
    rig_world(u, 60, 35, 0);
    r = rig_read(u, 4);
    assert_near(r.i[0], 35 * cos(RADIANS(2)), 1e-3);
    unit_free(u);
}

/* Setting remanence reaches the core at once; other faults leave its flux alone. */
static void remanence_is_put_in_when_set(void **state)
{
    struct unit *u = rig_new(&model_s4100, 40, 60, 0);

    (void)state;
    rig_world(u, 60, 0, 0);
    unit_set_fault(u, FAULT_CT_SATURATION, -1, 1.5);
    unit_advance(u, SECOND_NS);
    assert_near(u->sensors.core[1].r, 0, 1e-12);
    unit_set_fault(u, FAULT_CT_REMANENCE, 1, -80);
    double r = u->sensors.core[1].r, limit = u->sensors.core[1].limit;
    assert_near(r / limit, -0.8, 1e-12);
    assert_near(u->sensors.core[0].r, 0, 1e-12);
    unit_set_fault(u, FAULT_ADC_NOISE, -1, 5);
    assert_true(u->sensors.core[1].r <= r && u->sensors.core[1].r >= r);
    unit_advance(u, 2 * SECOND_NS);
    assert_near(u->sensors.core[1].r / r, 1, 1e-4); /* it stays */
    unit_free(u);
}

/* The share of the knee at which the flux rests. */
static double rest_of(const struct ct_core *core)
{
    return core->rest / core->knee;
}

/* So many seconds of a sine that goes from one size to another. */
static void feed(struct ct_core *core, double from, double to, double offset,
                 double seconds)
{
    const int count = (int)(seconds * RATE);

    for (int n = 0; n < count; n++) {
        double share = (double)n / count, size = from + (to - from) * share;
        double x = sqrt(2) * size * sin(2 * RAD_PI * 60 * n / RATE) +
                   offset * exp(-n / (0.05 * RATE));
        run_one(core, 1, &x);
    }
}

/* A fault with an offset leaves what the core keeps; load does not move it, with or
 * without a pause; a current that shrinks from saturation to nothing does. */
static void remanence_persists_until_demagnetised(void **state)
{
    (void)state;
    for (int percent = 0; percent <= 80; percent += 20) {
        struct ct_core core = { .r = 0 };
        ct_core_start(&core);
        ct_core_prepare(&core, 20, tan(RADIANS(0.25)), 0, 1);
        ct_core_set_hysteresis(&core, percent / 100.0);
        feed(&core, 3, 3, 3 * sqrt(2), 0.1);
        feed(&core, 0, 0, 0, 5);
        assert_near(rest_of(&core), percent / 100.0, 0.01);
        assert_near(core.r / core.limit, percent / 100.0, 0.01);
        feed(&core, 1, 1, 0, 60);
        assert_near(rest_of(&core), percent / 100.0, 0.01);
        feed(&core, 60, 0, 0, 10);
        feed(&core, 0, 0, 0, 5);
        assert_near(rest_of(&core), 0, 0.05);
        assert_near(core.r / core.limit, 0, 0.05);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_the_equation),
        cmocka_unit_test(is_linear_below_the_knee),
        cmocka_unit_test(saturates_from_the_knee_on),
        cmocka_unit_test(second_harmonic_comes_and_goes),
        cmocka_unit_test(any_cuts_give_the_same_bits),
        cmocka_unit_test(cores_do_not_disturb_each_other),
        cmocka_unit_test(linear_core_reads_as_linear_ct),
        cmocka_unit_test(overload_reads_low_and_recovers),
        cmocka_unit_test(remanence_is_put_in_when_set),
        cmocka_unit_test(remanence_persists_until_demagnetised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
