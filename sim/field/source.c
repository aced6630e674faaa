/* Where a quantity stands in the registers of a meter. See source.h. */
#include "sim/field/source.h"
#include "core/sunspec.h"
#include <math.h>

enum { QNAN16 = 0x8000, KILO = 3, PERCENT = 2, EXPONENT_A = 138 };

static const struct row {
    int reg, words;
    uint8_t kind;
    uint16_t arg;
} rows[] = {
#define R(reg, words, name, kind, arg, units, scale) { reg, words, SUN_##kind, arg },
#include "core/sunspec.def"
#undef R
};

/* An integer says nothing without its exponent. */
static int integer_register(const struct image *image, enum quantity q)
{
    const int unit = quantity_table[q].unit;

    if (unit <= UNIT_E && !image->has[EXPONENT_A + unit])
        return 0;
    for (int n = 0; n < image->model->row_count; n++) {
        const struct register_row *row = &image->model->rows[n];
        if (row->kind <= REG_NET32 && row->arg == q)
            return row->reg;
    }
    return 0;
}

static const struct row *sunspec_row(const struct model *model, enum quantity q)
{
    for (size_t k = 0; model->sunspec && k < G_N_ELEMENTS(rows); k++) {
        const struct row *row = &rows[k];
        if ((row->kind == SUN_READING && row->arg == q) ||
            (row->kind == SUN_CURRENT && row->arg < SUN_SUM &&
             (enum quantity)(Q_I_A + row->arg) == q))
            return row;
    }
    return NULL;
}

int source_register(const struct image *image, enum quantity q, enum source source)
{
    const struct row *row;
    int reg = 0;

    switch (source) {
    case SOURCE_FLOAT:
        reg = image_float_register(image->model, q);
        break;
    case SOURCE_INTEGER:
        reg = integer_register(image, q);
        break;
    case SOURCE_SUNSPEC:
        row = sunspec_row(image->model, q);
        reg = row ? row->reg : 0;
        break;
    case SOURCES:
        break;
    }
    return reg && image->has[reg] ? reg : 0;
}

/* The exponent behind the row counts W and percent, readings are in kW and shares. */
static double sunspec_step(const struct image *image, const struct row *row, int unit)
{
    int exponent;

    while (row->kind != SUN_EXPONENT)
        row++;
    exponent = (int16_t)image->word[row->reg];
    if (unit == UNIT_W)
        exponent -= KILO;
    return pow(10, unit == UNIT_PF ? exponent - PERCENT : exponent);
}

double source_value(const struct image *image, enum quantity q, enum source source,
                    double *step)
{
    const int reg = source_register(image, q, source);

    *step = 0;
    if (reg == 0)
        return (double)NAN;
    if (source == SOURCE_SUNSPEC) {
        *step =
            sunspec_step(image, sunspec_row(image->model, q), quantity_table[q].unit);
        return image->word[reg] == QNAN16 ? (double)NAN
                                          : (int16_t)image->word[reg] * *step;
    }
    *step = image_step(image, reg);
    return image_value(image, reg);
}

bool image_has_quantity(const struct image *image, enum quantity q)
{
    for (enum source s = SOURCE_FLOAT; s < SOURCES; s++)
        if (source_register(image, q, s))
            return true;
    return false;
}

double image_quantity(const struct image *image, enum quantity q)
{
    double step;

    for (enum source s = SOURCE_FLOAT; s < SOURCES; s++)
        if (source_register(image, q, s))
            return source_value(image, q, s, &step);
    return (double)NAN;
}
