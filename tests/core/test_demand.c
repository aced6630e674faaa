/* Demand: block, rolling, synchronised by command; maxima; docs/decisions.md, Demand.
 * Energies are given second by second; a model of the rule runs beside. */
#include "core/demand.h"
#include "tests/support/check.h"

static struct demand d;
static struct settings s;
static struct random dice = { 15 };

static int fresh(void **state)
{
    (void)state;
    memset(&d, 0, sizeof d);
    config_defaults(&s, &model_s4100);
    return 0;
}

static void set(uint16_t subintervals, uint16_t seconds)
{
    s.value[SETTING_SUBINTERVALS] = subintervals;
    s.value[SETTING_SUBINTERVAL_S] = seconds;
}

/* One second of p, q, S in W, var, VA. */
static bool second(int64_t p, int64_t q, int64_t va)
{
    struct second x;

    memset(&x, 0, sizeof x);
    x.p_total = p * 1000000;
    x.q_total = q * 1000000;
    x.s_total = (uint64_t)va * 1000000;
    return demand_second(&d, &s, &x);
}

static int seconds(int count, int64_t p, int64_t q, int64_t va)
{
    int ended = 0;

    while (count--)
        ended += second(p, q, va);
    return ended;
}

static void check_present(long double p, long double q, long double va)
{
    assert_near(d.present_uw[DEMAND_KW] * 1e-6L, p, 1e-3L);
    assert_near(d.present_uw[DEMAND_KVAR] * 1e-6L, q, 1e-3L);
    assert_near(d.present_uw[DEMAND_KVA] * 1e-6L, va, 1e-3L);
}

static void block_of_one_subinterval(void **state)
{
    (void)state;
    set(1, 60);
    assert_int_equal(seconds(59, 1000, 200, 1100), 0);
    check_present(0, 0, 0);
    assert_int_equal(seconds(1, 1000, 200, 1100), 1);
    check_present(1000, 200, 1100);
    assert_int_equal(seconds(30, 3000, 0, 3000), 0);
    check_present(1000, 200, 1100);
    assert_int_equal(seconds(30, 0, 0, 0), 1);
    check_present(1500, 0, 1500);
    assert_int_equal(seconds(600, 0, 0, 0), 10);
    check_present(0, 0, 0);
}

/* Sub-intervals not yet seen count as zero. */
static void rolling_over_two_to_six(void **state)
{
    (void)state;
    for (uint16_t n = 2; n <= 6; n++) {
        fresh(NULL);
        set(n, 10);
        int64_t energy[200] = { 0 }; /* of the sub-intervals, J */
        for (int k = 0; k < 100; k++) {
            for (int t = 0; t < 10; t++) {
                int64_t p = (int64_t)random_range(&dice, 0, 20000) - 5000;
                energy[k] += p;
                assert_int_equal(second(p, -p, p < 0 ? -p : p), t == 9);
            }
            int64_t sum = 0;
            for (int j = k; j > k - n && j >= 0; j--)
                sum += energy[j];
            assert_near(d.present_uw[DEMAND_KW] * 1e-6L, sum / (10.0L * n), 1e-3L);
            assert_near(d.present_uw[DEMAND_KVAR] * 1e-6L, -sum / (10.0L * n), 1e-3L);
        }
    }
}

static void apparent_demand_has_the_sign_of_real_demand(void **state)
{
    (void)state;
    set(1, 10);
    seconds(10, -3000, 4000, 5000);
    check_present(-3000, 4000, -5000);
    seconds(10, -3000, 4000, 5000);
    check_present(-3000, 4000, -5000);
    seconds(10, 3000, -4000, 5000);
    check_present(3000, -4000, 5000);
}

static void maxima(void **state)
{
    static const int64_t rows[][3] = {
        { 1000, 500, 1118 },  { 4000, -300, 4011 }, { -2000, 100, 2002 },
        { 3000, -900, 3132 }, { -2500, 700, 2596 }, { -100, 0, 100 },
    };

    (void)state;
    set(1, 10);
    for (unsigned k = 0; k < COUNT_OF(rows); k++)
        seconds(10, rows[k][0], rows[k][1], rows[k][2]);
    assert_int_equal(d.maxima.import_uw[DEMAND_KW], 4000000000);
    assert_int_equal(d.maxima.export_uw[DEMAND_KW], -2500000000);
    assert_int_equal(d.maxima.import_uw[DEMAND_KVAR], 700000000);
    assert_int_equal(d.maxima.export_uw[DEMAND_KVAR], -900000000);
    assert_int_equal(d.maxima.import_uw[DEMAND_KVA], 4011000000);
    assert_int_equal(d.maxima.export_uw[DEMAND_KVA], -2596000000);
}

/* 21212: the maxima become max(present, 0) and min(present, 0) at the next second. */
static void reset_of_the_maxima(void **state)
{
    (void)state;
    set(1, 10);
    seconds(10, 9000, 9000, 12728);
    seconds(10, -8000, -8000, 11314);
    seconds(10, -1000, 500, 1118);
    demand_ask_reset(&d);
    assert_int_equal(d.maxima.import_uw[DEMAND_KW], 9000000000);
    second(0, 0, 0);
    assert_int_equal(d.maxima.import_uw[DEMAND_KW], 0);
    assert_int_equal(d.maxima.export_uw[DEMAND_KW], -1000000000);
    assert_int_equal(d.maxima.import_uw[DEMAND_KVAR], 500000000);
    assert_int_equal(d.maxima.export_uw[DEMAND_KVAR], 0);
    assert_int_equal(d.maxima.import_uw[DEMAND_KVA], 0);
    assert_int_equal(d.maxima.export_uw[DEMAND_KVA], -1118000000);
}

/* 150 = 0: the sub-interval ends on command, 149 is ignored, true time divides. */
static void synchronised_by_command(void **state)
{
    (void)state;
    set(6, 0);
    assert_int_equal(seconds(5000, 700, 0, 700), 0);
    demand_ask_start(&d);
    assert_true(second(700, 0, 700));
    check_present(700, 0, 700);
    seconds(20, 1000, 0, 1000);
    seconds(16, 2000, 0, 2000);
    demand_ask_start(&d);
    assert_true(second(2000, 0, 2000));
    check_present((20 * 1000 + 17 * 2000) / 37.0L, 0, (20 * 1000 + 17 * 2000) / 37.0L);
    assert_int_equal(seconds(3000, 0, 0, 0), 0);
}

/* 21211 within a timed sub-interval ends that early and starts anew. */
static void a_command_starts_a_timed_subinterval(void **state)
{
    (void)state;
    set(1, 60);
    seconds(25, 1000, 0, 1000);
    demand_ask_start(&d);
    assert_true(second(1000, 0, 1000));
    check_present(1000, 0, 1000);
    assert_int_equal(seconds(59, 500, 0, 500), 0);
    assert_int_equal(seconds(1, 500, 0, 500), 1);
    check_present(500, 0, 500);
}

/* Repeats within 10 s wait until these are over; however many, they are done once. */
static void a_repeat_waits_for_ten_seconds(void **state)
{
    (void)state;
    set(1, 0);
    seconds(100, 1000, 0, 1000);
    demand_ask_start(&d);
    demand_ask_start(&d);
    assert_int_equal(seconds(1, 1000, 0, 1000), 1);
    for (int n = 0; n < 9; n++) {
        demand_ask_start(&d);
        assert_int_equal(seconds(1, 2000, 0, 2000), 0);
    }
    check_present(1000, 0, 1000);
    assert_int_equal(seconds(1, 2000, 0, 2000), 1);
    check_present(2000, 0, 2000);
    assert_int_equal(seconds(30, 2000, 0, 2000), 0);
}

/* A reset waits for a reset alone, not for a new sub-interval. */
static void a_repeated_reset_is_kept(void **state)
{
    (void)state;
    set(1, 0);
    seconds(5, 1000, 0, 1000);
    demand_ask_start(&d);
    demand_ask_reset(&d);
    second(1000, 0, 1000);
    assert_int_equal(d.maxima.import_uw[DEMAND_KW], 1000000000);
    d.maxima.import_uw[DEMAND_KW] = 7000000000;
    seconds(4, 0, 0, 0);
    demand_ask_reset(&d);
    seconds(5, 0, 0, 0);
    assert_int_equal(d.maxima.import_uw[DEMAND_KW], 7000000000);
    second(0, 0, 0);
    assert_int_equal(d.maxima.import_uw[DEMAND_KW], 1000000000);
}

/* µW that are no whole mJ a second are carried, not dropped. */
static void nothing_is_lost_to_rounding(void **state)
{
    struct second x;

    (void)state;
    set(1, 1000);
    memset(&x, 0, sizeof x);
    x.p_total = 1999;
    x.q_total = -1999;
    for (int n = 0; n < 1000; n++)
        demand_second(&d, &s, &x);
    assert_near(d.present_uw[DEMAND_KW], 1999, 1);
    assert_near(d.present_uw[DEMAND_KVAR], -1999, 1);
}

static void the_largest_meter_does_not_overflow(void **state)
{
    struct second x;

    (void)state;
    set(6, 32767);
    memset(&x, 0, sizeof x);
    x.p_total = 2128000000000000; /* 1.2 × √3 × 32 kV × 32 kA */
    for (int n = 0; n < 6 * 32767; n++)
        demand_second(&d, &s, &x);
    assert_near((long double)d.present_uw[DEMAND_KW], 2128000000000000.0L, 1e3L);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(block_of_one_subinterval, fresh),
        cmocka_unit_test_setup(rolling_over_two_to_six, fresh),
        cmocka_unit_test_setup(apparent_demand_has_the_sign_of_real_demand, fresh),
        cmocka_unit_test_setup(maxima, fresh),
        cmocka_unit_test_setup(reset_of_the_maxima, fresh),
        cmocka_unit_test_setup(synchronised_by_command, fresh),
        cmocka_unit_test_setup(a_command_starts_a_timed_subinterval, fresh),
        cmocka_unit_test_setup(a_repeat_waits_for_ten_seconds, fresh),
        cmocka_unit_test_setup(a_repeated_reset_is_kept, fresh),
        cmocka_unit_test_setup(nothing_is_lost_to_rounding, fresh),
        cmocka_unit_test_setup(the_largest_meter_does_not_overflow, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
