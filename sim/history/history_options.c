/* Options of logs. See history_options.h. */
#include "sim/history/history_options.h"
#include "sim/program/error.h"
#include "sim/program/options.h"
#include <string.h>

void history_options_start(struct history_texts *t, GOptionEntry *entry)
{
    const GOptionEntry entries[HISTORY_ENTRIES] = {
        { "map", 0, 0, G_OPTION_ARG_FILENAME, &t->map,
          "Says what columns are: lines HEADING = READING [UNIT]", "FILE" },
        { "zone", 0, 0, G_OPTION_ARG_STRING, &t->zone,
          "Time zone of local times, such as Europe/Berlin", "Z" },
        { "dates", 0, 0, G_OPTION_ARG_STRING, &t->dates,
          "Which stands first in 01/11/2026, where no row tells", "dmy|mdy" },
        { "decimal", 0, 0, G_OPTION_ARG_STRING, &t->decimal,
          "The decimal mark, where no cell tells", "point|comma" },
        { "stamps", 0, 0, G_OPTION_ARG_STRING, &t->stamps,
          "A row's values hold from its time on (begin, the default) or up to it",
          "begin|end" },
        { "pf", 0, 0, G_OPTION_ARG_DOUBLE, &t->pf,
          "Power factor, lagging, where the log has none; default 1", "PF" },
        { "ramp", 0, 0, G_OPTION_ARG_NONE, &t->ramp,
          "Values go straight from row to row instead of holding", NULL },
    };

    *t = (struct history_texts){ .pf = 1 };
    memcpy(entry, entries, sizeof entries);
}

/* 0: not given; 1 or 2; -1 with *error set. */
static int choose(const char *option, const char *text, const char *first,
                  const char *second, GError **error)
{
    if (!text)
        return 0;
    if (!strcmp(text, first))
        return 1;
    if (!strcmp(text, second))
        return 2;
    error_set(error, "--%s is %s or %s; not '%s'", option, first, second, text);
    return -1;
}

bool history_options_check(const struct history_texts *t, struct history_options *o,
                           GError **error)
{
    int dates = choose("dates", t->dates, "dmy", "mdy", error);
    int decimal = choose("decimal", t->decimal, "point", "comma", error);
    int stamps = choose("stamps", t->stamps, "begin", "end", error);

    *o = (struct history_options){ .map = t->map, .zone = t->zone };
    if (dates < 0 || decimal < 0 || stamps < 0 ||
        !command_in_range("pf", t->pf, 0.01, 1, error))
        return false;
    o->dates = (enum moment_order)dates;
    o->decimal = (enum number_mark)decimal;
    o->stamps = (enum history_stamps)stamps;
    return true;
}
