/* Nonvolatile records: newest whole slot wins, a cut at any byte of a save leaves the
 * old or the new content, and a chip that does not answer is reported. */
#include "core/alert.h"
#include "core/persist.h"
#include "tests/support/bench.h"

static struct hal board;
static struct bench b;

static int fresh(void **state)
{
    (void)state;
    fake_board_start(&board);
    return 0;
}

static void an_empty_chip_holds_nothing(void **state)
{
    struct nvm n = { .lost = 0 };
    uint8_t data[20], before[20];

    (void)state;
    memset(data, 0x5A, sizeof data);
    memcpy(before, data, sizeof data);
    for (int record = 0; record < NVM_RECORDS; record++)
        assert_false(
            nvm_load(&n, &board, (enum nvm_record)record, BYTES(sizeof data), data));
    memset(board.nvm, 0, sizeof board.nvm);
    for (int record = 0; record < NVM_RECORDS; record++)
        assert_false(
            nvm_load(&n, &board, (enum nvm_record)record, BYTES(sizeof data), data));
    assert_memory_equal(data, before, sizeof data);
}

/* Saves content `mark` of a record and loads it through a meter that forgot all. */
static void save(struct nvm *n, enum nvm_record record, uint8_t mark, uint32_t size)
{
    uint8_t data[256];

    memset(data, mark, size);
    assert_int_equal(nvm_save(n, &board, record, BYTES(size), data), 0);
}

static int load(enum nvm_record record, uint32_t size)
{
    struct nvm forgotten = { .lost = 0 };
    uint8_t data[256];

    if (!nvm_load(&forgotten, &board, record, BYTES(size), data))
        return -1;
    for (uint32_t n = 1; n < size; n++)
        assert_int_equal(data[n], data[0]);
    return data[0];
}

static void the_newest_wins_and_records_are_apart(void **state)
{
    static const uint32_t size[NVM_RECORDS] = { 50, 40, 4, 256, 32, 12 };
    struct nvm n = { .lost = 0 };

    (void)state;
    for (uint8_t round = 1; round <= 20; round++) {
        for (int record = 0; record < NVM_RECORDS; record++)
            save(&n, (enum nvm_record)record, (uint8_t)(round * 8 + record),
                 size[record]);
        for (int record = 0; record < NVM_RECORDS; record++)
            assert_int_equal(load((enum nvm_record)record, size[record]),
                             round * 8 + record);
    }
}

static void another_size_is_not_taken(void **state)
{
    struct nvm n = { .lost = 0 };

    (void)state;
    save(&n, NVM_SETTINGS, 7, 50);
    assert_int_equal(load(NVM_SETTINGS, 48), -1);
    assert_int_equal(load(NVM_SETTINGS, 50), 7);
}

/* Cut after every number of bytes, from power-up to power-up, over many saves. */
static void a_cut_leaves_the_old_or_the_new(void **state)
{
    struct nvm n = { .lost = 0 };

    (void)state;
    for (int mark = 1; mark < 6; mark++) {
        struct hal before = board;
        struct nvm known = n;
        save(&n, NVM_SETTINGS, (uint8_t)mark, 60);
        uint32_t size = board.bytes - before.bytes;
        for (uint32_t cut = 0; cut < size; cut++) {
            board = before;
            n = known;
            board.dies = true;
            board.bytes_left = cut;
            save(&n, NVM_SETTINGS, (uint8_t)mark, 60);
            int got = load(NVM_SETTINGS, 60);
            assert_true(got == mark || got == (mark == 1 ? -1 : mark - 1));
        }
        board = before;
        n = known;
        save(&n, NVM_SETTINGS, (uint8_t)mark, 60);
        assert_int_equal(load(NVM_SETTINGS, 60), mark);
    }
}

/* After a cut, the meter saves again over the broken slot, never over the good one. */
static void saving_goes_on_after_a_cut(void **state)
{
    struct nvm n = { .lost = 0 };
    uint8_t data[60];

    (void)state;
    save(&n, NVM_SETTINGS, 1, 60);
    save(&n, NVM_SETTINGS, 2, 60);
    board.dies = true;
    board.bytes_left = 30;
    save(&n, NVM_SETTINGS, 3, 60);
    board.dies = false;
    memset(&n, 0, sizeof n);
    assert_true(nvm_load(&n, &board, NVM_SETTINGS, BYTES(60), data));
    assert_int_equal(data[0], 2);
    board.dies = true;
    board.bytes_left = 11;
    save(&n, NVM_SETTINGS, 4, 60);
    assert_int_equal(load(NVM_SETTINGS, 60), 2);
    board.dies = false;
    memset(&n, 0, sizeof n);
    assert_true(nvm_load(&n, &board, NVM_SETTINGS, BYTES(60), data));
    save(&n, NVM_SETTINGS, 5, 60);
    assert_int_equal(load(NVM_SETTINGS, 60), 5);
}

static void a_chip_that_refuses_is_reported(void **state)
{
    struct nvm n = { .lost = 0 };
    uint8_t data[16] = { 9 };

    (void)state;
    save(&n, NVM_COUNTERS, 1, 16);
    board.refuses = true;
    assert_int_equal(nvm_save(&n, &board, NVM_COUNTERS, BYTES(16), data), -1);
    board.refuses = false;
    save(&n, NVM_COUNTERS, 2, 16);
    assert_int_equal(load(NVM_COUNTERS, 16), 2);
}

/* --- the same through the meter --- */

/* Pulses of 10 Wh and what is left of one make up the energy, to the µJ. */
static void check_export_pulses(const struct energy *energy)
{
    const struct pulse_channel *c = &b.m.pulse.channel[1];
    u128 uj = (u128)energy->mwh[ENERGY_TOTAL][ENERGY_EXPORT] * 3600000 +
              energy->rest_uj[ENERGY_TOTAL][ENERGY_EXPORT];

    assert_true(c->count > 2);
    assert_true((u128)c->count * 36000000000 + c->rest_uj == uj);
}

static void settings_and_energy_survive(void **state)
{
    struct waves w;

    (void)state;
    bench_start(&b, 31);
    bench_set(&b, 142, 33);
    bench_set(&b, 144, 10);
    waves_set_balanced(&w, 60, 277, 90, 200, 3);
    bench_seconds(&b, &w, 4);
    struct energy energy = b.m.energy;
    struct settings settings = b.m.settings;
    b.m.demand.maxima.export_uw[0] = -5;
    assert_int_equal(persist_energy(&b.m), 0);
    memset(&b.m, 0xEE, sizeof b.m);
    bench_power_up(&b);
    assert_memory_equal(&b.m.energy, &energy, sizeof energy);
    assert_memory_equal(&b.m.settings, &settings, sizeof settings);
    check_export_pulses(&energy);
    assert_int_equal(b.m.demand.maxima.export_uw[0], -5);
    assert_int_equal(bench_read(&b, 142), 33);
    assert_int_equal(bench_read(&b, 152), 2);
    assert_true(energy.mwh[ENERGY_TOTAL][ENERGY_EXPORT] > 0);
    assert_int_equal(b.m.reading[Q_KWH_EXPORT],
                     energy.mwh[ENERGY_TOTAL][ENERGY_EXPORT]);
}

static void power_ups_are_counted(void **state)
{
    (void)state;
    bench_start(&b, 40);
    for (int n = 1; n <= 5; n++) {
        assert_int_equal(bench_read(&b, 152), n);
        bench_power_up(&b);
    }
}

/* Power goes inside the write of a setting, at every byte. */
static void a_setting_is_written_whole_or_not_at_all(void **state)
{
    struct hal before;

    (void)state;
    bench_start(&b, 40);
    bench_set(&b, 142, 20);
    before = b.board;
    for (uint32_t cut = 0; cut < 200; cut++) {
        b.board = before;
        bench_power_up(&b);
        b.board.dies = true;
        b.board.bytes_left = cut;
        uint16_t both[] = { 30, 40 };
        bench_write_many(&b, 142, 2, both);
        b.board.dies = false;
        bench_power_up(&b);
        uint16_t volt = bench_read(&b, 142), imbalance = bench_read(&b, 143);
        assert_true((volt == 20 && imbalance == 25) || (volt == 30 && imbalance == 40));
        if (cut > 150)
            assert_int_equal(volt, 30);
    }
}

/* Power goes inside the save at the end of a second, at every byte: the energy is that
 * of this second or of the one before. */
static void energy_is_of_one_second(void **state)
{
    struct waves w;
    static struct bench before, after;

    (void)state;
    waves_set_balanced(&w, 60, 347, 100, 30, 3);
    bench_start(&before, 40);
    bench_seconds(&before, &w, 3);
    bench_feed(&before, &w, HAL_SAMPLE_RATE - BLOCK);
    before.m.hal = &before.board;
    after = before;
    after.m.hal = &after.board;
    uint32_t bytes = after.board.bytes;
    bench_feed(&after, &w, BLOCK);
    bytes = after.board.bytes - bytes;
    assert_true(bytes > 300);
    for (uint32_t cut = 0; cut <= bytes; cut++) {
        b = before;
        b.m.hal = &b.board;
        b.board.dies = true;
        b.board.bytes_left = cut;
        bench_feed(&b, &w, BLOCK);
        b.board.dies = false;
        bench_power_up(&b);
        bool old = !memcmp(&b.m.energy, &before.m.energy, sizeof b.m.energy);
        bool new = !memcmp(&b.m.energy, &after.m.energy, sizeof b.m.energy);
        assert_true(old || new);
    }
}

static void a_refused_setting_changes_nothing(void **state)
{
    (void)state;
    bench_start(&b, 40);
    struct meter before = b.m;
    b.board.refuses = true;
    assert_int_equal(bench_write(&b, 131, 200), 4);
    assert_int_equal(bench_write(&b, 130, 31), 4);
    assert_true(b.m.nvm.silent);
    before.nvm.silent = true;
    assert_memory_equal(&b.m, &before, sizeof before);
    b.board.refuses = false;
    bench_set(&b, 131, 200);
    bench_power_up(&b);
    assert_int_equal(bench_read(&b, 131), 200);
}

/* The chip falls silent for three seconds: metering goes on, bit 7 of 146 stands, no
 * write is answered as done, and what was counted meanwhile is kept afterwards. */
static void metering_outlives_a_silent_chip(void **state)
{
    struct waves w;

    (void)state;
    bench_start(&b, 40);
    waves_set_balanced(&w, 60, 277, 90, 30, 3);
    bench_seconds(&b, &w, 2);
    int64_t before = b.m.reading[Q_KWH_IMPORT];
    b.board.refuses = true;
    bench_seconds(&b, &w, 3);
    assert_true(b.m.reading[Q_KWH_IMPORT] > 2 * before);
    assert_int_equal(bench_read(&b, 146), ALERT_FAULT);
    assert_int_equal(bench_write(&b, 142, 20), 4);
    assert_int_equal(bench_write(&b, 129, 30078), 4);
    assert_int_equal(bench_write(&b, 129, 21212), 4);
    assert_int_equal(bench_write(&b, 129, 16640), 4);
    assert_int_equal(bench_write(&b, 129, 16498), 4);
    assert_int_equal(bench_read(&b, 142), 10);
    b.board.refuses = false;
    bench_seconds(&b, &w, 1);
    assert_int_equal(bench_read(&b, 146), 0);
    int64_t after = b.m.reading[Q_KWH_IMPORT];
    bench_power_up(&b);
    assert_true(b.m.reading[Q_KWH_IMPORT] == after);
    assert_int_equal(bench_read(&b, 142), 10);
}

/* Silent at power-up: neither defaults nor zeros are served, nothing is overwritten,
 * and the meter starts as at power-up when the chip answers. */
static void a_start_without_the_chip_waits_for_it(void **state)
{
    struct waves w;
    uint16_t word[2];

    (void)state;
    bench_start(&b, 40);
    bench_set(&b, 131, 200);
    waves_set_balanced(&w, 60, 277, 90, 30, 3);
    bench_seconds(&b, &w, 3);
    int64_t kept = b.m.reading[Q_KWH_IMPORT];
    b.board.refuses = true;
    memset(b.board.output, 0, sizeof b.board.output);
    bench_power_up(&b);
    bench_seconds(&b, &w, 2);
    assert_int_equal(bench_read_many(&b, 3, 1, word), 4);
    assert_int_equal(bench_read_many(&b, 131, 1, word), 4);
    assert_int_equal(bench_read_many(&b, 40001, 2, word), 4);
    assert_int_equal(bench_read(&b, 146), ALERT_FAULT);
    assert_int_equal(bench_write(&b, 131, 300), 4);
    assert_int_equal(bench_write(&b, 129, 21211), 4);
    assert_int_equal(b.m.rtu.address, 0); /* nobody's */
    assert_false(b.board.output[HAL_ALARM_CONTACT]);
    b.board.refuses = false;
    bench_seconds(&b, &w, 1);
    assert_true(b.m.reading[Q_KWH_IMPORT] == kept);
    assert_int_equal(bench_read(&b, 131), 200);
    assert_int_equal(bench_read(&b, 146), 0);
    assert_int_equal(bench_read(&b, 152), 2);
    assert_int_equal(b.m.rtu.address, 1);
    assert_true(b.board.output[HAL_ALARM_CONTACT]);
    bench_seconds(&b, &w, 2);
    assert_true(b.m.reading[Q_KWH_IMPORT] > kept);
}

/* Both copies of the settings are gone: bit 7 of 146 stands, over power cycles, until a
 * setting is written, be it the one that is there. */
static void loss_is_told_until_settings_are_written(void **state)
{
    (void)state;
    bench_start(&b, 40);
    bench_set(&b, 131, 200);
    memset(b.board.nvm + 20, 0x33, 20);
    memset(b.board.nvm + 256 + 20, 0x44, 20);
    for (int n = 0; n < 3; n++) {
        bench_power_up(&b);
        assert_int_equal(bench_read(&b, 131), 100);
        assert_int_equal(bench_read(&b, 146), ALERT_FAULT);
        bench_silence(&b, 2);
        assert_int_equal(bench_read(&b, 146) & ALERT_FAULT, ALERT_FAULT);
    }
    bench_set(&b, 131, 100);
    bench_silence(&b, 1);
    assert_int_equal(bench_read(&b, 146) & ALERT_FAULT, 0);
    bench_power_up(&b);
    assert_int_equal(bench_read(&b, 146), 0);
}

static void a_refused_energy_reset_changes_nothing(void **state)
{
    (void)state;
    bench_start(&b, 40);
    energy_add(&b.m.energy, ENERGY_TOTAL, ENERGY_IMPORT, 3600000ull * 1000000);
    bench_silence(&b, 1);
    b.board.refuses = true;
    assert_int_equal(bench_write(&b, 129, 30078), 4);
    assert_int_equal(bench_read32(&b, 3), 100);
    assert_int_equal(bench_read(&b, 147), 0);
}

static void a_refused_clearing_of_pulses_changes_nothing(void **state)
{
    (void)state;
    bench_start(&b, 40);
    b.m.pulse.channel[0].count = 5;
    bench_silence(&b, 1);
    b.board.refuses = true;
    assert_int_equal(bench_write(&b, 129, 16498), 4);
    assert_int_equal(bench_read32(&b, 39), 5);
}

/* 9.9 kWh of a pulse of 10 kWh: the part of a pulse is energy that will never pulse
 * when power loss forgets it. "None is lost" (docs/decisions.md, Pulses). */
static void part_of_a_pulse_survives(void **state)
{
    (void)state;
    bench_start(&b, 40);
    bench_set(&b, 144, 10000);
    b.m.pulse.channel[0].rest_uj = 3600000000ull * 9900;
    b.m.pulse.channel[1].rest_uj = 3600000000ull * 100;
    bench_silence(&b, 1);
    bench_power_up(&b);
    assert_true(b.m.pulse.channel[0].rest_uj == 3600000000ull * 9900);
    assert_true(b.m.pulse.channel[1].rest_uj == 3600000000ull * 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_empty_chip_holds_nothing, fresh),
        cmocka_unit_test_setup(the_newest_wins_and_records_are_apart, fresh),
        cmocka_unit_test_setup(another_size_is_not_taken, fresh),
        cmocka_unit_test_setup(a_cut_leaves_the_old_or_the_new, fresh),
        cmocka_unit_test_setup(saving_goes_on_after_a_cut, fresh),
        cmocka_unit_test_setup(a_chip_that_refuses_is_reported, fresh),
        cmocka_unit_test(settings_and_energy_survive),
        cmocka_unit_test(power_ups_are_counted),
        cmocka_unit_test(a_setting_is_written_whole_or_not_at_all),
        cmocka_unit_test(energy_is_of_one_second),
        cmocka_unit_test(a_refused_setting_changes_nothing),
        cmocka_unit_test(metering_outlives_a_silent_chip),
        cmocka_unit_test(a_start_without_the_chip_waits_for_it),
        cmocka_unit_test(loss_is_told_until_settings_are_written),
        cmocka_unit_test(a_refused_energy_reset_changes_nothing),
        cmocka_unit_test(a_refused_clearing_of_pulses_changes_nothing),
        cmocka_unit_test(part_of_a_pulse_survives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
