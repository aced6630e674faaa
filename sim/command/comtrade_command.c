/* metersim comtrade: what a meter reads of a recording, second by second.
 *
 * The phases' powers are in the table because a current transformer that is reversed,
 * or on the wrong phase, shows there and nowhere else. */
#include "sim/command/comtrade_channels.h"
#include "sim/command/comtrade_scenario.h"
#include "sim/plant/demo.h"
#include "sim/program/commands.h"
#include "sim/program/output.h"
#include "waveform/recording.h"
#include <limits.h>
#include <math.h>
#include <stdio.h>

enum {
    SECOND_NS = 1000000000,
    EXTENSION_MAX_S = 3600,
    SCALE_MAX = 1000000,
    PT_RATIO_MAX = 320
};

enum { UNSET = INT_MIN }; /* an option that was not given */

struct replay_options {
    int system_type;
    double ct, volts, pt_ratio, scale_v, scale_i, hz, from, to, before, after;
    char *channel[WAVEFORM_CHANNELS];
    char *write; /* the scenario to write; NULL: none */
    int feeder;
    gboolean list, csv, primary, secondary;
};

/* The rating at or above the effective value of a sine of the record's greatest peak. */
static double rating_for(const struct recording *r, int first)
{
    double peak = 0;

    for (int ch = first; ch < first + 3; ch++)
        for (int64_t n = 0; n < r->count; n++)
            peak = fmax(peak, fabs(r->x[ch][n]));
    return peak / sqrt(2);
}

static double nominal_volts(const struct replay_options *o, const struct recording *r)
{
    return o->volts > 0 ? o->volts : ceil(rating_for(r, 0) * sqrt(3) / 10) * 10;
}

static double ratio_for(const struct replay_options *o, double volts)
{
    return o->pt_ratio > 0 ? o->pt_ratio : fmax(1, ceil(volts / 600));
}

/* The power of ten that brings the voltages within the meter's highest PT ratio. */
static double smaller(double volts)
{
    double scale = 1;

    while (volts * scale > PT_RATIO_MAX * 600.0)
        scale /= 10;
    return scale;
}

static bool has_ratio(const struct comtrade *f, const struct recording *r)
{
    int number = r->channel[WAVEFORM_VA];
    const struct comtrade_analog *a = number ? &f->analog[number - 1] : NULL;

    return a && a->secondary > 0 && a->primary > a->secondary;
}

/* Settings that fit the record where none are given. 0, or -1 and an error. */
static int fit_meter(const struct replay_options *o, const struct comtrade *f,
                     const struct recording *r, struct demo *d, GError **error)
{
    double volts = nominal_volts(o, r), ratio = ratio_for(o, volts);
    double amps = o->ct > 0 ? o->ct : ceil(rating_for(r, 3) / 10) * 10;

    if (o->pt_ratio == 0 && ratio > PT_RATIO_MAX) {
        error_set(
            error,
            "%.0f kV are beyond a PT ratio of %d, the meter's highest: %s--scale-v "
            "%g plays smaller ones",
            volts / 1000, PT_RATIO_MAX,
            has_ratio(f, r) ? "--secondary plays secondary values, " : "",
            smaller(volts) * o->scale_v);
        return -1;
    }
    int type = o->system_type != UNSET ? o->system_type : r->line_to_line ? 31 : 40;
    if (r->line_to_line && type != 31 && type != 11) {
        error_set(error, "the voltages are line-to-line: give --type 31, or 11");
        return -1;
    }
    if (fabs(ratio * 100 - round(ratio * 100)) > 1e-6 || amps > 32000) {
        error_set(error, "--pt takes hundredths, as register 133 does, and --ct at "
                         "most 32000 A");
        return -1;
    }
    *d = (struct demo){ .model = model_find("s4100"),
                        .system_type = type,
                        .ct_primary_a = fmin(fmax(amps, 1), 32000),
                        .volts_ll = fmin(fmax(volts, 82), 32000),
                        .pt_ratio = ratio,
                        .hz = r->hz,
                        .pf = 1 };

    fprintf(o->csv ? stderr : stdout,
            "meter: s4100, type %d, CT %.0f A, PT ratio %.2f, %.0f V\n", d->system_type,
            d->ct_primary_a, d->pt_ratio, d->volts_ll);
    return 0;
}

/* Columns: of the table by their title, of --csv all, by the names of the
 * quantities. Voltages stand there as the system type measures them. */
static const struct column {
    enum quantity q;
    const char *title; /* NULL: of --csv alone */
    double unit;
    int width, digits;
    enum { OF_ALL, OF_LN, OF_LL } of;
} columns[] = {
    { Q_V_AN, "Va", 1e6, 9, 2, OF_LN },           { Q_V_BN, "Vb", 1e6, 9, 2, OF_LN },
    { Q_V_CN, "Vc", 1e6, 9, 2, OF_LN },           { Q_V_AB, "Vab", 1e6, 9, 2, OF_LL },
    { Q_V_BC, "Vbc", 1e6, 9, 2, OF_LL },          { Q_V_AC, "Vac", 1e6, 9, 2, OF_LL },
    { Q_I_A, "Ia", 1e6, 9, 3, OF_ALL },           { Q_I_B, "Ib", 1e6, 9, 3, OF_ALL },
    { Q_I_C, "Ic", 1e6, 9, 3, OF_ALL },           { Q_KW_A, "kWa", 1e9, 9, 3, OF_ALL },
    { Q_KW_B, "kWb", 1e9, 9, 3, OF_ALL },         { Q_KW_C, "kWc", 1e9, 9, 3, OF_ALL },
    { Q_KW_TOTAL, "kW", 1e9, 10, 3, OF_ALL },     { Q_KVAR_A, NULL, 1e9, 0, 3, OF_ALL },
    { Q_KVAR_B, NULL, 1e9, 0, 3, OF_ALL },        { Q_KVAR_C, NULL, 1e9, 0, 3, OF_ALL },
    { Q_KVAR_TOTAL, "kvar", 1e9, 10, 3, OF_ALL }, { Q_PF_A, NULL, 1e6, 0, 4, OF_ALL },
    { Q_PF_B, NULL, 1e6, 0, 4, OF_ALL },          { Q_PF_C, NULL, 1e6, 0, 4, OF_ALL },
    { Q_PF_TOTAL, "PF", 1e6, 7, 4, OF_ALL },      { Q_FREQ, "Hz", 1e6, 7, 3, OF_ALL },
};

static bool in_table(const struct column *c, const struct unit *u)
{
    enum waveform_wiring wiring = waveform_wiring(u->world);
    bool lines = wiring == WAVEFORM_AB || wiring == WAVEFORM_DELTA;

    return c->title && (c->of == OF_ALL || (c->of == OF_LL) == lines);
}

static double shown(const struct unit *u, enum quantity q, double unit)
{
    int64_t x;
    return unit_reading(u, q, &x) ? (double)x / unit : NAN;
}

static void print_titles(const struct unit *u, bool csv)
{
    fputs(csv ? "second" : "   s", stdout);
    for (size_t k = 0; k < G_N_ELEMENTS(columns); k++)
        if (csv)
            printf(",%s", quantity_table[columns[k].q].name);
        else if (in_table(&columns[k], u))
            printf(" %*s", columns[k].width, columns[k].title);
    puts(csv ? ",alerts" : "  alerts");
}

/* No reading is an empty cell, and ---- in the table, as on the meter. */
static void print_cell(const struct column *c, double value, bool csv)
{
    if (csv && isnan(value))
        putchar(',');
    else if (csv)
        printf(",%.*f", c->digits + 2, value);
    else if (isnan(value))
        printf(" %*s", c->width, "----");
    else
        printf(" %*.*f", c->width, c->digits, value);
}

static void print_second(const struct unit *u, int second, bool csv)
{
    printf(csv ? "%d" : "%4d", second);
    for (size_t k = 0; k < G_N_ELEMENTS(columns); k++)
        if (csv || in_table(&columns[k], u))
            print_cell(&columns[k], shown(u, columns[k].q, columns[k].unit), csv);
    printf(csv ? ",%04X\n" : "  %04X\n", unit_alerts(u));
}

/* The seconds to print: the whole ones, as in one that is cut short the meter sees the
 * recording end; and that one only where the record itself, without the extension,
 * reaches into it. */
static int rows_of(const struct recording *r)
{
    int whole = (int)floor((double)r->count / r->samples_per_s);
    int record = (int)ceil((double)(r->last + 1) / r->samples_per_s);

    return whole > record ? whole : record;
}

/* Energy at the ends of the record itself, which lie between whole seconds. */
struct span {
    int64_t at_ns[2];
    struct waveform_truth truth[2];
    int passed;
};

static struct span span_of(const struct recording *r)
{
    double first = (double)r->first, last = (double)(r->last + 1);

    return (struct span){ .at_ns = { (int64_t)(first / r->samples_per_s * SECOND_NS),
                                     (int64_t)(last / r->samples_per_s * SECOND_NS) } };
}

static void advance(struct unit *u, int64_t to_ns, struct span *span)
{
    while (span->passed < 2 && span->at_ns[span->passed] <= to_ns) {
        unit_advance(u, span->at_ns[span->passed]);
        waveform_truth(u->world, &span->truth[span->passed++]);
    }
    unit_advance(u, to_ns);
}

static void print_seconds(struct unit *u, const struct recording *r, bool csv,
                          struct span *span)
{
    int rows = rows_of(r);

    print_titles(u, csv);
    for (int n = 1; n <= rows; n++) {
        advance(u, (int64_t)n * SECOND_NS, span);
        print_second(u, n, csv);
    }
    if ((double)rows * r->samples_per_s > (double)r->count)
        fprintf(csv ? stderr : stdout,
                "in second %d the recording ends; a longer --after fills it\n", rows);
}

static void print_energy(FILE *to, struct unit *u, const struct recording *r,
                         struct span *span)
{
    int end = (int)ceil((double)r->count / r->samples_per_s);
    struct waveform_truth all;

    advance(u, (int64_t)end * SECOND_NS, span);
    waveform_truth(u->world, &all);
    unit_advance(u, (int64_t)(end + 2) * SECOND_NS);
    fprintf(
        to,
        "\nenergy: %.6f kWh imported, %.6f kWh exported by the meter; played: %.6f, "
        "%.6f; in the record itself: %.6f, %.6f\n",
        shown(u, Q_KWH_IMPORT, 1e6), shown(u, Q_KWH_EXPORT, 1e6),
        all.wh_import_total / 1000, all.wh_export_total / 1000,
        (span->truth[1].wh_import_total - span->truth[0].wh_import_total) / 1000,
        (span->truth[1].wh_export_total - span->truth[0].wh_export_total) / 1000);
}

static int play(const struct replay_options *o, const struct recording *r,
                const struct demo *d, GError **error)
{
    FILE *to = o->csv ? stderr : stdout;
    struct unit *u = demo_unit(d, 0);

    if (!u) {
        error_set(error,
                  "the meter refuses these settings; give --volts, --ct and "
                  "--pt that fit together (134 / PT ratio must lie in 82-660 V)");
        return 2;
    }
    fprintf(to,
            "line frequency %s: %.3f Hz; %.2f s with the extension by whole cycles\n\n",
            o->hz > 0         ? "given"
            : r->hz_of_header ? "of the header"
                              : "found",
            r->hz, (double)r->count / r->samples_per_s);
    struct span span = span_of(r);
    waveform_play(u->world, r);
    print_seconds(u, r, o->csv, &span);
    print_energy(to, u, r, &span);
    unit_free(u);
    return 0;
}

static struct recording_options options_of(const struct replay_options *o)
{
    struct recording_options options = { .scale_v = o->scale_v,
                                         .scale_i = o->scale_i,
                                         .hz = o->hz,
                                         .feeder = o->feeder,
                                         .side = o->secondary ? RECORDING_SECONDARY
                                                              : RECORDING_PRIMARY,
                                         .from_s = o->from,
                                         .to_s = o->to,
                                         .before_s = o->before,
                                         .after_s = o->after,
                                         .at_end = RECORDING_END_DEAD };
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        options.channel[ch] = o->channel[ch];
    return options;
}

/* Voltages that no setting of the meter fits are played as the file's ratios have them
 * on the secondary side, or smaller by a power of ten, unless something else is asked
 * for. */
static struct recording *make_playable(struct replay_options *o,
                                       const struct comtrade *file,
                                       struct comtrade_error *wrong)
{
    struct recording_options options = options_of(o);
    struct recording *r = recording_from_comtrade(file, &options, wrong);
    bool chosen = o->primary || o->secondary || o->scale_v != 1 || o->volts > 0 ||
                  o->pt_ratio > 0;
    double volts = r && !chosen ? nominal_volts(o, r) : 0;

    if (ratio_for(o, volts) <= PT_RATIO_MAX)
        return r;
    o->secondary = has_ratio(file, r);
    if (o->secondary)
        error_warn("warning: %.0f kV are beyond the meter's highest PT ratio, %d: the "
                   "secondary values are played (--primary, --scale-v choose)",
                   volts / 1000, PT_RATIO_MAX);
    else
        o->scale_v = smaller(volts);
    if (!o->secondary)
        error_warn("warning: %.0f kV are beyond the meter's highest PT ratio, %d: "
                   "voltages are played x %g, and powers with them (--scale-v chooses)",
                   volts / 1000, PT_RATIO_MAX, o->scale_v);
    recording_free(r);
    options = options_of(o);
    return recording_from_comtrade(file, &options, wrong);
}

static int replay_recording(const struct replay_options *o, const char *path,
                            const struct comtrade *file, const struct recording *r,
                            GError **error)
{
    struct recording_options options = options_of(o);
    struct demo d;

    if (r->note[0])
        error_warn("warning: %s", r->note);
    comtrade_print_played(o->csv ? stderr : stdout, file, r);
    if (fit_meter(o, file, r, &d, error))
        return 2;
    if (o->write) {
        g_autoptr(GString) text = comtrade_scenario(path, &d, r, &options);
        bool written = output_write(o->write, text, error);
        if (!written)
            return 2;
    }
    return play(o, r, &d, error);
}

static int replay_file(struct replay_options *o, const char *path, GError **error)
{
    struct comtrade_error wrong;
    struct comtrade *file = comtrade_read(path, &wrong);
    int code = 2;

    if (!file) {
        error_set(error, "%s", wrong.text);
        return 2;
    }
    if (file->warning[0])
        error_warn("warning: %s", file->warning);
    if (o->list) {
        comtrade_list_channels(file);
        comtrade_free(file);
        return 0;
    }
    struct recording *r = make_playable(o, file, &wrong);
    if (r)
        code = replay_recording(o, path, file, r, error);
    else
        error_set(error, "%s", wrong.text);
    recording_free(r);
    comtrade_free(file);
    return code;
}

/* 0: not given, the record decides. */
static bool check_optional(const char *option, double value, double min, double max,
                           GError **error)
{
    return value == 0 || command_in_range(option, value, min, max, error);
}

static bool check_scale(const char *option, double value, GError **error)
{
    if (value != 0)
        return command_in_range(option, value, -SCALE_MAX, SCALE_MAX, error);
    return error_set(error, "--%s must not be 0", option);
}

static bool check_side(const struct replay_options *o, GError **error)
{
    return !(o->primary && o->secondary) ||
           error_set_usage(error, "--primary or --secondary, not both");
}

static bool check_numbers(const struct replay_options *o, GError **error)
{
    return command_in_range("before", o->before, 0, EXTENSION_MAX_S, error) &&
           command_in_range("after", o->after, 0, EXTENSION_MAX_S, error) &&
           check_scale("scale-v", o->scale_v, error) &&
           check_scale("scale-i", o->scale_i, error) &&
           (o->system_type == UNSET || command_is_type(o->system_type, error)) &&
           check_optional("hz", o->hz, 10, 100, error) &&
           check_optional("feeder", o->feeder, 1, RECORDING_FEEDERS, error) &&
           check_optional("ct", o->ct, 1, 32000, error) &&
           check_optional("volts", o->volts, 82, 32000, error) &&
           check_optional("pt", o->pt_ratio, 0.01, PT_RATIO_MAX, error) &&
           check_side(o, error);
}

/* GLib keeps pointers into the table while it parses. */
static bool parse_options(struct replay_options *o, int *argc, char ***argv,
                          GError **error)
{
    const GOptionEntry entries[] = {
        { "list", 'l', 0, G_OPTION_ARG_NONE, &o->list, "List the channels and end",
          NULL },
        { "csv", 0, 0, G_OPTION_ARG_NONE, &o->csv,
          "Comma-separated, with kvar and PF of the phases; other messages "
          "go to standard error",
          NULL },
        { "va", 0, 0, G_OPTION_ARG_STRING, &o->channel[0],
          "Channel of Va: name or number, - before it reverses, none; so for the "
          "others",
          "CH" },
        { "vb", 0, 0, G_OPTION_ARG_STRING, &o->channel[1], "Channel of Vb", "CH" },
        { "vc", 0, 0, G_OPTION_ARG_STRING, &o->channel[2], "Channel of Vc", "CH" },
        { "ia", 0, 0, G_OPTION_ARG_STRING, &o->channel[3], "Channel of Ia", "CH" },
        { "ib", 0, 0, G_OPTION_ARG_STRING, &o->channel[4], "Channel of Ib", "CH" },
        { "ic", 0, 0, G_OPTION_ARG_STRING, &o->channel[5], "Channel of Ic", "CH" },
        { "scale-v", 0, 0, G_OPTION_ARG_DOUBLE, &o->scale_v,
          "Factor on voltages; default 1", "X" },
        { "scale-i", 0, 0, G_OPTION_ARG_DOUBLE, &o->scale_i,
          "Factor on currents; default 1", "X" },
        { "hz", 0, 0, G_OPTION_ARG_DOUBLE, &o->hz,
          "Line frequency; found in the record when left out, or else the header's",
          "HZ" },
        { "feeder", 0, 0, G_OPTION_ARG_INT, &o->feeder,
          "Which currents, where the file has several groups; default 1", "N" },
        { "primary", 0, 0, G_OPTION_ARG_NONE, &o->primary,
          "Primary values, by the file's ratios, or nothing; without it secondary ones "
          "are played where no PT ratio of the meter fits",
          NULL },
        { "secondary", 0, 0, G_OPTION_ARG_NONE, &o->secondary, "Secondary values",
          NULL },
        { "write", 0, 0, G_OPTION_ARG_FILENAME, &o->write,
          "Write a scenario that plays the record", "FILE.lua" },
        { "from", 0, 0, G_OPTION_ARG_DOUBLE, &o->from,
          "Leave out what the record has before this time, s from its start", "S" },
        { "to", 0, 0, G_OPTION_ARG_DOUBLE, &o->to, "and what comes after this one",
          "S" },
        { "before", 0, 0, G_OPTION_ARG_DOUBLE, &o->before,
          "Seconds before the record, filled by whole cycles; default 1.5", "S" },
        { "after", 0, 0, G_OPTION_ARG_DOUBLE, &o->after,
          "and after it, likewise; default 1", "S" },
        { "type", 0, 0, G_OPTION_ARG_INT, &o->system_type,
          "System type; default 40, or 31 where voltages are line-to-line", "T" },
        { "ct", 0, 0, G_OPTION_ARG_DOUBLE, &o->ct, "CT rating, A; fitted when left out",
          "A" },
        { "volts", 0, 0, G_OPTION_ARG_DOUBLE, &o->volts,
          "Nominal V L-L; fitted likewise", "V" },
        { "pt", 0, 0, G_OPTION_ARG_DOUBLE, &o->pt_ratio, "PT ratio; fitted likewise",
          "X" },
        G_OPTION_ENTRY_NULL
    };

    return command_options(
        argc, argv, "FILE", entries,
        "Examples:\n"
        "  metersim comtrade recordings/sag_b_480v.cfg\n"
        "  metersim comtrade fault.cfg --list\n"
        "  metersim comtrade fault.cfg --va 4 --vb 5 --vc 6 --pt 20\n",
        error);
}

int command_comtrade(int argc, char **argv, GError **error)
{
    struct replay_options o = { .system_type = UNSET,
                                .scale_v = 1,
                                .scale_i = 1,
                                .before = RECORDING_BEFORE_S,
                                .after = RECORDING_AFTER_S };
    bool parsed = parse_options(&o, &argc, &argv, error);
    int code = 2;
    if (parsed && argc != 2)
        error_set_usage(error, "name one .cfg, .cff or .csv file");
    else if (parsed && check_numbers(&o, error))
        code = replay_file(&o, argv[1], error);
    return code;
}
