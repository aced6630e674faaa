/* metersim accuracy: a file of cases through the meter, each at several start phases,
 * and every reading against its expected value, goal and limit. */
#include "core/quantity.h"
#include "sim/bench/accuracy_read.h"
#include "sim/bench/accuracy_run.h"
#include "sim/program/commands.h"
#include "sim/program/output.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STARTS = 8, STARTS_MAX = 360 };

/* Energy below this is the edge of a world that is switched on and off. */
static const double LEAST_WH = 0.01;

/* One quantity of the file: its column, what it reads, which tolerance judges it. */
enum tolerance { GOAL_V, GOAL_I, GOAL_P, GOAL_Q, GOAL_F, GOAL_E, GOAL_N, GOALS };

struct quantity_column {
    const char *name; /* the column of the expected value */
    enum quantity_kind kind;
    enum tolerance goal;
    size_t offset; /* in struct accuracy_reading */
    int phase;     /* for power in percent of S; -1: the total */
};

#define AT(field) offsetof(struct accuracy_reading, field)

static const struct quantity_column columns[] = {
    { "Van", QUANTITY_VOLTAGE, GOAL_V, AT(v[0]), 0 },
    { "Vbn", QUANTITY_VOLTAGE, GOAL_V, AT(v[1]), 1 },
    { "Vcn", QUANTITY_VOLTAGE, GOAL_V, AT(v[2]), 2 },
    { "Vab", QUANTITY_VOLTAGE, GOAL_V, AT(vll[0]), 0 },
    { "Vbc", QUANTITY_VOLTAGE, GOAL_V, AT(vll[1]), 1 },
    { "Vca", QUANTITY_VOLTAGE, GOAL_V, AT(vll[2]), 2 },
    { "Ia", QUANTITY_CURRENT, GOAL_I, AT(i[0]), 0 },
    { "Ib", QUANTITY_CURRENT, GOAL_I, AT(i[1]), 1 },
    { "Ic", QUANTITY_CURRENT, GOAL_I, AT(i[2]), 2 },
    { "Pa", QUANTITY_ACTIVE, GOAL_P, AT(p[0]), 0 },
    { "Pb", QUANTITY_ACTIVE, GOAL_P, AT(p[1]), 1 },
    { "Pc", QUANTITY_ACTIVE, GOAL_P, AT(p[2]), 2 },
    { "Ptot", QUANTITY_ACTIVE, GOAL_P, AT(p_total), -1 },
    { "Q1a", QUANTITY_REACTIVE, GOAL_Q, AT(q[0]), 0 },
    { "Q1b", QUANTITY_REACTIVE, GOAL_Q, AT(q[1]), 1 },
    { "Q1c", QUANTITY_REACTIVE, GOAL_Q, AT(q[2]), 2 },
    { "Q1tot", QUANTITY_REACTIVE, GOAL_Q, AT(q_total), -1 },
    { "Sa", QUANTITY_APPARENT, GOAL_P, AT(s[0]), 0 },
    { "Sb", QUANTITY_APPARENT, GOAL_P, AT(s[1]), 1 },
    { "Sc", QUANTITY_APPARENT, GOAL_P, AT(s[2]), 2 },
    { "Stot_vecD", QUANTITY_APPARENT, GOAL_P, AT(s_total), -1 },
    { "PFa", QUANTITY_PF, GOAL_P, AT(pf[0]), 0 },
    { "PFb", QUANTITY_PF, GOAL_P, AT(pf[1]), 1 },
    { "PFc", QUANTITY_PF, GOAL_P, AT(pf[2]), 2 },
    { "PFtot_vecD", QUANTITY_PF, GOAL_P, AT(pf_total), -1 },
    { "f_exp", QUANTITY_FREQUENCY, GOAL_F, AT(hz), -1 },
    { "demand_kW", QUANTITY_ACTIVE, GOAL_P, AT(demand_kw), -1 },
    { "pulses", QUANTITY_COUNT, GOAL_N, AT(pulses), -1 },
    { "Wh_imp", QUANTITY_ACTIVE_ENERGY, GOAL_E, AT(wh_import), -1 },
    { "Wh_exp", QUANTITY_ACTIVE_ENERGY, GOAL_E, AT(wh_export), -1 },
};

struct bench {
    const struct csv *csv;
    GString *out; /* --csv */
    bool quiet;
    int checks, failures, failed_cases;
    double worst[GOALS]; /* share of the goal used, the max */
    char worst_where[GOALS][64];
    double worst_error[GOALS];
};

static double cell_number(const struct csv *csv, int row, const char *column)
{
    const char *text = csv_cell(csv, row, csv_column(csv, column)).text;
    return *text ? g_ascii_strtod(text, NULL) : NAN;
}

static double goal_of(const struct csv *csv, int row, enum tolerance goal)
{
    static const char *const names[] = { "goal_V_pct", "goal_I_pct", "goal_P_pct",
                                         "goal_Q_pct", "goal_f_hz",  "goal_P_pct" };
    return goal == GOAL_N ? 1 : cell_number(csv, row, names[goal]); /* one pulse */
}

static double limit_of(const struct csv *csv, int row, const struct accuracy_case *c,
                       enum tolerance goal)
{
    if (goal == GOAL_Q)
        return cell_number(csv, row, "lim_Q_cl2_pct");
    if (goal != GOAL_P && goal != GOAL_E)
        return NAN;
    return cell_number(csv, row,
                       c->model->unidirectional ? "lim_P_05S_pct" : "lim_P_02S_pct");
}

/* What a compensating meter is judged by: the world without the sensor's fault. What no
 * sensor's fault changes is the file's, x. */
static double true_value(const struct quantity_column *q, double seconds,
                         const struct waveform_truth *truth, double x)
{
    const bool total = q->phase < 0;

    switch (q->kind) {
    case QUANTITY_CURRENT:
        return truth->i[q->phase];
    case QUANTITY_ACTIVE:
        return fabs(total ? truth->p_total : truth->p[q->phase]);
    case QUANTITY_REACTIVE:
        return fabs(total ? truth->q_total : truth->q[q->phase]);
    case QUANTITY_APPARENT:
        return total ? truth->s_total : truth->s[q->phase];
    case QUANTITY_PF:
        return fabs(total ? truth->pf_total : truth->pf[q->phase]);
    case QUANTITY_ACTIVE_ENERGY:
        return strcmp(q->name, "Wh_imp") ? x : fabs(truth->p_total) * seconds / 3600;
    case QUANTITY_VOLTAGE:
    case QUANTITY_REACTIVE_ENERGY:
    case QUANTITY_APPARENT_ENERGY:
    case QUANTITY_FREQUENCY:
    case QUANTITY_COUNT:
    case QUANTITY_KINDS:
        break;
    }
    return x;
}

/* The unidirectional model shows magnitudes and counts them as import. */
static double expected_value(const struct bench *b, int row,
                             const struct accuracy_case *c,
                             const struct quantity_column *q,
                             const struct waveform_truth *truth)
{
    double x = cell_number(b->csv, row, q->name);

    if (!strcmp(q->name, "demand_kW"))
        return c->rolling ? NAN : c->demand_kw;
    if (q->kind == QUANTITY_COUNT)
        return c->pulses;
    if (isnan(x))
        return x;
    if (c->compensated)
        x = true_value(q, c->seconds, truth, x);
    if (!c->model->unidirectional)
        return x;
    if (!strcmp(q->name, "Wh_imp"))
        return c->compensated ? x : x + cell_number(b->csv, row, "Wh_exp");
    return !strcmp(q->name, "Wh_exp") ? 0 : fabs(x);
}

/* What a percentage refers to: the value itself; for powers with a factor below 0.5 the
 * apparent power; for energy, all that flowed, either way. */
static double reference_of(const struct bench *b, int row,
                           const struct quantity_column *q, double expected,
                           const struct accuracy_reading *r)
{
    if (q->goal == GOAL_E)
        return cell_number(b->csv, row, "Wh_imp") + cell_number(b->csv, row, "Wh_exp");
    if (q->goal == GOAL_P || q->goal == GOAL_Q) {
        bool factor = q->kind == QUANTITY_PF;
        double s = !strcmp(q->name, "demand_kW") ? 0
                   : factor                      ? 1
                   : q->phase < 0                ? r->s_total
                                                 : r->s[q->phase];
        if (fabs(expected) < 0.5 * s)
            return s;
    }
    return fabs(expected);
}

static void append_row(struct bench *b, const char *id, double start,
                       const struct quantity_column *q, double reading, double expected,
                       double error, double goal, double limit, bool pass)
{
    char number[6][G_ASCII_DTOSTR_BUF_SIZE];
    const double values[6] = { start, reading, expected, error, goal, limit };

    for (int k = 0; k < 6; k++) {
        number[k][0] = '\0';
        if (!isnan(values[k]))
            g_ascii_formatd(number[k], sizeof number[k], "%.9g", values[k]);
    }
    csv_append(b->out, id);
    g_string_append_printf(b->out, ",%s,%s,%s,%s,%s,%s,%s,%s\n", number[0],
                           q->goal == GOAL_F ? "f" : q->name, number[1], number[2],
                           number[3], number[4], number[5], pass ? "yes" : "no");
}

static void update_worst(struct bench *b, const char *id, double start,
                         const struct quantity_column *q, double error, double goal)
{
    double share = goal > 0 ? fabs(error) / goal : 0;

    if (share < b->worst[q->goal])
        return;
    b->worst[q->goal] = share;
    b->worst_error[q->goal] = error;
    g_snprintf(b->worst_where[q->goal], sizeof b->worst_where[0], "%s %s at %g°", id,
               q->name, start);
}

static bool judge(struct bench *b, int row, const struct accuracy_case *c, double start,
                  const struct quantity_column *q, const struct accuracy_reading *r,
                  const struct waveform_truth *truth)
{
    double goal = goal_of(b->csv, row, q->goal),
           limit = limit_of(b->csv, row, c, q->goal);
    double expected = expected_value(b, row, c, q, truth);
    double reading = *(const double *)((const char *)r + q->offset);

    if (isnan(expected) || isnan(goal))
        return true;
    double reference = reference_of(b, row, q, expected, r);
    double error = reading - expected;
    if (q->goal != GOAL_F && q->goal != GOAL_N)
        error = reference > 0 ? error / reference * 100 : error == 0 ? 0 : INFINITY;
    if (q->goal == GOAL_E && fabs(reading - expected) < LEAST_WH)
        error = 0;
    bool pass = fabs(error) <= goal;
    b->checks++;
    b->failures += !pass;
    if (b->out)
        append_row(b, c->id, start, q, reading, expected, error, goal, limit, pass);
    update_worst(b, c->id, start, q, error, goal);
    if (!b->quiet || !pass)
        printf("%-4s %5.1f  %-10s %14.7g %14.7g %+11.6f %8.4g %8.4g  %s\n", c->id,
               start, q->name, reading, expected, error, goal, limit,
               pass ? "ok" : "FAIL");
    return pass;
}

static void run_row(struct bench *b, int row, const struct accuracy_case *c, int starts)
{
    bool good = true;

    for (int n = 0; n < starts; n++) {
        struct accuracy_reading reading;
        struct waveform_truth truth;
        double start = 360.0 / starts * n;
        struct waveform *world = waveform_new(unit_wiring_of(c->system_type));
        waveform_set_lines(world, c->hz, c->line, c->lines);
        waveform_truth(world, &truth);
        waveform_free(world);
        accuracy_case_run(c, start, &reading);
        for (unsigned k = 0; k < G_N_ELEMENTS(columns); k++)
            good &= judge(b, row, c, start, &columns[k], &reading, &truth);
    }
    b->failed_cases += !good;
}

static void print_closing(const struct bench *b, int cases)
{
    static const char *const names[] = { "V", "I",      "P, S, PF", "Q",
                                         "f", "energy", "pulses" };

    printf("\nworst errors, and the share of the goal that they use:\n");
    for (int k = 0; k < GOALS; k++)
        if (b->worst_where[k][0])
            printf("  %-9s %+.6f %s (%3.0f %%)  %s\n", names[k], b->worst_error[k],
                   k == GOAL_F   ? "Hz"
                   : k == GOAL_N ? ""
                                 : "%",
                   b->worst[k] * 100, b->worst_where[k]);
    printf("accuracy: %d of %d cases within their goals, %d of %d readings\n",
           cases - b->failed_cases, cases, b->checks - b->failures, b->checks);
}

static bool known_tolerance(const char *name)
{
    static const char *const known[] = { "goal_V_pct",    "goal_I_pct",
                                         "goal_P_pct",    "goal_Q_pct",
                                         "goal_f_hz",     "lim_P_02S_pct",
                                         "lim_P_05S_pct", "lim_Q_cl2_pct" };

    for (unsigned k = 0; k < G_N_ELEMENTS(known); k++)
        if (!strcmp(known[k], name))
            return true;
    return false;
}

static bool is_tolerance(const char *name)
{
    return g_str_has_prefix(name, "goal_") || g_str_has_prefix(name, "lim_");
}

/* A misspelt tolerance would pass everything, and so would an empty file. */
static bool check_columns(const struct csv *csv, GError **error)
{
    for (int k = 0; k < csv->columns; k++) {
        const char *name = csv->cell[k].text;
        if (is_tolerance(name) && !known_tolerance(name)) {
            csv_complain(csv, csv->cell[k], error,
                         "expected goal_V_pct, goal_I_pct, goal_P_pct, goal_Q_pct, "
                         "goal_f_hz or lim_…, found '%s'",
                         name);
            return false;
        }
        if (csv_column(csv, name) != k) {
            csv_complain(csv, csv->cell[k], error,
                         "expected each column once, found "
                         "'%s' again",
                         name);
            return false;
        }
    }
    if (csv->rows > 0)
        return true;
    csv_complain(csv, csv->cell[0], error,
                 "expected at least one case below the header");
    return false;
}

static bool is_number_or_blank(const char *text)
{
    char *end;

    if (!*text)
        return true;
    return isfinite(g_ascii_strtod(text, &end)) && !*end;
}

/* Expected values and tolerances: numbers, or nothing. */
static bool check_numbers(const struct csv *csv, GError **error)
{
    for (int k = 0; k < csv->columns; k++) {
        bool judged = is_tolerance(csv->cell[k].text);
        for (unsigned n = 0; n < G_N_ELEMENTS(columns); n++)
            judged |= !strcmp(csv->cell[k].text, columns[n].name);
        for (int row = 0; judged && row < csv->rows; row++) {
            struct csv_cell cell = csv_cell(csv, row, k);
            if (!is_number_or_blank(cell.text)) {
                csv_complain(csv, cell, error, "expected %s as a number, found '%s'",
                             csv->cell[k].text, cell.text);
                return false;
            }
        }
    }
    return true;
}

static bool check_header(const struct csv *csv, GError **error)
{
    static const char *const needed[] = { "id",    "system_type", "f_hz",
                                          "dur_s", "va",          "ia" };

    for (unsigned k = 0; k < G_N_ELEMENTS(needed); k++)
        if (csv_column(csv, needed[k]) < 0) {
            csv_complain(csv, csv->cell[0], error, "expected a column named '%s'",
                         needed[k]);
            return false;
        }
    return check_columns(csv, error) && check_numbers(csv, error);
}

/* Reads every row before the first run, so that a malformed file costs no time. */
static struct accuracy_case *read_cases(const struct csv *csv, GError **error)
{
    struct accuracy_case *cases = g_new(struct accuracy_case, MAX(csv->rows, 1));

    for (int row = 0; row < csv->rows; row++)
        if (!accuracy_case_read(&cases[row], csv, row, error)) {
            g_free(cases);
            return NULL;
        }
    return cases;
}

static int run_file(const struct csv *csv, const struct accuracy_case *cases,
                    int starts, bool quiet, const char *out_path, GError **error)
{
    struct bench b = { .csv = csv, .quiet = quiet };

    if (out_path)
        b.out =
            g_string_new("case,start_deg,quantity,reading,expected,error_pct,goal_pct,"
                         "limit_pct,pass\n");
    printf("case start  quantity          reading       expected     error %%     goal "
           "   limit\n");
    for (int row = 0; row < csv->rows; row++)
        run_row(&b, row, &cases[row], starts);
    print_closing(&b, csv->rows);
    if (b.out) {
        bool written = output_write(out_path, b.out, error);
        g_string_free(b.out, TRUE);
        if (!written)
            return 2;
    }
    return b.failures ? 1 : 0;
}

int command_accuracy(int argc, char **argv, GError **error)
{
    char *out = NULL;
    int starts = STARTS;
    gboolean quiet = FALSE;
    const GOptionEntry entries[] = {
        { "csv", 0, 0, G_OPTION_ARG_FILENAME, &out, "Write every reading to FILE",
          "FILE" },
        { "starts", 0, 0, G_OPTION_ARG_INT, &starts,
          "Start phases of each case, 1 to 360; default 8", "N" },
        { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "Print only what fails", NULL },
        G_OPTION_ENTRY_NULL
    };

    if (!command_options(
            &argc, &argv, "CASES.csv", entries,
            "Example:\n  metersim accuracy tests/data/accuracy/cases.csv -q "
            "--csv out.csv\n\nThe form of the file stands in docs/accuracy.md.\n",
            error))
        return 2;
    if (!command_in_range("starts", starts, 1, STARTS_MAX, error) ||
        !output_check("--csv", out, error))
        return 2;
    struct csv *csv = argc == 2 ? csv_read(argv[1], error) : NULL;
    struct accuracy_case *cases =
        csv && check_header(csv, error) ? read_cases(csv, error) : NULL;
    int code = 2;
    if (cases)
        code = run_file(csv, cases, starts, quiet, out, error);
    else if (!csv && argc != 2)
        error_set_usage(error, "name one file of cases");
    g_free(cases);
    csv_free(csv);
    return code;
}
