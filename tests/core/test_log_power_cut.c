/* Power goes at every byte of what the end of a sub-interval, or a log reset, writes to
 * NVM. After each cut the meter starts, and its logs are those from before or those
 * from after, all ten windows and every register of them: never a mixture, never a torn
 * word. */
#include "core/log.h"
#include "tests/support/fram_board.h"

#include "tests/support/bench.h"

static struct bench b, start;

/* All that registers say of the logs, apart from the status of power-up. */
struct logs {
    uint16_t window[LOGS][LOG_ENTRIES];
    uint16_t state[8]; /* 161, 163-168, bit 0 of 160 */
};

static struct logs before, after, now;
static int ends;

static void end_subintervals(int count)
{
    for (; count; count--) {
        ends++;
        for (int q = 0; q < QUANTITIES; q++)
            b.m.reading[q] = (ends * 7919ll + q) * 10000;
        clock_second(&b.m.clock);
        log_subinterval(&b.m);
    }
}

static void take_logs(struct logs *l)
{
    uint16_t page = b.m.settings.value[SETTING_LOG_PAGE];

    for (uint16_t k = 0; k < LOGS; k++) {
        b.m.settings.value[SETTING_LOG_PAGE] = (uint16_t)(k + 1);
        assert_int_equal(log_read(&b.m, 0, LOG_ENTRIES, l->window[k]), 0);
    }
    b.m.settings.value[SETTING_LOG_PAGE] = page;
    l->state[0] = bench_read(&b, 161);
    assert_int_equal(bench_read_many(&b, 163, 6, l->state + 1), 0);
    l->state[7] = bench_read(&b, 160) & LOG_FULL;
}

static bool same(const struct logs *x, const struct logs *y)
{
    return !memcmp(x, y, sizeof *x);
}

static void check_all_registers(void)
{
    for (int reg = 1; reg <= 178; reg++) {
        uint16_t word;
        if (reg < 113 || reg > 128)
            assert_int_equal(bench_read_many(&b, (uint16_t)reg, 1, &word), 0);
    }
    for (int k = 0; k < SETTINGS; k++)
        assert_true(
            config_in_range(&model_s4100, (enum setting)k, b.m.settings.value[k]));
    assert_int_equal(b.m.settings.value[SETTING_CT_PRIMARY], 200);
}

static void restore(void)
{
    b = start;
    b.m.hal = &b.board;
}

/* `act` with power lost after each number of bytes; *b is as it shall start. */
static void cut_everywhere(void (*act)(void), uint32_t least_bytes)
{
    int kept = 0, done = 0, first_end = ends;

    start = b;
    start.board.bytes = 0;
    restore();
    take_logs(&before);
    restore();
    act();
    uint32_t bytes = b.board.bytes;
    assert_true(bytes >= least_bytes);
    bench_power_up(&b);
    take_logs(&after);
    assert_false(same(&before, &after));
    for (uint32_t cut = 0; cut <= bytes; cut++) {
        restore();
        ends = first_end;
        b.board.dies = true;
        b.board.bytes_left = cut;
        act();
        b.board.dies = false;
        bench_power_up(&b);
        check_all_registers();
        take_logs(&now);
        kept += same(&now, &before);
        done += same(&now, &after);
        if (kept + done != (int)cut + 1)
            fail_msg("cut after %u of %u bytes: neither old nor new", cut, bytes);
        end_subintervals(1); /* logging goes on */
    }
    assert_true(kept > 20 && done >= 1);
}

static void one_subinterval(void)
{
    end_subintervals(1);
}

static void reset_logs(void)
{
    bench_write(&b, 129, 16640);
}

static void start_with(int entries)
{
    ends = 0;
    bench_start(&b, 40);
    bench_set(&b, 131, 200);
    end_subintervals(entries);
}

static void first_entry(void **state)
{
    (void)state;
    start_with(0);
    cut_everywhere(one_subinterval, 50);
}

static void empty_places_left(void **state)
{
    (void)state;
    start_with(100);
    cut_everywhere(one_subinterval, 50);
}

/* Every entry of a full log is worth keeping until the new one is whole. */
static void full_log(void **state)
{
    (void)state;
    start_with(LOG_ENTRIES + 7);
    cut_everywhere(one_subinterval, 50);
}

static void wrap(void **state)
{
    (void)state;
    start_with(LOG_ENTRIES);
    cut_everywhere(one_subinterval, 50);
}

static void end_of_the_ring(void **state)
{
    (void)state;
    start_with(LOG_RING - 1);
    cut_everywhere(one_subinterval, 50);
}

/* A set that waited and the new one, into a full log. */
static void two_sets_at_once(void **state)
{
    (void)state;
    start_with(LOG_ENTRIES + 7);
    bench_set(&b, 158, 4);
    end_subintervals(1);
    assert_true(b.m.log.holds);
    cut_everywhere(one_subinterval, 70);
}

static void reset(void **state)
{
    (void)state;
    start_with(LOG_ENTRIES + 7);
    cut_everywhere(reset_logs, 40);
}

/* The end of a sub-interval as the meter has it: entries, state, energy, one second. */
static void silent_second(void)
{
    bench_silence(&b, 1);
}

static void whole_second(void **state)
{
    (void)state;
    start_with(LOG_ENTRIES + 7);
    bench_set(&b, 150, 10);
    bench_silence(&b, 9);
    cut_everywhere(silent_second, 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_entry),     cmocka_unit_test(empty_places_left),
        cmocka_unit_test(full_log),        cmocka_unit_test(wrap),
        cmocka_unit_test(end_of_the_ring), cmocka_unit_test(two_sets_at_once),
        cmocka_unit_test(reset),           cmocka_unit_test(whole_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
