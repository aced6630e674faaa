/* metersim verbs and metersim faults: the tables that users name things from, as
 * Markdown or CSV. */
#include "core/quantity.h"
#include "hal_sim/fault.h"
#include "sim/commands.h"
#include "sim/script_verbs.h"
#include <stdio.h>
#include <string.h>

static bool take_csv(int *argc, char ***argv, const char *name, gboolean *csv)
{
    const GOptionEntry entries[] = { { "csv", 0, 0, G_OPTION_ARG_NONE, csv,
                                       "CSV instead of Markdown", NULL },
                                     G_OPTION_ENTRY_NULL };

    if (!command_options(argc, argv, name, NULL, entries, NULL))
        return false;
    if (*argc > 1) {
        fprintf(stderr, "metersim %s: takes no arguments; '%s' is one too many\n", name,
                (*argv)[1]);
        return false;
    }
    return true;
}

/* A cell: in CSV quoted, in Markdown with its bars escaped. */
static void print_cell(const char *text, gboolean csv, bool last)
{
    if (csv) {
        putchar('"');
        for (; *text; text++)
            printf(*text == '"' ? "\"\"" : "%c", *text);
        fputs(last ? "\"\n" : "\",", stdout);
        return;
    }
    fputs("| ", stdout);
    for (; *text; text++)
        printf(*text == '|' ? "\\|" : "%c", *text);
    fputs(last ? " |\n" : " ", stdout);
}

static void print_row(gboolean csv, const char *const *cells)
{
    for (; *cells; cells++)
        print_cell(*cells, csv, !cells[1]);
}

static void print_rule(gboolean csv, int columns)
{
    for (int k = 0; !csv && k < columns; k++)
        fputs(k == columns - 1 ? "|---|\n" : "|---", stdout);
}

static void print_verbs(gboolean csv, const struct script_verb *rows,
                        const char *prefix, const char *kind)
{
    char name[48];

    for (; rows->name; rows++) {
        snprintf(name, sizeof name, "%s%s", prefix, rows->name);
        print_row(csv,
                  (const char *[]){ kind, name, rows->arguments, rows->text, NULL });
    }
}

static void print_readings(gboolean csv)
{
    static const char *const units[] = {
        "A", "V", "kW, kvar, kVA", "kWh, kvarh, kVAh", "power factor", "Hz", "pulses"
    };
    char name[48];

    for (int q = 0; q < QUANTITIES; q++) {
        snprintf(name, sizeof name, "m.%s", quantity_table[q].name);
        print_row(csv, (const char *[]){ "reading", name, "",
                                         units[quantity_table[q].unit], NULL });
    }
}

int command_verbs(int argc, char **argv)
{
    gboolean csv = FALSE;

    if (!take_csv(&argc, &argv, "verbs", &csv))
        return 2;
    print_row(csv,
              (const char *[]){ "kind", "name", "arguments", "what it does", NULL });
    print_rule(csv, 4);
    print_verbs(csv, script_verbs, "", "verb");
    print_verbs(csv, script_meter_methods, "m:", "method");
    print_verbs(csv, script_meter_fields, "m.", "field");
    print_readings(csv);
    return 0;
}

int command_faults(int argc, char **argv)
{
    gboolean csv = FALSE;
    char range[64], usual[32];

    if (!take_csv(&argc, &argv, "faults", &csv))
        return 2;
    print_row(csv, (const char *[]){ "fault", "at", "phases", "unit", "range", "usual",
                                     "what happens", NULL });
    print_rule(csv, 7);
    for (int k = 0; k < FAULTS; k++) {
        const struct fault_row *row = &fault_table[k];
        snprintf(range, sizeof range, "%g to %g", row->least, row->greatest);
        snprintf(usual, sizeof usual, "%g", row->usual);
        print_row(csv, (const char *[]){ row->name, fault_family_name(row->family),
                                         row->per_phase ? "A B C" : "", row->unit,
                                         range, usual, row->text, NULL });
    }
    return 0;
}
