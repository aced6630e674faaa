/* Reading is bounded: lines of 1 kB, 100 000 points, 16 columns. Numbers are read by
 * strtod, which rounds correctly; everything of a field must belong to the number. */
#include "waveform/profile.h"
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 16, NOTHING = -1 };

enum column {
    COLUMN_TIME,
    COLUMN_AMPS,
    COLUMN_AMPS_A,
    COLUMN_AMPS_B,
    COLUMN_AMPS_C,
    COLUMN_KW,
    COLUMN_KW_A,
    COLUMN_KW_B,
    COLUMN_KW_C,
    COLUMN_PF,
    COLUMN_KINDS
};

static const char *const NAME[COLUMN_KINDS] = { "time",   "amps", "amps_a", "amps_b",
                                                "amps_c", "kw",   "kw_a",   "kw_b",
                                                "kw_c",   "pf" };

struct reader {
    const char *path;
    char *error;
    int line, columns;
    int kind[COLUMNS];        /* of each column */
    bool given[COLUMN_KINDS]; /* by some column */
    bool leads;               /* the power factor of this line */
    int capacity;
    struct profile *p;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct reader *r,
                                                       const char *format, ...)
{
    va_list args;
    int length = snprintf(r->error, PROFILE_ERROR, "%s:%d: ", r->path, r->line);
    if (length < 0 || length >= PROFILE_ERROR)
        return false;
    va_start(args, format);
    vsnprintf(r->error + length, (size_t)(PROFILE_ERROR - length), format, args);
    va_end(args);
    return false;
}

/* Cuts blanks off both ends. */
static char *trim(char *s)
{
    s += strspn(s, " \t\r\n");
    size_t length = strlen(s);
    while (length > 0 && strchr(" \t\r\n", s[length - 1]))
        s[--length] = 0;
    return s;
}

/* The fields of a line, trimmed; how many there are (also more than COLUMNS). */
static int split(char *line, char *field[COLUMNS])
{
    int count = 0;
    for (char *at = line; at; count++) {
        char *comma = strchr(at, ',');
        if (comma)
            *comma++ = 0;
        if (count < COLUMNS)
            field[count] = trim(at);
        at = comma;
    }
    return count;
}

static int column_of(const char *name)
{
    for (int kind = 0; kind < COLUMN_KINDS; kind++)
        if (!strcmp(NAME[kind], name))
            return kind;
    return NOTHING;
}

static bool any_given(const struct reader *r, int from, int to)
{
    for (int kind = from; kind <= to; kind++)
        if (r->given[kind])
            return true;
    return false;
}

static bool check_heading(struct reader *r)
{
    if (r->given[COLUMN_KW])
        return fail(r, "kw was of each phase and will be of all together: write kw_a, "
                       "kw_b and kw_c");
    bool amps = any_given(r, COLUMN_AMPS, COLUMN_AMPS_C);
    bool kw = any_given(r, COLUMN_KW, COLUMN_KW_C);
    if (!r->given[COLUMN_TIME])
        return fail(r, "no column 'time'");
    if (amps == kw)
        return fail(r, "needs columns of amps or of kw, not both");
    if (r->given[COLUMN_AMPS] && any_given(r, COLUMN_AMPS_A, COLUMN_AMPS_C))
        return fail(r, "a column for each phase and one for all of them");
    r->p->kw = kw;
    return true;
}

static bool read_heading(struct reader *r, char *line)
{
    char *field[COLUMNS];
    r->columns = split(line, field);
    if (r->columns > COLUMNS)
        return fail(r, "%d columns, at most %d", r->columns, COLUMNS);
    for (int k = 0; k < r->columns; k++) {
        r->kind[k] = column_of(field[k]);
        if (r->kind[k] == NOTHING)
            return fail(r, "unknown column '%.40s'", field[k]);
        if (r->given[r->kind[k]])
            return fail(r, "column '%s' twice", field[k]);
        r->given[r->kind[k]] = true;
    }
    return check_heading(r);
}

static bool read_number(const char *text, double *value)
{
    char *end;
    errno = 0;
    *value = strtod(text, &end);
    return end != text && *end == 0 && fabs(*value) < 1e12;
}

/* Seconds, or H:MM or H:MM:SS. */
static bool read_time(char *text, double *seconds)
{
    double part[3] = { 0 };
    int parts = 0;
    for (char *at = text; at; parts++) {
        char *colon = strchr(at, ':');
        if (colon)
            *colon++ = 0;
        if (parts == 3 || !read_number(at, &part[parts]) || part[parts] < 0 ||
            (parts > 0 && part[parts] >= 60))
            return false;
        at = colon;
    }
    *seconds = parts == 1 ? part[0] : 3600 * part[0] + 60 * part[1] + part[2];
    return true;
}

/* As in load { }: "0.9", "0.9 lag", "0.9 lead"; below 0 it is exported. */
static bool read_pf(struct reader *r, char *text, double *pf)
{
    char *word = text + strcspn(text, " \t");
    r->leads = false;
    if (*word) {
        *word++ = 0;
        word = trim(word);
        r->leads = !strcmp(word, "lead");
        if (!r->leads && strcmp(word, "lag"))
            return false;
    }
    return read_number(text, pf);
}

/* Current behind the voltage has a negative part a quarter turn ahead of it. */
static void set_point(const struct reader *r, const double value[COLUMN_KINDS],
                      struct profile_point *point)
{
    double pf = r->given[COLUMN_PF] ? value[COLUMN_PF] : 1, size = fabs(pf);
    double way = pf < 0 ? -1 : 1, across = sqrt(1 - pf * pf) * (r->leads ? 1 : -1);
    point->seconds = value[COLUMN_TIME];
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        int first = r->p->kw ? COLUMN_KW_A : COLUMN_AMPS_A;
        double x = way * value[r->given[COLUMN_AMPS] ? COLUMN_AMPS : first + k];
        point->re[k] = r->p->kw ? x : x * size;
        point->im[k] = r->p->kw ? x * across / size : x * across;
    }
}

static bool append(struct reader *r, const double value[COLUMN_KINDS])
{
    struct profile *p = r->p;
    if (r->given[COLUMN_PF] &&
        !(fabs(value[COLUMN_PF]) <= 1 && fabs(value[COLUMN_PF]) >= 0.01))
        return fail(r, "power factor is not within 0.01 to 1 or -1 to -0.01");
    if (p->count > 0 && value[COLUMN_TIME] <= p->point[p->count - 1].seconds)
        return fail(r, "time does not rise");
    if (p->count == PROFILE_POINTS)
        return fail(r, "more than %d points", PROFILE_POINTS);
    if (p->count == r->capacity) {
        r->capacity = r->capacity ? 2 * r->capacity : 64;
        p->point = realloc(p->point, (size_t)r->capacity * sizeof *p->point);
        if (!p->point)
            abort();
    }
    set_point(r, value, &p->point[p->count++]);
    return true;
}

static bool read_point(struct reader *r, char *line)
{
    char *field[COLUMNS];
    double value[COLUMN_KINDS] = { 0 };
    int count = split(line, field);
    if (count != r->columns)
        return fail(r, "%d fields, the heading has %d", count, r->columns);
    for (int k = 0; k < count; k++) {
        double *to = &value[r->kind[k]];
        bool good = r->kind[k] == COLUMN_TIME ? read_time(field[k], to)
                    : r->kind[k] == COLUMN_PF ? read_pf(r, field[k], to)
                                              : read_number(field[k], to);
        if (!good)
            return fail(r, "'%s' is not a number: column %d", NAME[r->kind[k]], k + 1);
    }
    return append(r, value);
}

static bool read_lines(struct reader *r, FILE *file)
{
    char line[PROFILE_LINE];
    while (fgets(line, sizeof line, file)) {
        r->line++;
        if (!strchr(line, '\n') && !feof(file))
            return fail(r, "longer than %d characters", PROFILE_LINE - 2);
        char *text = trim(line);
        if (*text == 0 || *text == '#')
            continue;
        if (!(r->columns ? read_point(r, text) : read_heading(r, text)))
            return false;
    }
    if (ferror(file))
        return fail(r, "cannot be read: %s", strerror(errno));
    return r->p->count > 0 || fail(r, "no points");
}

struct profile *profile_read_open(FILE *file, const char *name,
                                  char error[PROFILE_ERROR])
{
    struct reader r = { .path = name, .error = error };
    r.p = calloc(1, sizeof *r.p);
    if (!r.p)
        abort();
    if (read_lines(&r, file))
        return r.p;
    profile_free(r.p);
    return NULL;
}

struct profile *profile_read(const char *path, char error[PROFILE_ERROR])
{
    FILE *file = fopen(path, "r");
    if (!file) {
        snprintf(error, PROFILE_ERROR, "%s: %s", path, strerror(errno));
        return NULL;
    }
    struct profile *p = profile_read_open(file, path, error);
    fclose(file);
    return p;
}

void profile_free(struct profile *p)
{
    if (!p)
        return;
    free(p->point);
    free(p);
}

/* How many points lie at or before t. */
static int points_until(const struct profile *p, double t)
{
    int low = 0, high = p->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (p->point[middle].seconds <= t)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static double component(const struct profile_point *point, int k, bool im)
{
    return im ? point->im[k] : point->re[k];
}

double profile_value(const struct profile *p, int k, bool im, double t)
{
    int n = points_until(p, t);
    if (n == 0 || n == p->count)
        return component(&p->point[n ? n - 1 : 0], k, im);
    const struct profile_point *a = &p->point[n - 1], *b = a + 1;
    double from = component(a, k, im), to = component(b, k, im);
    return from + (to - from) * (t - a->seconds) / (b->seconds - a->seconds);
}

double profile_next(const struct profile *p, double t)
{
    int n = points_until(p, t);
    return n < p->count ? p->point[n].seconds : INFINITY;
}
