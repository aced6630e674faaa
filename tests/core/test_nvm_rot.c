/* Bits of FRAM that rot: any single one, of any record and any entry of the logs, is
 * mended, or what it stood in is reported lost; nothing wrong is served. */
#include "core/alert.h"
#include "core/log.h"
#include "core/log_entry.h"
#include "core/records.h"
#include "tests/support/fram_board.h"

#include "tests/support/bench.h"

static struct hal board;
static struct bench b;

static int fresh(void **state)
{
    (void)state;
    fake_board_start(&board);
    return 0;
}

static void save(struct nvm *n, enum nvm_record record, uint8_t mark, uint32_t size)
{
    uint8_t data[256];

    memset(data, mark, size);
    assert_int_equal(nvm_save(n, &board, record, BYTES(size), data), 0);
}

/* Where records stand, as docs/nvm.md says. */
static const struct {
    uint32_t address, slot;
} places[NVM_RECORDS] = {
    { 0x000, 256 },  { 0x200, 128 }, { 0x300, 64 },
    { 0x400, 1024 }, { 0xC00, 64 },  { 0x380, 64 },
};

static void flip(uint32_t bit)
{
    board.nvm[bit / 8] ^= (uint8_t)(1 << bit % 8);
}

/* What a meter that forgot all would load and say of it. */
static int load_anew(enum nvm_record record, uint32_t size, struct nvm *n)
{
    uint8_t data[256];

    memset(n, 0, sizeof *n);
    return nvm_load(n, &board, record, BYTES(size), data) ? data[0] : -1;
}

/* Any bit of either slot, the older or the newest: the newest content is served. */
static void any_wrong_bit_is_mended(void **state)
{
    const uint32_t bits = 8 * (16 + 13);

    (void)state;
    for (int record = 0; record < NVM_RECORDS; record++)
        for (uint8_t saves = 2; saves < 5; saves++) {
            struct nvm n = { .lost = 0 };
            fresh(NULL);
            for (uint8_t mark = 1; mark <= saves; mark++)
                save(&n, (enum nvm_record)record, mark, 16);
            for (uint32_t k = 0; k < 2 * bits; k++) {
                uint32_t at = 8 * (places[record].address +
                                   (k < bits ? 0 : places[record].slot)) +
                              k % bits;
                flip(at);
                assert_int_equal(load_anew((enum nvm_record)record, 16, &n), saves);
                assert_int_equal(n.lost, 0);
                flip(at);
            }
        }
}

/* Two wrong bits of one slot are beyond the CRC: the second copy stands in, energy goes
 * back to the second before and is reported. */
static void two_wrong_bits_are_known(void **state)
{
    const uint32_t bits = 8 * (16 + 12); /* all but the last byte */
    int reported = 0;

    (void)state;
    for (int record = 0; record < NVM_RECORDS; record++) {
        struct nvm n = { .lost = 0 };
        for (uint8_t mark = 1; mark <= 4; mark++)
            save(&n, (enum nvm_record)record, mark, 16);
        for (uint32_t k = 8; k < bits * bits; k += 3) {
            uint32_t slot =
                8 * (places[record].address + (k & 1 ? 0 : places[record].slot));
            uint32_t first = k % bits, second = k / bits;
            if (first < 8 || second < 8 || first == second)
                continue; /* such a slot passes for one torn by a power cut */
            flip(slot + first);
            flip(slot + second);
            int got = load_anew((enum nvm_record)record, 16, &n);
            assert_true(got == 4 || (got == 3 && n.lost == 1 << record));
            assert_true(got == 4 || record == NVM_ENERGY);
            reported += got == 3;
            flip(slot + first);
            flip(slot + second);
        }
    }
    assert_true(reported > 5000);
}

/* Not one record of a chip that is damaged all over is served, and all say so. */
static void what_cannot_be_mended_is_reported(void **state)
{
    (void)state;
    for (int record = 0; record < NVM_RECORDS; record++) {
        struct nvm n = { .lost = 0 };
        for (uint8_t mark = 1; mark <= 4; mark++)
            save(&n, (enum nvm_record)record, mark, 16);
        for (int slot = 0; slot < 2; slot++)
            for (uint32_t k = 10; k < 20; k++)
                board.nvm[places[record].address +
                          (uint32_t)slot * places[record].slot + k] ^= 0x5A;
        assert_int_equal(load_anew((enum nvm_record)record, 16, &n), -1);
        assert_int_equal(n.lost, 1 << record);
    }
}

static void a_rotten_copy_is_written_anew(void **state)
{
    struct nvm n = { .lost = 0 };
    uint8_t data[16];

    (void)state;
    save(&n, NVM_SETTINGS, 1, 16);
    save(&n, NVM_SETTINGS, 2, 16);
    struct hal good = board;
    memset(data, 2, sizeof data);
    for (int slot = 0; slot < 2; slot++) {
        nvm_scrub(&n, &board, NVM_SETTINGS, slot, BYTES(16), data);
        assert_int_equal(board.writes, good.writes); /* nothing to do */
        memset(board.nvm + 256 * slot + 4, 0xA5, 20);
        nvm_scrub(&n, &board, NVM_SETTINGS, slot, BYTES(16), data);
        assert_memory_equal(board.nvm, good.nvm, sizeof good.nvm);
        board.writes = good.writes;
    }
}

/* --- the whole meter --- */

/* All that a client can read, but the status of the logs, which tells of the start. */
struct view {
    uint16_t word[178 + 80];
    uint16_t page[LOGS];
    struct energy energy;
    struct settings settings;
    struct calibration calibration;
    struct demand_maxima maxima;
    uint32_t pulses[2];
};

static void take_view(struct view *v)
{
    memset(v, 0, sizeof *v);
    for (int reg = 1; reg <= 178; reg++)
        if ((reg < 113 || reg > 128) && reg != 152 && reg != 160)
            v->word[reg - 1] = bench_read(&b, (uint16_t)reg);
    for (int k = 0; k < 80; k += 40)
        assert_int_equal(
            bench_read_many(&b, (uint16_t)(257 + k), 40, v->word + 178 + k), 0);
    for (int log = 0; log < LOGS; log++)
        assert_int_equal(log_entry_read(&b.m.nvm, b.m.hal, log, b.m.log.state.next - 1u,
                                        1, v->page + log),
                         0);
    v->energy = b.m.energy;
    v->settings = b.m.settings;
    v->calibration = b.m.calibration;
    v->maxima = b.m.demand.maxima;
    v->pulses[0] = b.m.pulse.channel[0].count;
    v->pulses[1] = b.m.pulse.channel[1].count;
}

/* A meter with content in every kind of record. */
static void start_full(void)
{
    struct calibration c = { .gain_ppm = { 77 } };
    struct waves w;

    bench_start(&b, 40);
    bench_set(&b, 131, 200);
    bench_set(&b, 144, 10);
    bench_set(&b, 150, 10);
    bench_set(&b, 150, 11);
    assert_int_equal(meter_calibrate(&b.m, &c), 0);
    waves_set_balanced(&w, 60, 277, 90, 30, 3);
    bench_seconds(&b, &w, 25);
    assert_int_equal(b.m.log.state.shown, 2);
}

/* Every bit of all that lies below the logs, one at a time, meter off: what is read
 * after power-up, or two seconds later, is what it was. */
static void every_bit_below_the_logs(void **state)
{
    static struct bench before;
    static struct view truth, now;
    uint32_t bits = 0, told = 0;

    (void)state;
    start_full();
    before = b;
    bench_power_up(&b);
    take_view(&truth);
    assert_true(truth.energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT] > 100000);
    for (uint32_t byte = 0; byte < LOG_ADDRESS; byte++) {
        bool used = before.board.nvm[byte] != 0xFF;
        for (int bit = 0; bit < 8; bit++) {
            if (!used && bit != (int)(byte % 8))
                continue;
            b.board = before.board;
            b.board.nvm[byte] ^= (uint8_t)(1 << bit);
            bench_power_up(&b);
            take_view(&now);
            bool same = !memcmp(&now, &truth, sizeof now);
            bool reported = (b.m.alerts & ALERT_FAULT) != 0;
            if (!same && !reported)
                fail_msg("bit %d of byte 0x%04x is served as truth", bit, byte);
            assert_true(same); /* one bit is always mended */
            told += reported;
            bits++;
        }
    }
    assert_int_equal(told, 0);
    print_message("every bit below the logs: %u bits, %u restarts, all mended\n", bits,
                  bits);
}

/* Ten seconds of a running meter write every copy anew that was damaged. */
static void copies_are_mended_within_seconds(void **state)
{
    static const uint32_t at[] = { 0x0010, 0x0110, 0x0210, 0x0290, 0x0309,
                                   0x0349, 0x0410, 0x0810, 0x0C10, 0x0C50 };

    (void)state;
    for (unsigned k = 0; k < sizeof at / sizeof *at; k++) {
        start_full();
        b.board.nvm[at[k]] ^= 0x3C;
        uint8_t rotten = b.board.nvm[at[k]];
        bench_silence(&b, 10);
        struct nvm n = { .lost = 0 };
        uint8_t data[sizeof(struct settings)];
        assert_true(nvm_load(&n, &b.board, NVM_SETTINGS, &settings_layout, data));
        assert_memory_equal(data, &b.m.settings, sizeof data);
        if (at[k] < 0x400 || at[k] >= 0xC00)
            assert_int_not_equal(b.board.nvm[at[k]], rotten);
        bench_power_up(&b);
        assert_int_equal(b.m.alerts & ALERT_FAULT, 0);
    }
}

/* --- entries of the logs --- */

static void fill_logs(void)
{
    bench_start(&b, 40);
    for (int end = 0; end < LOG_RING + 5; end++) {
        for (int q = 0; q < QUANTITIES; q++)
            b.m.reading[q] = (end * 7919ll + q) * 10000;
        log_subinterval(&b.m);
    }
}

static uint16_t truth[LOGS][LOG_ENTRIES], now[LOG_ENTRIES];

static void read_log(int log, uint16_t *words)
{
    b.m.settings.value[SETTING_LOG_PAGE] = (uint16_t)(log + 1);
    assert_int_equal(log_read(&b.m, 0, LOG_ENTRIES, words), 0);
}

/* All bits of all entries: groups of them at once, no two in one entry. */
static void every_bit_of_the_logs(void **state)
{
    int flips = 0;

    (void)state;
    fill_logs();
    for (int log = 0; log < LOGS; log++)
        read_log(log, truth[log]);
    static struct hal good;
    good = b.board;
    for (uint32_t bit = 0; bit < 24; bit++) {
        for (uint32_t k = 0; k < LOGS * LOG_RING; k++, flips++)
            b.board.nvm[LOG_ADDRESS + 3 * k + (bit + k) % 24 / 8] ^=
                (uint8_t)(1 << (bit + k) % 8);
        for (int log = 0; log < LOGS; log++) {
            read_log(log, now);
            assert_memory_equal(now, truth[log], sizeof now);
        }
        assert_int_equal(b.m.nvm.lost, 0);
        b.board = good;
    }
    print_message("every bit of the logs: %d bits, all mended\n", flips);
}

/* Any two bits of an entry: it reads 0x8000, its neighbours are right, bit 7 of 146
 * tells, over power cycles, until the logs are reset. */
static void two_bits_of_an_entry_are_reported(void **state)
{
    (void)state;
    fill_logs();
    read_log(3, truth[3]);
    for (uint32_t first = 0; first < 24; first++)
        for (uint32_t second = 0; second < first; second++) {
            uint32_t place = (b.m.log.state.next + LOG_RING - 1u - 17) % LOG_RING;
            uint8_t *entry = b.board.nvm + LOG_ADDRESS + 3 * (3 * LOG_RING + place);
            entry[first / 8] ^= (uint8_t)(1 << first % 8);
            entry[second / 8] ^= (uint8_t)(1 << second % 8);
            b.m.nvm.lost = 0;
            read_log(3, now);
            assert_int_equal(now[17], 0x8000);
            now[17] = truth[3][17];
            assert_memory_equal(now, truth[3], sizeof now);
            assert_int_equal(b.m.nvm.lost, 1 << NVM_LOG);
            entry[first / 8] ^= (uint8_t)(1 << first % 8);
            entry[second / 8] ^= (uint8_t)(1 << second % 8);
        }
    bench_silence(&b, 1);
    assert_int_equal(bench_read(&b, 146) & ALERT_FAULT, ALERT_FAULT);
    bench_power_up(&b);
    assert_int_equal(bench_read(&b, 146), ALERT_FAULT);
    bench_set(&b, 129, 16640);
    bench_silence(&b, 1);
    assert_int_equal(bench_read(&b, 146) & ALERT_FAULT, 0);
}

/* A lap over all entries puts every wrong bit right, though nobody reads them. */
static void entries_are_mended_within_a_lap(void **state)
{
    static struct hal good;

    (void)state;
    fill_logs();
    good = b.board;
    for (uint32_t k = 0; k < LOGS * LOG_RING; k += 7)
        b.board.nvm[LOG_ADDRESS + 3 * k + k % 3] ^= (uint8_t)(1 << k % 8);
    for (int second = 0; second < 3700; second++)
        log_entry_scrub(&b.m.log, &b.m.nvm, b.m.hal);
    int wrong = 0;
    for (uint32_t k = 0; k < LOG_BYTES; k++)
        wrong += b.board.nvm[LOG_ADDRESS + k] != good.nvm[LOG_ADDRESS + k];
    assert_in_range(wrong, 0, 2 * LOGS); /* the two places that nobody sees */
    assert_int_equal(b.m.nvm.lost, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(any_wrong_bit_is_mended, fresh),
        cmocka_unit_test_setup(two_wrong_bits_are_known, fresh),
        cmocka_unit_test_setup(what_cannot_be_mended_is_reported, fresh),
        cmocka_unit_test_setup(a_rotten_copy_is_written_anew, fresh),
        cmocka_unit_test(every_bit_below_the_logs),
        cmocka_unit_test(copies_are_mended_within_seconds),
        cmocka_unit_test(every_bit_of_the_logs),
        cmocka_unit_test(two_bits_of_an_entry_are_reported),
        cmocka_unit_test(entries_are_mended_within_a_lap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
