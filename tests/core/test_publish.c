/* What a second's results become as readings: averages over the phases in use, rounded;
 * power factors; what cannot be read. */
#include "core/meter_state.h"
#include "core/publish.h"
#include "core/reading.h"
#include "tests/support/check.h"
#include "tests/support/fake_board.h"

static struct meter m;

static void start(uint16_t type)
{
    memset(&m, 0, sizeof m);
    m.model = &model_s4100;
    config_defaults(&m.settings, m.model);
    m.settings.value[SETTING_SYSTEM_TYPE] = type;
    config_derive(&m.config, &m.settings);
}

static int64_t reading(enum quantity q)
{
    int64_t value;

    publish_readings(&m);
    assert_true(meter_reading(&m, q, &value));
    return value;
}

static void averages_are_rounded(void **state)
{
    (void)state;
    start(40);
    for (int k = 0; k < 3; k++) {
        m.second.v[k] = k == 2 ? 277000001 : 277000000;
        m.second.vll[k] = k == 2 ? 480000000 : 480000001;
        m.second.i[k] = k == 2 ? 5000002 : 5000000;
    }
    assert_int_equal(reading(Q_VLN_AVG), 277000000); /* a third of a µV */
    assert_int_equal(reading(Q_VLL_AVG), 480000001); /* two thirds */
    assert_int_equal(reading(Q_I_AVG), 5000001);     /* two thirds */
}

static void averages_are_of_what_is_there(void **state)
{
    (void)state;
    for (int k = 0; k < 3; k++) {
        m.second.v[k] = 100000000u << k;
        m.second.i[k] = 1000000u << k;
    }
    struct second s = m.second;
    start(12);
    m.second = s;
    assert_int_equal(reading(Q_VLN_AVG), 150000000);
    assert_int_equal(reading(Q_I_AVG), 1500000);
    start(10);
    m.second = s;
    assert_int_equal(reading(Q_VLN_AVG), 100000000);
    assert_int_equal(reading(Q_I_AVG), 1000000);
}

static int64_t power_factor(int64_t p, uint64_t s)
{
    m.second.p[0] = p;
    m.second.s[0] = s;
    return reading(Q_PF_A);
}

static void power_factors(void **state)
{
    (void)state;
    start(40);
    assert_int_equal(power_factor(0, 0), 1000000); /* docs/decisions.md, Readings */
    assert_int_equal(power_factor(920, 1000), 920000);
    assert_int_equal(power_factor(-920, 1000), -920000);
    assert_int_equal(power_factor(2, 3), 666667);
    assert_int_equal(power_factor(-2, 3), -666667);
    assert_int_equal(power_factor(1001, 1000), 1000000);
    assert_int_equal(power_factor(-1001, 1000), -1000000);
    assert_int_equal(power_factor(0, 1), 0);
}

static void frequency_may_be_missing(void **state)
{
    int64_t value;

    (void)state;
    start(40);
    m.second.uhz = 59997001;
    assert_int_equal(reading(Q_FREQ), 59997001);
    m.second.uhz = 0;
    publish_readings(&m);
    assert_false(meter_reading(&m, Q_FREQ, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(averages_are_rounded),
        cmocka_unit_test(averages_are_of_what_is_there),
        cmocka_unit_test(power_factors),
        cmocka_unit_test(frequency_may_be_missing),
    };

    return cmocka_run_group_tests_name("publish", tests, NULL, NULL);
}
