/* Reports: curves keep their extremes, nothing from outside gets into the page
 * unescaped, a failure shows its line, the page needs no network and stays small. */
#include "scenario_fixture.h"
#include "sim/program/version.h"
#include "sim/record/trace.h"
#include "sim/report/report_page.h"
#include "sim/run/run_list.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { DAY_S = 86400 };

static void curves_keep_extremes(void **state)
{
    struct trace *t = g_new(struct trace, 1);
    float min = INFINITY, max = -INFINITY;

    (void)state;
    trace_start(t);
    for (int s = 0; s < DAY_S; s++)
        trace_add(t, s, s == 54321 ? -7.5 : s == 77777 ? 9.25 : sin(s * 1e-3));
    assert_true(2 * t->count <= 2000);
    assert_true(t->count > 500);
    for (int k = 0; k < t->count; k++) {
        min = fminf(min, t->min[k]);
        max = fmaxf(max, t->max[k]);
    }
    assert_true(min == -7.5F && max == 9.25F);
    assert_true(t->min[54321 / t->length] == -7.5F);
    assert_true(t->max[77777 / t->length] == 9.25F);
    g_free(t);
}

static void gaps_stay_gaps(void **state)
{
    struct trace *t = g_new(struct trace, 1);

    (void)state;
    trace_start(t);
    trace_add(t, 3, 1);
    trace_add(t, 4, (double)NAN);
    trace_add(t, 9, 2);
    assert_int_equal(t->count, 10);
    assert_true(isnan(t->min[2]) && isnan(t->min[4]) && isnan(t->min[8]));
    assert_true(t->min[3] == 1 && t->max[9] == 2);
    g_free(t);
}

static void run_for_report(const char *text, struct run_item *item)
{
    char *path = write_script(text, -1);

    *item = (struct run_item){ .path = path, .name = "a <b> & \"c\"" };
    item->options = (struct scenario_options){
        .path = path, .seed = 1, .report = true, .pictures = 3
    };
    scenario_run(&item->options, &item->result);
}

static char *page_of(struct run_item *item)
{
    char *path = write_script("", 0), *page = NULL;

    assert_true(report_page_write(
        path, "metersim run",
        &(struct report_item){ item->name, item->options.seed, &item->result }, 1,
        NULL));
    assert_true(g_file_get_contents(path, &page, NULL, NULL));
    remove_script(path);
    return page;
}

static void clear_item(struct run_item *item)
{
    scenario_result_clear(&item->result);
    remove_script(item->path);
}

static void expect_text(const char *page, const char *text)
{
    if (!strstr(page, text))
        fail_msg("the page lacks: %s", text);
}

static const char failing[] =
    "local m = meter { name = 'n<i>', system_voltage = 480, ct_primary = 100 }\n"
    "grid { volts_ll = 480 } -- </script><u>\n"
    "load { amps = 50 }\n"
    "watch(m, 21, 's16', '<em>')\n"
    "print('<s>')\n"
    "wait '2 s'\n"
    "fault(m, 'phase_loss', 'B')\n"
    "wait '3 s'\n"
    "expect(m.v_bn, near(277, '1 V'))\n"
    "wait '1 s'\n";

static void nothing_from_outside_is_markup(void **state)
{
    static const char *const raw[] = { "<b> &", "n<i>", "</script><u>", "<em>", "<s>" };
    struct run_item item;

    (void)state;
    run_for_report(failing, &item);
    char *page = page_of(&item);
    for (size_t k = 0; k < G_N_ELEMENTS(raw); k++)
        if (strstr(page, raw[k]))
            fail_msg("unescaped: %s", raw[k]);
    expect_text(page, "a &lt;b&gt; &amp; &quot;c&quot;");
    expect_text(page, "&lt;/script&gt;&lt;u&gt;");
    expect_text(page, "&lt;em&gt;");
    g_free(page);
    clear_item(&item);
}

static void a_failure_shows_its_line(void **state)
{
    struct run_item item;

    (void)state;
    run_for_report(failing, &item);
    assert_int_equal(item.result.outcome, SCENARIO_FAILED);
    char *page = page_of(&item);
    expect_text(page, "<b class=\"failed\">1 failed</b>");
    expect_text(page, version_text);
    expect_text(page, "<span class=\"here\"><i>9</i>expect(m.v_bn, near(277");
    expect_text(page, "<i>5</i>print(");
    expect_text(page, ": expectation failed at 5.000 s");
    expect_text(page, "the failure</figcaption>");
    expect_text(page, "after fault phase_loss B begins</figcaption>");
    expect_text(page, "data:image/png;base64,iVBOR");
    expect_text(page, ">phase loss B</text>");
    expect_text(page, ">Register 21</text>");
    g_free(page);
    clear_item(&item);
}

/* Whatever the page refers to, it has. */
static void the_page_needs_no_network(void **state)
{
    static const char *const outside[] = { "http:",   "https:",  "url(",
                                           "@import", "src=\"h", "<link rel=\"style" };
    struct run_item item;

    (void)state;
    run_for_report("local m = meter { }\ngrid { volts_ll = 480 }\nwait '3 s'\n", &item);
    char *page = page_of(&item);
    for (size_t k = 0; k < G_N_ELEMENTS(outside); k++)
        if (strstr(page, outside[k]))
            fail_msg("from outside: %s", outside[k]);
    g_free(page);
    clear_item(&item);
}

/* Curves are as long after an hour as after a day. */
static void pages_stay_small(void **state)
{
    struct run_item item;

    (void)state;
    run_for_report("local m = meter { }\ngrid { volts_ll = 480 }\n"
                   "fault(m, 'adc_noise', '500 codes')\nload { amps = 50 }\n"
                   "wait '2000 s'\n",
                   &item);
    assert_int_equal(item.result.outcome, SCENARIO_PASSED);
    char *page = page_of(&item);
    assert_true(strlen(page) < 1500000);
    g_free(page);
    clear_item(&item);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves_keep_extremes),
        cmocka_unit_test(gaps_stay_gaps),
        cmocka_unit_test(nothing_from_outside_is_markup),
        cmocka_unit_test(a_failure_shows_its_line),
        cmocka_unit_test(the_page_needs_no_network),
        cmocka_unit_test(pages_stay_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
