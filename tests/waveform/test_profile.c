/* Profiles from CSV: what a file means, and what is said about one that is wrong. */
#include "waveform/profile.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char error[PROFILE_ERROR];

static struct profile *read_text(const char *text)
{
    char path[] = "/tmp/profile-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    memset(error, 0, sizeof error);
    struct profile *p = profile_read(path, error);
    unlink(path);
    return p;
}

static void assert_wrong(const char *text, const char *message)
{
    struct profile *p = read_text(text);
    assert_null(p);
    if (!strstr(error, message))
        fail_msg("'%s' does not say '%s'", error, message);
}

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-12))
        fail_msg("%.17g is not %.17g", value, expected);
}

static void test_values_between_points(void **state)
{
    (void)state;
    struct profile *p = read_text("# a day\n\ntime, kw_b ,kw_a\r\n0:00,1,-2\n"
                                  "6:30:30, 5,2\n86400,0,0");
    assert_non_null(p);
    assert_true(p->kw && p->count == 3);
    assert_near(p->point[1].seconds, 23430);
    assert_near(profile_value(p, 0, false, -5), -2);
    assert_near(profile_value(p, 0, false, 23430 / 2.0), 0);
    assert_near(profile_value(p, 1, false, 23430 / 4.0), 2);
    assert_near(profile_value(p, 2, false, 100), 0);
    assert_near(profile_value(p, 1, false, 1e6), 0);
    assert_near(profile_next(p, 0), 23430);
    assert_near(profile_next(p, 23430), 86400);
    assert_true(profile_next(p, 86400) == INFINITY);
    profile_free(p);
}

static void test_power_factor(void **state)
{
    (void)state;
    struct profile *p =
        read_text("time,amps,pf\n0,10,0.8 lag\n10,20,0.6 lead\n20,10,-0.8\n");
    assert_non_null(p);
    assert_near(profile_value(p, 2, false, 0), 8);
    assert_near(profile_value(p, 2, true, 0), -6);
    assert_near(profile_value(p, 1, true, 10), 16);
    assert_near(profile_value(p, 1, true, 5), 5);
    assert_near(profile_value(p, 0, false, 20), -8); /* as in load: export */
    assert_near(profile_value(p, 0, true, 20), 6);
    profile_free(p);
    p = read_text("time,kw_a,pf\n0,8,0.8\n");
    assert_non_null(p);
    assert_near(profile_value(p, 0, false, 0), 8);
    assert_near(profile_value(p, 0, true, 0), -6);
    profile_free(p);
}

static void test_errors_name_the_line(void **state)
{
    (void)state;
    assert_wrong("", "no points");
    assert_wrong("time,amps\n", "no points");
    assert_wrong("amps\n1\n", ":1: no column 'time'");
    assert_wrong("time,kw\n", ":1: kw was of each phase and will be of all together");
    assert_wrong("time,amps,pf\n0,1,0.9 led\n", "'pf' is not a number");
    assert_wrong("time,kw_a,amps\n", ":1: needs columns of amps or of kw, not both");
    assert_wrong("time\n", "needs columns");
    assert_wrong("time,amps,amps\n", "column 'amps' twice");
    assert_wrong("time,amps,amps_a\n", "a column for each phase and one for all");
    assert_wrong("time,watts\n", "unknown column 'watts'");
    assert_wrong("time,amps\n0,1\n\n0,2\n", ":4: time does not rise");
    assert_wrong("time,amps\n0,1x\n", ":2: 'amps' is not a number: column 2");
    assert_wrong("time,amps\n0,nan\n", "is not a number");
    assert_wrong("time,amps\n0:60,1\n", "'time' is not a number");
    assert_wrong("time,amps\n1:2:3:4,1\n", "'time' is not a number");
    assert_wrong("time,amps\n0\n", ":2: 1 fields, the heading has 2");
    assert_wrong("time,amps,pf\n0,1,0\n", "power factor");
    assert_wrong("time,amps,pf\n0,1,1.1\n", "power factor");
    assert_wrong("a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r\n", "18 columns, at most 16");
    assert_null(profile_read("/nowhere/at/all.csv", error));
    assert_non_null(strstr(error, "/nowhere/at/all.csv: "));
}

static void test_long_lines_are_refused(void **state)
{
    (void)state;
    char text[3000] = "time,amps\n";
    memset(text + 10, '1', 2000);
    assert_wrong(text, ":2: longer than");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_between_points),
        cmocka_unit_test(test_power_factor),
        cmocka_unit_test(test_errors_name_the_line),
        cmocka_unit_test(test_long_lines_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
