/* Register dumps. See dump_file.h; tables of names are in dump_names.c. */
#include "sim/diagnose/dump_file.h"
#include "sim/diagnose/dump_names.h"
#include "sim/program/csv.h"
#include "sim/program/error.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NO_CT_CHOICE = 0x8000, CT_SECONDARY_REGISTER = 132, LAST_REGISTER = 65535 };

/* 132 is a setting of the S4100 alone. */
static const struct model *model_of(const struct image *image)
{
    const bool rope = image->has[CT_SECONDARY_REGISTER] &&
                      image->word[CT_SECONDARY_REGISTER] == NO_CT_CHOICE;

    return model_find(rope ? "s4000r" : "s4100");
}

static bool finish(struct observation *o, struct image *image, double time,
                   const struct model *model, GError **error)
{
    image->model = model ? model : model_of(image);
    return observation_add(o, image, time, error);
}

static void set_word(struct image *image, int reg, uint16_t word)
{
    image->word[reg] = word;
    image->has[reg] = true;
}

/* --- CSV: register,word or time,register,word --- */

struct columns {
    int time, reg, word;
};

static bool parse_number(const struct csv *c, struct csv_cell cell, double min,
                         double max, double *value, GError **error)
{
    char *end;

    *value = g_ascii_strtod(cell.text, &end);
    while (*end == ' ')
        end++;
    if (end != cell.text && *end == '\0' && *value >= min && *value <= max)
        return true;
    csv_complain(c, cell, error, "expected a number from %g to %g, found '%.20s'", min,
                 max, cell.text);
    return false;
}

struct row {
    double time, reg, word;
};

static bool parse_row(struct row *r, const struct csv *c, const struct columns *columns,
                      int row, GError **error)
{
    return (columns->time < 0 || parse_number(c, csv_cell(c, row, columns->time), -1e15,
                                              1e15, &r->time, error)) &&
           parse_number(c, csv_cell(c, row, columns->reg), 1, LAST_REGISTER, &r->reg,
                        error) &&
           parse_number(c, csv_cell(c, row, columns->word), -32768, 65535, &r->word,
                        error);
}

static bool parse_rows(struct observation *o, const struct csv *c,
                       const struct columns *columns, const struct model *model,
                       GError **error)
{
    struct image *image = image_new(NULL, c->name);
    struct row r = { .time = 0 };
    double time = 0;
    bool good = true;

    for (int row = 0; row < c->rows && good; row++) {
        good = parse_row(&r, c, columns, row, error);
        if (good && row > 0 && r.time != time) {
            good = finish(o, image, time, model, error);
            image_free(image);
            image = image_new(NULL, c->name);
        }
        time = r.time;
        if (good)
            set_word(image, (int)r.reg, (uint16_t)(int)r.word);
    }
    good = good && finish(o, image, time, model, error);
    image_free(image);
    return good;
}

static bool parse_csv(struct observation *o, const char *name, const char *text,
                      const struct model *model, GError **error)
{
    struct csv *c = csv_parse(name, text, error);

    if (c == NULL)
        return false;
    const struct columns columns = { csv_column(c, "time"), csv_column(c, "register"),
                                     csv_column(c, "word") };
    bool good = columns.reg >= 0 && columns.word >= 0;
    if (!good)
        error_set(error,
                  "%s:1:1: expected the columns register,word or time,register,word",
                  name);
    good = good && parse_rows(o, c, &columns, model, error);
    csv_free(c);
    return good;
}

/* --- a scenario of capture --- */

static bool parse_capture(struct observation *o, const char *name, const char *text,
                          GError **error)
{
    char *lines = g_strdup(text);
    struct image *image = image_parse(name, lines, error);
    bool good = image != NULL && observation_add(o, image, 0, error);

    image_free(image);
    g_free(lines);
    return good;
}

/* --- mbpoll: "[257]: <tab>12.5", "[21]: <tab>65531 (-5)", "[21]: <tab>0x17E7" --- */

static void set_float(struct image *image, int reg, double value)
{
    const float single = (float)value;
    uint32_t bits;

    memcpy(&bits, &single, sizeof bits);
    set_word(image, reg, (uint16_t)(bits >> 16));
    set_word(image, MIN(reg + 1, LAST_REGISTER), (uint16_t)bits);
}

/* False: the line is none of mbpoll's values. */
static bool parse_poll(struct image *image, const char *line, bool floats)
{
    int reg, used = 0;

    if (sscanf(line, " [%5d]: %n", &reg, &used) != 1 || used == 0 || reg < 1 ||
        reg > LAST_REGISTER)
        return false;
    char *end;
    const char *value = line + used;
    const bool hex = g_str_has_prefix(value, "0x");
    const double number =
        hex ? (double)strtoul(value, &end, 16) : g_ascii_strtod(value, &end);
    if (end == value || isnan(number) || fabs(number) > 1e30)
        return false;
    if (floats || number > 65535 || number < -32768)
        set_float(image, reg, number);
    else
        set_word(image, reg, (uint16_t)(int)number);
    return true;
}

static bool parse_mbpoll(struct observation *o, const char *name, const char *text,
                         const struct model *model, GError **error)
{
    struct image *image = image_new(NULL, name);
    char **lines = g_strsplit(text, "\n", -1);
    int values = 0;
    bool floats = false;

    for (int n = 0; lines[n]; n++) {
        if (g_str_has_prefix(lines[n], "Data type"))
            floats = strstr(lines[n], "float") != NULL;
        values += parse_poll(image, lines[n], floats);
    }
    g_strfreev(lines);
    bool good = values > 0 ? finish(o, image, 0, model, error)
                           : error_set(error, "%s: no value of mbpoll", name);
    image_free(image);
    return good;
}

/* --- which one it is --- */

static bool is_mbpoll(const char *text)
{
    for (const char *at = text; at; at = strchr(at, '\n')) {
        int reg, used = 0;
        at += *at == '\n';
        if (sscanf(at, " [%5d]:%n", &reg, &used) == 1 && used > 0)
            return true;
    }
    return false;
}

static bool has_registers(const char *text)
{
    const size_t line = strcspn(text, "\r\n");
    char *heading = g_ascii_strdown(text, (gssize)line);
    const bool has = strstr(heading, "register") && strstr(heading, "word");

    g_free(heading);
    return has;
}

bool dump_parse(struct observation *o, const char *name, const char *text,
                const struct model *model, GError **error)
{
    if (has_registers(text))
        return parse_csv(o, name, text, model, error);
    if (strstr(text, "--@ model"))
        return parse_capture(o, name, text, error);
    if (is_mbpoll(text))
        return parse_mbpoll(o, name, text, model, error);
    return dump_names_parse(o, name, text, model, error);
}
