/* Register dumps: CSV with the columns register and word, and time where there are
 * several. See dump_file.h. */
#include "sim/diagnose/dump_file.h"
#include "sim/program/csv.h"
#include "sim/program/error.h"
#include <math.h>
#include <stdlib.h>

enum { NO_CT_CHOICE = 0x8000, CT_SECONDARY_REGISTER = 132, LAST_REGISTER = 65535 };

struct columns {
    int time, reg, word;
};

static bool parse_number(const struct csv *c, struct csv_cell cell, double min,
                         double max, double *value, GError **error)
{
    char *end;

    *value = g_ascii_strtod(cell.text, &end);
    if (end != cell.text && *g_strchug(end) == '\0' && *value >= min && *value <= max)
        return true;
    csv_complain(c, cell, error, "expected a number from %g to %g, found '%.20s'", min,
                 max, cell.text);
    return false;
}

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

static bool parse_rows(struct observation *o, const struct csv *c,
                       const struct columns *columns, const struct model *model,
                       GError **error)
{
    struct image *image = image_new(NULL, c->name);
    double time = 0, now = 0, reg, word;
    bool good = true;

    for (int row = 0; row < c->rows && good; row++) {
        good = (columns->time < 0 || parse_number(c, csv_cell(c, row, columns->time),
                                                  -1e15, 1e15, &now, error)) &&
               parse_number(c, csv_cell(c, row, columns->reg), 1, LAST_REGISTER, &reg,
                            error) &&
               parse_number(c, csv_cell(c, row, columns->word), -32768, 65535, &word,
                            error);
        if (good && row > 0 && now != time) {
            good = finish(o, image, time, model, error);
            image_free(image);
            image = image_new(NULL, c->name);
        }
        if (!good)
            break;
        time = now;
        image->word[(int)reg] = (uint16_t)(int)word;
        image->has[(int)reg] = true;
    }
    good = good && finish(o, image, time, model, error);
    image_free(image);
    return good;
}

bool dump_parse(struct observation *o, const char *name, const char *text,
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
                  "%s:1:1: expected the columns register,word or "
                  "time,register,word",
                  name);
    good = good && parse_rows(o, c, &columns, model, error);
    csv_free(c);
    return good;
}
