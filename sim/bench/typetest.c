/* metersim typetest: the electrical type tests of accuracy (rows in typetest.def), for
 * one model or both, as a table with limit and margin. Errors are those of energy,
 * against the world's own truth. */
#include "sim/bench/typetest_case.h"
#include "sim/bench/typetest_units.h"
#include "sim/factory/calibration.h"
#include "sim/program/commands.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Where the limits of a clause stand. */
static const struct {
    const char *clause, *text;
} sources[] = {
#define S(clause, text) { clause, text },
#include "sim/bench/typetest.def"
};

enum { MARGIN_TEXT = 40 };

static bool is_within(double shown, double limit)
{
    return fabs(shown) <= limit;
}

static const char *margin_text(double shown, double limit, char text[MARGIN_TEXT])
{
    if (!is_within(shown, limit) && limit > 0)
        g_snprintf(text, MARGIN_TEXT, "missed by %.2g %%",
                   (fabs(shown) / limit - 1) * 100);
    else if (!is_within(shown, limit))
        return "missed";
    else if (limit > 0 && fabs(shown) < limit / 10)
        return "over 10 times";
    else
        return limit > 0 && fabs(shown) > 0.99 * limit ? "none: at the limit" : "held";
    return text;
}

static const char *source_of(const struct type_test *t)
{
    for (size_t k = 0; k < G_N_ELEMENTS(sources); k++)
        if (!strcmp(sources[k].clause, t->clause))
            return sources[k].text;
    g_assert_not_reached();
}

static bool run_test(const struct type_test *t, const struct model *model,
                     const struct type_test_board *board, double *reference)
{
    char margin[MARGIN_TEXT];
    const double limit = type_test_limit(t, model);
    const double value = type_test_value(t, model, board);
    const double shown = type_test_varies(t) ? value - *reference : value;

    if (type_test_is_reference(t))
        *reference = value;
    printf("| %s | %s | %s | %+.5f | %.4g | %s | %s |\n", model->name, t->clause,
           t->text, shown, limit, margin_text(shown, limit, margin), source_of(t));
    return is_within(shown, limit);
}

/* One before it has the same identification: it meters in the same way. */
static bool is_twin(unsigned index)
{
    for (unsigned k = 0; k < index; k++)
        if (!strcmp(model_at(k)->product, model_at(index)->product))
            return true;
    return false;
}

struct typetest_options {
    char *name;
    int units, seed;
    gboolean rows;
    const struct model *only;
};

static bool is_wanted(const struct typetest_options *o, unsigned m)
{
    return o->only ? o->only == model_at(m) : !is_twin(m);
}

/* The table of one model; how many of its rows miss their limits. */
static int run_model(const struct model *model, const struct type_test_board *board,
                     int *count)
{
    double reference = 0;
    int failures = 0;

    for (size_t k = 0; k < type_test_count; k++) {
        if (!type_test_is_for(&type_tests[k], model))
            continue;
        failures += !run_test(&type_tests[k], model, board, &reference);
        ++*count;
    }
    return failures;
}

static void print_head(void)
{
    puts("| model | test | condition | error or variation, % | limit | margin | limit "
         "by "
         "|\n|---|---|---|---|---|---|---|");
}

static int run_table(const struct typetest_options *o)
{
    int failures = 0, count = 0;

    print_head();
    for (unsigned m = 0; model_at(m); m++)
        if (is_wanted(o, m))
            failures += run_model(model_at(m), NULL, &count);
    printf("\ntypetest: %d of %d within their limits\n", count - failures, count);
    return failures ? 1 : 0;
}

/* All rows of each board that calibration accepts. */
static int run_rows(const struct typetest_options *o, const struct model *model)
{
    int all = 0;

    for (int n = 1; n <= o->units; n++) {
        struct tolerance_board made;
        struct meter_constants constants;
        const struct type_test_board board = { &made, &constants };
        GError *error = NULL;
        int count = 0;

        printf("\n## Board %d\n\n", n);
        if (!typetest_calibrated(model, (uint64_t)o->seed, n, &made, &constants,
                                 &error)) {
            printf("%s: %s\n", made.defect ? made.defect : "tolerances alone",
                   error->message);
            g_clear_error(&error);
            continue;
        }
        print_head();
        const int failures = run_model(model, &board, &count);
        printf("\ntypetest: board %d, %d of %d within their limits\n", n,
               count - failures, count);
        all += failures;
    }
    return all ? 1 : 0;
}

static int run_units(const struct typetest_options *o)
{
    int code = 0;

    for (unsigned m = 0; model_at(m); m++)
        if (is_wanted(o, m))
            code |= o->rows ? run_rows(o, model_at(m))
                            : !typetest_units(model_at(m), o->units, (uint64_t)o->seed);
    return code;
}

static bool check_options(struct typetest_options *o, int arguments, GError **error)
{
    if (arguments)
        return error_set_usage(error,
                               "the model is named by --model, not by an argument");
    if (o->rows && !o->units)
        return error_set_usage(error, "--rows goes with --units");
    return command_in_range("units", o->units, 0, 1000000, error) &&
           command_in_range("seed", o->seed, 0, 1000000, error) &&
           (!o->name || (o->only = command_model(o->name, error)));
}

int command_typetest(int argc, char **argv, GError **error)
{
    struct typetest_options o = { .seed = 1 };
    const GOptionEntry entries[] = {
        { "model", 0, 0, G_OPTION_ARG_STRING, &o.name,
          "One model only; a wrong name lists all", "M" },
        { "units", 0, 0, G_OPTION_ARG_INT, &o.units,
          "So many boards with tolerances, before and after calibration", "N" },
        { "rows", 0, 0, G_OPTION_ARG_NONE, &o.rows, "All rows of each of these", NULL },
        { "seed", 0, 0, G_OPTION_ARG_INT, &o.seed, "Of the boards; default 1", "N" },
        G_OPTION_ENTRY_NULL
    };
    int code = 2;

    if (command_options(&argc, &argv, "", entries,
                        "Examples:\n  metersim typetest --model s4100\n"
                        "  metersim typetest --model s4100 --units 1000\n",
                        error) &&
        check_options(&o, argc - 1, error))
        code = o.units ? run_units(&o) : run_table(&o);
    g_free(o.name);
    return code;
}
