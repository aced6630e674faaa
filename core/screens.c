/* The table of screens and the rings. See screens.h. */
#include "core/screens.h"
#include "core/alert.h"
#include "core/lcd.h"

enum { ICON_NONE = 0, ICON_IMPORT = LCD_IMPORT, ICON_EXPORT = LCD_EXPORT };

const struct screen screen_table[] = {
#define S(group, ieee, iec, kind, arg, icon, types, models)                            \
    {                                                                                  \
        ieee, iec,         GROUP_##group, SCREEN_##kind,                               \
        arg,  ICON_##icon, types,         SCREEN_##models                              \
    },
#include "core/screen.def"
#undef S
};
const unsigned screen_count = sizeof screen_table / sizeof *screen_table;

bool screen_shown(unsigned screen, const struct model *model, const struct config *c,
                  uint16_t alerts)
{
    const struct screen *s = &screen_table[screen];
    unsigned kind_of_model = model->unidirectional ? SCREEN_UNI : SCREEN_BI;

    if (s->kind == SCREEN_ALERT && s->arg == ALERT_SCREEN_FAULT &&
        !(alerts & ALERT_FAULT))
        return false;
    return (s->types & c->type_bit) && (s->models & kind_of_model);
}

unsigned screen_title(enum screen_group group)
{
    unsigned k = 0;

    while (screen_table[k].group != group)
        k++;
    return k;
}

/* One row on in its group, around its end. */
static unsigned step(unsigned screen, int way)
{
    unsigned first = screen_title((enum screen_group)screen_table[screen].group);
    unsigned last = first;

    while (last + 1 < screen_count &&
           screen_table[last + 1].group == screen_table[first].group)
        last++;
    if (way > 0)
        return screen == last ? first : screen + 1;
    return screen == first ? last : screen - 1;
}

unsigned screen_beside(unsigned screen, int way, const struct model *model,
                       const struct config *c, uint16_t alerts)
{
    do
        screen = step(screen, way);
    while (!screen_shown(screen, model, c, alerts));
    return screen;
}

unsigned screen_below(unsigned screen, int way, const struct model *model,
                      const struct config *c, uint16_t alerts)
{
    int group = screen_table[screen].group;
    int first = group < SCREEN_MAIN_GROUPS ? 0 : SCREEN_MAIN_GROUPS;
    int count = group < SCREEN_MAIN_GROUPS ? SCREEN_MAIN_GROUPS
                                           : SCREEN_GROUPS - SCREEN_MAIN_GROUPS;

    do {
        group = first + (group - first + count + way) % count;
        screen = screen_title((enum screen_group)group);
    } while (!screen_shown(screen, model, c, alerts));
    return screen;
}
