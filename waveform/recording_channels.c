/* Which channels of a COMTRADE file are Va Vb Vc Ia Ib Ic. The standard has fields for
 * unit and phase, and many files leave them blank or put the phase in the name only; so
 * a group is three channels of one unit whose names differ in nothing but their phase
 * letter ("SBUS A 25   A I-branch"), and whose phase fields do not speak against it.
 * The first such group is taken. */
#include "waveform/recording_channels.h"
#include "waveform/comtrade_text.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NONE = -1, PHASE_OTHER = -1, PHASE_UNKNOWN = 0, ALPHABETS = 5 };
static const char alphabet[ALPHABETS][WAVEFORM_PHASES + 1] = { "ABC", "RST", "RYB",
                                                               "UVW", "123" };

/* 'V', 'A' or 0; `factor` is that of the prefix. */
static char unit_kind(const char *unit, double *factor)
{
    static const char prefix[] = "kKMmu";
    static const double size[] = { 1e3, 1e3, 1e6, 1e-3, 1e-6 };
    const char *at = *unit ? strchr(prefix, *unit) : NULL;
    *factor = at && unit[1] ? size[at - prefix] : 1;
    unit += at && unit[1];
    char kind = (char)toupper((unsigned char)unit[0]), next = unit[0] ? unit[1] : '\0';
    bool ends = next == '\0' || next == ' ' || next == '_';
    if (kind == 'V' && (ends || strncasecmp(unit, "volt", 4) == 0))
        return 'V';
    return kind == 'A' && (ends || strncasecmp(unit, "amp", 3) == 0) ? 'A' : 0;
}

static char channel_kind(const struct comtrade_analog *a, double *factor)
{
    if (a->unit[0])
        return unit_kind(a->unit, factor);
    *factor = 1;
    char first = (char)toupper((unsigned char)a->name[0]);
    return first == 'V' || first == 'U' ? 'V' : first == 'I' ? 'A' : 0;
}

/* 1, 2, 3 from "A", "L2", "C-N", "bn", "R" …; other text (N, AB, S) is no phase. */
static int channel_phase(const struct comtrade_analog *a)
{
    const char *p = a->phase;
    if (*p == '\0')
        return PHASE_UNKNOWN;
    p += (*p == 'L' || *p == 'l') && p[1];
    const char *rest = p + 1 + (p[1] == '-');
    if (*rest && (!strchr("NnGgEe", *rest) || rest[1]))
        return PHASE_OTHER;
    for (int i = 0; i < ALPHABETS; i++) {
        const char *at = strchr(alphabet[i], toupper((unsigned char)*p));
        if (at && i != 2) /* 'B' of R-Y-B is phase B of A-B-C */
            return (int)(at - alphabet[i]) + 1;
    }
    return PHASE_OTHER;
}

/* Whether b is a's name with the first letter of the alphabet turned into another. */
static bool names_match(const char *a, const char *b, const char *letters, int phase)
{
    int differ = 0;
    for (; *a && *b; a++, b++) {
        if (*a == *b)
            continue;
        if (toupper((unsigned char)*a) != letters[0] ||
            toupper((unsigned char)*b) != letters[phase])
            return false;
        differ++;
    }
    return *a == *b && differ > 0;
}

struct search {
    const struct comtrade *file;
    char kind;
};

static bool may_be(const struct search *s, int i, int phase)
{
    double factor;
    const struct comtrade_analog *a = &s->file->analog[i];
    int said = channel_phase(a);
    return channel_kind(a, &factor) == s->kind &&
           (said == PHASE_UNKNOWN || said == phase + 1);
}

static int find_partner(const struct search *s, int first, const char *letters,
                        int phase)
{
    const char *name = s->file->analog[first].name;
    for (int i = 0; i < s->file->analog_count; i++)
        if (may_be(s, i, phase) &&
            names_match(name, s->file->analog[i].name, letters, phase))
            return i;
    return NONE;
}

static bool find_by_name(const struct search *s, int group[WAVEFORM_PHASES])
{
    for (int letters = 0; letters < ALPHABETS; letters++)
        for (int i = 0; i < s->file->analog_count; i++) {
            if (!may_be(s, i, 0))
                continue;
            group[0] = i;
            group[1] = find_partner(s, i, alphabet[letters], 1);
            group[2] = find_partner(s, i, alphabet[letters], 2);
            if (group[1] != NONE && group[2] != NONE)
                return true;
        }
    return false;
}

static bool find_by_phase(const struct search *s, int group[WAVEFORM_PHASES])
{
    double factor;
    for (int p = 0; p < WAVEFORM_PHASES; p++) {
        group[p] = NONE;
        for (int i = 0; i < s->file->analog_count && group[p] == NONE; i++)
            if (channel_kind(&s->file->analog[i], &factor) == s->kind &&
                channel_phase(&s->file->analog[i]) == p + 1)
                group[p] = i;
    }
    return group[0] != NONE && group[1] != NONE && group[2] != NONE;
}

/* A file of one or two phases: all that there is of the kind. */
static bool find_few(const struct search *s, int group[WAVEFORM_PHASES])
{
    double factor;
    int count = 0, found[2] = { NONE, NONE };
    for (int i = 0; i < s->file->analog_count; i++)
        if (channel_kind(&s->file->analog[i], &factor) == s->kind && count++ < 2)
            found[count - 1] = i;
    group[0] = found[0];
    group[1] = found[1];
    group[2] = NONE;
    return count == 1 ? may_be(s, found[0], 0)
                      : count == 2 && may_be(s, found[0], 0) && may_be(s, found[1], 1);
}

static int fail(const struct comtrade *f, struct comtrade_error *error,
                const char *reason, const char *name)
{
    char text[COMTRADE_ERROR_TEXT];
    int used = snprintf(text, sizeof text, reason, name);
    used += snprintf(text + used, sizeof text - (size_t)used, "; the file has");
    for (int i = 0; i < f->analog_count && used < (int)sizeof text - 100; i++) {
        const struct comtrade_analog *a = &f->analog[i];
        used +=
            snprintf(text + used, sizeof text - (size_t)used, "%s %d %s (%.8s %.8s)",
                     i ? "," : "", i + 1, a->name, a->unit, a->phase);
        if (i + 1 < f->analog_count && used >= (int)sizeof text - 100)
            used += snprintf(text + used, sizeof text - (size_t)used, " and %d more",
                             f->analog_count - i - 1);
    }
    return comtrade_fail(error, "%s", text);
}

/* Runs of blanks count as one, case does not count. */
static bool same_name(const char *a, const char *b)
{
    while (*a && *b) {
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
        bool blank = *a == ' ';
        a++;
        b++;
        while (blank && *a == ' ')
            a++;
        while (blank && *b == ' ')
            b++;
    }
    return *a == *b;
}

enum { UNKNOWN = -1, AMBIGUOUS = -2 };

static int find_name(const struct comtrade *f, const char *name)
{
    int found = UNKNOWN, exact = UNKNOWN;
    for (int i = 0; i < f->analog_count; i++) {
        if (strcmp(f->analog[i].name, name) == 0)
            exact = exact == UNKNOWN ? i : AMBIGUOUS;
        if (same_name(f->analog[i].name, name))
            found = found == UNKNOWN ? i : AMBIGUOUS;
    }
    int64_t number;
    if (exact == UNKNOWN && found == UNKNOWN &&
        comtrade_span_integer(comtrade_span_of(name), &number) && number >= 1 &&
        number <= f->analog_count)
        return (int)number - 1;
    return exact != UNKNOWN ? exact : found;
}

static int choose_named(const struct comtrade *f, const char *name,
                        struct recording_source *s, struct comtrade_error *error)
{
    *s = (struct recording_source){ NONE, 1 };
    if (*name == '\0' || strcasecmp(name, "none") == 0)
        return 0;
    bool reversed = *name == '-' && find_name(f, name) == UNKNOWN;
    s->index = find_name(f, name + reversed);
    if (s->index == AMBIGUOUS)
        return fail(f, error, "several channels are named '%.64s': give its number",
                    name + reversed);
    if (s->index == UNKNOWN)
        return fail(f, error, "no channel is named '%.64s'", name + reversed);
    channel_kind(&f->analog[s->index], &s->factor);
    if (reversed)
        s->factor = -s->factor;
    return 0;
}

static int choose_group(const struct comtrade *f, char kind,
                        const char *const name[WAVEFORM_PHASES],
                        struct recording_source source[WAVEFORM_PHASES],
                        struct comtrade_error *error)
{
    struct search s = { f, kind };
    int group[WAVEFORM_PHASES];
    bool found =
        find_by_name(&s, group) || find_by_phase(&s, group) || find_few(&s, group);
    for (int p = 0; p < WAVEFORM_PHASES; p++) {
        if (name[p]) {
            if (choose_named(f, name[p], &source[p], error))
                return -1;
            continue;
        }
        if (!found)
            return fail(f, error, "no %s of phases A B C found by unit, phase and name",
                        kind == 'V' ? "voltages" : "currents");
        source[p] = (struct recording_source){ group[p], 1 };
        if (group[p] != NONE)
            channel_kind(&f->analog[group[p]], &source[p].factor);
    }
    return 0;
}

int recording_choose(const struct comtrade *file,
                     const struct recording_options *options,
                     struct recording_source source[WAVEFORM_CHANNELS],
                     struct comtrade_error *error)
{
    if (choose_group(file, 'V', options->channel + WAVEFORM_VA, source + WAVEFORM_VA,
                     error) ||
        choose_group(file, 'A', options->channel + WAVEFORM_IA, source + WAVEFORM_IA,
                     error))
        return -1;
    double scale_v = options->scale_v != 0 ? options->scale_v : 1;
    double scale_i = options->scale_i != 0 ? options->scale_i : 1;
    for (int c = 0; c < WAVEFORM_CHANNELS; c++)
        source[c].factor *= c < WAVEFORM_IA ? scale_v : scale_i;
    return 0;
}
