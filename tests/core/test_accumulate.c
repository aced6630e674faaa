/* Energy: every sample exactly once. The reference is the sum of the very codes that
 * were fed; the input ends without current, so that all of them have been booked. */
#include "core/accumulate.h"
#include "tests/support/bench.h"

static struct bench b;

/* Exact sums of what was fed, in codes² per phase. */
struct fed {
    s128 vi[3];
    int64_t sets;
};

static void feed(struct fed *fed, const struct waves *w, int64_t count)
{
    int32_t x[HAL_CHANNELS][BLOCK];

    while (count) {
        int n = count < BLOCK ? (int)count : BLOCK;
        waves_fill(w, b.sets, n, x);
        for (int k = 0; k < 3; k++)
            for (int t = 0; t < n; t++)
                fed->vi[k] += (int64_t)x[k][t] * x[3 + k][t];
        fed->sets += n;
        bench_take(&b, (const int32_t(*)[BLOCK])x, n);
        count -= n;
    }
}

/* Joules of phase k for CTs of 100 A. */
static long double joules(const struct fed *fed, int k)
{
    return (long double)fed->vi[k] * 588.9L * 170 / 0x1p46L / HAL_SAMPLE_RATE;
}

static long double booked(int owner, int kind)
{
    return 3.6L * b.m.energy.mwh[owner][kind] + 1e-6L * b.m.energy.rest_uj[owner][kind];
}

/* The voltage stays, no current flows. */
static void idle(struct fed *fed, const struct waves *w, int seconds)
{
    struct waves only = *w;

    for (int k = 0; k < 3; k++)
        only.channel[3 + k].count = 0;
    feed(fed, &only, (int64_t)seconds * HAL_SAMPLE_RATE);
}

static void compare(const struct fed *fed, long double most)
{
    long double total = 0;

    for (int k = 0; k < 3; k++) {
        long double exact = joules(fed, k);
        long double got = booked(k, ENERGY_IMPORT) - booked(k, ENERGY_EXPORT);
        assert_near(got / exact, 1, most);
        assert_near(booked(k, exact > 0 ? ENERGY_EXPORT : ENERGY_IMPORT), 0,
                    fabsl(exact) * most);
        total += exact;
    }
    long double got = booked(3, ENERGY_IMPORT) - booked(3, ENERGY_EXPORT);
    assert_near(got / total, 1, most);
}

/* A load that comes and goes, on a voltage that stays: every sample once. The current
 * flows for whole cycles of phase A, so that no cycle of it changes direction. */
static void a_load_is_counted_once(void **state)
{
    static const double lags[] = { 0, 30, 60, 180, 150, -75 };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(lags); k++)
        for (int hz = 50; hz <= 60; hz += 10) {
            struct fed fed = { { 0 }, 0 };
            struct waves w;
            waves_set_balanced(&w, hz, 277, 50, lags[k], 0);
            bench_start(&b, 40);
            idle(&fed, &w, 1);
            feed(&fed, &w, hz == 60 ? 42 * 287 : 252 * 49);
            idle(&fed, &w, 2);
            for (int phase = 0; phase < 3; phase++) {
                long double got =
                    booked(phase, ENERGY_IMPORT) - booked(phase, ENERGY_EXPORT);
                assert_near(got / joules(&fed, phase), 1, 1e-6L);
            }
        }
}

/* Voltage and current cut off together, anywhere. The mean of a second in which a sine
 * stops is not zero, and DC is not metered: of one second's energy 1/(πf)² at the most
 * is taken for DC. */
static void a_blackout_costs_next_to_nothing(void **state)
{
    struct random dice = { 12 };

    (void)state;
    for (int round = 0; round < 20; round++) {
        struct fed fed = { { 0 }, 0 };
        struct waves w;
        waves_set_balanced(&w, 45 + 20 * random_unit(&dice), 277, 50,
                           round % 2 ? 30 : 200, 360 * random_unit(&dice));
        bench_start(&b, 40);
        feed(&fed, &w, (int64_t)random_range(&dice, 12000, 17000));
        bench_silence(&b, 2);
        compare(&fed, 1.5e-5L);
    }
}

/* Load steps at random samples while the voltage stays. */
static void steps_at_random_times(void **state)
{
    struct random dice = { 13 };
    struct fed fed = { { 0 }, 0 };
    struct waves w;

    (void)state;
    bench_start(&b, 40);
    waves_set_balanced(&w, 59.93, 240, 50, 20, 90);
    while (fed.sets < 20 * HAL_SAMPLE_RATE) {
        for (int k = 0; k < 3; k++)
            w.channel[3 + k].tone[0].rms = 5 + 110 * random_unit(&dice);
        feed(&fed, &w, (int64_t)random_range(&dice, 1, 2000));
    }
    bench_silence(&b, 2);
    for (int k = 0; k < 3; k++) {
        long double got = booked(k, ENERGY_IMPORT) - booked(k, ENERGY_EXPORT);
        assert_near(got / joules(&fed, k), 1, 1e-5L);
    }
}

/* The current turns at every n-th upward crossing of phase A. Half a sample of phase
 * keeps the crossing between two samples. */
static void alternating_direction_splits_by_cycles(void **state)
{
    static const int cycles[] = { 1, 2, 3, 7, 30 };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(cycles); k++) {
        struct fed way[2] = { { { 0 }, 0 }, { { 0 }, 0 } };
        struct waves w = { .hz = 60, .ct_a = 100 };
        waves_set_phase(&w, 0, 277, 360.0 / 84, 50, 0);
        bench_start(&b, 10);
        for (int turn = 0; turn < 10 * 60 / cycles[k]; turn++) {
            w.channel[3].tone[0].degrees = 360.0 / 84 + 180 * (turn & 1);
            feed(&way[turn & 1], &w, 42 * cycles[k]);
        }
        idle(&way[0], &w, 2);
        long double import = joules(&way[0], 0), export = -joules(&way[1], 0);
        for (int owner = 0; owner <= ENERGY_TOTAL; owner += ENERGY_TOTAL) {
            assert_near(booked(owner, ENERGY_IMPORT) / import, 1, 3e-4L);
            assert_near(booked(owner, ENERGY_EXPORT) / export, 1, 3e-4L);
            assert_near((booked(owner, ENERGY_IMPORT) - booked(owner, ENERGY_EXPORT)),
                        import - export, import * 2e-6L);
        }
    }
}

/* One quadrant at a time, closed form for all eight accumulators of phase and total. */
static void quadrants(void **state)
{
    static const double lags[] = { 30, 150, -150, -30 }; /* quadrants 1 2 3 4 */
    enum { SECONDS = 10 };

    (void)state;
    for (int quadrant = 0; quadrant < 4; quadrant++) {
        struct waves w;
        waves_set_balanced(&w, 60, 277, 50, lags[quadrant], 10);
        bench_start(&b, 40);
        bench_seconds(&b, &w, SECONDS);
        bench_silence(&b, 2);
        long double s = 277.0L * 50 * SECONDS, p = s * cosl(PI / 6), q = s / 2;
        int way = quadrant == 1 || quadrant == 2;
        for (int owner = 0; owner < ENERGY_OWNERS; owner++) {
            int times = owner == ENERGY_TOTAL ? 3 : 1;
            assert_near(booked(owner, ENERGY_IMPORT + way), times * p,
                        times * s * 1e-4L);
            assert_near(booked(owner, ENERGY_IMPORT + !way), 0, times * s * 1e-4L);
            assert_near(booked(owner, ENERGY_S_IMPORT + way), times * s,
                        times * s * 2e-4L);
            assert_near(booked(owner, ENERGY_S_IMPORT + !way), 0, times * s * 2e-4L);
            for (int k = 0; k < 4; k++)
                assert_near(booked(owner, ENERGY_Q1 + k), k == quadrant ? times * q : 0,
                            times * s * 1e-3L);
        }
    }
}

/* Reactive energy of whole seconds agrees with Q · t once the filter has run in. */
static void reactive_energy_in_the_steady_state(void **state)
{
    struct waves w;
    static struct energy before;

    (void)state;
    waves_set_balanced(&w, 59.7, 277, 50, 60, 10);
    bench_start(&b, 40);
    bench_seconds(&b, &w, 3);
    before = b.m.energy;
    bench_seconds(&b, &w, 100);
    long double q = 277 * 50 * sinl(PI / 3) * 100;
    long double start =
        3.6L * before.mwh[1][ENERGY_Q1] + 1e-6L * before.rest_uj[1][ENERGY_Q1];
    /* booked are whole cycles: the border moves by one at the most, 1/60 s of 100 s */
    assert_near(booked(1, ENERGY_Q1) - start, q, q / 5900);
}

/* A imports 10 kW, B exports 6 kW, C exports 7 kW: phases apart, total exports 3 kW. */
static void total_follows_its_own_sign(void **state)
{
    struct waves w;

    (void)state;
    waves_set_balanced(&w, 60, 200, 50, 0, 0);
    w.channel[4].tone[0] = (struct tone){ 1, 30, -120 + 180 };
    w.channel[5].tone[0] = (struct tone){ 1, 35, -240 + 180 };
    bench_start(&b, 40);
    bench_seconds(&b, &w, 10);
    bench_silence(&b, 2);
    assert_near(booked(0, ENERGY_IMPORT), 100000, 30);
    assert_near(booked(1, ENERGY_EXPORT), 60000, 30);
    assert_near(booked(2, ENERGY_EXPORT), 70000, 30);
    assert_near(booked(3, ENERGY_EXPORT), 30000, 30);
    assert_near(booked(3, ENERGY_IMPORT), 0, 30);
    assert_near(3.6L * energy_net(&b.m.energy, ENERGY_IMPORT, ENERGY_EXPORT), -30000,
                30);
}

/* Offsets of 0.5 % of full scale on both channels are 2.5 W of DC: 0.018 % here. */
static void dc_adds_no_energy(void **state)
{
    struct waves w;

    (void)state;
    waves_set_balanced(&w, 60, 277, 50, 0, 0);
    for (int k = 0; k < 3; k++) {
        w.channel[k].dc = 0.005 * 588.9;
        w.channel[3 + k].dc = (k == 1 ? -0.005 : 0.005) * 170;
    }
    bench_start(&b, 40);
    bench_seconds(&b, &w, 10);
    bench_silence(&b, 2);
    for (int owner = 0; owner < ENERGY_OWNERS; owner++) {
        long double joules = 277 * 50 * 10 * (owner == ENERGY_TOTAL ? 3 : 1);
        assert_near(booked(owner, ENERGY_IMPORT) / joules, 1, 3e-5L);
        assert_near(booked(owner, ENERGY_S_IMPORT) / joules, 1, 2e-4L);
    }
}

/* Inputs that a type does not use never add energy. */
static void unused_inputs_add_nothing(void **state)
{
    static const uint16_t types[] = { 10, 11, 12 };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(types); k++) {
        struct waves w;
        waves_set_balanced(&w, 60, 200, 50, 30, 0);
        bench_start(&b, types[k]);
        bench_seconds(&b, &w, 4);
        for (int kind = 0; kind < ENERGY_KINDS; kind++) {
            assert_near(booked(2, kind), 0, 0);
            if (types[k] != 12)
                assert_near(booked(1, kind), 0, 0);
        }
        long double phases = booked(0, ENERGY_IMPORT) + booked(1, ENERGY_IMPORT);
        assert_near(booked(3, ENERGY_IMPORT), phases, 1e-3L);
    }
}

static void energies_only_grow(void **state)
{
    struct random dice = { 14 };
    struct waves w;

    (void)state;
    bench_start(&b, 40);
    waves_set_balanced(&w, 50, 240, 50, 20, 90);
    for (int round = 0; round < 200; round++) {
        struct energy before = b.m.energy;
        int ch = (int)random_range(&dice, 0, 5);
        w.channel[ch].tone[0].degrees = 360 * random_unit(&dice);
        w.channel[ch].tone[0].rms = (ch < 3 ? 300 : 100) * random_unit(&dice);
        bench_feed(&b, &w, (int64_t)random_range(&dice, 1, 1500));
        for (int owner = 0; owner < ENERGY_OWNERS; owner++)
            for (int kind = 0; kind < ENERGY_KINDS; kind++)
                assert_true(b.m.energy.mwh[owner][kind] >= before.mwh[owner][kind]);
    }
    assert_true(b.m.energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT] > 0);
    assert_true(b.m.energy.mwh[ENERGY_TOTAL][ENERGY_EXPORT] > 0);
}

/* √((Σp)² + (Σq)² + (Σd)²): one phase alone gives its own s. */
static void vector_power(void **state)
{
    const int64_t p[3] = { 3000000, 0, 0 }, q[3] = { 0, 4000000, 0 };
    const uint64_t s[3] = { 5000000, 5000000, 0 };

    (void)state;
    assert_int_equal(accumulate_vector_power(1, p, q, s), 5000000);
    assert_int_equal(accumulate_vector_power(2, p, q, s), 5000000);
    /* d: 4 and 3, so √(3² + 4² + 7²) */
    assert_int_equal(accumulate_vector_power(3, p, q, s), 8602325);
    assert_int_equal(accumulate_vector_power(0, p, q, s), 0);
    const int64_t big = 400000000000000000, minus[3] = { -big, -big, big };
    const uint64_t huge[3] = { (uint64_t)big, (uint64_t)big, (uint64_t)big };
    const int64_t none[3] = { 0, 0, 0 };
    assert_true(accumulate_vector_power(3, minus, none, huge) == 2 * (uint64_t)big);
}

/* P' = P cos θ − Q sin θ, Q' = Q cos θ + P sin θ. */
static void turns_by_the_calibrated_angle(void **state)
{
    (void)state;
    for (int urad = -20000; urad <= 20000; urad += 777) {
        struct rotation turn = rotation_of(&model_s4100, urad, 60000000);
        int64_t p = 800000000, q = -600000000;
        rotate_power(&turn, &p, &q);
        long double c = cosl(urad * 1e-6L), s = sinl(urad * 1e-6L);
        assert_near((long double)p, 8e8L * c + 6e8L * s, 8);
        assert_near((long double)q, -6e8L * c + 8e8L * s, 8);
    }
}

/* The rope CT's integrator leads by atan(0.3 Hz ÷ f): +0.86 % of P at PF 0.5, 60 Hz. */
static void rope_integrator_is_turned_back(void **state)
{
    (void)state;
    for (int64_t hz = 45; hz <= 65; hz += 5) {
        struct rotation turn = rotation_of(&model_s4000r, 0, hz * 1000000);
        long double lead = atanl(0.3L / hz);
        int64_t p = llrintl(1e9L * cosl(PI / 3 - lead));
        int64_t q = llrintl(1e9L * sinl(PI / 3 - lead));
        rotate_power(&turn, &p, &q);
        assert_near((long double)p, 0.5e9L, 2000);
        assert_near((long double)q, 1e9L * sinl(PI / 3), 2000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_load_is_counted_once),
        cmocka_unit_test(a_blackout_costs_next_to_nothing),
        cmocka_unit_test(steps_at_random_times),
        cmocka_unit_test(alternating_direction_splits_by_cycles),
        cmocka_unit_test(quadrants),
        cmocka_unit_test(reactive_energy_in_the_steady_state),
        cmocka_unit_test(total_follows_its_own_sign),
        cmocka_unit_test(dc_adds_no_energy),
        cmocka_unit_test(unused_inputs_add_nothing),
        cmocka_unit_test(energies_only_grow),
        cmocka_unit_test(vector_power),
        cmocka_unit_test(turns_by_the_calibrated_angle),
        cmocka_unit_test(rope_integrator_is_turned_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
