/* See typetest_units.h. The class is that of the rows "load": active energy over current
 * and power factor. */
#include "sim/bench/typetest_units.h"
#include "sim/factory/calibration.h"
#include "sim/factory/port_unit.h"
#include "sim/plant/demo.h"
#include "sim/program/error.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SOURCE_V = 240, CT_A = 100, SECONDS = 5, SETTLE_S = 3, SHARE_PERCENT = 99 };
enum { TABLE_MAX = 32 };

struct worst {
    double share; /* of the limit */
    int board;
    const struct type_test *test;
    double value;
};

struct fate {
    const char *defect;
    int boards, refused, missed, outside;
};

struct tally {
    int sound, before, after, refused_sound;
    struct worst worst;
    struct fate fate[TABLE_MAX];
    int fates;
};

static struct unit *made_unit(const struct model *model,
                              const struct tolerance_board *made)
{
    const struct demo d = { .model = model,
                            .system_type = 40,
                            .ct_primary_a = CT_A,
                            .pt_ratio = 1,
                            .volts_ll = 480,
                            .hz = 60,
                            .pf = 1 };
    struct unit *u = demo_unit(&d, 0);

    g_assert(u);
    for (int n = 0; n < made->faults; n++)
        unit_set_fault(u, made->fault[n].fault, made->fault[n].phase,
                       made->fault[n].value);
    return u;
}

bool typetest_calibrated(const struct model *model, uint64_t seed, int n,
                         struct tolerance_board *made,
                         struct meter_constants *constants, GError **error)
{
    const struct calibration_plan plan = { .source = { SOURCE_V, CT_A, 60, 1 },
                                           .seconds = SECONDS,
                                           .settle_s = SETTLE_S,
                                           .seals = true };
    struct calibration_result r = { .passed = false };

    tolerance_draw(made, seed * 1000000 + (uint64_t)n);
    struct unit *u = made_unit(model, made);
    const struct port port = port_unit(u);
    port_unit_restart(u, true);
    const bool done = calibration_run(&port, &plan, &r, error);
    unit_free(u);
    if (done && !r.passed)
        error_set_code(error, ERROR_FAILED,
                       "a check after calibration misses its limit");
    *constants = r.constants;
    return done && r.passed;
}

/* Within all rows "load"; the first miss ends it unless *worst is wanted. */
static bool in_class(const struct model *model, const struct type_test_board *board,
                     int n, struct worst *worst)
{
    bool within = true;

    for (size_t k = 0; k < type_test_count && (within || worst); k++) {
        const struct type_test *t = &type_tests[k];
        if (strcmp(t->clause, "load") != 0)
            continue;
        const double value = type_test_value(t, model, board);
        const double share = fabs(value) / type_test_limit(t, model);
        within = within && share <= 1;
        if (worst && share > worst->share)
            *worst = (struct worst){ share, n, t, value };
    }
    return within;
}

static struct fate *fate_of(struct tally *tally, const char *defect)
{
    for (int k = 0; k < tally->fates; k++)
        if (tally->fate[k].defect == defect)
            return &tally->fate[k];
    g_assert(tally->fates < TABLE_MAX);
    tally->fate[tally->fates] = (struct fate){ .defect = defect };
    return &tally->fate[tally->fates++];
}

static void count_sound(struct tally *tally, bool calibrated, bool after)
{
    tally->sound++;
    tally->refused_sound += !calibrated;
    tally->after += calibrated && after;
}

static void count_defect(struct tally *tally, const char *defect, bool calibrated,
                         bool after, bool missed)
{
    struct fate *fate = fate_of(tally, defect);

    fate->boards++;
    fate->missed += missed;
    fate->refused += !calibrated && !missed;
    fate->outside += calibrated && !after;
}

static void run_board(const struct model *model, uint64_t seed, int n,
                      struct tally *tally)
{
    struct tolerance_board made;
    struct meter_constants constants;
    g_autoptr(GError) error = NULL;
    const bool calibrated =
        typetest_calibrated(model, seed, n, &made, &constants, &error);
    const struct type_test_board raw = { &made, NULL }, board = { &made, &constants };
    const bool missed = error && strstr(error->message, "check after");

    tally->before += in_class(model, &raw, n, NULL);
    const bool after =
        calibrated && in_class(model, &board, n, made.defect ? NULL : &tally->worst);
    if (made.defect)
        count_defect(tally, made.defect, calibrated, after, missed);
    else
        count_sound(tally, calibrated, after);
}

static bool print(const struct model *model, int units, const struct tally *t)
{
    int outside = t->sound - t->refused_sound - t->after;

    printf("%d boards of the %s: %d within their tolerances, %d with a defect\n", units,
           model->name, t->sound, units - t->sound);
    printf("before calibration: %d of %d within class %s\n", t->before, units,
           calibration_class(model));
    printf("after calibration:  %d of %d within their tolerances (%.1f %%)\n", t->after,
           t->sound, t->sound ? 100.0 * t->after / t->sound : 0);
    if (t->worst.test)
        printf("worst point: board %d, %s: %+.4f %% of %.4g %% allowed\n",
               t->worst.board, t->worst.test->text, t->worst.value,
               type_test_limit(t->worst.test, model));
    for (int k = 0; k < t->fates; k++) {
        const struct fate *f = &t->fate[k];
        printf(
            "  %s: %d boards, %d refused, %d missed a check, %d calibrated outside of "
            "the class\n",
            f->defect, f->boards, f->refused, f->missed, f->outside);
        outside += f->outside;
    }
    return t->after * 100 >= t->sound * SHARE_PERCENT && outside == 0;
}

bool typetest_units(const struct model *model, int units, uint64_t seed)
{
    struct tally tally = { .sound = 0 };

    for (int n = 1; n <= units; n++)
        run_board(model, seed, n, &tally);
    return print(model, units, &tally);
}
