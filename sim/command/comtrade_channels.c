/* The channels of a file, those that are played, and those that are not: a feeder that
 * was not meant shows here. */
#include "sim/command/comtrade_channels.h"

enum { LEFT_SHOWN = 12, FEEDERS_SHOWN = 20 };

void comtrade_list_channels(const struct comtrade *f)
{
    printf("%s %s, revision %d, %.6g Hz, %d analogue and %d status channels, %lld "
           "samples\n",
           f->station, f->device, f->revision, f->line_hz, f->analog_count,
           f->status_count, (long long)f->count);
    for (int k = 0; k < f->rate_count; k++)
        printf("  rate %.6f S/s to sample %lld\n", f->rate[k].hz,
               (long long)f->rate[k].end);
    for (int k = 0; k < f->analog_count; k++)
        printf("  %3d  %-24s phase %-4s %s\n", k + 1, f->analog[k].name,
               f->analog[k].phase, f->analog[k].unit);
}

static void print_six(FILE *to, const struct comtrade *f, const struct recording *r)
{
    static const char *const name[] = { "Va", "Vb", "Vc", "Ia", "Ib", "Ic" };

    fputs("channels:", to);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
        int number = r->channel[ch];
        fprintf(to, "%s %s %s%s", ch ? "," : "", name[ch],
                number ? f->analog[number - 1].name : "none",
                ch < 3 && r->line_to_line ? " (line-to-line)" : "");
    }
    fputc('\n', to);
}

static void print_feeders(FILE *to, const struct comtrade *f, const struct recording *r)
{
    int group[RECORDING_FEEDERS][WAVEFORM_PHASES];
    int count = recording_feeders(f, group), shown = count;

    if (shown > FEEDERS_SHOWN)
        shown = FEEDERS_SHOWN;
    for (int n = 0; n < shown; n++)
        if (group[n][0] + 1 != r->channel[WAVEFORM_IA])
            fprintf(to, "also: --feeder %d: %s, %s, %s\n", n + 1,
                    f->analog[group[n][0]].name, f->analog[group[n][1]].name,
                    f->analog[group[n][2]].name);
    if (count > shown)
        fprintf(to, "also: --feeder %d to %d (--list)\n", shown + 1, count);
}

static bool is_played(const struct recording *r, int number)
{
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        if (r->channel[ch] == number)
            return true;
    return false;
}

static void print_left(FILE *to, const struct comtrade *f, const struct recording *r)
{
    int left = 0;

    for (int k = 0; k < f->analog_count; k++) {
        if (is_played(r, k + 1))
            continue;
        if (left++ < LEFT_SHOWN)
            fprintf(to, "%s %d %s%s%s", left == 1 ? "not played:" : ",", k + 1,
                    f->analog[k].name, f->analog[k].unit[0] ? " " : "",
                    f->analog[k].unit);
    }
    if (left > LEFT_SHOWN)
        fprintf(to, " and %d more (--list)", left - LEFT_SHOWN);
    if (left)
        fputc('\n', to);
}

void comtrade_print_played(FILE *to, const struct comtrade *f,
                           const struct recording *r)
{
    print_six(to, f, r);
    print_feeders(to, f, r);
    print_left(to, f, r);
}
