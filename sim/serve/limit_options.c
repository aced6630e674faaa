/* Options of the gateway's limits. See limit_options.h. GLib keeps pointers to texts
 * and values, so both are the options' own. */
#include "sim/serve/limit_options.h"
#include "sim/program/error.h"

struct limit_options {
    GArray *entries; /* GOptionEntry */
    double *values;
    char **texts;
};

static char *describe(const struct gateway_limit *row)
{
    const char *space = *row->unit ? " " : "";
    const char *none = row->min == 0 ? ", 0: no limit" : "";

    return g_strdup_printf("%s; default %g%s%s (%.15g to %.15g%s)", row->text,
                           row->preset, space, row->unit, row->min, row->max, none);
}

static void add_row(struct limit_options *o, int n)
{
    const struct gateway_limit *row = &gateway_limit_table[n];

    o->values[n] = row->preset;
    o->texts[n] = describe(row);
    GOptionEntry entry = { .long_name = row->option,
                           .arg = G_OPTION_ARG_DOUBLE,
                           .arg_data = &o->values[n],
                           .description = o->texts[n],
                           .arg_description = row->per_unit == 1000 ? "S" : "N" };
    g_array_append_val(o->entries, entry);
}

struct limit_options *limit_options_new(const GOptionEntry *entries)
{
    struct limit_options *o = g_new0(struct limit_options, 1);

    o->entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    for (; entries->long_name != NULL; entries++)
        g_array_append_val(o->entries, *entries);
    o->values = g_new0(double, gateway_limit_count);
    o->texts = g_new0(char *, gateway_limit_count + 1);
    for (int n = 0; n < gateway_limit_count; n++)
        add_row(o, n);
    return o;
}

const GOptionEntry *limit_options_entries(const struct limit_options *o)
{
    return (const GOptionEntry *)(const void *)o->entries->data;
}

bool limit_options_read(const struct limit_options *o, struct gateway_limits *limits,
                        GError **error)
{
    gateway_default_limits(limits);
    for (int n = 0; n < gateway_limit_count; n++) {
        const struct gateway_limit *row = &gateway_limit_table[n];
        if (gateway_limit_set(limits, row, o->values[n]))
            continue;
        return error_set(error, "--%s must be from %.15g to %.15g%s%s, not %g",
                         row->option, row->min, row->max, *row->unit ? " " : "",
                         row->unit, o->values[n]);
    }
    return true;
}

void limit_options_free(struct limit_options *o)
{
    g_array_free(o->entries, TRUE);
    g_free(o->values);
    g_strfreev(o->texts);
    g_free(o);
}
