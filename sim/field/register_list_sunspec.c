/* SunSpec registers, described from the rows that the firmware answers from. See
 * register_list.h. */
#include "sim/field/register_list_sunspec.h"
#include "core/quantity.h"
#include "core/sunspec.h"
#include <glib.h>

static const struct row {
    int reg, words;
    const char *name;
    uint8_t kind;
    uint16_t arg;
    const char *units, *scale;
} rows[] = {
#define R(reg, words, name, kind, arg, units, scale)                                   \
    { reg, words, name, SUN_##kind, arg, units, scale },
#include "core/sunspec.def"
#undef R
};

static const char *const texts[] = {
#define T(reg, text) text,
#include "sim/field/register_text_sunspec.def"
#undef T
};

/* Columns that follow from the kind. A word's range is the word itself. */
static const struct {
    const char *format, *min, *max;
    bool nonvolatile;
} kinds[] = {
    [SUN_MARKER] = { "ULong", "1400204883", "1400204883", true },
    [SUN_WORD] = { "UInt", NULL, NULL, true },
    [SUN_TEXT] = { "String", "", "", true },
    [SUN_ADDRESS] = { "UInt", "1", "247", true },
    [SUN_MODEL] = { "UInt", "201", "204", true },
    [SUN_READING] = { "SInt", "-32767", "32767", false },
    [SUN_CURRENT] = { "SInt", "-32767", "32767", false },
    [SUN_APPARENT] = { "SInt", "-32767", "32767", false },
    [SUN_PF_AVERAGE] = { "SInt", "-32767", "32767", false },
    [SUN_ENERGY] = { "ULong", "0", "4294967295", true },
    [SUN_EXPONENT] = { "SInt", "-10", "10", true },
    [SUN_EVENTS] = { "ULong", "0", "2147483647", true },
};

void register_list_sunspec(register_list_visit visit, void *user)
{
    G_STATIC_ASSERT(G_N_ELEMENTS(texts) == G_N_ELEMENTS(rows));

    for (size_t k = 0; k < G_N_ELEMENTS(rows); k++) {
        const struct row *row = &rows[k];
        struct register_entry e = { .reg = row->reg,
                                    .words = row->words,
                                    .section = SECTION_SUNSPEC,
                                    .access = "R",
                                    .units = row->units,
                                    .scale = row->scale,
                                    .text = texts[k] };
        const char *min = kinds[row->kind].min;
        g_strlcpy(e.name, row->name, sizeof e.name);
        e.format = kinds[row->kind].format;
        e.nonvolatile = kinds[row->kind].nonvolatile;
        g_snprintf(e.min, sizeof e.min, "%u", row->arg);
        g_strlcpy(e.max, e.min, sizeof e.max);
        if (min) {
            g_strlcpy(e.min, min, sizeof e.min);
            g_strlcpy(e.max, kinds[row->kind].max, sizeof e.max);
        }
        visit(user, &e);
    }
}
