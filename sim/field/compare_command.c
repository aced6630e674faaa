/* metersim compare: two meters, or a meter and a captured file, register by register;
 * what may differ is in image_compare.h. Counters are compared only when asked. */
#include "sim/field/field.h"
#include "sim/field/image_compare.h"
#include "sim/program/commands.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct compare_options {
    char *tolerance;
    gboolean settings_only, counters, csv;
    struct place_options place; /* of both */
    double share;               /* the tolerance, 0.005 */
};

struct comparison {
    const struct compare_options *options;
    const struct image *a, *b;
    int compared, differing;
};

/* From a meter or a file. */
static struct image *load(const struct compare_options *o, const char *text,
                          GError **error)
{
    struct place place = o->place.place;

    if (!place_is(text))
        return image_read(text, error);
    return place_parse(&place, text, error) ? field_read(&place, NULL, error) : NULL;
}

static bool is_wanted(const struct comparison *c, const struct register_entry *e)
{
    switch (image_class_of(c->a->model, e->reg)) {
    case IMAGE_SETTING:
        return true;
    case IMAGE_STATE:
    case IMAGE_READING:
        return !c->options->settings_only;
    case IMAGE_HISTORY:
        return c->options->counters && !c->options->settings_only;
    case IMAGE_NOTHING:
        return false;
    }
    g_assert_not_reached();
}

static void print_row(struct comparison *c, const struct register_entry *e, double x,
                      double y, double most)
{
    char one[IMAGE_VALUE_TEXT], other[IMAGE_VALUE_TEXT];

    if (c->differing++ == 0 && !c->options->csv)
        puts("register  name                               A            B   "
             "difference    tolerance");
    image_value_text(x, one);
    image_value_text(y, other);
    if (c->options->csv)
        printf("%d,%s,%s,%s,%.7g,%.4g,%s\n", e->reg, e->name, one, other, y - x, most,
               e->units);
    else
        printf("%8d  %-24s %12s %12s %12.6g %12.4g %s\n", e->reg, e->name, one, other,
               y - x, most, e->units);
}

static void compare_entry(void *user, const struct register_entry *e)
{
    struct comparison *c = user;

    if (!is_wanted(c, e))
        return;
    double x = image_value(c->a, e->reg), y = image_value(c->b, e->reg);
    double most = image_allowed(c->a, c->b, e, c->options->share);
    c->compared++;
    if ((isnan(x) && isnan(y)) || fabs(x - y) <= most)
        return;
    print_row(c, e, x, y, most);
}

static int compare(const struct compare_options *o, const struct image *a,
                   const struct image *b)
{
    struct comparison c = { .options = o, .a = a, .b = b };

    if (o->csv) /* also of nothing: who reads it finds its columns */
        puts("register,name,a,b,difference,tolerance,units");
    if (a->model != b->model) {
        fprintf(o->csv ? stderr : stdout,
                "%s is an %s, %s an %s: their registers are not the same\n", a->source,
                a->model->name, b->source, b->model->name);
        return 1;
    }
    register_list_model(a->model, compare_entry, &c);
    if (!o->csv)
        printf("%d of %d registers differ (A: %s, B: %s)\n", c.differing, c.compared,
               a->source, b->source);
    return c.differing > 0 ? 1 : 0;
}

static bool check_options(struct compare_options *o, int arguments, GError **error)
{
    if (arguments != 2)
        return error_set_usage(error, "two meters, or a meter and a captured file");
    return place_options_check(&o->place, error) &&
           image_tolerance_parse(o->tolerance, &o->share, error);
}

static int run(const struct compare_options *o, char **names, GError **error)
{
    struct image *a = load(o, names[0], error);
    struct image *b = a != NULL ? load(o, names[1], error) : NULL;
    int code = b != NULL ? compare(o, a, b) : 2;

    image_free(a);
    image_free(b);
    return code;
}

int command_compare(int argc, char **argv, GError **error)
{
    struct compare_options o = { .share = 0.005 };
    GOptionEntry entries[5 + PLACE_ENTRIES + 1] = {
        { "tolerance", 0, 0, G_OPTION_ARG_STRING, &o.tolerance,
          "Of readings; default 0.5%", "P%" },
        { "settings-only", 0, 0, G_OPTION_ARG_NONE, &o.settings_only,
          "Settings and what follows from them", NULL },
        { "counters", 0, 0, G_OPTION_ARG_NONE, &o.counters,
          "Energies, demand, counters, clock and logs, too", NULL },
        { "history", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &o.counters,
          "The earlier name of --counters", NULL },
        { "csv", 0, 0, G_OPTION_ARG_NONE, &o.csv, "Comma-separated", NULL },
    };

    place_options_start(&o.place, entries + 5);
    if (!command_options(
            &argc, &argv, "A B", entries,
            "A and B: tcp:HOST[:PORT]/UNIT, rtu:DEVICE/UNIT, rtutcp:HOST:PORT/UNIT, or "
            "a file of "
            "metersim capture.\n"
            "Exit code: 0 equal, 1 they differ, 2 misuse or out of reach.\n\n"
            "Examples:\n"
            "  metersim compare tcp:127.0.0.1:1502/1 rtu:/dev/ttyUSB0/1\n"
            "  metersim compare case.lua tcp:192.168.1.20:502/1 "
            "--settings-only\n",
            error) ||
        !check_options(&o, argc - 1, error))
        return 2;
    return run(&o, argv + 1, error);
}
