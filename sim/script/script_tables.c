/* metersim verbs (with the kinds of events and loads) and metersim faults: the tables
 * that users name things from, as Markdown or CSV. */
#include "core/quantity.h"
#include "hal_sim/fault.h"
#include "sim/program/commands.h"
#include "sim/script/script_parameter.h"
#include "sim/script/script_verbs.h"
#include <stdio.h>
#include <string.h>

static bool take_csv(int *argc, char ***argv, gboolean *csv, GError **error)
{
    const GOptionEntry entries[] = { { "csv", 0, 0, G_OPTION_ARG_NONE, csv,
                                       "CSV instead of Markdown", NULL },
                                     G_OPTION_ENTRY_NULL };

    if (!command_options(argc, argv, NULL, entries, NULL, error))
        return false;
    return *argc == 1 ||
           error_set(error, "takes no arguments; '%s' is one too many", (*argv)[1]);
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

static void print_verbs(gboolean csv, const struct verb *rows, const char *prefix,
                        const char *kind)
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

/* Parameters with their usual values: "percent=70 %, duration=0.1 s". */
static void print_kind(gboolean csv, const char *kind, const char *name,
                       const char *text, const struct script_parameters *p)
{
    GString *arguments = g_string_new("");

    for (int k = 0; k < p->count; k++) {
        const struct script_parameter *item = &p->item[k];
        g_string_append_printf(arguments, "%s%s=%.10g%s%s", k ? ", " : "", item->name,
                               item->row->initial, item->row->unit[0] ? " " : "",
                               item->row->unit);
    }
    print_row(csv, (const char *[]){ kind, name, arguments->str, text, NULL });
    g_string_free(arguments, TRUE);
}

static void print_kinds(gboolean csv)
{
    for (int k = 0; k < WAVEFORM_EVENTS; k++) {
        struct script_parameters p =
            script_parameters_of_event((enum waveform_event_kind)k);
        print_kind(csv, "event", event_table[k].name, event_table[k].text, &p);
    }
    for (int k = 0; k < WAVEFORM_LOAD_KINDS; k++) {
        struct script_parameters p =
            script_parameters_of_load((enum waveform_load_kind)k);
        print_kind(csv, "load kind", load_table[k].name, load_table[k].text, &p);
    }
}

int command_verbs(int argc, char **argv, GError **error)
{
    gboolean csv = FALSE;

    if (!take_csv(&argc, &argv, &csv, error))
        return 2;
    print_row(csv,
              (const char *[]){ "kind", "name", "arguments", "what it does", NULL });
    print_rule(csv, 4);
    print_verbs(csv, script_verbs, "", "verb");
    print_verbs(csv, script_console_verbs, "", "console");
    print_verbs(csv, script_meter_methods, "m:", "method");
    print_verbs(csv, script_meter_fields, "m.", "field");
    print_verbs(csv, script_line_methods, "line:", "method");
    print_verbs(csv, script_line_fields, "line.", "field");
    print_kinds(csv);
    print_readings(csv);
    return 0;
}

/* Numbers in full: 2097152, not 2.09715e+06. */
static void print_fault(gboolean csv, const struct fault_row *row)
{
    char range[64], usual[32];

    snprintf(range, sizeof range, "%.10g to %.10g", row->least, row->greatest);
    snprintf(usual, sizeof usual, "%.10g", row->usual);
    print_row(csv, (const char *[]){ row->name, fault_family_name(row->family),
                                     row->per_phase ? "A B C" : "", row->unit, range,
                                     usual, row->text, NULL });
}

/* In Markdown each family has its section; a CSV is one table. */
static void print_fault_heading(gboolean csv, const struct fault_row *row)
{
    const char *family = fault_family_name(row->family);
    bool first = row == fault_table;

    if (!first && (csv || row[-1].family == row->family))
        return;
    if (!csv)
        printf("%s## %c%s\n\n", first ? "" : "\n", g_ascii_toupper(*family),
               family + 1);
    print_row(csv, (const char *[]){ "fault", "at", "phases", "unit", "range", "usual",
                                     "what happens", NULL });
    print_rule(csv, 7);
}

int command_faults(int argc, char **argv, GError **error)
{
    gboolean csv = FALSE;

    if (!take_csv(&argc, &argv, &csv, error))
        return 2;
    for (int k = 0; k < FAULTS; k++) {
        print_fault_heading(csv, &fault_table[k]);
        print_fault(csv, &fault_table[k]);
    }
    return 0;
}
