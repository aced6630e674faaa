/* metersim registers: the register map of a model, derived from the very tables that
 * the firmware answers from. */
#include "sim/field/register_list.h"
#include "sim/program/commands.h"
#include <stdio.h>
#include <string.h>

/* A field of CSV: quoted where it holds a comma. */
static void print_text(const char *text)
{
    printf(strchr(text, ',') ? ",\"%s\"\n" : ",%s\n", text);
}

static void print_csv(void *user, const struct register_entry *e)
{
    (void)user;
    printf("%d,%d,%s,%s,%s,%s,%s,%s,%s,%s", e->reg, e->words, e->name, e->access,
           e->nonvolatile ? "Y" : "N", e->format, e->units, e->scale, e->least,
           e->greatest);
    print_text(e->text);
}

static void print_markdown(void *user, const struct register_entry *e)
{
    (void)user;
    printf("| %d | %d | %s | %s | %s | %s | %s | %s | %s%s%s | %s |\n", e->reg,
           e->words, e->name, e->access, e->nonvolatile ? "Y" : "N", e->format,
           e->units, e->scale, e->least, *e->least ? " to " : "", e->greatest, e->text);
}

static void print_list(const struct model *model, bool csv)
{
    register_list_visit visit = csv ? print_csv : print_markdown;

    if (csv)
        puts("address,count,name,access,nonvolatile,format,units,scale,min,max,"
             "description");
    else
        puts("| register | words | name | access | nv | format | units | scale | range "
             "| text |\n|---|---|---|---|---|---|---|---|---|---|");
    if (model)
        register_list_model(model, visit, NULL);
    else
        register_list_sunspec(visit, NULL);
}

int command_registers(int argc, char **argv, GError **error)
{
    gboolean csv = FALSE;
    const GOptionEntry entries[] = { { "csv", 0, 0, G_OPTION_ARG_NONE, &csv,
                                       "Comma-separated instead of Markdown", NULL },
                                     G_OPTION_ENTRY_NULL };

    if (!command_options(&argc, &argv, "[MODEL|sunspec]", entries,
                         "Examples:\n  metersim registers s4100 --csv\n"
                         "  metersim registers s4000r\n  metersim registers sunspec\n",
                         error))
        return 2;
    const char *name = argc > 1 ? argv[1] : "s4100";
    const struct model *model = model_find(name);
    if ((!model && strcmp(name, "sunspec")) || argc > 2) {
        error_set(error, "unknown map '%s'; known: s4100, s4000r, sunspec",
                  argv[argc - 1]);
        return 2;
    }
    print_list(model, csv);
    return 0;
}
