/* The scenario names the channels by number, so that it plays what the command played
 * even where the file has several feeders. */
#include "sim/command/comtrade_scenario.h"
#include <glib.h>
#include <math.h>

/* Any name as a string of Lua: bytes that are no plain letter as decimal numbers. */
static void append_name(GString *out, const char *name)
{
    g_string_append_c(out, '"');
    for (const char *p = name; *p; p++)
        if (g_ascii_iscntrl(*p) || *p == '"' || *p == '\\')
            g_string_append_printf(out, "\\%03d", (unsigned char)*p);
        else
            g_string_append_c(out, *p);
    g_string_append_c(out, '"');
}

static void print_channel(GString *out, const char *field, const char *channel)
{
    g_string_append_printf(out, "    %s = ", field);
    append_name(out, channel);
    g_string_append(out, ",\n");
}

static void print_options(GString *out, const struct recording *r,
                          const struct recording_options *o)
{
    static const char *const name[] = { "va", "vb", "vc", "ia", "ib", "ic" };

    for (int ch = r->line_to_line ? 3 : 0; ch < WAVEFORM_CHANNELS; ch++)
        if (o->channel[ch])
            print_channel(out, name[ch], o->channel[ch]);
        else if (r->channel[ch])
            g_string_append_printf(out, "    %s = \"%d\",\n", name[ch], r->channel[ch]);
    if (o->scale_v != 1)
        g_string_append_printf(out, "    scale_v = %.10g,\n", o->scale_v);
    if (o->scale_i != 1)
        g_string_append_printf(out, "    scale_i = %.10g,\n", o->scale_i);
    if (o->side == RECORDING_SECONDARY)
        g_string_append(out, "    secondary = true,\n");
    if (o->from_s > 0)
        g_string_append_printf(out, "    from = \"%.10g s\",\n", o->from_s);
    if (o->to_s > 0)
        g_string_append_printf(out, "    to = \"%.10g s\",\n", o->to_s);
    g_string_append_printf(
        out, "    hz = \"%.6f Hz\", before = \"%.10g s\", after = \"%.10g s\",\n",
        r->hz, o->before_s, o->after_s);
}

/* What the meter reads of the first second, where that is the extension. */
static void print_first_second(GString *out, const struct demo *d,
                               const struct recording *r)
{
    bool lines = d->system_type == 31 || d->system_type == 11;
    int64_t second = (int64_t)r->samples_per_s;
    double sum = 0;

    if (r->first < second + second / 8)
        return;
    for (int64_t n = 0; n < second; n++) {
        double x = r->x[WAVEFORM_VA][n] - (lines ? r->x[WAVEFORM_VB][n] : 0);
        sum += x * x / (double)second;
    }
    if (sqrt(sum) > 0.1 * d->volts_ll)
        g_string_append_printf(
            out, "wait \"1.2 s\"\nexpect(m.%s, near(\"%.6g V\", \"2 %%\"))\n",
            quantity_table[lines ? Q_V_AB : Q_V_AN].name, sqrt(sum));
}

GString *comtrade_scenario(const char *record, const struct demo *d,
                           const struct recording *r,
                           const struct recording_options *options)
{
    GString *out =
        g_string_new("-- In the field: what a meter reads of a recording.\n");
    g_autofree char *absolute = g_canonicalize_filename(record, NULL);

    g_string_append_printf(
        out,
        "local m = meter { system_type = %d, ct_primary = %.0f, pt_ratio = %.2f, "
        "system_voltage = %.0f }\nlocal r = recording(",
        d->system_type, d->ct_primary_a, d->pt_ratio, d->volts_ll);
    append_name(out, absolute);
    g_string_append(out, ", {\n");
    print_options(out, r, options);
    g_string_append(out, "})\n");
    print_first_second(out, d, r);
    g_string_append(out, "wait(r.seconds)\n");
    return out;
}
