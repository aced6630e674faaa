/* Which channels of a COMTRADE file are Va Vb Vc Ia Ib Ic. The standard has fields for
 * unit and phase, and many files leave them blank or put the phase in the name only; so
 * a group is three channels of one unit whose names differ in nothing but their phase
 * letter ("SBUS A 25   A I-branch"), and whose phase fields do not speak against it.
 * The first such group is chosen, or that of the feeder that is given. Voltages between
 * lines make those to the star point of the three. */
#include "waveform/recording_channels.h"
#include "waveform/comtrade_text.h"
#include "waveform/recording_angle.h"
#include "waveform/recording_names.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NONE = -1 };

/* Whether b is a's name with the first letter of the alphabet turned into another. */
static bool names_match(const char *a, const char *b, const char *letters, int phase)
{
    int differ = 0;
    while (*a && *b) {
        char same = *a == *b ? *a : '\0';
        char first = recording_letter(&a), other = recording_letter(&b);
        if (same && first == other)
            continue;
        if (first != letters[0] || other != letters[phase])
            return false;
        differ++;
    }
    return *a == *b && differ > 0;
}

/* What is asked again and again for every pair of channels is found once. */
struct search {
    const struct comtrade *file;
    char kind;
    bool names_only; /* whatever the phase fields say: some repeat the name, or a 1 */
    bool of_kind[COMTRADE_CHANNELS_MAX];
    bool used[COMTRADE_CHANNELS_MAX]; /* in a group that is found */
    signed char said[COMTRADE_CHANNELS_MAX];
};

static void search_begin(struct search *s, const struct comtrade *file, char kind)
{
    double factor;
    *s = (struct search){ .file = file, .kind = kind };
    for (int i = 0; i < file->analog_count; i++) {
        s->of_kind[i] = recording_kind(&file->analog[i], &factor) == kind;
        s->said[i] = (signed char)recording_phase(&file->analog[i]);
    }
}

static bool may_be(const struct search *s, int i, int phase)
{
    return s->of_kind[i] && !s->used[i] &&
           (s->names_only || s->said[i] == RECORDING_PHASE_UNKNOWN ||
            s->said[i] == phase + 1);
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

/* All groups, up to `max`; how many. A channel is in one of them. */
static int find_groups(struct search *s, int group[][WAVEFORM_PHASES], int max)
{
    int count = 0;
    for (int letters = 0; letters < RECORDING_ALPHABETS; letters++)
        for (int i = 0; i < s->file->analog_count && count < max; i++) {
            if (!may_be(s, i, 0))
                continue;
            int b = find_partner(s, i, recording_alphabet[letters], 1);
            int c =
                b == NONE ? NONE : find_partner(s, i, recording_alphabet[letters], 2);
            if (c == NONE)
                continue;
            const int found[] = { i, b, c };
            memcpy(group[count++], found, sizeof found);
            s->used[i] = s->used[b] = s->used[c] = true;
        }
    return count;
}

static bool find_by_name(struct search *s, int group[WAVEFORM_PHASES])
{
    int one[1][WAVEFORM_PHASES];
    if (find_groups(s, one, 1) == 0)
        return false;
    memcpy(group, one[0], sizeof one[0]);
    return true;
}

static bool find_by_phase(const struct search *s, int group[WAVEFORM_PHASES])
{
    double factor;
    for (int p = 0; p < WAVEFORM_PHASES; p++) {
        group[p] = NONE;
        for (int i = 0; i < s->file->analog_count && group[p] == NONE; i++)
            if (recording_kind(&s->file->analog[i], &factor) == s->kind &&
                recording_phase(&s->file->analog[i]) == p + 1)
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
        if (recording_kind(&s->file->analog[i], &factor) == s->kind && count++ < 2)
            found[count - 1] = i;
    group[0] = found[0];
    group[1] = found[1];
    group[2] = NONE;
    return count == 1 ? may_be(s, found[0], 0)
                      : count == 2 && may_be(s, found[0], 0) && may_be(s, found[1], 1);
}

static bool is_line_voltage(const struct comtrade_analog *a)
{
    bool reversed;
    return recording_pair(a, &reversed) != RECORDING_NO_PAIR;
}

/* Of each pair of lines the channel and its sign; how many pairs there are. */
static int find_lines(const struct comtrade *f, struct recording_source line[3])
{
    int count = 0;
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        line[k] = (struct recording_source){ .index = NONE, .other = NONE };
    for (int i = 0; i < f->analog_count; i++) {
        double factor;
        bool reversed;
        int pair = recording_pair(&f->analog[i], &reversed);
        if (recording_kind(&f->analog[i], &factor) != 'V' ||
            pair == RECORDING_NO_PAIR || line[pair].index != NONE)
            continue;
        line[pair].index = i;
        line[pair].factor = reversed ? -factor : factor;
        count++;
    }
    return count;
}

static struct recording_source combine(const struct recording_source *a, double x,
                                       const struct recording_source *b, double y)
{
    return (struct recording_source){ .index = a->index,
                                      .factor = x * a->factor,
                                      .other = b ? b->index : NONE,
                                      .other_factor = b ? y * b->factor : 0,
                                      .lines = true };
}

/* Va = (Vab - Vca) / 3 and so on; of two, the third is what closes the triangle. One
 * alone stands half on either line. */
static bool choose_lines(const struct comtrade *f, struct recording_source v[3])
{
    struct recording_source line[3];
    int count = find_lines(f, line);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        struct recording_source *next = &line[k], *before = &line[(k + 2) % 3],
                                *across = &line[(k + 1) % 3];
        if (count == 1)
            v[k] = combine(&line[0], k == 0 ? 0.5 : k == 1 ? -0.5 : 0, NULL, 0);
        else if (next->index != NONE && before->index != NONE)
            v[k] = combine(next, 1 / 3.0, before, -1 / 3.0);
        else if (next->index != NONE)
            v[k] = combine(next, 2 / 3.0, across, 1 / 3.0);
        else
            v[k] = combine(before, -2 / 3.0, across, -1 / 3.0);
    }
    return count > 1 || (count == 1 && line[0].index != NONE);
}

int recording_feeders(const struct comtrade *file,
                      int group[RECORDING_FEEDERS][WAVEFORM_PHASES])
{
    struct search s;
    search_begin(&s, file, 'A');
    return find_groups(&s, group, RECORDING_FEEDERS);
}

static bool find_feeder(const struct comtrade *f, int feeder,
                        int group[WAVEFORM_PHASES])
{
    int all[RECORDING_FEEDERS][WAVEFORM_PHASES];
    if (feeder > recording_feeders(f, all))
        return false;
    memcpy(group, all[feeder - 1], sizeof all[0]);
    return true;
}

__attribute__((format(printf, 3, 4))) static int
fail(const struct comtrade *f, struct comtrade_error *error, const char *reason, ...)
{
    char text[COMTRADE_ERROR_TEXT];
    va_list arguments;
    va_start(arguments, reason);
    int used = vsnprintf(text, sizeof text, reason, arguments);
    va_end(arguments);
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
    *s = (struct recording_source){ .index = NONE, .factor = 1, .other = NONE };
    if (*name == '\0' || strcasecmp(name, "none") == 0)
        return 0;
    bool reversed = *name == '-' && find_name(f, name) == UNKNOWN;
    s->index = find_name(f, name + reversed);
    if (s->index == AMBIGUOUS)
        return fail(f, error, "several channels are named '%.64s': give its number",
                    name + reversed);
    if (s->index == UNKNOWN)
        return fail(f, error, "no channel is named '%.64s'", name + reversed);
    recording_kind(&f->analog[s->index], &s->factor);
    if (reversed)
        s->factor = -s->factor;
    return 0;
}

static bool find_group(struct search *s, int feeder, int group[WAVEFORM_PHASES])
{
    if (s->kind == 'A' && feeder > 1)
        return find_feeder(s->file, feeder, group);
    if (find_by_name(s, group) || find_by_phase(s, group))
        return true;
    s->names_only = true;
    bool found = find_by_name(s, group);
    s->names_only = false;
    return found;
}

static bool has_kind(const struct comtrade *f, char kind)
{
    double factor;
    for (int i = 0; i < f->analog_count; i++)
        if (recording_kind(&f->analog[i], &factor) == kind)
            return true;
    return false;
}

/* A file of currents alone, or of voltages alone, plays with zeros for the others. */
static bool lacks_kind(const struct comtrade *f, char kind)
{
    return !has_kind(f, kind) && has_kind(f, kind == 'V' ? 'A' : 'V');
}

/* Where names give no whole group: a part of one, phases by their angles, or zeros. */
static bool find_otherwise(struct search *s, char kind, int feeder, int voltage,
                           int group[WAVEFORM_PHASES], bool *angle)
{
    const bool here = kind == 'V' || feeder == 1;

    if (here && find_few(s, group))
        return true;
    *angle = here && recording_by_angle(s->file, kind, voltage, group);
    if (*angle)
        return true;
    group[0] = group[1] = group[2] = NONE;
    return lacks_kind(s->file, kind);
}

/* Voltages of phases, unless their names say that they stand between lines. */
static bool choose_found(const struct comtrade *f, char kind, int feeder, int voltage,
                         struct recording_source source[WAVEFORM_PHASES])
{
    struct search s;
    search_begin(&s, f, kind);
    int group[WAVEFORM_PHASES] = { NONE, NONE, NONE };
    bool angle = false, found = find_group(&s, feeder, group);
    bool lines = found && kind == 'V' && is_line_voltage(&f->analog[group[0]]);
    if ((!found || lines) && kind == 'V' && choose_lines(f, source))
        return true;
    if (!found && !find_otherwise(&s, kind, feeder, voltage, group, &angle))
        return false;
    for (int p = 0; p < WAVEFORM_PHASES; p++) {
        source[p] = (struct recording_source){
            .index = group[p], .factor = 1, .other = NONE, .by_angle = angle
        };
        if (group[p] != NONE)
            recording_kind(&f->analog[group[p]], &source[p].factor);
    }
    return true;
}

static int fail_feeder(const struct comtrade *f, struct comtrade_error *error,
                       int feeder)
{
    char number[16];
    snprintf(number, sizeof number, "%d", feeder);
    return fail(f, error, "there is no feeder %s", number);
}

static int choose_group(const struct comtrade *f, char kind, int feeder, int voltage,
                        const char *const name[WAVEFORM_PHASES],
                        struct recording_source source[WAVEFORM_PHASES],
                        struct comtrade_error *error)
{
    bool found = choose_found(f, kind, feeder, voltage, source);
    for (int p = 0; p < WAVEFORM_PHASES; p++) {
        if (name[p]) {
            if (choose_named(f, name[p], &source[p], error))
                return -1;
            continue;
        }
        if (!found && feeder > 1 && kind == 'A')
            return fail_feeder(f, error, feeder);
        if (!found)
            return fail(f, error,
                        "no %s of phases A B C found by unit, phase, name and "
                        "angle: name them (%s)",
                        kind == 'V' ? "voltages" : "currents",
                        kind == 'V' ? "va, vb, vc" : "ia, ib, ic");
    }
    return 0;
}

/* To the side of the transformers that is wanted, by the file's own ratios. */
static double side_factor(const struct comtrade *f, int i, enum recording_side side)
{
    const struct comtrade_analog *a = i == NONE ? NULL : &f->analog[i];
    if (!a || !(a->primary > 0) || !(a->secondary > 0) ||
        a->is_primary == (side == RECORDING_PRIMARY))
        return 1;
    return side == RECORDING_PRIMARY ? a->primary / a->secondary
                                     : a->secondary / a->primary;
}

int recording_choose(const struct comtrade *file,
                     const struct recording_options *options,
                     struct recording_source source[WAVEFORM_CHANNELS],
                     struct comtrade_error *error)
{
    int feeder = options->feeder > 0 ? options->feeder : 1;
    if (choose_group(file, 'V', feeder, NONE, options->channel + WAVEFORM_VA,
                     source + WAVEFORM_VA, error) ||
        choose_group(file, 'A', feeder, source[WAVEFORM_VA].index,
                     options->channel + WAVEFORM_IA, source + WAVEFORM_IA, error))
        return -1;
    double scale_v = options->scale_v != 0 ? options->scale_v : 1;
    double scale_i = options->scale_i != 0 ? options->scale_i : 1;
    for (int c = 0; c < WAVEFORM_CHANNELS; c++) {
        struct recording_source *s = &source[c];
        double scale = c < WAVEFORM_IA ? scale_v : scale_i;
        s->side = side_factor(file, s->index, options->side);
        s->factor *= scale * s->side;
        s->other_factor *= scale * side_factor(file, s->other, options->side);
    }
    return 0;
}
