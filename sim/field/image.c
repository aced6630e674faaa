/* Images of a meter's registers. See image.h. In a file each register is a line
 *     --@ 21 17E7 kw_total 61.19 kW
 * of which number and words are read back; the rest is for people. The first line names
 * the model, the last one counts the registers, so that a cut file is noticed. */
#include "sim/field/image.h"
#include "core/config.h"
#include "sim/program/error.h"

#include <errno.h>
#include <gio/gio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QNAN16 = 0x8000, FILE_BYTES_MAX = 4 << 20 };

/* "No reading" in 32 bits. */
#define QNAN32 0x80008000u

enum count { COUNT_U16, COUNT_S16, COUNT_U32, COUNT_S32, COUNT_FLOAT };

struct image *image_new(const struct model *model, const char *source)
{
    struct image *image = g_new0(struct image, 1);

    image->model = model;
    g_strlcpy(image->source, source, sizeof image->source);
    return image;
}

void image_free(struct image *image)
{
    g_free(image);
}

static enum image_class class_of_quantity(enum quantity q)
{
    const struct quantity_row *row = &quantity_table[q];

    return row->role == ROLE_NOW ? IMAGE_READING : IMAGE_HISTORY;
}

static const uint8_t class_of_state[] = {
    [STATE_MAX_POWER] = IMAGE_SETTING,   [STATE_EXPONENT_A] = IMAGE_SETTING,
    [STATE_EXPONENT_V] = IMAGE_SETTING,  [STATE_EXPONENT_W] = IMAGE_SETTING,
    [STATE_EXPONENT_E] = IMAGE_SETTING,  [STATE_PULSE_MS] = IMAGE_SETTING,
    [STATE_ALERTS] = IMAGE_STATE,        [STATE_ENERGY_RESETS] = IMAGE_HISTORY,
    [STATE_POWER_UPS] = IMAGE_HISTORY,   [STATE_LOG_STATUS] = IMAGE_HISTORY,
    [STATE_LOG_WRAPS] = IMAGE_HISTORY,   [STATE_LOG_DAYS] = IMAGE_SETTING,
    [STATE_LOG_ENTRIES] = IMAGE_HISTORY, [STATE_FIRMWARE_VERSION] = IMAGE_SETTING,
};

/* How the words of a register are to be read, and its class; those of a quantity or a
 * state have the class of that. */
static const struct {
    uint8_t class, count; /* enum count */
} kinds[] = {
    [REG_READING16] = { IMAGE_READING, COUNT_S16 },
    [REG_READING32] = { IMAGE_READING, COUNT_U32 },
    [REG_NET32] = { IMAGE_READING, COUNT_S32 },
    [REG_FLOAT] = { IMAGE_READING, COUNT_FLOAT },
    [REG_QNAN16] = { IMAGE_NOTHING, COUNT_S16 },
    [REG_QNAN32F] = { IMAGE_NOTHING, COUNT_FLOAT },
    [REG_SETTING] = { IMAGE_SETTING, COUNT_U16 },
    [REG_STATE] = { IMAGE_STATE, COUNT_U16 },
    [REG_COMMAND] = { IMAGE_NOTHING, COUNT_U16 },
    [REG_POWER_UPS] = { IMAGE_HISTORY, COUNT_U16 },
    [REG_ZERO] = { IMAGE_NOTHING, COUNT_U16 },
    [REG_SINK] = { IMAGE_NOTHING, COUNT_U16 },
    [REG_CLOCK] = { IMAGE_HISTORY, COUNT_U16 },
    [REG_LOG_START] = { IMAGE_HISTORY, COUNT_S32 },
    [REG_LOG_STAMP] = { IMAGE_HISTORY, COUNT_U16 },
    [REG_LOG_WINDOW] = { IMAGE_NOTHING, COUNT_U16 },
};

enum image_class image_class_of(const struct model *model, int reg)
{
    enum register_kind kind;
    int word;
    const struct register_row *row =
        model_find_register(model, (uint16_t)reg, &word, &kind);

    if (row == NULL)
        return IMAGE_NOTHING;
    if (kinds[kind].class == IMAGE_READING)
        return class_of_quantity((enum quantity)row->arg);
    if (kind == REG_STATE)
        return (enum image_class)class_of_state[row->arg];
    return (enum image_class)kinds[kind].class;
}

static int exponent(const struct image *image, enum quantity_unit unit)
{
    return (int16_t)image->word[138 + (int)unit];
}

static double unit_step(const struct image *image, enum quantity_unit unit)
{
    switch (unit) {
    case UNIT_PF:
        return 1e-4;
    case UNIT_HZ:
        return 1e-2;
    case UNIT_N:
        return 1;
    case UNIT_A:
    case UNIT_V:
    case UNIT_W:
    case UNIT_E:
        return pow(10, exponent(image, unit));
    }
    g_assert_not_reached();
}

double image_step(const struct image *image, int reg)
{
    enum register_kind kind;
    int word;
    const struct register_row *row =
        model_find_register(image->model, (uint16_t)reg, &word, &kind);

    if (row == NULL || kind == REG_FLOAT || kind == REG_QNAN32F)
        return 0;
    if (kind == REG_READING16 || kind == REG_READING32 || kind == REG_NET32)
        return unit_step(image, (enum quantity_unit)quantity_table[row->arg].unit);
    if (kind == REG_LOG_START)
        return unit_step(image, UNIT_E);
    if (kind == REG_STATE && row->arg == STATE_MAX_POWER)
        return unit_step(image, UNIT_W);
    return 1;
}

static double float_value(uint32_t bits)
{
    float x;

    memcpy(&x, &bits, sizeof x);
    return (double)x;
}

/* The count that a register holds; NaN where the meter says that there is none. */
static double count_of(const struct image *image, int reg, enum register_kind kind)
{
    uint16_t high = image->word[reg], low = image->word[reg + 1];
    uint32_t both = (uint32_t)high << 16 | low;

    switch ((enum count)kinds[kind].count) {
    case COUNT_FLOAT:
        return float_value(both);
    case COUNT_U32:
        return both == QNAN32 ? (double)NAN : both;
    case COUNT_S32:
        return both == QNAN32 ? (double)NAN : (int32_t)both;
    case COUNT_S16:
        return high == QNAN16 ? (double)NAN : (int16_t)high;
    case COUNT_U16:
        return high;
    }
    g_assert_not_reached();
}

static bool is_exponent(const struct register_row *row, enum register_kind kind)
{
    return kind == REG_STATE && row->arg >= STATE_EXPONENT_A &&
           row->arg <= STATE_EXPONENT_E;
}

double image_value(const struct image *image, int reg)
{
    enum register_kind kind;
    int word;
    const struct register_row *row =
        model_find_register(image->model, (uint16_t)reg, &word, &kind);

    if (row == NULL || word != 0 || !image->has[reg])
        return (double)NAN;
    if (is_exponent(row, kind))
        return (int16_t)image->word[reg];
    double step = image_step(image, reg);
    return count_of(image, reg, kind) * (step > 0 ? step : 1);
}

double image_full_scale(const struct image *image, enum quantity q)
{
    switch ((enum quantity_unit)quantity_table[q].unit) {
    case UNIT_A:
        return image->word[setting_table[SETTING_CT_PRIMARY].reg];
    case UNIT_V:
        return image->word[setting_table[SETTING_SYSTEM_VOLTAGE].reg];
    case UNIT_W:
        return image_value(image, 135);
    case UNIT_PF:
        return 50;
    case UNIT_E:
    case UNIT_HZ:
    case UNIT_N:
        break;
    }
    return 0;
}

int image_float_register(const struct model *model, enum quantity q)
{
    for (int n = 0; n < model->row_count; n++) {
        const struct register_row *row = &model->rows[n];
        if (row->kind <= REG_NET32 && row->arg == q && row->float_reg != 0)
            return row->float_reg;
    }
    return 0;
}

struct writing {
    const struct image *image;
    GString *to;
    int count;
};

static void write_entry(void *user, const struct register_entry *e)
{
    struct writing *w = user;
    double value = image_value(w->image, e->reg);

    if (!w->image->has[e->reg])
        return;
    g_string_append_printf(w->to, "--@ %d %04X", e->reg, w->image->word[e->reg]);
    if (e->words == 2)
        g_string_append_printf(w->to, "%04X", w->image->word[e->reg + 1]);
    if (isnan(value))
        g_string_append_printf(w->to, " %s\n", e->name);
    else
        g_string_append_printf(w->to, " %s %.9g %s\n", e->name, value, e->units);
    w->count++;
}

void image_write(const struct image *image, GString *to)
{
    struct writing w = { image, to, 0 };

    g_string_append_printf(to, "--@ model %s\n", image->model->name);
    register_list_model(image->model, write_entry, &w);
    g_string_append_printf(to, "--@ end %d\n", w.count);
}

/* "21 17E7 …" or "257 42F5A3D7 …"; false: not such a line. */
static bool read_register(struct image *image, const char *line)
{
    size_t decimals = strspn(line, "0123456789");
    const char *words = line + decimals + 1;

    if (decimals < 1 || decimals > 5 || line[decimals] != ' ')
        return false;
    unsigned long reg = strtoul(line, NULL, 10), bits = strtoul(words, NULL, 16);
    size_t digits = strspn(words, "0123456789ABCDEF");
    if (reg < 1 || reg > 65534 || (digits != 4 && digits != 8) ||
        (words[digits] != ' ' && words[digits] != '\0'))
        return false;
    image->word[reg] = (uint16_t)(digits == 8 ? bits >> 16 : bits);
    image->has[reg] = true;
    if (digits == 8) {
        image->word[reg + 1] = (uint16_t)bits;
        image->has[reg + 1] = true;
    }
    return true;
}

struct reading {
    struct image *image;
    const char *path;
    int count, announced;
};

/* False: the line is none of a capture's. */
static bool read_line(struct reading *r, const char *line)
{
    char name[32];

    if (sscanf(line, "model %31s", name) == 1 && r->image == NULL) {
        const struct model *model = model_find(name);
        r->image = model ? image_new(model, r->path) : NULL;
        return model != NULL;
    }
    if (sscanf(line, "end %d", &r->announced) == 1)
        return true;
    r->count++;
    return r->image != NULL && read_register(r->image, line);
}

static bool read_lines(struct reading *r, char *text, GError **error)
{
    int number = 0;

    for (char *line = text, *next; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        number++;
        if (!g_str_has_prefix(line, "--@ ") || read_line(r, line + 4))
            continue;
        error_set(error, "%s:%d: no line of a capture: '%.40s'", r->path, number, line);
        return false;
    }
    if (r->image != NULL && r->announced == r->count)
        return true;
    error_set(error,
              r->image == NULL ? "%s holds no registers; make one with metersim capture"
                               : "%s is cut short; capture it again",
              r->path);
    return false;
}

struct image *image_parse(const char *path, char *text, GError **error)
{
    struct reading r = { .path = path, .announced = -1 };

    if (read_lines(&r, text, error))
        return r.image;
    image_free(r.image);
    return NULL;
}

struct image *image_read(const char *path, GError **error)
{
    struct image *image = NULL;
    g_autofree char *text = NULL;
    gsize size;

    if (!g_file_get_contents(path, &text, &size, error))
        return NULL;
    if (size > FILE_BYTES_MAX || strlen(text) != size)
        error_set(error, "%s is no text of a capture", path);
    else
        image = image_parse(path, text, error);
    return image;
}
