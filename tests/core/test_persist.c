/* What is stored, when, and what a meter says of what it has lost. */
#include "core/persist.h"
#include "core/records.h"
#include "tests/support/bench.h"

static struct bench b;

static int fresh(void **state)
{
    (void)state;
    bench_start(&b, 40);
    return 0;
}

static void energy_outlasts_power(void **state)
{
    (void)state;
    b.m.energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT] = 123456;
    b.m.demand.maxima.import_uw[DEMAND_KW] = 789;
    b.m.pulse.channel[0] = (struct pulse_channel){ .count = 5, .due = 3, .given = 1 };
    assert_int_equal(persist_energy(&b.m), 0);
    bench_power_up(&b);
    assert_int_equal(b.m.energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT], 123456);
    assert_int_equal(b.m.demand.maxima.import_uw[DEMAND_KW], 789);
    assert_int_equal(b.m.pulse.channel[0].count, 7); /* those due count as given */
}

/* The overrun stands where there was a gap of zeros: records from before it say none. */
static void the_record_of_energy_is_as_it_was(void **state)
{
    (void)state;
    assert_int_equal(sizeof(struct stored_energy), 464);
    assert_int_equal(offsetof(struct stored_energy, energy.overrun), 388);
    assert_int_equal(offsetof(struct stored_energy, pulse_rest_uj), 392);
}

/* As the structs stand in the memory of the target, a little-endian processor, and byte
 * by byte the same from any other: content whose bytes are counted up is stored so. */
static void records_are_stored_little_endian(void **state)
{
    static const struct {
        enum nvm_record record;
        const struct nvm_layout *layout;
        uint32_t address, size;
    } records[] = {
        { NVM_SETTINGS, &settings_layout, 0x000, sizeof(struct settings) },
        { NVM_CALIBRATION, &calibration_layout, 0x200, sizeof(struct calibration) },
        { NVM_COUNTERS, &counters_layout, 0x300, sizeof(struct counters) },
        { NVM_SEAL, &seal_layout, 0x380, sizeof(struct seal) },
        { NVM_LOG, &log_state_layout, 0xC00, sizeof(struct log_state) },
    };
    struct counters counters = { 0x01020304, 0x0A0B0C0D };
    uint64_t stored[32], loaded[32]; /* aligned for any record */

    (void)state;
    for (unsigned k = 0; k < sizeof records / sizeof *records; k++) {
        struct nvm n = { .lost = 0 };
        for (unsigned byte = 0; byte < sizeof stored; byte++)
            ((uint8_t *)stored)[byte] = (uint8_t)(3 * byte + k);
        memset(b.board.nvm, 0, sizeof b.board.nvm);
        nvm_save(&n, &b.board, records[k].record, records[k].layout, stored);
        const uint8_t *slot = b.board.nvm + records[k].address;
        assert_int_equal(slot[6] | slot[7] << 8, records[k].size);
        assert_true(
            nvm_load(&n, &b.board, records[k].record, records[k].layout, loaded));
        assert_memory_equal(loaded, stored, records[k].size);
    }
    struct nvm n = { .lost = 0 };
    nvm_save(&n, &b.board, NVM_COUNTERS, &counters_layout, &counters);
    assert_memory_equal(b.board.nvm + 0x308 + 64, "\4\3\2\1\15\14\13\12", 8);
}

/* The energy is one of the meter's own: every number of it, and zeros where it has none. */
static void the_energy_is_stored_little_endian(void **state)
{
    struct stored_energy stored, loaded;
    struct nvm n = { .lost = 0 };

    (void)state;
    memset(&stored, 0x5A, sizeof stored);
    memset(&loaded, 0, sizeof loaded);
    memset(b.board.nvm, 0, sizeof b.board.nvm);
    nvm_save(&n, &b.board, NVM_ENERGY, &stored_energy_layout, &stored);
    assert_true(nvm_load(&n, &b.board, NVM_ENERGY, &stored_energy_layout, &loaded));
    assert_memory_equal(&loaded, &stored, sizeof stored);
}

static void power_ups_are_counted_to_32767(void **state)
{
    (void)state;
    assert_int_equal(b.m.counters.power_ups, 1);
    bench_power_up(&b);
    assert_int_equal(b.m.counters.power_ups, 2);
    b.m.counters.power_ups = 32767;
    persist_power_up(&b.m);
    assert_int_equal(b.m.counters.power_ups, 0);
}

/* A record with a sound CRC, but a setting that no meter could have. */
static void impossible_settings_are_defaults(void **state)
{
    struct settings s = b.m.settings;

    (void)state;
    s.value[SETTING_SYSTEM_TYPE] = 13;
    s.value[SETTING_CT_PRIMARY] = 400;
    assert_int_equal(nvm_save(&b.m.nvm, &b.board, NVM_SETTINGS, &settings_layout, &s),
                     0);
    bench_power_up(&b);
    assert_int_equal(b.m.settings.value[SETTING_SYSTEM_TYPE], 40);
    assert_int_equal(b.m.settings.value[SETTING_CT_PRIMARY], 400);
}

static void a_silent_chip_is_no_new_meter(void **state)
{
    (void)state;
    b.board.refuses = true;
    assert_int_equal(persist_load(&b.m), -1);
    assert_true(persist_in_trouble(&b.m));
    b.board.refuses = false;
    assert_int_equal(persist_load(&b.m), 0);
    assert_false(persist_in_trouble(&b.m));
}

/* Both copies are gone: remembered over power cycles, until new content stands there. */
static void losses_are_remembered(void **state)
{
    (void)state;
    memset(b.board.nvm, 0x5A, 0x200); /* the settings' two slots */
    bench_power_up(&b);
    assert_true(persist_has_lost(&b.m, NVM_SETTINGS));
    assert_false(persist_has_lost(&b.m, NVM_ENERGY));
    bench_power_up(&b);
    assert_true(persist_has_lost(&b.m, NVM_SETTINGS));
    persist_accept(&b.m, NVM_ENERGY);
    assert_true(persist_in_trouble(&b.m));
    assert_int_equal(
        nvm_save(&b.m.nvm, &b.board, NVM_SETTINGS, &settings_layout, &b.m.settings), 0);
    persist_accept(&b.m, NVM_SETTINGS);
    assert_false(persist_in_trouble(&b.m));
    bench_power_up(&b);
    assert_false(persist_in_trouble(&b.m));
}

/* One slot a second, of the four records with two copies: all within eight. */
static void copies_are_scrubbed(void **state)
{
    (void)state;
    bench_set(&b, 131, 400); /* the settings are stored */
    b.board.nvm[12] ^= 0xFF;
    b.board.nvm[0x100 + 13] ^= 0xFF;
    uint8_t before[0x200];
    memcpy(before, b.board.nvm, sizeof before);
    for (b.m.seconds = 1; b.m.seconds <= 10; b.m.seconds++)
        persist_second(&b.m);
    assert_memory_not_equal(b.board.nvm, before, sizeof before);
    assert_memory_equal(b.board.nvm, b.board.nvm + 0x100, 64);
    bench_power_up(&b);
    assert_false(persist_in_trouble(&b.m));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(energy_outlasts_power, fresh),
        cmocka_unit_test_setup(the_record_of_energy_is_as_it_was, fresh),
        cmocka_unit_test_setup(records_are_stored_little_endian, fresh),
        cmocka_unit_test_setup(the_energy_is_stored_little_endian, fresh),
        cmocka_unit_test_setup(power_ups_are_counted_to_32767, fresh),
        cmocka_unit_test_setup(impossible_settings_are_defaults, fresh),
        cmocka_unit_test_setup(a_silent_chip_is_no_new_meter, fresh),
        cmocka_unit_test_setup(losses_are_remembered, fresh),
        cmocka_unit_test_setup(copies_are_scrubbed, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
