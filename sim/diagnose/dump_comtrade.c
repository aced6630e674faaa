/* Readings of a record. See dump_comtrade.h. The first cycle is repeated until the
 * window of a reading is full (waveform/recording.h). */
#include "sim/diagnose/dump_comtrade.h"
#include "sim/diagnose/dump_table.h"
#include "sim/program/error.h"
#include "waveform/recording.h"
#include <complex.h>
#include <math.h>

static const char *const endings[] = { ".cfg", ".CFG", ".cff", ".CFF" };

bool dump_comtrade_is(const char *path)
{
    for (size_t n = 0; n < G_N_ELEMENTS(endings); n++)
        if (g_str_has_suffix(path, endings[n]))
            return true;
    return false;
}

static void set_three(struct dump_table *t, enum quantity first, const double value[3],
                      double unit)
{
    for (int k = 0; k < 3; k++)
        t->reading[first + k] = value[k] / unit;
    t->readings += 3;
}

/* Phasors of the voltages over ten cycles before the record begins, by their Fourier sum. */
static void set_angles(struct dump_table *t, const struct recording *r)
{
    const double turn = 2 * G_PI * r->hz / r->samples_per_s;
    const int64_t from = r->first - lround(10 * r->samples_per_s / r->hz);

    if (r->line_to_line || from < 0)
        return;
    t->has_angles = true;
    for (int k = 0; k < 3; k++) {
        double complex sum = 0;
        for (int64_t n = from; n < r->first; n++)
            sum += r->x[k][n] * cexp(-I * (turn * (double)(n - from)));
        t->v_deg[k] = 180 / G_PI * carg(sum);
    }
}

static bool add_record(struct observation *o, const char *path,
                       const struct recording *r, const struct model *model,
                       GError **error)
{
    const enum waveform_wiring wiring = r->line_to_line ? WAVEFORM_DELTA : WAVEFORM_WYE;
    struct waveform_truth truth;
    struct dump_table t;

    recording_truth(r, r->first, wiring, &truth);
    dump_table_start(&t);
    t.type = r->line_to_line ? SYSTEM_TYPE_NUMBER_31 : SYSTEM_TYPE_NUMBER_40;
    if (!r->line_to_line)
        set_three(&t, Q_V_AN, truth.v, 1);
    set_three(&t, Q_V_AB, truth.vll, 1);
    set_three(&t, Q_I_A, truth.i, 1);
    set_three(&t, Q_KW_A, truth.p, 1000);
    set_three(&t, Q_KVAR_A, truth.q, 1000);
    t.reading[Q_FREQ] = r->hz;
    set_angles(&t, r);
    return dump_table_add(o, path, &t, model, error);
}

bool dump_comtrade_read(struct observation *o, const char *path,
                        const struct model *model, GError **error)
{
    const struct recording_options options = { .before_s = RECORDING_BEFORE_S,
                                               .after_s = RECORDING_AFTER_S };
    struct comtrade_error wrong;
    struct comtrade *file = comtrade_read(path, &wrong);
    struct recording *r = file ? recording_from_comtrade(file, &options, &wrong) : NULL;
    bool good =
        r ? add_record(o, path, r, model, error) : error_set(error, "%s", wrong.text);

    recording_free(r);
    comtrade_free(file);
    return good;
}
