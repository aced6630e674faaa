/* Tapes of scenarios. See runs.h. */
#include "sim/bisect/runs.h"
#include "sim/program/csv.h"
#include "sim/program/error.h"
#include "sim/run/run_pool.h"
#include "sim/script/script.h"
#include <stdio.h>
#include <string.h>

enum { EVENTS_SHOWN = 8 };

bool run_input_is_scenario(const char *path)
{
    return g_str_has_suffix(path, ".lua");
}

static bool add(GPtrArray *items, struct run_input *input, const char *folder, int k,
                GError **error)
{
    guint before = items->len;

    if (!run_input_is_scenario(input->path)) {
        input->tape = g_strdup(input->path);
        return true;
    }
    if (!run_list_add(items, input->path, error))
        return false;
    char *record = g_strdup_printf("%s/%d", folder, k);
    input->tape = g_strconcat(record, ".tape", NULL);
    input->events = g_build_filename(record, "events.csv", NULL);
    struct run_item *item = g_ptr_array_index(items, before);
    item->record = record;
    item->options = (struct scenario_options){ .path = item->path,
                                               .seed = input->seed,
                                               .step_limit = SCRIPT_STEP_LIMIT,
                                               .tape = input->tape,
                                               .record = record };
    return true;
}

static void say_failed(void *user, guint index)
{
    const GPtrArray *items = user;
    const struct run_item *item = g_ptr_array_index(items, index);

    if (item->result.outcome == SCENARIO_FAILED)
        printf("%s, seed %" G_GUINT64_FORMAT ": %s\n", item->path, item->options.seed,
               item->result.message);
}

static bool have_run(const GPtrArray *items, GError **error)
{
    for (guint k = 0; k < items->len; k++) {
        const struct run_item *item = g_ptr_array_index(items, k);
        if (item->result.outcome == SCENARIO_MISUSED || !item->result.tape_hash[0])
            return error_set(error, "%s: %s", item->path, item->result.message);
    }
    return true;
}

bool runs_make(struct run_input *inputs, int count, const char *folder, GError **error)
{
    g_autoptr(GPtrArray) items = run_list_new();
    bool good = true;

    for (int k = 0; good && k < count; k++)
        good = add(items, &inputs[k], folder, k, error);
    if (good && items->len) {
        run_pool(items, 2, say_failed, items);
        good = have_run(items, error);
    }
    return good;
}

void runs_clear(struct run_input *inputs, int count)
{
    for (int k = 0; k < count; k++) {
        g_free(inputs[k].tape);
        g_free(inputs[k].events);
    }
}

/* Alerts and contacts are what came of it. */
static bool is_cause(const char *kind)
{
    return strcmp(kind, "alert") != 0 && strcmp(kind, "contact") != 0 &&
           strcmp(kind, "passed") != 0;
}

static void append_row(GString *to, const struct csv *c, int row)
{
    const char *line = csv_cell(c, row, csv_column(c, "line")).text;

    g_string_append_printf(
        to, "  %12s s  %s%s%s: %s\n", csv_cell(c, row, csv_column(c, "time_s")).text,
        csv_cell(c, row, csv_column(c, "kind")).text, *line ? ", line " : "", line,
        csv_cell(c, row, csv_column(c, "text")).text);
}

static void append_rows(GString *to, const struct csv *c, double until_s)
{
    const int time = csv_column(c, "time_s"), kind = csv_column(c, "kind");
    int row = 0, from, shown = 0;

    while (row < c->rows &&
           g_ascii_strtod(csv_cell(c, row, time).text, NULL) <= until_s)
        row++;
    for (from = row; from > 0 && shown < EVENTS_SHOWN; from--)
        shown += is_cause(csv_cell(c, from - 1, kind).text);
    for (; from < row; from++)
        if (is_cause(csv_cell(c, from, kind).text))
            append_row(to, c, from);
}

char *run_input_events(const struct run_input *input, double until_s, GError **error)
{
    struct csv *c = csv_read(input->events, error);

    if (!c)
        return NULL;
    GString *text = g_string_new(NULL);
    append_rows(text, c, until_s);
    csv_free(c);
    return g_string_free(text, FALSE);
}
