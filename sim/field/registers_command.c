/* metersim registers: the register map of a model, derived from the very tables that
 * the firmware answers from. */
#include "core/alert.h"
#include "core/screens.h"
#include "sim/field/register_export.h"
#include "sim/field/register_list_sunspec.h"
#include "sim/program/commands.h"
#include "sim/program/filter.h"
#include "sim/program/json_rows.h"
#include "sim/program/table.h"
#include <stdio.h>
#include <string.h>

struct list {
    const struct model *model; /* NULL: SunSpec */
    bool csv;
    JsonBuilder *json;              /* NULL: another form */
    struct register_export *export; /* NULL: another form */
    struct filter filter;
    enum register_section section; /* that is being printed, in Markdown */
    bool any, headed;              /* a section has been printed; this one's head */
    bool scaled, alerts;           /* rows with an exponent; register 146 */
};

/* A field of CSV: quoted where it holds a comma. */
static void print_text(const char *text)
{
    printf(strchr(text, ',') ? ",\"%s\"\n" : ",%s\n", text);
}

static void print_csv(const struct register_entry *e)
{
    printf("%d,%d,%s,%s,%s,%s,%s,%s,%s,%s", e->reg, e->words, e->name, e->access,
           e->nonvolatile ? "Y" : "N", e->format, e->units, e->scale, e->min, e->max);
    print_text(e->text);
}

static void print_json(JsonBuilder *b, const struct register_entry *e)
{
    json_builder_begin_object(b);
    json_rows_number(b, "register", e->reg);
    json_rows_number(b, "words", e->words);
    json_rows_text(b, "name", e->name);
    json_rows_text(b, "access", e->access);
    json_rows_flag(b, "nonvolatile", e->nonvolatile);
    json_rows_text(b, "format", e->format);
    json_rows_text(b, "units", e->units);
    json_rows_text(b, "scale", e->scale);
    json_rows_number_of(b, "min", e->min);
    json_rows_number_of(b, "max", e->max);
    json_rows_flag(b, "reading", e->quantity && strcmp(e->format, "Float") != 0);
    json_rows_text(b, "section", register_section_titles[e->section]);
    json_rows_text(b, "text", e->text);
    json_builder_end_object(b);
}

static void print_head(struct list *l)
{
    table_section(false, !l->any, register_section_titles[l->section]);
    puts("| register | words | name | access | nv | format | units | scale | range "
         "| text |\n|---|---|---|---|---|---|---|---|---|---|");
    l->any = l->headed = true;
}

static void print_markdown(struct list *l, const struct register_entry *e)
{
    if (!l->headed)
        print_head(l);
    printf("| %d | %d | %s | %s | %s | %s | %s | %s | %s%s%s | %s |\n", e->reg,
           e->words, e->name, e->access, e->nonvolatile ? "Y" : "N", e->format,
           e->units, e->scale, e->min, *e->min ? " to " : "", e->max, e->text);
    l->scaled |= *e->scale && strchr("IVWE", *e->scale);
    l->alerts |= l->model && !strcmp(e->name, "alert_bits");
}

static void on_entry(void *user, const struct register_entry *e)
{
    struct list *l = user;
    const char *const texts[] = { e->name, e->text, register_section_titles[e->section],
                                  NULL };

    const bool sections = !l->csv && !l->json && !l->export;

    if ((sections && e->section != l->section) ||
        !filter_row(&l->filter, e->reg, e->words, texts))
        return;
    if (l->export)
        register_export_add(l->export, e);
    else if (l->json)
        print_json(l->json, e);
    else if (l->csv)
        print_csv(e);
    else
        print_markdown(l, e);
}

static void list_registers(struct list *l)
{
    l->headed = false;
    if (l->model)
        register_list_model(l->model, on_entry, l);
    else
        register_list_sunspec(on_entry, l);
}

/* The screen of the group ALERT where the alert stands. */
static const char *screen_of(const struct alert_row *row)
{
    for (unsigned k = 0; k < screen_count; k++)
        if (screen_table[k].kind == SCREEN_ALERT && screen_table[k].arg == row->screen)
            return screen_table[k].ieee;
    return "";
}

static void print_alerts(void)
{
    table_section(false, false, "bits of register 146");
    table_head(false, (const char *[]){ "bit", "mask", "alert", "screen", NULL });
    for (int k = 0; k < ALERT_BITS; k++) {
        char bit[8], mask[8];
        snprintf(bit, sizeof bit, "%d", k);
        snprintf(mask, sizeof mask, "0x%04X", 1u << k);
        table_row(false, (const char *[]){ bit, mask, alert_table[k].full_words,
                                           screen_of(&alert_table[k]), NULL });
    }
}

static void print_list(struct list *l)
{
    if (l->json || l->export) {
        list_registers(l);
        json_rows_print(l->json);
        register_export_print(l->export);
        return;
    }
    if (l->csv) {
        puts("address,count,name,access,nonvolatile,format,units,scale,min,max,"
             "description");
        list_registers(l);
        return;
    }
    for (int k = 0; k < SECTIONS; k++) {
        l->section = (enum register_section)k;
        list_registers(l);
    }
    if (l->scaled && l->model)
        puts("\nScale I, V, W or E: the number times ten to the power of the exponent "
             "in register 138, 139, 140\nor 141. 2040 at exponent -2 (register 140) "
             "is 20.40 kW.");
    if (l->alerts)
        print_alerts();
}

static const char help[] =
    "MAP is s4100 (the default), s4100_fds, s4000r or sunspec. Numbers and ranges "
    "choose registers.\nOf these, rows are printed that have a word with each WORD at "
    "its "
    "beginning, in\nname, text or section.\n\nExamples:\n"
    "  metersim registers s4100 21\n  metersim registers 129-154\n"
    "  metersim registers s4000r demand\n  metersim registers 'power factor' 1-112\n"
    "  metersim registers sunspec --csv\n  metersim registers s4100 --format "
    "telegraf\n";

static bool set_format(struct list *l, const char *format, GError **error)
{
    if (!strcmp(format, "markdown"))
        return true;
    if (!strcmp(format, "csv"))
        return l->csv = true;
    if (!strcmp(format, "json"))
        return (l->json = json_rows_new()) != NULL;
    if (!l->model)
        return error_set(error, "--format %s: there is none of SunSpec", format);
    l->export = register_export_new(format, l->model);
    if (l->export && register_export_is_whole(l->export) &&
        l->filter.words + l->filter.ranges)
        return error_set(error,
                         "--format %s is of all registers; leave words and "
                         "numbers out",
                         format);
    if (l->export)
        return true;
    g_autofree char *names = register_export_names();
    error_set(error, "--format is markdown, csv, json, %s; not '%s'", names, format);
    return false;
}

/* --csv and --json are short forms. */
static bool parse_options(int *argc, char ***argv, const char **format, GError **error)
{
    gboolean csv = FALSE, json = FALSE;
    char *given = NULL;
    g_autofree char *others = register_export_names();
    g_autofree char *text =
        g_strdup_printf("markdown (default), csv, json, %s", others);
    const GOptionEntry entries[] = {
        { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, "Comma-separated instead of Markdown",
          NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &json, "JSON instead of Markdown", NULL },
        { "format", 0, 0, G_OPTION_ARG_STRING, &given, text, "FORMAT" },
        G_OPTION_ENTRY_NULL
    };
    bool good =
        command_options(argc, argv, "[MAP] [WORD|NUMBERS…]", entries, help, error);

    *format = given ? given : csv ? "csv" : json ? "json" : "markdown";
    return good;
}

int command_registers(int argc, char **argv, GError **error)
{
    struct list list = { .model = model_find("s4100") };
    const char *format;

    if (!parse_options(&argc, &argv, &format, error))
        return 2;
    for (int k = 1; k < argc; k++) {
        const struct model *named = model_find(argv[k]);
        if (named || !strcmp(argv[k], "sunspec"))
            list.model = named;
        else if (!filter_add(&list.filter, argv[k], true, error))
            return 2;
    }
    if (!set_format(&list, format, error))
        return 2;
    print_list(&list);
    return filter_end(&list.filter, error) ? 0 : 2;
}
