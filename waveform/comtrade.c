/* COMTRADE files from disk or memory: finds the parts (.cfg beside .dat, or sections of
 * one .cff, IEEE C37.111-2013 clause 9), has them parsed, and lays out the time axis.
 * Where there are rates, they make the time: relays join several records into one file,
 * and only the time stamps jump between them. */
#include "waveform/comtrade.h"
#include "waveform/comtrade_cfg.h"
#include "waveform/comtrade_csv.h"
#include "waveform/comtrade_data.h"
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    PATH_BYTES = 4096,
    READ_START = 1 << 16,
    EXTENSION = 4 /* ".cfg" */
};
static const size_t FILE_BYTES_MAX = (size_t)1 << 30;

struct bytes {
    char *at;
    size_t size;
};

/* Where the parts of one recording are. */
struct parts {
    const char *cfg_name, *data_name;
    struct comtrade_span cfg, data;
    int64_t cfg_line, data_line; /* lines before them in the file */
    bool short_data;             /* fewer bytes than a .cff announces */
};

void comtrade_free(struct comtrade *file)
{
    if (!file)
        return;
    for (int i = 0; file->value && i < file->analog_count; i++)
        free(file->value[i]);
    for (int i = 0; file->status && i < file->status_count; i++)
        free(file->status[i]);
    free(file->value);
    free(file->status);
    free(file->seconds);
    free(file->rate);
    free(file->analog);
    free(file->status_name);
    free(file);
}

/* "--- file type: DAT BINARY: 1234 ---": `type` is what is between. Some programs leave
 * out the first colon, or one dash. */
static bool is_separator(struct comtrade_span line, struct comtrade_span *type)
{
    static const char word[] = "file type";
    struct comtrade_span s = comtrade_span_trim(line);
    if (!comtrade_span_starts(s, "--"))
        return false;
    while (s.size > 0 && s.at[0] == '-') {
        s.at++;
        s.size--;
    }
    s = comtrade_span_trim(s);
    if (!comtrade_span_starts(s, word))
        return false;
    s.at += sizeof word - 1;
    s.size -= sizeof word - 1;
    while (s.size > 0 && (s.at[0] == ' ' || s.at[0] == ':')) {
        s.at++;
        s.size--;
    }
    while (s.size > 0 && s.at[s.size - 1] == '-')
        s.size--;
    *type = comtrade_span_trim(s);
    return true;
}

/* The bytes that "DAT BINARY: 1234" announces, or -1. */
static int64_t announced_bytes(struct comtrade_span type)
{
    const char *colon = type.size > 0 ? memchr(type.at, ':', type.size) : NULL;
    if (!colon)
        return -1;
    struct comtrade_span digits = { colon + 1,
                                    (size_t)(type.at + type.size - colon - 1) };
    int64_t n;
    bool ok = comtrade_span_integer(comtrade_span_trim(digits), &n) && n >= 0;
    return ok ? n : -1;
}

static void set_data(struct parts *p, const struct comtrade_text *t,
                     struct comtrade_span type)
{
    int64_t announced = announced_bytes(type);
    p->data = (struct comtrade_span){ t->at, (size_t)(t->end - t->at) };
    p->data_line = t->line;
    if (announced >= 0 && (uint64_t)announced < p->data.size)
        p->data.size = (size_t)announced;
    p->short_data = announced >= 0 && (uint64_t)announced > p->data.size;
}

/* The text up to the next separator. */
static struct comtrade_span cut_text(struct comtrade_text *t)
{
    struct comtrade_span line, type;
    const char *from = t->at;
    struct comtrade_text ahead = *t;
    while (comtrade_text_line(&ahead, &line) && !is_separator(line, &type))
        *t = ahead;
    return (struct comtrade_span){ from, (size_t)(t->at - from) };
}

static int split_cff(struct parts *p, struct comtrade_error *error)
{
    struct comtrade_text t = { p->cfg_name, p->cfg.at, p->cfg.at + p->cfg.size, 0 };
    struct comtrade_span line, type;
    const char *what = "--- file type: CFG ---";
    p->cfg = (struct comtrade_span){ NULL, 0 };
    p->data_name = p->cfg_name;
    while (comtrade_text_line_filled(&t, &line)) {
        if (!is_separator(line, &type))
            return comtrade_fail_line(error, t.name, t.line, what, line);
        if (comtrade_span_starts(type, "DAT")) {
            set_data(p, &t, type);
            break;
        }
        int64_t before = t.line;
        struct comtrade_span text = cut_text(&t);
        if (comtrade_span_is(type, "CFG")) {
            p->cfg = text;
            p->cfg_line = before;
        }
    }
    if (!p->cfg.at)
        return comtrade_fail_line(error, t.name, t.line + 1, what,
                                  comtrade_span_of("end of file"));
    if (!p->data.at)
        return comtrade_fail_line(error, t.name, t.line + 1, "--- file type: DAT",
                                  comtrade_span_of("end of file"));
    return 0;
}

/* Values missing before a channel's first one become that one, or 0. */
static void fill_from_behind(struct comtrade *f)
{
    for (int i = 0; i < f->analog_count; i++) {
        int64_t n = 0;
        double *value = f->value[i];
        while (n < f->count && !isfinite(value[n]))
            n++;
        double first = n < f->count ? value[n] : 0;
        for (int64_t k = 0; k < n; k++)
            value[k] = first;
    }
}

/* Whether sample i (base 0) is the first of the section after `section`. */
static bool section_ends(const struct comtrade *f, int section, int64_t i)
{
    return section + 1 < f->rate_count && i >= f->rate[section].end;
}

/* Tells of the first time stamp that is more than a sample and a half late; stamps are
 * rounded to `stamp_s`. */
static void warn_of_jump(struct comtrade *f, double stamp_s)
{
    int section = 0;
    for (int64_t i = 1; i < f->count; i++) {
        section += section_ends(f, section, i);
        double step = 1 / f->rate[section].hz;
        double late = f->seconds[i] - f->seconds[i - 1] - step;
        if (late > 1.5 * step + 2 * stamp_s) {
            comtrade_warn(f,
                          "the time stamps jump by %.6g s after sample %lld: the "
                          "samples are joined at the rates",
                          late, (long long)i);
            return;
        }
    }
}

/* Between the sections of two rates lies a step of the one or the other: the time
 * stamps show which, where they agree with the rates on both sides. */
static double step_between(const struct comtrade *f, const double *stamp, double before,
                           double after, double stamp_s)
{
    double shortest = fmin(before, after), longest = fmax(before, after);
    double step = stamp[0] - stamp[-1], error = 2 * stamp_s + 0.01 * shortest;
    bool agree = f->count > 3 && fabs(stamp[1] - stamp[0] - after) <= error &&
                 fabs(stamp[-1] - stamp[-2] - before) <= error &&
                 step >= shortest - error && step <= longest + error;
    if (!agree || fabs(step - after) <= error)
        return after;
    return fabs(step - before) <= error ? before : step;
}

/* From here on, seconds are the time since the first sample. */
static int lay_out_time(struct comtrade *f, double stamp_s)
{
    double first = f->seconds[0], base = 0;
    int64_t from = 0; /* the sample at `base` */
    int section = 0;
    if (f->rate_count == 0) {
        for (int64_t i = 0; i < f->count; i++)
            f->seconds[i] -= first;
        return 0;
    }
    double *stamp = malloc((size_t)f->count * sizeof *stamp);
    if (!stamp)
        return -1;
    memcpy(stamp, f->seconds, (size_t)f->count * sizeof *stamp);
    warn_of_jump(f, stamp_s);
    for (int64_t i = 0; i < f->count; i++) {
        if (section_ends(f, section, i)) {
            double before = 1 / f->rate[section].hz,
                   after = 1 / f->rate[section + 1].hz;
            bool inside = i >= 2 && i + 1 < f->count;
            base =
                f->seconds[i - 1] +
                (inside ? step_between(f, stamp + i, before, after, stamp_s) : after);
            from = i;
            section++;
        }
        f->seconds[i] = base + (double)(i - from) / f->rate[section].hz;
    }
    free(stamp);
    return 0;
}

static void warn_of_count(struct comtrade *f, const struct comtrade_data *data)
{
    if (f->announced > 0 && f->count < f->announced)
        comtrade_warn(f, "%lld samples announced, %lld present",
                      (long long)f->announced, (long long)f->count);
    if (f->announced > 0 && f->count > f->announced)
        comtrade_warn(f, "%lld samples announced, %lld present: all are read",
                      (long long)f->announced, (long long)f->count);
    if (data->gaps > 0)
        comtrade_warn(f, "%lld values missing, the last one held",
                      (long long)data->gaps);
}

static int parse_parts(struct comtrade *file, const struct parts *p,
                       struct comtrade_error *error)
{
    struct comtrade_text t = { p->cfg_name, p->cfg.at, p->cfg.at + p->cfg.size,
                               p->cfg_line };
    struct comtrade_data data = { .name = p->data_name,
                                  .at = p->data.at,
                                  .size = p->data.size,
                                  .first_line = p->data_line };
    if (comtrade_cfg_parse(file, &t, &data.stamp_s, error))
        return -1;
    data.stamps_rule = file->rate_count == 0;
    if (p->short_data)
        comtrade_warn(file, "the data section is shorter than announced");
    if (file->format == COMTRADE_ASCII ? comtrade_data_ascii(file, &data, error)
                                       : comtrade_data_binary(file, &data, error))
        return -1;
    fill_from_behind(file);
    if (lay_out_time(file, data.stamp_s))
        return comtrade_fail(error, "%s: not enough memory", p->cfg_name);
    warn_of_count(file, &data);
    return 0;
}

static struct comtrade *parse(struct parts *p, struct comtrade_error *error)
{
    struct comtrade *file = calloc(1, sizeof *file);
    if (!file) {
        comtrade_fail(error, "%s: not enough memory", p->cfg_name);
        return NULL;
    }
    if ((!p->data.at && split_cff(p, error)) || parse_parts(file, p, error)) {
        comtrade_free(file);
        return NULL;
    }
    return file;
}

/* The name of the data beside the header. Of `way` 0 the letters are of the same case
 * as those of the header: "x.CFG" has "x.DAT"; other ways change the case of some. */
static void data_name(const char *cfg_name, int way, char out[PATH_BYTES])
{
    size_t size = strlen(cfg_name);
    snprintf(out, PATH_BYTES, "%s", cfg_name);
    if (size < EXTENSION || size >= PATH_BYTES)
        return;
    char *end = out + size - EXTENSION;
    if (strcasecmp(end, ".cfg") != 0)
        return;
    for (int k = 0; k < EXTENSION - 1; k++) {
        bool upper = isupper((unsigned char)end[1 + k]) != 0;
        char letter = "dat"[k];
        end[1 + k] = upper != (way >> k & 1) ? (char)toupper(letter) : letter;
    }
}

struct comtrade *comtrade_parse(const char *name, const void *cfg, size_t cfg_size,
                                const void *dat, size_t dat_size,
                                struct comtrade_error *error)
{
    char name_of_data[PATH_BYTES];
    data_name(name, 0, name_of_data);
    struct parts p = { .cfg_name = name,
                       .data_name = name_of_data,
                       .cfg = { cfg, cfg_size },
                       .data = { dat, dat_size } };
    return parse(&p, error);
}

static int fail_read(const char *path, struct comtrade_error *error)
{
    return comtrade_fail(error, "%.200s: cannot be read: %s", path, strerror(errno));
}

/* All of an open file, in steps: its size may not be known, or be a lie. */
static int read_all(FILE *f, const char *path, struct bytes *b,
                    struct comtrade_error *error)
{
    size_t room = 0;
    while (!feof(f) && !ferror(f)) {
        if (b->size == room) {
            room = room ? 2 * room : READ_START;
            char *more = room <= FILE_BYTES_MAX ? realloc(b->at, room) : NULL;
            if (!more)
                return comtrade_fail(error,
                                     "%.200s: larger than %zu bytes, or no memory",
                                     path, FILE_BYTES_MAX);
            b->at = more;
        }
        b->size += fread(b->at + b->size, 1, room - b->size, f);
    }
    return ferror(f) ? fail_read(path, error) : 0;
}

struct opener {
    FILE *(*open)(void *user, const char *path);
    void *user;
};

static int read_file(const struct opener *o, const char *path, struct bytes *b,
                     struct comtrade_error *error)
{
    FILE *f = o->open(o->user, path);
    if (!f)
        return fail_read(path, error);
    int failed = read_all(f, path, b, error);
    fclose(f);
    return failed;
}

/* The data beside the header, in any case. */
static int read_data(const struct opener *o, const char *path, char name[PATH_BYTES],
                     struct bytes *b, struct comtrade_error *error)
{
    struct comtrade_error ignored;
    for (int way = (1 << (EXTENSION - 1)) - 1; way > 0; way--) {
        data_name(path, way, name);
        if (read_file(o, name, b, &ignored) == 0)
            return 0;
        free(b->at);
        *b = (struct bytes){ NULL, 0 };
    }
    data_name(path, 0, name);
    return read_file(o, name, b, error);
}

static struct comtrade *read_parts(const struct opener *o, const char *path,
                                   bool single, struct bytes *cfg, struct bytes *data,
                                   struct comtrade_error *error)
{
    char name[PATH_BYTES];
    if (read_file(o, path, cfg, error) ||
        (!single && read_data(o, path, name, data, error)))
        return NULL;
    struct parts p = { .cfg_name = path,
                       .data_name = name,
                       .cfg = { cfg->at, cfg->size },
                       .data = { data->at, data->size } };
    return parse(&p, error);
}

static struct comtrade *read_csv(const struct opener *o, const char *path,
                                 struct bytes *text, struct comtrade_error *error)
{
    return read_file(o, path, text, error)
               ? NULL
               : comtrade_csv_parse(path, text->at, text->size, error);
}

struct comtrade *comtrade_read_by(const char *path,
                                  FILE *(*open)(void *user, const char *path),
                                  void *user, struct comtrade_error *error)
{
    const struct opener opener = { open, user };
    struct bytes cfg = { NULL, 0 }, data = { NULL, 0 };
    size_t size = strlen(path);
    const char *end = size > EXTENSION ? path + size - EXTENSION : "";
    bool single = strcasecmp(end, ".cff") == 0, csv = strcasecmp(end, ".csv") == 0;
    if ((!single && !csv && strcasecmp(end, ".cfg") != 0) || size >= PATH_BYTES) {
        comtrade_fail(error, "%.200s: expected a file named .cfg, .cff or .csv", path);
        return NULL;
    }
    struct comtrade *file = csv ? read_csv(&opener, path, &cfg, error)
                                : read_parts(&opener, path, single, &cfg, &data, error);
    free(cfg.at);
    free(data.at);
    return file;
}

static FILE *open_any(void *user, const char *path)
{
    (void)user;
    return fopen(path, "rb");
}

struct comtrade *comtrade_read(const char *path, struct comtrade_error *error)
{
    return comtrade_read_by(path, open_any, NULL, error);
}
