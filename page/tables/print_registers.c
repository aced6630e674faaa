/* print_registers: the registers of every model as JSON, for the page's terminal; runs in
 * the build. Per model a list of [name, register, format, scale, units, text]. */
#include "sim/field/register_list.h"
#include <stdio.h>

static void print_string(const char *string)
{
    putchar('"');
    for (; *string; string++)
        printf(*string == '"' || *string == '\\' ? "\\%c" : "%c", *string);
    putchar('"');
}

static void print_entry(void *user, const struct register_entry *e)
{
    const char **comma = user;
    const char *const strings[] = { e->format, e->scale, e->units,
                                    e->text ? e->text : "" };

    if (e->section == SECTION_RESERVED)
        return;
    printf("%s\n[", *comma);
    print_string(e->name);
    printf(",%d", e->reg);
    for (size_t k = 0; k < sizeof strings / sizeof *strings; k++) {
        putchar(',');
        print_string(strings[k]);
    }
    putchar(']');
    *comma = ",";
}

int main(void)
{
    putchar('{');
    for (unsigned k = 0; model_at(k); k++) {
        const char *comma = "";
        printf("%s\n\"%s\":[", k ? "," : "", model_at(k)->name);
        register_list_model(model_at(k), print_entry, &comma);
        putchar(']');
    }
    puts("}");
    return 0;
}
