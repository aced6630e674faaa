/* Accumulators: nothing is lost in the remainder, nothing leaks into a neighbour. */
#include "core/energy.h"
#include "tests/support/check.h"

static struct random dice = { 5 };

static void small_amounts_add_up(void **state)
{
    struct energy e = { 0 };
    u128 sum = 0;

    (void)state;
    for (int n = 0; n < 100000; n++) {
        uint64_t uj = random_length(&dice) >> 20;
        energy_add(&e, 1, ENERGY_Q3, uj);
        sum += uj;
    }
    assert_true((u128)e.mwh[1][ENERGY_Q3] * 3600000 + e.rest_uj[1][ENERGY_Q3] == sum);
    assert_true(e.rest_uj[1][ENERGY_Q3] < 3600000);
}

static void accumulators_are_apart(void **state)
{
    (void)state;
    for (int owner = 0; owner < ENERGY_OWNERS; owner++)
        for (int kind = 0; kind < ENERGY_KINDS; kind++) {
            struct energy e = { 0 };
            energy_add(&e, owner, (enum energy_kind)kind, 3600000ull * 77 + 5);
            for (int o = 0; o < ENERGY_OWNERS; o++)
                for (int k = 0; k < ENERGY_KINDS; k++) {
                    bool here = o == owner && k == kind;
                    assert_int_equal(e.mwh[o][k], here ? 77 : 0);
                    assert_int_equal(e.rest_uj[o][k], here ? 5 : 0);
                }
        }
}

static void net_is_import_less_export(void **state)
{
    struct energy e = { 0 };

    (void)state;
    energy_add(&e, ENERGY_TOTAL, ENERGY_IMPORT, 3600000ull * 100);
    energy_add(&e, ENERGY_TOTAL, ENERGY_EXPORT, 3600000ull * 350);
    energy_add(&e, ENERGY_TOTAL, ENERGY_S_IMPORT, 3600000ull * 500);
    energy_add(&e, ENERGY_TOTAL, ENERGY_S_EXPORT, 3600000ull * 120);
    assert_int_equal(energy_net(&e, ENERGY_IMPORT, ENERGY_EXPORT), -250);
    assert_int_equal(energy_net(&e, ENERGY_S_IMPORT, ENERGY_S_EXPORT), 380);
}

static void a_reset_clears_and_is_counted(void **state)
{
    struct energy e = { 0 };

    (void)state;
    for (int owner = 0; owner < ENERGY_OWNERS; owner++)
        for (int kind = 0; kind < ENERGY_KINDS; kind++)
            energy_add(&e, owner, (enum energy_kind)kind, 123456789);
    e.resets = 41;
    energy_reset(&e);
    assert_int_equal(e.resets, 42);
    for (int owner = 0; owner < ENERGY_OWNERS; owner++)
        for (int kind = 0; kind < ENERGY_KINDS; kind++) {
            assert_int_equal(e.mwh[owner][kind], 0);
            assert_int_equal(e.rest_uj[owner][kind], 0);
        }
    e.resets = 32767; /* register 147 ends at 32767 */
    energy_reset(&e);
    assert_true(e.resets <= 32767);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_amounts_add_up),
        cmocka_unit_test(accumulators_are_apart),
        cmocka_unit_test(net_is_import_less_export),
        cmocka_unit_test(a_reset_clears_and_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
