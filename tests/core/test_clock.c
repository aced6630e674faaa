/* The clock against the C library's calendar, over all of its two hundred years, and as
 * registers 155-157. */
#include "core/clock.h"
#include "tests/support/bench.h"
#include <time.h>

static struct bench b;

static int fresh(void **state)
{
    (void)state;
    bench_start(&b, 40);
    return 0;
}

static struct clock clock_at(time_t t)
{
    struct tm *tm = gmtime(&t);

    return (struct clock){ (uint8_t)tm->tm_mday, (uint8_t)(tm->tm_mon + 1),
                           (uint8_t)tm->tm_hour, (uint8_t)(tm->tm_year - 100),
                           (uint8_t)tm->tm_sec,  (uint8_t)tm->tm_min };
}

static const time_t first = 946684800; /* 2000-01-01 */
static const long days = 73049;        /* to 2200-01-01 */

static void starts_with_the_century(void **state)
{
    (void)state;
    struct clock c, expected = clock_at(first);
    clock_start(&c);
    assert_memory_equal(&c, &expected, sizeof c);
    assert_int_equal(bench_read(&b, 155), 0x0101);
    assert_int_equal(bench_read(&b, 156), 0x0000);
    assert_int_equal(bench_read(&b, 157), 0x0000);
}

static void every_second_of_two_days(void **state)
{
    struct clock c;

    (void)state;
    clock_start(&c);
    for (int s = 1; s <= 2 * 86400; s++) {
        struct clock expected = clock_at(first + s);
        clock_second(&c);
        assert_memory_equal(&c, &expected, sizeof c);
    }
}

/* Over every midnight, from the last second of one day into the next. */
static void every_midnight_of_two_hundred_years(void **state)
{
    (void)state;
    for (long day = 1; day < days; day++) {
        struct clock c = clock_at(first + day * 86400 - 1);
        struct clock expected = clock_at(first + day * 86400);
        assert_true(clock_valid(&c));
        clock_second(&c);
        assert_memory_equal(&c, &expected, sizeof c);
    }
    struct clock last = clock_at(first + days * 86400 - 1);
    assert_int_equal(last.year, 199);
    clock_second(&last);
    struct clock again = clock_at(first);
    assert_memory_equal(&last, &again, sizeof last);
}

/* A date is valid when the calendar gives it back. */
static bool calendar_has(int day, int month, int year)
{
    struct tm tm = { .tm_mday = day, .tm_mon = month - 1, .tm_year = 100 + year };

    if (day < 1 || day > 31 || month < 1 || month > 12)
        return false;
    timegm(&tm);
    return tm.tm_mday == day && tm.tm_mon == month - 1;
}

static void impossible_dates(void **state)
{
    (void)state;
    for (int year = 0; year < 256; year++)
        for (int month = 0; month < 16; month++)
            for (int day = 0; day < 34; day++) {
                struct clock c = {
                    (uint8_t)day, (uint8_t)month, 0, (uint8_t)year, 0, 0
                };
                bool expected = year < 200 && calendar_has(day, month, year);
                if (clock_valid(&c) != expected)
                    fail_msg("%d-%d-%d", 2000 + year, month, day);
            }
}

static void impossible_times(void **state)
{
    (void)state;
    for (int k = 0; k < 256; k++) {
        struct clock hour = { .day = 1, .month = 1, .hour = (uint8_t)k };
        struct clock minute = { .day = 1, .month = 1, .minute = (uint8_t)k };
        struct clock second = { .day = 1, .month = 1, .second = (uint8_t)k };
        assert_int_equal(clock_valid(&hour), k < 24);
        assert_int_equal(clock_valid(&minute), k < 60);
        assert_int_equal(clock_valid(&second), k < 60);
    }
}

static void written_as_a_whole(void **state)
{
    const uint16_t leap_day[] = { 29 << 8 | 2, 23 << 8 | 24, 59 << 8 | 58 };
    const uint16_t no_leap_day[] = { 29 << 8 | 2, 23 << 8 | 25, 0 };
    const uint16_t bad_second[] = { 1 << 8 | 1, 0, 60 << 8 };
    uint16_t got[3];

    (void)state;
    assert_int_equal(bench_write_many(&b, 155, 3, leap_day), 0);
    assert_int_equal(bench_read_many(&b, 155, 3, got), 0);
    assert_memory_equal(got, leap_day, sizeof got);
    assert_int_equal(bench_write_many(&b, 155, 3, no_leap_day), 3);
    assert_int_equal(bench_write_many(&b, 155, 3, bad_second), 3);
    assert_int_equal(bench_read_many(&b, 155, 3, got), 0);
    assert_memory_equal(got, leap_day, sizeof got);
    /* one register alone is judged with the others as they stand */
    assert_int_equal(bench_write(&b, 156, 25), 3);
    assert_int_equal(bench_write(&b, 155, 30 << 8 | 2), 3);
    assert_int_equal(bench_write(&b, 155, 31 << 8 | 12), 0);
    assert_int_equal(bench_write(&b, 156, 23 << 8 | 25), 0);
}

static void advanced_by_metered_seconds(void **state)
{
    const uint16_t eve[] = { 31 << 8 | 12, 23 << 8 | 99, 58 << 8 | 59 };

    (void)state;
    assert_int_equal(bench_write_many(&b, 155, 3, eve), 0);
    bench_silence(&b, 3);
    assert_int_equal(bench_read(&b, 155), 1 << 8 | 1);
    assert_int_equal(bench_read(&b, 156), 100);
    assert_int_equal(bench_read(&b, 157), 1 << 8);
    bench_power_up(&b);
    assert_int_equal(bench_read(&b, 156), 0);
}

/* 155-159 in one request: nothing of it when one value is refused or cannot be stored.
 */
static void all_or_nothing_with_settings(void **state)
{
    uint16_t block[] = { 5 << 8 | 6, 7 << 8 | 8, 9 << 8 | 10, 4, 1, 0 }, got[5];
    static const uint16_t before[] = { 0x0101, 0, 0, 0, 0 };

    (void)state;
    block[4] = 4;
    assert_int_equal(bench_write_many(&b, 155, 5, block), 3);
    block[4] = 1;
    block[2] = 60;
    assert_int_equal(bench_write_many(&b, 155, 5, block), 3);
    block[2] = 9 << 8 | 10;
    b.board.refuses = true;
    assert_int_equal(bench_write_many(&b, 155, 5, block), 4);
    b.board.refuses = false;
    assert_int_equal(bench_write_many(&b, 155, 6, block), 2); /* 160 is read only */
    assert_int_equal(bench_read_many(&b, 155, 5, got), 0);
    assert_memory_equal(got, before, sizeof got);
    assert_int_equal(bench_write_many(&b, 155, 5, block), 0);
    assert_int_equal(bench_read_many(&b, 155, 5, got), 0);
    assert_memory_equal(got, block, sizeof got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(starts_with_the_century, fresh),
        cmocka_unit_test(every_second_of_two_days),
        cmocka_unit_test(every_midnight_of_two_hundred_years),
        cmocka_unit_test(impossible_dates),
        cmocka_unit_test(impossible_times),
        cmocka_unit_test_setup(written_as_a_whole, fresh),
        cmocka_unit_test_setup(advanced_by_metered_seconds, fresh),
        cmocka_unit_test_setup(all_or_nothing_with_settings, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
