/* metersim verbs (with the kinds of events and loads) and metersim faults: the tables
 * that users name things from, as Markdown or CSV. */
#include "core/quantity.h"
#include "hal_sim/fault.h"
#include "sim/program/commands.h"
#include "sim/program/filter.h"
#include "sim/program/table.h"
#include "sim/script/script_console.h"
#include "sim/script/script_object.h"
#include "sim/script/script_parameter.h"
#include "sim/script/script_verbs.h"
#include <stdio.h>
#include <string.h>

struct tables {
    bool csv;
    struct filter filter;
    const char *section; /* the last one that was printed */
};

/* --csv and the words of the filter. */
static bool parse_options(int argc, char **argv, const char *examples, struct tables *t,
                          GError **error)
{
    gboolean csv = FALSE;
    const GOptionEntry entries[] = { { "csv", 0, 0, G_OPTION_ARG_NONE, &csv,
                                       "CSV instead of Markdown", NULL },
                                     G_OPTION_ENTRY_NULL };

    if (!command_options(&argc, &argv, "[WORD…]", entries, examples, error))
        return false;
    t->csv = csv;
    for (int k = 1; k < argc; k++)
        if (!filter_add(&t->filter, argv[k], false, error))
            return false;
    return true;
}

static void print_row(struct tables *t, const char *const *cells)
{
    if (filter_texts(&t->filter, cells))
        table_row(t->csv, cells);
}

static void print_verbs(struct tables *t, const struct verb *rows, const char *prefix,
                        const char *kind)
{
    char name[48];

    for (; rows->name; rows++) {
        snprintf(name, sizeof name, "%s%s", prefix, rows->name);
        print_row(t, (const char *[]){ kind, name, rows->arguments, rows->text, NULL });
    }
}

static void print_readings(struct tables *t)
{
    static const char *const units[] = {
        "A", "V", "kW, kvar, kVA", "kWh, kvarh, kVAh", "power factor", "Hz", "pulses"
    };
    char name[48];

    for (int q = 0; q < QUANTITIES; q++) {
        snprintf(name, sizeof name, "m.%s", quantity_table[q].name);
        print_row(t, (const char *[]){ "reading", name, "",
                                       units[quantity_table[q].unit], NULL });
    }
}

/* Parameters with their usual values: "percent=70 %, duration=0.1 s". */
static void print_kind(struct tables *t, const char *kind, const char *name,
                       const char *text, const struct script_parameters *p)
{
    GString *arguments = g_string_new("");

    for (int k = 0; k < p->count; k++) {
        const struct script_parameter *item = &p->item[k];
        g_string_append_printf(arguments, "%s%s=%.10g%s%s", k ? ", " : "", item->name,
                               item->row->initial, item->row->unit[0] ? " " : "",
                               item->row->unit);
    }
    print_row(t, (const char *[]){ kind, name, arguments->str, text, NULL });
    g_string_free(arguments, TRUE);
}

static void print_kinds(struct tables *t)
{
    for (int k = 0; k < WAVEFORM_EVENTS; k++) {
        struct script_parameters p =
            script_parameters_of_event((enum waveform_event_kind)k);
        print_kind(t, "event", event_table[k].name, event_table[k].text, &p);
    }
    for (int k = 0; k < WAVEFORM_LOAD_KINDS; k++) {
        struct script_parameters p =
            script_parameters_of_load((enum waveform_load_kind)k);
        print_kind(t, "load kind", load_table[k].name, load_table[k].text, &p);
    }
}

int command_verbs(int argc, char **argv, GError **error)
{
    struct tables t = { 0 };

    if (!parse_options(argc, argv,
                       "Rows are printed that have a word with each WORD at its "
                       "beginning.\n\nExamples:\n"
                       "  metersim verbs\n  metersim verbs fault\n"
                       "  metersim verbs event sag\n",
                       &t, error))
        return 2;
    table_head(t.csv,
               (const char *[]){ "kind", "name", "arguments", "what it does", NULL });
    print_verbs(&t, script_all_words.verbs, "", "verb");
    print_verbs(&t, script_console_verbs, "", "console");
    print_verbs(&t, script_all_words.meter_methods, "m:", "method");
    print_verbs(&t, script_all_words.meter_fields, "m.", "field");
    print_verbs(&t, script_all_words.line_methods, "line:", "method");
    print_verbs(&t, script_all_words.line_fields, "line.", "field");
    print_verbs(&t, script_all_words.gateway_methods, "g:", "method");
    print_verbs(&t, script_all_words.gateway_fields, "g.", "field");
    print_kinds(&t);
    print_readings(&t);
    return filter_end(&t.filter, error) ? 0 : 2;
}

/* In Markdown each family has its section; a CSV is one table. */
static void print_fault_heading(const struct tables *t, bool first, const char *family)
{
    if (!first && t->csv)
        return;
    table_section(t->csv, first, family);
    table_head(t->csv, (const char *[]){ "fault", "at", "phases", "unit", "range",
                                         "usual", "what happens", NULL });
}

/* Numbers in full: 2097152, not 2.09715e+06. */
static void print_fault(struct tables *t, const struct fault_row *row)
{
    const char *family = fault_family_name(row->family);
    char range[64], usual[32];
    const char *const cells[] = { row->name, family, row->per_phase ? "A B C" : "",
                                  row->unit, range,  usual,
                                  row->text, NULL };

    snprintf(range, sizeof range, "%.10g to %.10g", row->min, row->max);
    snprintf(usual, sizeof usual, "%.10g", row->usual);
    if (!filter_texts(&t->filter, cells))
        return;
    if (t->section != family)
        print_fault_heading(t, !t->section, family);
    t->section = family;
    table_row(t->csv, cells);
}

int command_faults(int argc, char **argv, GError **error)
{
    struct tables t = { 0 };

    if (!parse_options(argc, argv,
                       "Rows are printed that have a word with each WORD at its "
                       "beginning.\n\nExamples:\n"
                       "  metersim faults\n  metersim faults ct reversed\n"
                       "  metersim faults harmonic --csv\n",
                       &t, error))
        return 2;
    for (int k = 0; k < FAULTS; k++)
        print_fault(&t, &fault_table[k]);
    return filter_end(&t.filter, error) ? 0 : 2;
}
