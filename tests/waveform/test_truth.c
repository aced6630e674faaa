/* Exact values against brute force: the waves are written out in long double over four
 * cycles and integrated; each wiring's voltages are formed sample by sample, in another
 * way than truth.c does. Orders are quarters, so four cycles are a whole period. */
#include "waveform/base/random.h"
#include "waveform/recording.h"
#include "waveform/waveform.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TAU 6.283185307179586476925286766559006L

enum { POINTS = 1024, CYCLES = 4, LINES = 9 };

static double random_unit(void)
{
    static uint64_t state = 1;
    return random_share(&state);
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.17g is not %.17g", value, expected);
}

/* The waves without their DC, and the fundamental's sine and cosine. */
static long double wave[POINTS][WAVEFORM_CHANNELS], basis[POINTS][2];

static void write_waves(const struct waveform_line *line, int count)
{
    memset(wave, 0, sizeof wave);
    for (int n = 0; n < POINTS; n++) {
        long double theta = TAU * CYCLES * n / POINTS;
        basis[n][0] = sinl(theta);
        basis[n][1] = cosl(theta);
        for (int k = 0; k < count; k++) {
            long double s = sqrtl(2) * sinl(line[k].order * theta);
            long double c = sqrtl(2) * cosl(line[k].order * theta);
            for (int ch = 0; line[k].order != 0 && ch < WAVEFORM_CHANNELS; ch++)
                wave[n][ch] += line[k].re[ch] * s + line[k].im[ch] * c;
        }
    }
}

/* The voltage that the wiring's phase k is measured with. */
static long double phase_voltage(enum waveform_wiring wiring, int k, int n)
{
    const long double *v = wave[n];
    if (wiring == WAVEFORM_BN || wiring == WAVEFORM_CN)
        return wiring == WAVEFORM_BN ? v[1] : v[2];
    if (wiring == WAVEFORM_AB)
        return v[0] - v[1];
    return wiring == WAVEFORM_DELTA ? v[k] - (v[0] + v[1] + v[2]) / 3 : v[k];
}

/* The current of its CT k: those of B-N and C-N stand on B and C. */
static long double phase_current(enum waveform_wiring wiring, int k, int n)
{
    if (wiring == WAVEFORM_BN || wiring == WAVEFORM_CN)
        return wave[n][wiring == WAVEFORM_BN ? WAVEFORM_IB : WAVEFORM_IC];
    return wave[n][WAVEFORM_IA + k];
}

struct products {
    long double v2, i2, p, v_sin, v_cos, i_sin, i_cos;
};

static struct products integrate(enum waveform_wiring wiring, int k)
{
    struct products sum = { 0 };
    for (int n = 0; n < POINTS; n++) {
        long double v = phase_voltage(wiring, k, n), i = phase_current(wiring, k, n);
        sum.v2 += v * v / POINTS;
        sum.i2 += i * i / POINTS;
        sum.p += v * i / POINTS;
        sum.v_sin += v * basis[n][0] / POINTS;
        sum.v_cos += v * basis[n][1] / POINTS;
        sum.i_sin += i * basis[n][0] / POINTS;
        sum.i_cos += i * basis[n][1] / POINTS;
    }
    return sum;
}

static double line_rms(int pair)
{
    long double sum = 0;
    for (int n = 0; n < POINTS; n++)
        sum += powl(wave[n][pair] - wave[n][(pair + 1) % 3], 2) / POINTS;
    return (double)sqrtl(sum);
}

static double check_phase(const struct waveform_truth *t, const struct products *sum,
                          int k)
{
    double v = (double)sqrtl(sum->v2), i = (double)sqrtl(sum->i2), p = (double)sum->p;
    double q = (double)(2 * (sum->v_cos * sum->i_sin - sum->v_sin * sum->i_cos));
    double scale = 1e-12 * (1 + v * i);
    assert_near(t->v[k], v, 1e-12 * (1 + v));
    assert_near(t->i[k], i, 1e-12 * (1 + i));
    assert_near(t->p[k], p, scale);
    assert_near(t->q[k], q, scale);
    assert_near(t->s[k], v * i, scale);
    assert_near(t->pf[k], v * i > 1e-9 ? p / (v * i) : 1, 1e-9);
    return sqrt(fmax(0, v * i * v * i - p * p - q * q));
}

static void check(enum waveform_wiring wiring, const struct waveform_truth *t)
{
    static const int PHASES[WAVEFORM_WIRINGS] = { 1, 1, 2, 3, 3, 1, 1 },
                     PAIRS[WAVEFORM_WIRINGS] = { 0, 1, 1, 3, 3, 0, 0 };
    double p = 0, q = 0, d = 0;
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        assert_near(t->vll[k], k < PAIRS[wiring] ? line_rms(k) : 0, 1e-9);
        if (k < PHASES[wiring]) {
            struct products sum = integrate(wiring, k);
            d += check_phase(t, &sum, k);
            p += t->p[k];
            q += t->q[k];
        } else {
            assert_true(t->v[k] == 0 && t->i[k] == 0 && t->s[k] == 0);
            assert_true(t->p[k] == 0 && t->q[k] == 0 && t->pf[k] == 0);
        }
    }
    double s = sqrt(p * p + q * q + d * d);
    assert_near(t->p_total, p, 1e-9);
    assert_near(t->q_total, q, 1e-9);
    /* D of a sine is the root of a difference that is all rounding. */
    assert_near(t->s_total, s, 1e-7 * (1 + s));
    assert_near(t->pf_total, s > 1e-9 ? p / s : 1, 1e-7);
}

static void random_lines(struct waveform_line *line)
{
    static const double ORDER[LINES] = { 1, 0, 3, 5, 2.25, 11, 40, 5, 0.75 };
    memset(line, 0, LINES * sizeof *line);
    for (int k = 0; k < LINES; k++) {
        line[k].order = ORDER[k];
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
            line[k].re[ch] = 400 * random_unit() - 200;
            line[k].im[ch] = 400 * random_unit() - 200;
        }
    }
}

static void test_every_wiring_is_its_integral(void **state)
{
    (void)state;
    struct waveform_line line[LINES];
    struct waveform_truth t;
    for (int world = 0; world < 4; world++) {
        random_lines(line);
        int count = world == 0 ? 1 : LINES, lost = world == 2 ? 1 : -1;
        for (int k = 0; lost >= 0 && k < count; k++)
            line[k].re[lost] = line[k].im[lost] = line[k].re[3] = line[k].im[3] = 0;
        write_waves(line, count);
        for (int wiring = WAVEFORM_AN; wiring < WAVEFORM_WIRINGS; wiring++) {
            struct waveform *w = waveform_new((enum waveform_wiring)wiring);
            assert_int_equal(waveform_set_lines(w, 57, line, count), 0);
            waveform_truth(w, &t);
            assert_true(t.hz == 57);
            check((enum waveform_wiring)wiring, &t);
            waveform_free(w);
        }
    }
}

static void remove_dc(void)
{
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
        long double mean = 0;
        for (int n = 0; n < POINTS; n++)
            mean += wave[n][ch] / POINTS;
        for (int n = 0; n < POINTS; n++)
            wave[n][ch] -= mean;
    }
}

/* Sample sets of a world's own fill, at a rate that puts POINTS on CYCLES. */
static void test_grid_and_load_are_what_is_filled(void **state)
{
    (void)state;
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    struct waveform_grid grid = {
        50,
        { 230, 220, 240 },
        { 10, -115, 125 },
        { { 1, { { 3, 10, 5 } } }, { 0 }, { 1, { { 0, 2, 0 } } } },
        { 0 }
    };
    struct waveform_load load = { { 10, 20, 30 },
                                  { 60, -30, 170 },
                                  { { 2, { { 3, 30, 0 }, { 0, 9, 0 } } } },
                                  false };
    for (int world = 0; world < 4 * WAVEFORM_WIRINGS; world++) {
        struct waveform_truth t;
        enum waveform_wiring wiring = (enum waveform_wiring)(world % WAVEFORM_WIRINGS);
        struct waveform *w = waveform_new(wiring);
        grid.lost[1] = world / WAVEFORM_WIRINGS % 2;
        load.ab = world / (2 * WAVEFORM_WIRINGS);
        waveform_set_rate(w, 50. * POINTS / CYCLES);
        waveform_set_grid(w, &grid);
        waveform_set_load(w, &load);
        write_waves(NULL, 0);
        for (int n = 0; n < POINTS; n++) {
            waveform_fill(w, 1, x);
            for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
                wave[n][ch] = x[ch][0];
        }
        remove_dc();
        waveform_truth(w, &t);
        check(wiring, &t);
        waveform_free(w);
    }
}

/* Watts that the conductors of this wiring carry, without any star point: against N,
 * or, where there is none, against the conductor `common`. Reactive: by voltages of a
 * quarter of a cycle ago, which is right for sines. */
static long double conductor_power(enum waveform_wiring wiring, int common, int delay)
{
    static const unsigned CONDUCTORS[WAVEFORM_WIRINGS] = { 1, 3, 3, 7, 7, 2, 4 };
    bool neutral = wiring != WAVEFORM_AB && wiring != WAVEFORM_DELTA;
    long double sum = 0;
    for (int n = 0; n < POINTS; n++) {
        const long double *v = wave[(n + POINTS - delay) % POINTS];
        for (int k = 0; k < WAVEFORM_PHASES; k++)
            if (CONDUCTORS[wiring] >> k & 1)
                sum += (v[k] - (neutral ? 0 : v[common])) * wave[n][WAVEFORM_IA + k];
    }
    return sum / POINTS;
}

static void check_conductors(enum waveform_wiring wiring,
                             const struct waveform_truth *t)
{
    for (int common = 0; common < (wiring == WAVEFORM_AB ? 2 : 3); common++) {
        double p = (double)conductor_power(wiring, common, 0);
        double q = (double)conductor_power(wiring, common, POINTS / CYCLES / 4);
        assert_near(t->p_total, p, 1e-9 * (1 + fabs(p)));
        assert_near(t->q_total, q, 1e-9 * (1 + fabs(p)));
        assert_near(t->wh_import_total - t->wh_export_total, p / 3600 * CYCLES / 50.,
                    1e-12 * (1 + fabs(p)));
    }
}

/* Truth is by elements and by lines; here is what went through the conductors. Three
 * wires on a grid of any star point, loads that the verbs and the API allow. */
static void test_power_is_that_of_the_conductors(void **state)
{
    (void)state;
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    static const double VOLTS[][3] = { { 230, 230, 230 },
                                       { 480, 0, 480 },
                                       { 120, 208, 120 } },
                        DEGREES[][3] = { { 0, -120, 120 },
                                         { 0, 0, 60 },
                                         { 0, -90, 180 } };
    for (int world = 0; world < 6 * WAVEFORM_WIRINGS; world++) {
        enum waveform_wiring wiring = (enum waveform_wiring)(world % WAVEFORM_WIRINGS);
        int kind = world / WAVEFORM_WIRINGS % 3;
        struct waveform_truth t;
        struct waveform_grid grid = { .hz = 50 };
        struct waveform_load load = {
            { 30, 40, 50 }, { 20, 25, 30 }, { { 0 } }, false
        };
        load.ab = wiring == WAVEFORM_AB;
        for (int k = 0; k < 3; k++) {
            grid.volts[k] = VOLTS[kind][k];
            grid.degrees[k] = DEGREES[kind][k];
            load.lag_degrees[k] += world < 3 * WAVEFORM_WIRINGS ? 0 : 180;
        }
        struct waveform *w = waveform_new(wiring);
        waveform_set_rate(w, 50. * POINTS / CYCLES);
        waveform_set_grid(w, &grid);
        waveform_set_load(w, &load);
        for (int n = 0; n < POINTS; n++) {
            waveform_fill(w, 1, x);
            for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
                wave[n][ch] = x[ch][0];
        }
        waveform_truth(w, &t);
        check_conductors(wiring, &t);
        waveform_free(w);
    }
}

static void test_signs_of_reactive_power(void **state)
{
    (void)state;
    struct waveform_grid grid = { 60, { 277 }, { 33 }, { { 0 } }, { 0 } };
    struct waveform_load load = { { 100 }, { 30 }, { { 0 } }, false };
    struct waveform_truth t;
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    waveform_set_grid(w, &grid);
    waveform_truth(w, &t);
    assert_true(t.s_total == 0 && t.pf_total == 1 && t.pf[2] == 1);
    waveform_set_load(w, &load);
    waveform_truth(w, &t);
    assert_near(t.q[0], 13850, 1e-8);
    assert_near(t.p[0], 27700 * sqrt(3) / 2, 1e-8);
    assert_near(t.s_total, 27700, 1e-7);
    load.lag_degrees[0] = -150;
    waveform_set_load(w, &load);
    waveform_truth(w, &t);
    assert_near(t.q[0], -13850, 1e-8);
    assert_near(t.pf_total, -sqrt(3) / 2, 1e-12);
    waveform_free(w);
}

static void fill_seconds(struct waveform *w, double seconds, double rate)
{
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    for (int64_t rest = (int64_t)rint(seconds * rate); rest > 0;) {
        int n = rest < 37 ? (int)rest : 37;
        waveform_fill(w, n, x);
        rest -= n;
    }
}

/* Phase A: 10 s import, 5 s export while B imports more, 1 s at another rate. */
static void test_energy_is_power_times_time_by_sign(void **state)
{
    (void)state;
    struct waveform_grid grid = {
        60, { 100, 100, 100 }, { 0, -120, 120 }, { { 0 } }, { 0 }
    };
    struct waveform_load load = { { 36, 0, 0 }, { 60, 0, 0 }, { { 0 } }, false };
    struct waveform_truth t;
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    waveform_set_grid(w, &grid);
    waveform_set_load(w, &load);
    fill_seconds(w, 10, 2520);
    waveform_truth(w, &t);
    assert_near(t.wh_import_total, 5, 1e-12);
    load = (struct waveform_load){ { 36, 72, 0 }, { 180, 0, 0 }, { { 0 } }, false };
    waveform_set_load(w, &load);
    fill_seconds(w, 5, 2520);
    load.amps[1] = 18;
    waveform_set_load(w, &load);
    waveform_set_rate(w, 1000);
    fill_seconds(w, 2, 1000);
    waveform_truth(w, &t);
    waveform_truth(w, &t);
    assert_near(t.wh_import[0], 5, 1e-12);
    assert_near(t.wh_export[0], 7, 1e-12);
    assert_near(t.wh_import[1], 10 + 1, 1e-12);
    assert_near(t.wh_import_total, 5 + 5, 1e-12);
    assert_near(t.wh_export_total, 1, 1e-12);
    assert_near(t.varh_total, 5 * sqrt(3), 1e-12);
    waveform_free(w);
}

/* The world of `lines` at 59.7 Hz as a recording of `count` samples. */
static struct recording record(const struct waveform_line *line, int lines, int count)
{
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    struct recording r = {
        .samples_per_s = 2520, .hz = 59.7, .count = count, .at_end = RECORDING_END_DEAD
    };
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    assert_int_equal(waveform_set_lines(w, r.hz, line, lines), 0);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
        r.x[ch] = calloc((size_t)count, sizeof *r.x[ch]);
        assert_non_null(r.x[ch]);
    }
    for (int n = 0; n < count; n++) {
        waveform_fill(w, 1, x);
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            r.x[ch][n] = x[ch][0];
    }
    waveform_free(w);
    return r;
}

static const struct waveform_line RECORDED[] = {
    { 1, { 277, -138.5, -138.5, 50, -10, 80 }, { 0, -240, 240, -30, -70, 10 } },
    { 5, { 10, 8, 0, 5, 6, 0 }, { 0, 3, 4, 0, 1, 2 } },
    { 0, { 5, -4, 3, 2, 1, 1 }, { 0 } },
};

static void assert_same_values(const struct waveform_truth *t,
                               const struct waveform_truth *e, double tolerance)
{
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        assert_near(t->v[k], e->v[k], tolerance * e->v[k]);
        assert_near(t->vll[k], e->vll[k], tolerance * e->vll[k]);
        assert_near(t->i[k], e->i[k], tolerance * e->i[k]);
        assert_near(t->p[k], e->p[k], tolerance * e->s[k]);
        assert_near(t->q[k], e->q[k], tolerance * e->s[k]);
    }
    assert_near(t->s_total, e->s_total, tolerance * e->s_total);
}

static void test_a_recording_has_the_values_of_its_lines(void **state)
{
    (void)state;
    struct recording r = record(RECORDED, 3, 10 * 2520);
    for (int wiring = WAVEFORM_AN; wiring < WAVEFORM_WIRINGS; wiring++) {
        struct waveform *w = waveform_new((enum waveform_wiring)wiring);
        struct waveform_truth e, t;
        assert_int_equal(waveform_set_lines(w, 59.7, RECORDED, 3), 0);
        waveform_truth(w, &e);
        waveform_play(w, &r);
        fill_seconds(w, 7.4, 2520);
        waveform_truth(w, &t);
        assert_near(t.hz, 59.7, 1e-12);
        assert_same_values(&t, &e, 1e-4);
        fill_seconds(w, 4, 2520);
        waveform_truth(w, &t);
        for (int k = 0; k < WAVEFORM_PHASES; k++) {
            assert_near(t.wh_import[k] - t.wh_export[k], e.p[k] / 360,
                        1e-4 * e.s[k] / 360);
            assert_near(fmin(t.wh_import[k], t.wh_export[k]), 0, 1e-12);
            assert_true(t.v[k] == 0 && t.i[k] == 0);
        }
        assert_near(t.varh_total, e.q_total / 360, 1e-3 * e.s_total / 360);
        waveform_free(w);
    }
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        free(r.x[ch]);
}

/* No DC here: the energy must be the plain sum of the products, however it is played.
 */
static void test_energy_of_a_recording_is_the_sum_of_its_samples(void **state)
{
    (void)state;
    struct recording r = record(RECORDED, 2, 42 * 1990);
    struct waveform_truth t;
    long double sum = 0;
    double rate = 2520.25;
    for (int64_t n = 0; n < r.count; n++)
        for (int k = 0; k < WAVEFORM_PHASES; k++)
            sum += (long double)r.x[k][n] * r.x[3 + k][n];
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    waveform_set_rate(w, rate);
    waveform_play(w, &r);
    fill_seconds(w, 1.2345, rate);
    waveform_set_rate(w, rate);
    fill_seconds(w, 40, rate);
    waveform_truth(w, &t);
    assert_near(t.hz, 59.7 * rate / 2520, 1e-9);
    assert_near(t.wh_import_total - t.wh_export_total, (double)sum / rate / 3600,
                1e-8 * t.wh_import_total);
    waveform_free(w);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        free(r.x[ch]);
}

/* A current that turns round every cycle: half of the energy goes each way. */
static void test_a_recording_is_split_by_cycles(void **state)
{
    (void)state;
    enum { CYCLE = 42, COUNT = 60 * CYCLE };
    static double volts[COUNT], amps[COUNT], none[COUNT];
    struct recording r = {
        .samples_per_s = 2520, .hz = 60, .count = COUNT, .at_end = RECORDING_END_DEAD
    };
    struct waveform_truth t;
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        r.x[ch] = ch == WAVEFORM_VA ? volts : ch == WAVEFORM_IA ? amps : none;
    for (int n = 0; n < COUNT; n++) {
        volts[n] = 360 * (double)sinl(TAU * n / CYCLE);
        amps[n] = n / CYCLE % 2 ? -volts[n] / 2 : volts[n] / 2;
    }
    struct waveform *w = waveform_new(WAVEFORM_AN);
    waveform_play(w, &r);
    fill_seconds(w, 1, 2520);
    waveform_truth(w, &t);
    assert_near(t.p[0], 0, 1e-8);
    assert_near(t.wh_import[0], 4.5, 1e-10);
    assert_near(t.wh_export_total, 4.5, 1e-10);
    waveform_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_wiring_is_its_integral),
        cmocka_unit_test(test_grid_and_load_are_what_is_filled),
        cmocka_unit_test(test_power_is_that_of_the_conductors),
        cmocka_unit_test(test_signs_of_reactive_power),
        cmocka_unit_test(test_energy_is_power_times_time_by_sign),
        cmocka_unit_test(test_a_recording_has_the_values_of_its_lines),
        cmocka_unit_test(test_energy_of_a_recording_is_the_sum_of_its_samples),
        cmocka_unit_test(test_a_recording_is_split_by_cycles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
