/* metersim verbs (with the kinds of events and loads) and metersim faults: the tables
 * that users name things from, as Markdown or CSV, or JSON for clients/. */
#include "core/quantity.h"
#include "hal_sim/fault.h"
#include "sim/program/commands.h"
#include "sim/program/filter.h"
#include "sim/program/json_rows.h"
#include "sim/program/table.h"
#include "sim/script/script_console.h"
#include "sim/script/script_object.h"
#include "sim/script/script_parameter.h"
#include "sim/script/script_verbs.h"
#include <stdio.h>
#include <string.h>

struct tables {
    bool csv;
    JsonBuilder *json; /* NULL: another form */
    struct filter filter;
    const char *section; /* the last one that was printed */
};

/* --csv, --json and the words of the filter. */
static bool parse_options(int argc, char **argv, const char *examples, struct tables *t,
                          GError **error)
{
    gboolean csv = FALSE, json = FALSE;
    const GOptionEntry entries[] = {
        { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, "CSV instead of Markdown", NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &json, "JSON instead of Markdown", NULL },
        G_OPTION_ENTRY_NULL
    };

    if (!command_options(&argc, &argv, "[WORD…]", entries, examples, error))
        return false;
    for (int k = 1; k < argc; k++)
        if (!filter_add(&t->filter, argv[k], false, error))
            return false;
    t->csv = csv;
    t->json = json ? json_rows_new() : NULL;
    return true;
}

/* What the rows are printed into ends. */
static int end_tables(struct tables *t, GError **error)
{
    json_rows_print(t->json);
    return filter_end(&t->filter, error) ? 0 : 2;
}

/* Words of a meter are m.kw_total and m:read for people, kw_total and read of a "meter
 * reading" and a "meter method" for programs. */
struct word_kind {
    const char *name, *owner, *prefix;
};

static void print_word(struct tables *t, const struct word_kind *kind, const char *name,
                       const char *arguments, const char *text)
{
    char shown[48];

    snprintf(shown, sizeof shown, "%s%s", kind->prefix, name);
    const char *const cells[] = { kind->name, shown, arguments, text, NULL };
    if (!filter_texts(&t->filter, cells))
        return;
    if (!t->json) {
        table_row(t->csv, cells);
        return;
    }
    g_autofree char *whole = g_strconcat(kind->owner, kind->name, NULL);
    json_builder_begin_object(t->json);
    json_rows_text(t->json, "kind", whole);
    json_rows_text(t->json, "name", name);
    json_rows_text(t->json, "arguments", arguments);
    json_rows_text(t->json, "text", text);
    json_builder_end_object(t->json);
}

static void print_verbs(struct tables *t, const struct verb *rows,
                        const struct word_kind *kind)
{
    for (; rows->name; rows++)
        print_word(t, kind, rows->name, rows->arguments, rows->text);
}

static void print_readings(struct tables *t)
{
    static const char *const units[] = {
        "A", "V", "kW, kvar, kVA", "kWh, kvarh, kVAh", "power factor", "Hz", "pulses"
    };

    for (int q = 0; q < QUANTITIES; q++)
        print_word(t, &(struct word_kind){ "reading", "meter ", "m." },
                   quantity_table[q].name, "", units[quantity_table[q].unit]);
}

/* Parameters with their usual values: "percent=70 %, duration=0.1 s". */
static void print_kind(struct tables *t, const char *kind, const char *name,
                       const char *text, const struct script_parameters *p)
{
    g_autoptr(GString) arguments = g_string_new("");

    for (int k = 0; k < p->count; k++) {
        const struct script_parameter *item = &p->item[k];
        g_string_append_printf(arguments, "%s%s=%.10g%s%s", k ? ", " : "", item->name,
                               item->row->initial, item->row->unit[0] ? " " : "",
                               item->row->unit);
    }
    print_word(t, &(struct word_kind){ kind, "", "" }, name, arguments->str, text);
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

static void print_words(struct tables *t)
{
    const struct {
        const struct verb *rows;
        struct word_kind kind;
    } groups[] = {
        { script_all_words.verbs, { "verb", "", "" } },
        { script_console_verbs, { "console", "", "" } },
        { script_all_words.meter_methods, { "method", "meter ", "m:" } },
        { script_all_words.meter_fields, { "field", "meter ", "m." } },
        { script_all_words.line_methods, { "method", "line ", "line:" } },
        { script_all_words.line_fields, { "field", "line ", "line." } },
        { script_all_words.gateway_methods, { "method", "gateway ", "g:" } },
        { script_all_words.gateway_fields, { "field", "gateway ", "g." } },
    };

    for (size_t k = 0; k < G_N_ELEMENTS(groups); k++)
        print_verbs(t, groups[k].rows, &groups[k].kind);
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
    if (!t.json)
        table_head(t.csv, (const char *[]){ "kind", "name", "arguments", "what it does",
                                            NULL });
    print_words(&t);
    print_kinds(&t);
    print_readings(&t);
    return end_tables(&t, error);
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

static void print_fault_json(JsonBuilder *b, const struct fault_row *row,
                             const char *family)
{
    json_builder_begin_object(b);
    json_rows_text(b, "name", row->name);
    json_rows_text(b, "at", family);
    json_rows_flag(b, "phases", row->per_phase);
    json_rows_text(b, "unit", row->unit);
    json_rows_number(b, "min", row->min);
    json_rows_number(b, "max", row->max);
    json_rows_number(b, "usual", row->usual);
    json_rows_text(b, "text", row->text);
    json_builder_end_object(b);
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
    if (t->json) {
        print_fault_json(t->json, row, family);
        return;
    }
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
    return end_tables(&t, error);
}
