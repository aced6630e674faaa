/* `diagnose` on sites with one known cause: made by the core, dumped as registers, parsed
 * and ranked. The makers of the sites know nothing of the ranking's assumptions. */
#include "scenario_fixture.h"
#include "sim/diagnose/diagnosis_lua.h"
#include "sim/diagnose/diagnosis_text.h"
#include "sim/diagnose/dump_comtrade.h"
#include "sim/diagnose/dump_file.h"
#include "sim/diagnose/dump_history.h"
#include "sim/site/site_fault.h"
#include "waveform/base/random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { FAULTS_MAX = 3 };

struct fault_of_site {
    enum fault_id id;
    int phase;
    double value;
};

static const struct known {
    const char *id;
    struct fault_of_site fault[FAULTS_MAX];
    int faults;
} known[] = {
    { "healthy", { { 0 } }, 0 },
    { "ct_reversed_A", { { FAULT_CT_REVERSED, 0, 1 } }, 1 },
    { "ct_reversed_B", { { FAULT_CT_REVERSED, 1, 1 } }, 1 },
    { "ct_swapped_AB", { { FAULT_CT_SWAPPED, 0, 2 }, { FAULT_CT_SWAPPED, 1, 1 } }, 2 },
    { "ct_swapped_AC", { { FAULT_CT_SWAPPED, 0, 3 }, { FAULT_CT_SWAPPED, 2, 1 } }, 2 },
    { "ct_rotated_BCA",
      { { FAULT_CT_SWAPPED, 0, 2 },
        { FAULT_CT_SWAPPED, 1, 3 },
        { FAULT_CT_SWAPPED, 2, 1 } },
      3 },
    { "ct_open_C", { { FAULT_CT_OPEN, 2, 1 } }, 1 },
    { "pt_fuse_B", { { FAULT_PT_FUSE, 1, 1 } }, 1 },
    { "pt_reversed_C", { { FAULT_PT_REVERSED, 2, 1 } }, 1 },
    { "pt_swapped_BC", { { FAULT_PT_SWAPPED, 1, 3 }, { FAULT_PT_SWAPPED, 2, 2 } }, 2 },
    { "phase_loss_A", { { FAULT_PHASE_LOSS, 0, 1 } }, 1 },
    { "pt_ratio_half_A", { { FAULT_PT_WRONG_RATIO, 0, 2 } }, 1 },
    { "neutral_swapped_B", { { FAULT_NEUTRAL_SWAPPED, 0, 2 } }, 1 },
    { "ct_reversed_A+pt_fuse_C",
      { { FAULT_CT_REVERSED, 0, 1 }, { FAULT_PT_FUSE, 2, 1 } },
      2 },
};

struct plant {
    struct sim *sim;
    struct site site;
    struct site_meter *m;
    uint64_t random;
};

/* Between -1 and 1. */
static double draw(struct plant *p)
{
    return (double)(random_next(&p->random) >> 11) / (double)(1ull << 52) - 1;
}

static void start(struct plant *p, uint64_t seed, const struct model *model)
{
    const struct unit_options options = { .model = model,
                                          .wiring = WAVEFORM_WYE,
                                          .ct_primary_a = 200,
                                          .ct_output_v = 1,
                                          .pt_ratio = 1,
                                          .serial_number = 1,
                                          .seed = seed };
    struct unit_factory factory = { .given = { false } };

    *p = (struct plant){ .sim = sim_new(), .random = seed };
    site_init(&p->site, p->sim);
    factory.given[SETTING_CT_PRIMARY] = factory.given[SETTING_SYSTEM_VOLTAGE] = true;
    factory.value[SETTING_CT_PRIMARY] = 200;
    factory.value[SETTING_SYSTEM_VOLTAGE] = 208;
    p->m = site_add(&p->site, unit_new(&options, 0), "site");
    sim_add_unit(p->sim, p->m->unit);
    assert_int_equal(unit_program(p->m->unit, &factory), UNIT_PROGRAMMED);
    unit_power(p->m->unit, true);
    p->m->grid =
        (struct site_grid){ .hz = 60, .sets_hz = true, .how = SITE_VOLTS_EACH };
    for (int k = 0; k < 3; k++)
        p->m->grid.volts[k] = 120 * (1 + 0.01 * draw(p));
    site_grid_apply(p->m, 0);
}

static void end(struct plant *p)
{
    site_clear(&p->site);
    sim_free(p->sim);
}

/* Motors and lamps: phases within 15 % and 8 degrees of one another. */
static void load(struct plant *p, double share, bool exports)
{
    struct site_load load = { .given = true, .phases = 7 };
    struct site_load_sum sum;

    for (int k = 0; k < 3; k++) {
        load.amps[k] = 200 * share * (1 + 0.15 * draw(p));
        site_load_set_lag(&load, k, 28 + 8 * draw(p) + (exports ? 180 : 0));
    }
    assert_int_equal(site_load_apply(&load, p->m, &sum), 0);
}

static void add_registers(const struct plant *p, int time, GString *to)
{
    static const int block[4][2] = { { 1, 52 }, { 129, 10 }, { 138, 4 }, { 257, 90 } };

    for (int b = 0; b < 4; b++) {
        uint16_t words[125];
        assert_true(unit_registers(p->m->unit, (uint16_t)(block[b][0] - 1), block[b][1],
                                   words));
        for (int k = 0; k < block[b][1]; k++)
            g_string_append_printf(to, "%d,%d,%u\n", time, block[b][0] + k, words[k]);
    }
    for (int reg = 347; p->m->unit->model == &model_s4100 && reg <= 406; reg++) {
        uint16_t word;
        if (unit_registers(p->m->unit, (uint16_t)(reg - 1), 1, &word))
            g_string_append_printf(to, "%d,%d,%u\n", time, reg, word);
    }
}

static GString *dump_of(const struct known *cause, uint64_t seed,
                        const struct model *model, int dumps)
{
    GString *text = g_string_new("time,register,word\n");
    struct plant p;

    start(&p, seed, model);
    for (int n = 0; n < cause->faults; n++)
        site_fault_begin(p.m, cause->fault[n].id, 1u << cause->fault[n].phase,
                         cause->fault[n].value, 0);
    for (int n = 1; n <= dumps; n++) {
        load(&p, 0.4 + 0.3 * draw(&p), false);
        sim_run(p.sim, n * 3000000000ll);
        add_registers(&p, 3 * n, text);
    }
    end(&p);
    return text;
}

/* The site's answers; to be cleared with `done`. */
struct asked {
    struct observation o;
    struct hypotheses *h;
    struct diagnosis d;
};

static struct asked *ask(const GString *text, const struct evidence_options *options)
{
    struct asked *a = g_new0(struct asked, 1);
    GError *error = NULL;

    if (!dump_parse(&a->o, "site.csv", text->str, NULL, &error))
        fail_msg("%s", error->message);
    a->h = hypotheses_new(&a->o);
    diagnosis_make(&a->d, &a->o, a->h, options, 5);
    return a;
}

static void done(struct asked *a)
{
    diagnosis_clear(&a->d);
    hypotheses_free(a->h);
    g_free(a);
}

static const struct evidence_options usual = { .direction = DIRECTION_BOTH };

static void first_is(const struct asked *a, const char *id, uint64_t seed)
{
    char first[HYPOTHESIS_ID];

    assert_true(a->d.ranking.count > 0);
    hypothesis_id(a->d.ranking.answer[0].hypothesis, first);
    if (strcmp(first, id) != 0)
        fail_msg("seed %d: %s is taken for %s", (int)seed, id, first);
}

static void known_causes_stand_first(void **state)
{
    (void)state;
    for (size_t n = 0; n < G_N_ELEMENTS(known); n++)
        for (uint64_t seed = 1; seed <= 5; seed++) {
            GString *text = dump_of(&known[n], seed, &model_s4100, 2);
            struct asked *a = ask(text, &usual);
            first_is(a, known[n].id, seed);
            assert_true(a->d.proof[0].reproduced);
            assert_true(a->d.ranking.answer[0].probability > 0.5);
            done(a);
            g_string_free(text, TRUE);
        }
}

/* A third of the energy flows backwards through the meter, as the sum of the phases says.
 */
static void the_factor_of_a_reversed_ct(void **state)
{
    (void)state;
    GString *text = dump_of(&known[1], 3, &model_s4100, 1);
    struct asked *a = ask(text, &usual);
    const struct observation_dump *d = &a->o.dump[0];
    const double real = -d->p[0] + d->p[1] + d->p[2],
                 read = d->p[0] + d->p[1] + d->p[2];
    const struct world_factor f = a->d.ranking.answer[0].factor;

    assert_true(fabs(f.value - real / read) < 0.001 * f.value);
    assert_true(f.low < f.value && f.value < f.high);
    done(a);
    g_string_free(text, TRUE);
}

static void export_stands_before_reversed_cts(void **state)
{
    (void)state;
    GString *text = g_string_new("time,register,word\n");
    struct evidence_options import = { .direction = DIRECTION_IMPORT };
    struct plant p;

    start(&p, 7, &model_s4100);
    load(&p, 0.5, true);
    sim_run(p.sim, 3000000000ll);
    add_registers(&p, 3, text);
    end(&p);
    struct asked *a = ask(text, &usual);
    first_is(a, "healthy", 7);
    assert_int_equal(a->d.ranking.answer[0].twin, 1);
    assert_string_equal(a->d.ranking.answer[1].hypothesis->cause[0]->id,
                        "ct_reversed_ABC");
    done(a);
    a = ask(text, &import);
    first_is(a, "ct_reversed_ABC", 7);
    done(a);
    g_string_free(text, TRUE);
}

static void the_scenario_that_is_written_runs(void **state)
{
    (void)state;
    for (size_t n = 0; n < G_N_ELEMENTS(known); n++) {
        GString *text = dump_of(&known[n], 11, &model_s4100, 2),
                *lua = g_string_new(NULL);
        struct asked *a = ask(text, &usual);
        struct scenario_result r;
        diagnosis_lua(&a->d, 0, lua);
        run_text(lua->str, (gssize)lua->len, &r);
        if (r.outcome != SCENARIO_PASSED)
            fail_msg("%s: %s\n%s", known[n].id, r.message, lua->str);
        assert_int_equal(r.checks, 2 * 15);
        scenario_result_clear(&r);
        done(a);
        g_string_free(lua, TRUE);
        g_string_free(text, TRUE);
    }
}

/* A model without direction: its polarity is invisible, its other faults are not. */
static void a_model_without_direction(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        GString *text = dump_of(&known[1], seed, &model_s4000r, 2),
                *said = g_string_new(NULL);
        struct asked *a = ask(text, &usual);
        first_is(a, "healthy", seed);
        diagnosis_text(&a->d, said);
        assert_non_null(strstr(said->str, "polarity of its rope CTs is invisible"));
        done(a);
        g_string_free(said, TRUE);
        g_string_free(text, TRUE);
        text = dump_of(&known[7], seed, &model_s4000r, 2);
        a = ask(text, &usual);
        first_is(a, "pt_fuse_B", seed);
        done(a);
        g_string_free(text, TRUE);
    }
}

/* What people post: V, A and W of each phase, no Q. */
static void names_and_values(void **state)
{
    (void)state;
    GString *text = g_string_new("Our meter after the move:\n"
                                 "Voltage L1: 231.2 V\nVoltage L2: 230.1 V\n"
                                 "Voltage L3: 232.9 V\nCurrent L1: 14.2 A\n"
                                 "Current L2: 15.1 A\nCurrent L3: 13.9 A\n"
                                 "Power L1: 3.01 kW\nPower L2: -3120 W\n"
                                 "Power L3: 2880 W\n");
    struct asked *a = ask(text, &usual);

    first_is(a, "ct_reversed_B", 0);
    assert_int_equal(a->o.type->number, 40);
    assert_true(a->o.nominal_v == 398);
    assert_true(a->o.dump[0].p[0] == 3010 && a->o.dump[0].q_size_only[0]);
    done(a);
    g_string_free(text, TRUE);
}

/* The kW of all phases alone: a third of what the currents make of it. Which CT is
 * reversed is not told. */
static void totals_alone(void **state)
{
    (void)state;
    const char *phases = "V L1: 230 V\nV L2: 231 V\nV L3: 229 V\n"
                         "I L1: 10 A\nI L2: 11 A\nI L3: 10.5 A\n";
    GString *text = g_string_new(phases), *said = g_string_new(NULL);

    g_string_append(text, "total power: 2.1 kW\n");
    struct asked *a = ask(text, &usual);
    assert_true(a->d.ranking.count >= 3);
    for (int n = 0; n < 3; n++) {
        const struct answer *answer = &a->d.ranking.answer[n];
        assert_string_equal(answer->hypothesis->cause[0]->row->name, "ct_reversed");
        assert_true(answer->probability > 0.15 && answer->probability < 0.4);
        assert_true(answer->factor.low < 3.15 && answer->factor.high > 3.05);
    }
    diagnosis_text(&a->d, said);
    assert_non_null(strstr(said->str, "kW of each phase was not given"));
    done(a);
    g_string_assign(text, phases);
    g_string_append(text, "total power: 6.6 kW\n");
    a = ask(text, &usual);
    first_is(a, "healthy", 0);
    done(a);
    g_string_free(said, TRUE);
    g_string_free(text, TRUE);
}

/* A leg that is turned round leaves of both legs what they are unequal by: 5.6 V whose
 * angle nobody knows. The load's lag is assumed, so the reading comes out. */
static void legs_that_cancel(void **state)
{
    GString *text = g_string_new("type = 11\nct_primary = 100\nsystem_voltage = 240\n"
                                 "v_ab: 5.579 V\ni_a: 76.124 A\n"
                                 "kw_a: -0.1709\nkvar_a: 0.3888\n");
    struct asked *a = ask(text, &usual);

    (void)state;
    first_is(a, "pt_reversed_A", 0);
    done(a);
    g_string_free(text, TRUE);
}

/* Readings of public reports: the first line of each file says where they stand, and
 * docs/diagnose.md what came of them. NULL: nothing in the table gives such readings. */
static void public_reports(void **state)
{
    static const struct {
        const char *file, *first;
    } report[] = {
        { "sunspec_monitor_7", "healthy" },
        { "rpi_power_monitor_122", "ct_reversed_B" },
        { "zigbee2mqtt_22639", "healthy" },
        { "zigbee2mqtt_18603", NULL },
        { "six_channel_24", "healthy" },
        { "six_channel_99", "healthy" },
        { "six_channel_195", "healthy" },
        { "pzem_004t_93", "healthy" },
        { "split_single_phase_30", "healthy" },
        { "shelly_3em_2", "healthy" },
        { "pzem_004t_98", "healthy" },
        { "pzem_004t_87", "ct_open_A" },
        { "p1_dongel_103", NULL },
        { "energyme_174", "healthy" },
        { "zigbee2mqtt_17153", NULL },
    };

    (void)state;
    for (size_t n = 0; n < G_N_ELEMENTS(report); n++) {
        char *path = g_strdup_printf(SOURCE_DIR "/tests/data/public_reports/%s.txt",
                                     report[n].file),
             *read = NULL;
        assert_true(g_file_get_contents(path, &read, NULL, NULL));
        assert_true(g_str_has_prefix(read, "https://github.com/"));
        GString *text = g_string_new(read);
        struct asked *a = ask(text, &usual);
        if (report[n].first)
            first_is(a, report[n].first, n);
        else
            assert_int_equal(a->d.ranking.count, 0);
        done(a);
        g_string_free(text, TRUE);
        g_free(read);
        g_free(path);
    }
}

/* Three wires whose CTs have errors of up to 1 % and 40 minutes: fitted, told, and part of
 * the scenario. */
static void errors_of_cts_are_fitted(void **state)
{
    (void)state;
    GString *text = g_string_new(
                "type = 31\nct_primary = 100\nV AB: 480\nV BC: 480\nV CA: 480\n"
                "I A: 50.4500\nkW A: 12.40140\nkvar A: 6.45576\n"
                "I B: 45.6320\nkW B: 10.90541\nkvar B: 6.40243\n"
                "I C: 47.1398\nkW C: 11.80409\nkvar C: 5.59689\n"),
            *said = g_string_new(NULL);
    struct scenario_result r;
    struct asked *a = ask(text, &usual);

    first_is(a, "healthy", 0);
    assert_true(a->d.proof[0].cts_fitted && a->d.proof[0].amps < 0.003);
    diagnosis_text(&a->d, said);
    assert_non_null(strstr(said->str, "fitted to the CTs: A "));
    g_string_truncate(said, 0);
    diagnosis_lua(&a->d, 0, said);
    assert_non_null(strstr(said->str, "fault(m, \"ct_phase_error\", \"C\", "));
    run_text(said->str, (gssize)said->len, &r);
    assert_int_equal(r.outcome, SCENARIO_PASSED);
    scenario_result_clear(&r);
    done(a);
    g_string_free(said, TRUE);
    g_string_free(text, TRUE);
}

/* Current C is not among them: it follows from kVA. */
static void what_mbpoll_prints(void **state)
{
    (void)state;
    GString *text = g_string_new(
        "Data type.............: 16-bit register, output (holding) register table\n"
        "\n-- Polling slave 1...\n[91]: \t1994\n[92]: \t63292 (-2244)\n"
        "[93]: \t1870\n[94]: \t0x03C6\n[95]: \t64449 (-1087)\n[96]: \t906\n"
        "[103]: \t4798\n[104]: \t4798\n[105]: \t4798\n[106]: \t2770\n"
        "[107]: \t2770\n[108]: \t2770\n[109]: \t8000\n[110]: \t9000\n"
        "[130]: \t40\n[131]: \t200\n[132]: \t1\n[133]: \t100\n[134]: \t480\n"
        "[138]: \t65534 (-2)\n[139]: \t65535 (-1)\n[140]: \t65534 (-2)\n"
        "Data type.............: 32-bit float (big endian), output (holding) "
        "register table\n[383]: \t278\n");
    struct asked *a = ask(text, &usual);

    first_is(a, "ct_reversed_B", 0);
    assert_true(fabs(a->o.dump[0].q[0] - 9660) < 0.01);
    assert_true(fabs(a->o.dump[0].i[2] - 75) < 0.1);
    done(a);
    g_string_free(text, TRUE);
}

static void a_table_of_a_historian(void **state)
{
    (void)state;
    const char *text =
        "time,V A [V],V B [V],V C [V],I A [A],I B [A],I C [A],kW A,kW B,"
        "kW C,kvar A,kvar B,kvar C\n"
        "2026-05-01 00:00:00,230,231,229,20,22,19,4.1,4.5,-3.9,2,2.2,-1.9\n"
        "2026-05-01 00:15:00,230,231,229,25,27,24,5.1,5.5,-4.9,2.5,2.7,-2.3\n";
    struct observation *o = g_new0(struct observation, 1);
    GError *error = NULL;

    assert_true(dump_history_is(text));
    assert_false(dump_history_is("time,register,word\n1,2,3\n"));
    assert_false(dump_history_is("V L1: 230 V\n"));
    if (!dump_history_parse(o, "log.csv", text, NULL, &error))
        fail_msg("%s", error->message);
    assert_int_equal(o->count, 2);
    assert_true(o->dump[1].p[2] == -4900 && o->dump[1].i[0] == 25);
    g_free(o);
}

/* The record is healthy before its sag; 480 V, a load on each phase. */
static void a_record(void **state)
{
    (void)state;
    struct observation *o = g_new0(struct observation, 1);
    GError *error = NULL;

    assert_true(dump_comtrade_is("x.cfg") && !dump_comtrade_is("x.csv"));
    if (!dump_comtrade_read(o, SOURCE_DIR "/recordings/sag_b_480v.cfg", NULL, &error))
        fail_msg("%s", error->message);
    assert_true(o->type->number == 40 && o->nominal_v == 480 && o->pt_ratio == 1);
    assert_true(fabs(o->dump[0].v[1] - 277) < 3 && o->dump[0].i[1] > 10);
    assert_false(dump_comtrade_read(o, "/nowhere.cfg", NULL, &error));
    g_clear_error(&error);
    g_free(o);
}

static void refused(const char *text, const char *says)
{
    struct observation *o = g_new0(struct observation, 1);
    GError *error = NULL;

    assert_false(dump_parse(o, "bad.csv", text, NULL, &error));
    if (strstr(error->message, says) == NULL)
        fail_msg("%s", error->message);
    g_clear_error(&error);
    g_free(o);
}

static void dumps_that_cannot_be(void **state)
{
    (void)state;
    refused("a,b\n1,2\n", "expected CSV with the columns register,word");
    refused("register;word\n1;2\n", "expected the columns register,word");
    refused("Voltage L1: 230 V\nCurrent L1: 3 A\n", "needs its current and kW");
    refused("V\xff L1: 230 V\n", "needs its current"); /* no UTF-8 */
    assert_false(dump_history_is("\xc2,\xff\n1,2\n"));
    refused("V L1: 0.3 V\nI L1: 1 A\nP L1: 1 W\n", "no reading of a voltage");
    refused("type = 41\nCurrent L1: 3 A\n", "type: 10, 11, 12, 31 or 40");
    refused("register,word\n1,x\n", "bad.csv:2:3: expected a number");
    refused("register,word\n0,1\n", "bad.csv:2:1: expected a number from 1");
    refused("register,word\n21,1\n", "register 130");
    refused("register,word\n130,40\n", "no reading of current A");
    refused("register,word\n130,41\n", "holds no type");
}

/* A type 10 after a type 40. */
static void dumps_of_two_sites(void **state)
{
    (void)state;
    struct observation *o = g_new0(struct observation, 1);
    GError *error = NULL;

    assert_true(
        dump_parse(o, "one", "V L1: 230 V\nI L1: 2 A\nP L1: 400 W\n", NULL, NULL));
    assert_false(dump_parse(o, "two",
                            "V L1: 230 V\nV L2: 230 V\nI L1: 2 A\nI L2: 2 A\n"
                            "P L1: 400 W\nP L2: 400 W\n",
                            NULL, &error));
    assert_non_null(strstr(error->message, "two: type 12, and 10 before"));
    g_clear_error(&error);
    g_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_causes_stand_first),
        cmocka_unit_test(the_factor_of_a_reversed_ct),
        cmocka_unit_test(export_stands_before_reversed_cts),
        cmocka_unit_test(the_scenario_that_is_written_runs),
        cmocka_unit_test(a_model_without_direction),
        cmocka_unit_test(names_and_values),
        cmocka_unit_test(totals_alone),
        cmocka_unit_test(legs_that_cancel),
        cmocka_unit_test(public_reports),
        cmocka_unit_test(errors_of_cts_are_fitted),
        cmocka_unit_test(what_mbpoll_prints),
        cmocka_unit_test(a_table_of_a_historian),
        cmocka_unit_test(a_record),
        cmocka_unit_test(dumps_that_cannot_be),
        cmocka_unit_test(dumps_of_two_sites),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
