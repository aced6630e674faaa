/* metersim gateways: the tables of kinds and behaviours, as Markdown or CSV. */
#include "sim/bridge/bridge_options.h"
#include "sim/program/commands.h"
#include "sim/program/filter.h"
#include "sim/program/table.h"

static const char examples[] =
    "Rows are printed that have a word with each WORD at its beginning.\n\n"
    "Examples:\n"
    "  metersim gateways\n  metersim gateways queue\n  metersim gateways --csv\n";

static void print_kinds(bool csv, struct filter *f)
{
    bool headed = false;

    for (int k = 0; k < bridge_kind_count; k++) {
        const struct bridge_kind *kind = &bridge_kinds[k];
        const char *const cells[] = { kind->name, kind->settings, kind->text, NULL };
        if (!filter_texts(f, cells))
            continue;
        if (!headed) {
            table_section(csv, true, "kinds");
            table_head(csv,
                       (const char *[]){ "kind", "its settings", "what it is", NULL });
        }
        headed = true;
        table_row(csv, cells);
    }
}

static void range_text(const struct bridge_row *row, GString *text)
{
    char word[BRIDGE_VALUE];

    if (!row->choices) {
        g_string_printf(text, "%d to %d", row->min, row->max);
        return;
    }
    g_string_truncate(text, 0);
    for (int n = 0; n <= row->max; n++) {
        bridge_value_text(row, n, word);
        g_string_append_printf(text, "%s%s", n ? ", " : "", word);
    }
}

static void print_rows(bool csv, struct filter *f, bool first)
{
    g_autoptr(GString) range = g_string_new("");
    char preset[BRIDGE_VALUE];
    bool headed = false;

    for (int k = 0; k < bridge_row_count; k++) {
        const struct bridge_row *row = &bridge_rows[k];
        range_text(row, range);
        bridge_value_text(row, row->preset, preset);
        const char *const cells[] = { row->key,   row->unit,
                                      range->str, row->preset < 0 ? "" : preset,
                                      row->text,  NULL };
        if (!filter_texts(f, cells))
            continue;
        if (!headed) {
            table_section(csv, first, "behaviours");
            table_head(csv, (const char *[]){ "key", "unit", "range", "default",
                                              "what it does", NULL });
        }
        headed = true;
        table_row(csv, cells);
    }
}

int command_gateways(int argc, char **argv, GError **error)
{
    gboolean csv = FALSE;
    struct filter f = { .words = 0 };
    const GOptionEntry entries[] = { { "csv", 0, 0, G_OPTION_ARG_NONE, &csv,
                                       "CSV instead of Markdown", NULL },
                                     G_OPTION_ENTRY_NULL };

    if (!command_options(&argc, &argv, "[WORD…]", entries, examples, error))
        return 2;
    for (int k = 1; k < argc; k++)
        if (!filter_add(&f, argv[k], false, error))
            return 2;
    print_kinds(csv, &f);
    print_rows(csv, &f, f.matches == 0);
    return filter_end(&f, error) ? 0 : 2;
}
