/* The scenario names the channels by number, so that it plays what the command played
 * even where the file has several feeders. */
#include "sim/command/comtrade_scenario.h"
#include <glib.h>
#include <math.h>
#include <stdio.h>

static void print_options(FILE *out, const struct recording *r,
                          const struct recording_options *o)
{
    static const char *const name[] = { "va", "vb", "vc", "ia", "ib", "ic" };

    for (int ch = r->line_to_line ? 3 : 0; ch < WAVEFORM_CHANNELS; ch++)
        if (o->channel[ch])
            fprintf(out, "    %s = \"%s\",\n", name[ch], o->channel[ch]);
        else if (r->channel[ch])
            fprintf(out, "    %s = \"%d\",\n", name[ch], r->channel[ch]);
    if (o->scale_v != 1)
        fprintf(out, "    scale_v = %.10g,\n", o->scale_v);
    if (o->scale_i != 1)
        fprintf(out, "    scale_i = %.10g,\n", o->scale_i);
    if (o->side == RECORDING_SECONDARY)
        fputs("    secondary = true,\n", out);
    if (o->from_s > 0)
        fprintf(out, "    from = \"%.10g s\",\n", o->from_s);
    if (o->to_s > 0)
        fprintf(out, "    to = \"%.10g s\",\n", o->to_s);
    fprintf(out, "    hz = \"%.6f Hz\", before = \"%.10g s\", after = \"%.10g s\",\n",
            r->hz, o->before_s, o->after_s);
}

/* What the meter reads of the first second, where that is the extension. */
static void print_first_second(FILE *out, const struct demo *d,
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
        fprintf(out, "wait \"1.2 s\"\nexpect(m.%s, near(\"%.6g V\", \"2 %%\"))\n",
                quantity_table[lines ? Q_V_AB : Q_V_AN].name, sqrt(sum));
}

int comtrade_write_scenario(const char *path, const char *record, const struct demo *d,
                            const struct recording *r,
                            const struct recording_options *options)
{
    FILE *out = fopen(path, "w");
    char *absolute = g_canonicalize_filename(record, NULL);
    char *base = g_path_get_basename(record);

    if (!out) {
        g_free(base);
        g_free(absolute);
        return -1;
    }
    fprintf(out,
            "-- In the field: what a meter reads of the recording %s.\n"
            "local m = meter { system_type = %d, ct_primary = %.0f, pt_ratio = %.2f, "
            "system_voltage = %.0f }\n"
            "local r = recording([[%s]], {\n",
            base, d->system_type, d->ct_primary_a, d->pt_ratio, d->volts_ll, absolute);
    print_options(out, r, options);
    fputs("})\n", out);
    print_first_second(out, d, r);
    fputs("wait(r.seconds)\n", out);
    g_free(base);
    g_free(absolute);
    return fclose(out) == 0 ? 0 : -1;
}
