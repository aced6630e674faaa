/* The ten logs as a client meets them: registers 158-178 and the window at 8000. Ends
 * of sub-intervals are called directly, so that 5760 of them cost nothing; the number
 * of an entry stands in register 4 (energy), which log 2 takes by default. */
#include "core/log.h"
#include "tests/support/fram_board.h"

#include "tests/support/bench.h"

static struct bench b;
static uint16_t window[LOG_ENTRIES];
static int ends; /* sub-intervals so far */

static int fresh(void **state)
{
    (void)state;
    bench_start(&b, 40);
    ends = 0;
    return 0;
}

static void end_subintervals(int count)
{
    for (; count; count--) {
        b.m.reading[Q_KWH_IMPORT] = b.m.reading[Q_KWH_NET] = ++ends * 10000ll;
        clock_second(&b.m.clock);
        log_subinterval(&b.m);
    }
}

/* All of the window, as a client reads it; the page is put back. */
static void read_window(uint16_t page)
{
    uint16_t before = b.m.settings.value[SETTING_LOG_PAGE];

    b.m.settings.value[SETTING_LOG_PAGE] = page;
    for (int n = 0; n < LOG_ENTRIES; n += 120)
        assert_int_equal(bench_read_many(&b, (uint16_t)(8000 + n), 120, window + n), 0);
    b.m.settings.value[SETTING_LOG_PAGE] = before;
}

/* Log 2 holds entries newest, newest − 1, … , `count` of them, and then none. */
static void check_log(int newest, int count)
{
    read_window(2);
    for (int n = 0; n < LOG_ENTRIES; n++) {
        uint16_t expected = n < count ? (uint16_t)(newest - n) : 0x8000;
        if (window[n] != expected)
            fail_msg("entry %d is %04x, expected %04x", n, window[n], expected);
    }
}

static void check_counts(uint16_t status, uint16_t wraps, uint16_t entries)
{
    assert_int_equal(bench_read(&b, 160), status);
    assert_int_equal(bench_read(&b, 161), wraps);
    assert_int_equal(bench_read(&b, 163), entries);
}

/* Past the events that come with power-up. */
static void settle(void)
{
    end_subintervals(2);
}

static void a_new_meter(void **state)
{
    static const uint16_t pointers[] = { 3, 4, 5, 6, 29, 30, 31, 155, 156, 157 };

    (void)state;
    assert_int_equal(bench_read(&b, 158), 0);
    assert_int_equal(bench_read(&b, 159), 0);
    check_counts(0, 0, 0);
    assert_int_equal(bench_read(&b, 162), 60);
    assert_int_equal(bench_read32(&b, 164), 0);
    for (int k = 0; k < LOGS; k++)
        assert_int_equal(bench_read(&b, (uint16_t)(169 + k)), pointers[k]);
    for (uint16_t page = 0; page <= LOGS; page++) {
        read_window(page);
        for (int n = 0; n < LOG_ENTRIES; n++)
            assert_int_equal(window[n], 0x8000);
    }
    assert_int_equal(bench_read_many(&b, 13759, 2, window), 2);
    assert_int_equal(bench_write(&b, 8000, 1), 2);
}

static void days_of_history(void **state)
{
    (void)state;
    bench_set(&b, 150, 0);
    assert_int_equal(bench_read(&b, 162), 0);
    bench_set(&b, 150, 10);
    assert_int_equal(bench_read(&b, 162), 0);
    bench_set(&b, 150, 15);
    assert_int_equal(bench_read(&b, 162), 1);
    bench_set(&b, 150, 32767);
    assert_int_equal(bench_read(&b, 162), 2184);
}

static void pointers_allowed(void **state)
{
    (void)state;
    for (uint32_t value = 0; value <= 65535; value++) {
        bool listed = (value >= 1 && value <= 42) || value == 146 ||
                      (value >= 155 && value <= 157) || (value >= 257 && value <= 336);
        uint16_t reg = (uint16_t)(169 + value % LOGS);
        if (bench_write(&b, reg, (uint16_t)value) != (listed ? 0 : 3))
            fail_msg("pointer %u", value);
    }
}

static void every_log_takes_its_register(void **state)
{
    static const uint16_t pointers[] = { 1, 42, 146, 155, 156, 157, 257, 258, 336, 21 };
    uint16_t expected[LOGS];

    (void)state;
    assert_int_equal(bench_write_many(&b, 169, LOGS, pointers), 0);
    b.m.reading[Q_KWH_NET] = 123456789012345;
    b.m.reading[Q_PULSE_COUNT_2] = 77777;
    b.m.reading[Q_KW_TOTAL] = -4560000000;
    b.m.alerts = 0x0203;
    for (int k = 0; k < LOGS; k++)
        expected[k] = bench_read(&b, pointers[k]);
    log_subinterval(&b.m);
    b.m.reading[Q_KW_TOTAL] = 0;
    for (uint16_t page = 1; page <= LOGS; page++) {
        bench_set(&b, 158, page);
        assert_int_equal(bench_read(&b, 8000), expected[page - 1]);
        assert_int_equal(bench_read(&b, 8001), 0x8000);
    }
}

static void stamps_are_those_of_the_newest(void **state)
{
    (void)state;
    end_subintervals(70);
    assert_int_equal(bench_read(&b, 166), 0x0101);
    assert_int_equal(bench_read(&b, 167), 0);
    assert_int_equal(bench_read(&b, 168), 10 << 8 | 1);
    clock_second(&b.m.clock);
    assert_int_equal(bench_read(&b, 168), 10 << 8 | 1);
}

static void continuous_wraps(void **state)
{
    (void)state;
    settle();
    end_subintervals(LOG_ENTRIES - 2);
    check_counts(0, 0, LOG_ENTRIES);
    check_log(LOG_ENTRIES, LOG_ENTRIES);
    assert_int_equal(bench_read32(&b, 164), 0);
    end_subintervals(1);
    check_counts(0, 1, 1);
    check_log(LOG_ENTRIES + 1, LOG_ENTRIES);
    assert_int_equal(bench_read32(&b, 164), LOG_ENTRIES + 1);
    for (int n = 0; n < 7; n++) { /* every place of the rings, and their spare ones */
        end_subintervals(n % 2 ? 1 : LOG_ENTRIES / 2 + n);
        check_log(ends, LOG_ENTRIES);
        assert_int_equal(bench_read(&b, 161) * LOG_ENTRIES + bench_read(&b, 163), ends);
    }
}

static void single_shot_stops_when_full(void **state)
{
    (void)state;
    bench_set(&b, 159, LOG_SINGLE_SHOT);
    settle();
    end_subintervals(LOG_ENTRIES - 3);
    check_counts(0, 0, LOG_ENTRIES - 1);
    end_subintervals(1);
    check_counts(LOG_FULL, 0, LOG_ENTRIES);
    uint16_t stamp = bench_read(&b, 168);
    end_subintervals(5);
    check_counts(LOG_FULL, 5, LOG_ENTRIES);
    check_log(LOG_ENTRIES, LOG_ENTRIES);
    assert_int_equal(bench_read(&b, 168), stamp);
    bench_set(&b, 129, 16640);
    check_counts(0, 0, 0);
    end_subintervals(1);
    check_counts(LOG_WAS_RESET, 0, 1);
}

static void halted_logs_take_nothing(void **state)
{
    (void)state;
    settle();
    bench_set(&b, 159, LOG_HALT);
    end_subintervals(3);
    check_counts(0, 0, 2);
    check_log(2, 2);
    bench_set(&b, 159, 0);
    end_subintervals(1);
    check_counts(LOG_INTERRUPTED, 0, 3);
    read_window(2);
    assert_int_equal(window[0], 6);
    assert_int_equal(window[1], 2);
}

/* One set waits; the next end writes both though 158 is set, and so do later ones. */
static void collisions(void **state)
{
    (void)state;
    settle();
    bench_set(&b, 158, 2);
    end_subintervals(1);
    check_counts(LOG_COLLISION_1, 0, 2);
    check_log(2, 2);
    end_subintervals(1);
    check_counts(LOG_COLLISION_1 | LOG_COLLISION_2, 0, 4);
    check_log(4, 4);
    end_subintervals(1);
    check_counts(LOG_COLLISION_1 | LOG_COLLISION_2, 0, 5);
    check_log(5, 5);
    bench_set(&b, 158, 0);
    check_counts(LOG_COLLISION_1 | LOG_COLLISION_2, 0, 5);
    end_subintervals(1);
    check_counts(0, 0, 6);
    check_log(6, 6);
    bench_set(&b, 158, 7); /* … and from the start again */
    end_subintervals(1);
    check_counts(LOG_COLLISION_1, 0, 6);
}

static void a_held_set_is_written_when_reading_ends(void **state)
{
    (void)state;
    settle();
    bench_set(&b, 158, 1);
    end_subintervals(1);
    uint16_t stamp = bench_read(&b, 168);
    bench_set(&b, 158, 0);
    check_log(2, 2);
    end_subintervals(1);
    check_counts(0, 0, 4);
    check_log(4, 4);
    assert_int_equal(bench_read(&b, 168), stamp + (2 << 8));
}

/* Two sets at once over the end of a full log. */
static void a_held_set_wraps(void **state)
{
    (void)state;
    settle();
    end_subintervals(LOG_ENTRIES - 3);
    bench_set(&b, 158, 2);
    end_subintervals(2);
    check_counts(LOG_COLLISION_1 | LOG_COLLISION_2, 1, 1);
    check_log(LOG_ENTRIES + 1, LOG_ENTRIES);
}

static void events_speak_of_the_sub_interval_before(void **state)
{
    static const uint16_t same_date[] = { 0x0101, 0, 0 };
    static const struct {
        uint16_t reg, value, event;
    } rows[] = {
        { 129, 16640, LOG_WAS_RESET },
        { 150, 600, LOG_INTERRUPTED },
        { 150, 600, LOG_INTERRUPTED }, /* a write counts as a change */
        { 169, 1, LOG_INTERRUPTED },
        { 178, 146, LOG_INTERRUPTED },
        { 159, 1, LOG_INTERRUPTED },
        { 155, 0x0202, LOG_CLOCK_CHANGED },
        { 149, 2, 0 },
        { 142, 11, 0 },
        { 158, 0, 0 },
        { 178, 146, 0 },
    };

    (void)state;
    end_subintervals(1);
    assert_int_equal(bench_read(&b, 160), LOG_INTERRUPTED | LOG_CLOCK_CHANGED);
    end_subintervals(1);
    assert_int_equal(bench_read(&b, 160), 0);
    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        bench_set(&b, rows[k].reg, rows[k].value);
        assert_int_equal(bench_read(&b, 160), 0);
        end_subintervals(1);
        if (bench_read(&b, 160) != rows[k].event)
            fail_msg("row %u: status %04x", k, bench_read(&b, 160));
        end_subintervals(1);
        assert_int_equal(bench_read(&b, 160), 0);
    }
    assert_int_equal(bench_write_many(&b, 155, 3, same_date), 0);
    bench_set(&b, 150, 900);
    end_subintervals(1);
    assert_int_equal(bench_read(&b, 160), LOG_INTERRUPTED | LOG_CLOCK_CHANGED);
}

static void a_refused_write_is_no_event(void **state)
{
    (void)state;
    settle();
    assert_int_equal(bench_write(&b, 150, 5), 3);
    assert_int_equal(bench_write(&b, 169, 43), 3);
    assert_int_equal(bench_write(&b, 155, 0), 3);
    b.board.refuses = true;
    assert_int_equal(bench_write(&b, 159, 1), 4);
    assert_int_equal(bench_write(&b, 129, 16640), 4);
    b.board.refuses = false;
    end_subintervals(1);
    check_counts(0, 0, 3);
}

static void reset_empties_the_logs(void **state)
{
    (void)state;
    end_subintervals(LOG_ENTRIES + 100);
    bench_set(&b, 158, 2);
    end_subintervals(1);
    bench_set(&b, 129, 16640);
    check_counts(0, 0, 0);
    assert_int_equal(bench_read32(&b, 164), ends);
    check_log(0, 0);
    assert_int_equal(bench_read(&b, 168), 0x8000);
    bench_power_up(&b);
    check_log(0, 0);
    bench_set(&b, 158, 0);
    end_subintervals(1); /* the set that was held is gone */
    check_log(ends, 1);
}

static void power_loss_keeps_the_logs(void **state)
{
    (void)state;
    end_subintervals(LOG_ENTRIES + 20);
    bench_set(&b, 158, 3);
    end_subintervals(1); /* held, and lost */
    uint16_t stamp = bench_read(&b, 168);
    bench_power_up(&b);
    assert_int_equal(bench_read(&b, 158), 3);
    check_counts(0, 1, 20);
    check_log(ends - 1, LOG_ENTRIES);
    assert_int_equal(bench_read(&b, 168), stamp);
    assert_int_equal(bench_read32(&b, 164), LOG_ENTRIES + 1);
    bench_set(&b, 158, 0);
    end_subintervals(1);
    check_counts(LOG_INTERRUPTED | LOG_CLOCK_CHANGED, 1, 21);
}

static void a_chip_that_refuses_interrupts(void **state)
{
    (void)state;
    settle();
    b.board.refuses = true;
    end_subintervals(2);
    b.m.settings.value[SETTING_LOG_PAGE] = 2;
    uint16_t word;
    assert_int_equal(bench_read_many(&b, 8000, 1, &word), 4);
    b.m.settings.value[SETTING_LOG_PAGE] = 0;
    b.board.refuses = false;
    check_log(2, 2);
    end_subintervals(1);
    check_counts(LOG_INTERRUPTED, 0, 3);
}

static void the_other_order(void **state)
{
    static struct model oldest_first;

    (void)state;
    oldest_first = model_s4100;
    oldest_first.log_newest_first = false;
    b.m.model = &oldest_first;
    end_subintervals(3);
    read_window(2);
    for (int n = 0; n < LOG_ENTRIES; n++)
        assert_int_equal(window[n], n < 3 ? n + 1 : 0x8000);
    end_subintervals(2 * LOG_ENTRIES);
    read_window(2);
    for (int n = 0; n < LOG_ENTRIES; n++)
        assert_int_equal(window[n], ends - LOG_ENTRIES + 1 + n);
}

static void any_part_of_the_window(void **state)
{
    struct random dice = { 21 };
    uint16_t part[125];

    (void)state;
    end_subintervals(LOG_ENTRIES + 333);
    read_window(2);
    bench_set(&b, 158, 2);
    for (int round = 0; round < 3000; round++) {
        int count = (int)random_range(&dice, 1, 125);
        int first = (int)random_range(&dice, 0, (uint32_t)(LOG_ENTRIES - count));
        uint32_t reads = b.board.reads;
        assert_int_equal(bench_read_many(&b, (uint16_t)(8000 + first), count, part), 0);
        assert_memory_equal(part, window + first, (size_t)count * 2);
        assert_in_range(b.board.reads - reads, 1, 5);
    }
}

/* Through demand, by the meter's own seconds; and what the others cost. */
static void logged_at_the_end_of_a_sub_interval(void **state)
{
    (void)state;
    bench_set(&b, 150, 10);
    bench_silence(&b, 9);
    uint32_t writes = b.board.writes;
    assert_int_equal(bench_read(&b, 163), 0);
    bench_silence(&b, 1);
    assert_int_equal(b.board.writes - writes,
                     1 + 2 + LOGS); /* energy, state twice, entries */
    check_counts(LOG_INTERRUPTED | LOG_CLOCK_CHANGED, 0, 1);
    assert_int_equal(bench_read(&b, 168), 10 << 8);
    writes = b.board.writes;
    bench_silence(&b, 5);
    assert_int_equal(b.board.writes - writes, 5); /* energy */
    bench_set(&b, 129, 21212);
    bench_silence(&b, 1);
    assert_int_equal(bench_read(&b, 163), 1); /* no end of a sub-interval */
    bench_set(&b, 129, 21211);
    bench_silence(&b, 1);
    assert_int_equal(bench_read(&b, 163), 2);
    bench_set(&b, 158, 10);
    assert_int_equal(bench_read(&b, 8000), 17 << 8);
    assert_int_equal(bench_read(&b, 8001), 10 << 8);
}

static void the_other_model_has_none(void **state)
{
    uint16_t word;

    (void)state;
    meter_start(&b.m, &b.board, &model_s4000r);
    assert_int_equal(bench_write(&b, 129, 16640), 3);
    assert_int_equal(bench_write(&b, 158, 1), 2);
    assert_int_equal(bench_read_many(&b, 155, 1, &word), 2);
    assert_int_equal(bench_read_many(&b, 8000, 1, &word), 2);
    assert_int_equal(bench_read_many(&b, 40001, 1, &word), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_new_meter, fresh),
        cmocka_unit_test_setup(days_of_history, fresh),
        cmocka_unit_test_setup(pointers_allowed, fresh),
        cmocka_unit_test_setup(every_log_takes_its_register, fresh),
        cmocka_unit_test_setup(stamps_are_those_of_the_newest, fresh),
        cmocka_unit_test_setup(continuous_wraps, fresh),
        cmocka_unit_test_setup(single_shot_stops_when_full, fresh),
        cmocka_unit_test_setup(halted_logs_take_nothing, fresh),
        cmocka_unit_test_setup(collisions, fresh),
        cmocka_unit_test_setup(a_held_set_is_written_when_reading_ends, fresh),
        cmocka_unit_test_setup(a_held_set_wraps, fresh),
        cmocka_unit_test_setup(events_speak_of_the_sub_interval_before, fresh),
        cmocka_unit_test_setup(a_refused_write_is_no_event, fresh),
        cmocka_unit_test_setup(reset_empties_the_logs, fresh),
        cmocka_unit_test_setup(power_loss_keeps_the_logs, fresh),
        cmocka_unit_test_setup(a_chip_that_refuses_interrupts, fresh),
        cmocka_unit_test_setup(the_other_order, fresh),
        cmocka_unit_test_setup(any_part_of_the_window, fresh),
        cmocka_unit_test_setup(logged_at_the_end_of_a_sub_interval, fresh),
        cmocka_unit_test_setup(the_other_model_has_none, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
