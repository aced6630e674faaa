/* metersim screens: the menu tree of a model, out of the very table that the firmware
 * walks through. */
#include "core/alert.h"
#include "core/lcd.h"
#include "core/screens.h"
#include "sim/program/commands.h"
#include "sim/program/filter.h"
#include "sim/program/system_types.h"
#include <stdio.h>
#include <string.h>

enum { TEXT = 64 };

/* What stands in the bottom row, by the names that users know from registers and
 * settings. */
static void describe(const struct screen *s, char text[TEXT])
{
    static const char *const fixed[] = {
        [SCREEN_TITLE] = "(title)",           [SCREEN_PASSWORD] = "(password)",
        [SCREEN_COMMAND] = "(+ - resets)",    [SCREEN_MAX_POWER] = "maximum power",
        [SCREEN_PULSE_MS] = "pulse duration",
    };
    static const char *const info[] = {
        [INFO_MODEL] = "model",
        [INFO_SYSTEM] = "firmware version",
        [INFO_RESET_SYSTEM] = "reset system's version",
        [INFO_SERIAL] = "serial number",
    };

    if (s->kind == SCREEN_QUANTITY)
        snprintf(text, TEXT, "%s", quantity_table[s->arg].name);
    else if (s->kind == SCREEN_NUMBER || s->kind == SCREEN_LIST)
        snprintf(text, TEXT, "set %s", setting_table[s->arg].name);
    else if (s->kind == SCREEN_INFO)
        snprintf(text, TEXT, "%s", info[s->arg]);
    else if (s->kind == SCREEN_ALERT)
        snprintf(text, TEXT, "alert: %s", alert_screen_words[s->arg]);
    else
        snprintf(text, TEXT, "%s", fixed[s->kind]);
}

static const char *title(const struct screen *s)
{
    return screen_table[screen_title((enum screen_group)s->group)].ieee;
}

static void print_screen(const struct screen *s, bool csv, struct filter *filter)
{
    const char *ring = s->group < SCREEN_MAIN_GROUPS ? "main" : "setup";
    const char *icon = s->icon == LCD_IMPORT   ? "import"
                       : s->icon == LCD_EXPORT ? "export"
                                               : "";
    char what[TEXT], types[SYSTEM_TYPES_TEXT];
    const char *const cells[] = { ring, title(s), s->ieee, s->iec,
                                  icon, what,     types,   NULL };

    describe(s, what);
    system_types_text(types, s->types, " ", " ");
    if (filter_texts(filter, cells))
        printf(csv ? "%s,%s,%s,%s,%s,%s,%s\n"
                   : "| %-5s | %-5s | %-5s | %-5s | %-6s | %-26s | %-14s |\n",
               ring, title(s), s->ieee, s->iec, icon, what, types);
}

static void print_screens(const struct model *model, bool csv, struct filter *filter)
{
    const unsigned direction = model->unidirectional ? SCREEN_UNI : SCREEN_BI;

    puts(
        csv ? "ring,group,ieee,iec,icon,shows,system_types"
            : "| ring  | group | IEEE  | IEC   | icon   | bottom row                 | "
              "system types   |\n|---|---|---|---|---|---|---|");
    for (unsigned k = 0; k < screen_count; k++)
        if (screen_table[k].models & direction)
            print_screen(&screen_table[k], csv, filter);
}

int command_screens(int argc, char **argv, GError **error)
{
    gboolean csv = FALSE;
    const GOptionEntry entries[] = { { "csv", 0, 0, G_OPTION_ARG_NONE, &csv,
                                       "Comma-separated instead of Markdown", NULL },
                                     G_OPTION_ENTRY_NULL };

    const struct model *model = model_find("s4100");
    struct filter filter = { 0 };

    if (!command_options(
            &argc, &argv, "[MODEL] [WORD…]", entries,
            "Groups downward, screens to the right, as the menu is "
            "drawn; _ is the number of phases.\n"
            "MODEL is s4100 (the default), s4100_fds or s4000r. Each word "
            "must stand in the row.\n\nExamples:\n  metersim screens s4100\n"
            "  metersim screens s4000r --csv\n"
            "  metersim screens demand\n",
            error))
        return 2;
    for (int k = 1; k < argc; k++) {
        const struct model *named = model_find(argv[k]);
        if (named)
            model = named;
        else if (!filter_add(&filter, argv[k], false, error))
            return 2;
    }
    print_screens(model, csv, &filter);
    return filter_end(&filter, error) ? 0 : 2;
}
