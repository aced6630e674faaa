/* Loads of many meters, judged by the worlds' exact power, and by what is said of
 * tables that are wrong. */
#include "sim/plant/plant.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { UNITS = 5 };

#define SECOND_NS INT64_C(1000000000)
#define DAY_NS    (86400 * SECOND_NS)

struct site {
    struct sim *sim;
    struct demo demo;
    struct plant *plant;
};

static void site_make(struct site *s, int system_type, int units)
{
    demo_default(&s->demo);
    s->demo.system_type = system_type;
    s->demo.pf = 0.9;
    s->sim = sim_new();
    for (int n = 0; n < units; n++)
        sim_add_unit(s->sim, demo_unit(&s->demo, (unsigned)n));
    s->plant = plant_new(s->sim, &s->demo);
}

static void site_free(struct site *s)
{
    plant_free(s->plant);
    sim_free(s->sim);
}

static struct waveform_truth truth_of(const struct site *s, int unit)
{
    struct waveform_truth truth;

    waveform_truth(sim_unit(s->sim, unit)->world, &truth);
    return truth;
}

static bool follow(struct site *s, const char *table, GError **error)
{
    char *path = NULL;
    int fd = g_file_open_tmp("plant-XXXXXX.csv", &path, NULL);

    assert_true(fd >= 0);
    close(fd);
    assert_true(g_file_set_contents(path, table, -1, NULL));
    bool good = plant_follow(s->plant, path, error);
    g_unlink(path);
    g_free(path);
    return good;
}

static void assert_kw(const struct site *s, int unit, double kw)
{
    double p = truth_of(s, unit).p_total / 1000;

    if (fabs(p - kw) > 1e-5 * fabs(kw) + 1e-12)
        fail_msg("unit %d at %.9g s: %.9g kW, expected %.9g", unit,
                 (double)sim_now(s->sim) * 1e-9, p, kw);
}

/* 480 V line to line: type 10 has one of the three phases. */
static void a_demo_has_the_voltage_of_its_wiring(void **state)
{
    static const struct {
        int type;
        double volts;
    } cases[] = { { 10, 277.128129 }, { 12, 240 }, { 40, 277.128129 } };

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(cases); k++) {
        struct site s;
        site_make(&s, cases[k].type, 1);
        assert_true(fabs(truth_of(&s, 0).v[0] - cases[k].volts) < 1e-5);
        site_free(&s);
    }
}

static void profiles_are_held_and_come_round(void **state)
{
    static const int types[] = { 10, 11, 12, 31, 40 };

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(types); k++) {
        struct site s;
        site_make(&s, types[k], UNITS);
        assert_true(follow(&s, "time,house,roof\n0:00:01,3,-4\n2,5,0\n", NULL));
        assert_kw(&s, 0, 3);
        sim_run(s.sim, SECOND_NS * 3 / 2);
        assert_kw(&s, 0, 3);
        assert_kw(&s, 1, -4);
        assert_kw(&s, 2, 3);
        assert_true(fabs(truth_of(&s, 0).pf_total - 0.9) < 1e-9);
        sim_run(s.sim, 2 * SECOND_NS - 1);
        assert_kw(&s, 4, 3);
        sim_run(s.sim, 2 * SECOND_NS);
        assert_kw(&s, 4, 5);
        assert_kw(&s, 3, 0);
        assert_true(fabs(truth_of(&s, 0).wh_import_total - 3000 * 2 / 3600.0) < 0.01);
        site_free(&s);
    }
}

/* The meter comes late: a day of metering is not what is tested. */
static void the_table_begins_again_with_the_day(void **state)
{
    const struct unit_options options = { .model = model_find("s4100"),
                                          .wiring = WAVEFORM_WYE,
                                          .ct_primary_a = 100,
                                          .ct_output_v = 1,
                                          .pt_ratio = 1 };
    struct waveform_grid grid;
    struct site s;

    (void)state;
    site_make(&s, 40, 0);
    assert_true(follow(&s, "time,a\n0,1\n0:01,2\n", NULL));
    sim_run(s.sim, DAY_NS - SECOND_NS);
    sim_add_unit(s.sim, unit_new(&options, sim_now(s.sim)));
    demo_grid(&s.demo, &grid);
    waveform_set_grid(sim_unit(s.sim, 0)->world, &grid);
    sim_run(s.sim, DAY_NS - 1);
    assert_kw(&s, 0, 0);
    sim_run(s.sim, DAY_NS);
    assert_kw(&s, 0, 1);
    sim_run(s.sim, DAY_NS + 60 * SECOND_NS - 1);
    assert_kw(&s, 0, 1);
    sim_run(s.sim, DAY_NS + 60 * SECOND_NS);
    assert_kw(&s, 0, 2);
    site_free(&s);
}

static void wrong_tables_are_refused(void **state)
{
    static const struct {
        const char *table, *message;
    } cases[] = {
        { "hour,a\n0,1\n", ":1:1: the first column must be 'time', not 'hour'" },
        { "time\n0\n", ":1:1: expected 1 to 20000 profiles beside the time" },
        { "time,a\n", ":1:1: expected 1 to 100000 rows" },
        { "time,a\n0,1\n0,2\n", ":3:1: time must rise from row to row" },
        { "time,a\n0,1\n1:61,2\n", ":3:1: '1:61' is no time" },
        { "time,a\n-1,1\n", ":2:1: '-1' is no time" },
        { "time,a,b\n0,1,x\n", ":2:5: 'x' is no number of kW" },
        { "time,a\n0,nan\n", ":2:3: 'nan' is no number of kW" },
        { "time,a\n0,1e7\n", ":2:3: '1e7' is no number of kW" },
        { "time,a\n0,1,2\n", ":2:1: expected 2 columns as in the header, found 3" },
    };

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(cases); k++) {
        struct site s;
        GError *error = NULL;
        site_make(&s, 40, 1);
        assert_false(follow(&s, cases[k].table, &error));
        if (!strstr(error->message, cases[k].message))
            fail_msg("said '%s', expected '%s'", error->message, cases[k].message);
        g_error_free(error);
        site_free(&s);
    }
}

static void a_seed_draws_the_same_loads_and_another_others(void **state)
{
    struct site a, b, c;
    double min = 1e9, max = 0;

    (void)state;
    site_make(&a, 40, 200);
    site_make(&b, 40, 200);
    site_make(&c, 40, 200);
    plant_draw(a.plant, 7);
    plant_draw(b.plant, 7);
    plant_draw(c.plant, 8);
    for (int n = 0; n < 200; n++) {
        struct waveform_truth x = truth_of(&a, n), y = truth_of(&b, n),
                              z = truth_of(&c, n);
        assert_memory_equal(&x, &y, sizeof x);
        assert_true(x.p_total != z.p_total);
        min = fmin(min, x.i[0]);
        max = fmax(max, x.i[0]);
    }
    assert_true(min < 0.15 * a.demo.amps && max > 0.9 * a.demo.amps);
    site_free(&a);
    site_free(&b);
    site_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_demo_has_the_voltage_of_its_wiring),
        cmocka_unit_test(profiles_are_held_and_come_round),
        cmocka_unit_test(the_table_begins_again_with_the_day),
        cmocka_unit_test(wrong_tables_are_refused),
        cmocka_unit_test(a_seed_draws_the_same_loads_and_another_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
