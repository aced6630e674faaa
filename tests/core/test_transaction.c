/* Changes as transactions: checked as a whole, stored before they take effect, taken
 * back when the rest cannot be stored, and reported to the panel by a flag. */
#include "core/transaction.h"
#include "tests/support/bench.h"

static struct bench b;

static int fresh(void **state)
{
    (void)state;
    bench_start(&b, 40);
    b.m.settings_changed = false;
    return 0;
}

static void nothing_is_seen_before_the_commit(void **state)
{
    const struct settings before = b.m.settings;
    struct transaction t;

    (void)state;
    transaction_start(&t, &b.m);
    assert_true(transaction_set(&t, b.m.model, SETTING_CT_PRIMARY, 400));
    assert_false(transaction_set(&t, b.m.model, SETTING_CT_PRIMARY, 32001));
    assert_int_equal(t.settings.value[SETTING_CT_PRIMARY], 400);
    assert_memory_equal(&b.m.settings, &before, sizeof before);
    assert_false(b.m.settings_changed);
    assert_int_equal(transaction_commit(&t, &b.m), MODBUS_OK);
    assert_int_equal(b.m.settings.value[SETTING_CT_PRIMARY], 400);
    assert_true(b.m.settings_changed);
    bench_power_up(&b);
    assert_int_equal(b.m.settings.value[SETTING_CT_PRIMARY], 400);
}

/* The second value is judged by the first one. */
static void settings_are_judged_together(void **state)
{
    struct transaction t;

    (void)state;
    transaction_start(&t, &b.m);
    assert_false(transaction_set(&t, b.m.model, SETTING_SYSTEM_VOLTAGE, 32000));
    assert_true(transaction_set(&t, b.m.model, SETTING_PT_RATIO, 10000));
    assert_true(transaction_set(&t, b.m.model, SETTING_SYSTEM_VOLTAGE, 32000));
}

static void a_run_of_settings_is_all_or_nothing(void **state)
{
    const uint16_t good[2] = { 1, 34464 }, bad[2] = { 0, 7 };

    (void)state;
    assert_int_equal(
        transaction_set_settings(&b.m, SETTING_SETUP_PASSWORD_HIGH, 2, good),
        MODBUS_OK);
    assert_int_equal(b.m.settings.value[SETTING_SETUP_PASSWORD_HIGH], 1);
    assert_int_equal(b.m.settings.value[SETTING_SETUP_PASSWORD_LOW], 34464);
    assert_int_equal(transaction_set_settings(&b.m, SETTING_BAUD, 2, bad),
                     MODBUS_ILLEGAL_VALUE);
    assert_int_equal(b.m.settings.value[SETTING_BAUD], 4);
}

static void what_is_as_before_is_not_written(void **state)
{
    const uint16_t same = b.m.settings.value[SETTING_CT_PRIMARY];
    const uint32_t writes = b.board.writes;

    (void)state;
    assert_int_equal(transaction_set_settings(&b.m, SETTING_CT_PRIMARY, 1, &same),
                     MODBUS_OK);
    assert_int_equal(b.board.writes, writes);
    assert_false(b.m.settings_changed);
}

static void a_silent_chip_changes_nothing(void **state)
{
    const struct settings before = b.m.settings;
    const uint16_t ct = 400;

    (void)state;
    b.board.refuses = true;
    assert_int_equal(transaction_set_settings(&b.m, SETTING_CT_PRIMARY, 1, &ct),
                     MODBUS_DEVICE_FAILURE);
    assert_int_equal(transaction_run_command(&b.m, COMMAND_CLEAR_ENERGY),
                     MODBUS_DEVICE_FAILURE);
    assert_int_equal(transaction_run_command(&b.m, COMMAND_RESET_MAXIMA),
                     MODBUS_DEVICE_FAILURE);
    assert_memory_equal(&b.m.settings, &before, sizeof before);
    assert_int_equal(b.m.energy.resets, 0);
    assert_false(b.m.demand.reset_asked);
    assert_false(b.m.settings_changed);
}

static void commands_of_the_models(void **state)
{
    static const uint16_t known[] = { 30078, 21211, 21212, 16498 };
    struct transaction t;

    (void)state;
    transaction_start(&t, &b.m);
    for (unsigned k = 0; k < COUNT_OF(known); k++) {
        assert_true(transaction_command(&t, &model_s4100, known[k]));
        assert_true(transaction_command(&t, &model_s4000r, known[k]));
    }
    assert_true(transaction_command(&t, &model_s4100, 16640));
    assert_false(transaction_command(&t, &model_s4000r, 16640));
    assert_false(transaction_command(&t, &model_s4100, 1));
    assert_true(transaction_power_ups(&t, 32767));
    assert_false(transaction_power_ups(&t, 32768));
}

/* The UART and the CT inputs follow at once. */
static void the_board_follows(void **state)
{
    const uint16_t line[2] = { 5, HAL_PARITY_EVEN }, third = 3;

    (void)state;
    assert_int_equal(transaction_set_settings(&b.m, SETTING_BAUD, 2, line), MODBUS_OK);
    assert_int_equal(b.board.baud, 38400);
    assert_int_equal(b.board.parity, HAL_PARITY_EVEN);
    assert_int_equal(transaction_set_settings(&b.m, SETTING_CT_SECONDARY, 1, &third),
                     MODBUS_OK);
    assert_int_equal(b.board.ct_range, HAL_CT_THIRD_V);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_is_seen_before_the_commit, fresh),
        cmocka_unit_test_setup(settings_are_judged_together, fresh),
        cmocka_unit_test_setup(a_run_of_settings_is_all_or_nothing, fresh),
        cmocka_unit_test_setup(what_is_as_before_is_not_written, fresh),
        cmocka_unit_test_setup(a_silent_chip_changes_nothing, fresh),
        cmocka_unit_test_setup(commands_of_the_models, fresh),
        cmocka_unit_test_setup(the_board_follows, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
