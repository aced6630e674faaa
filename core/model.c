/* The list of models and the search in their register tables. See model.h. */
#include "core/model.h"
#include "core/assert.h"
#include "core/log_state.h"
#include <stddef.h>

static const struct model *const models[] = { &model_s4100, &model_s4000r,
                                              &model_s4100_fds };

const struct model *model_at(unsigned index)
{
    return index < sizeof models / sizeof *models ? models[index] : NULL;
}

static bool same_text(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

const struct model *model_find(const char *name)
{
    for (unsigned k = 0; model_at(k); k++)
        if (same_text(models[k]->name, name))
            return models[k];
    return NULL;
}

bool model_has_quantity(const struct model *model, enum quantity q)
{
    for (unsigned k = 0; k < model->row_count; k++)
        if (model->rows[k].kind <= REG_FLOAT && model->rows[k].arg == q)
            return true;
    return false;
}

int model_register_words(enum register_kind kind)
{
    switch (kind) {
    case REG_READING32:
    case REG_NET32:
    case REG_FLOAT:
    case REG_QNAN32F:
    case REG_LOG_START:
        return 2;
    case REG_LOG_WINDOW:
        return LOG_ENTRIES;
    case REG_READING16:
    case REG_QNAN16:
    case REG_SETTING:
    case REG_STATE:
    case REG_COMMAND:
    case REG_POWER_UPS:
    case REG_ZERO:
    case REG_SINK:
    case REG_CLOCK:
    case REG_LOG_STAMP:
        return 1;
    }
    CORE_UNREACHABLE();
}

/* The float column ascends with the integer one over the rows that have one, and all
 * float registers lie above the integer readings: FLOAT_FIRST on. */
enum { FLOAT_FIRST = 257, FLOAT_LAST = 408 };

static enum register_kind float_kind(const struct register_row *row)
{
    return row->kind == REG_QNAN16 ? REG_QNAN32F : REG_FLOAT;
}

static uint16_t row_start(const struct register_row *row, bool as_float)
{
    return as_float ? row->float_reg : row->reg;
}

const struct register_row *model_find_register(const struct model *model, uint16_t reg,
                                               int *word, enum register_kind *kind)
{
    bool as_float = reg >= FLOAT_FIRST && reg <= FLOAT_LAST;
    unsigned low = 0, high = model->row_count;

    while (low < high) { /* the last row that starts at or before reg */
        unsigned mid = (low + high) / 2;
        uint16_t start = row_start(&model->rows[mid], as_float);
        if ((as_float && start == 0) || start > reg)
            high = mid;
        else
            low = mid + 1;
    }
    if (low == 0)
        return NULL;
    const struct register_row *row = &model->rows[low - 1];
    *kind = as_float ? float_kind(row) : (enum register_kind)row->kind;
    *word = reg - row_start(row, as_float);
    return *word < model_register_words(*kind) ? row : NULL;
}
