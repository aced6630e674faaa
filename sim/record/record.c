/* A record. See record.h. */
#include "sim/record/record.h"
#include "sim/program/csv.h"
#include "sim/program/error.h"
#include "sim/program/output.h"
#include "sim/record/record_file.h"
#include "sim/record/record_folder.h"
#include "sim/record/record_meter.h"
#include "sim/record/record_traffic.h"
#include "sim/record/record_waves.h"
#include <errno.h>
#include <glib/gstdio.h>

struct record {
    struct record_options options;
    char *folder;
    struct record_file events;
    GHashTable *names; /* of meters' folders */
    GPtrArray *meters; /* by their index; NULL where a folder could not be made */
    GPtrArray *lines;  /* struct record_traffic, by their index */
    GError *error;
};

static struct record_meter *meter_of(struct record *r, const struct observed_meter *m)
{
    return g_ptr_array_index(r->meters, (guint)m->index);
}

static void on_meter(void *user, const struct observed_meter *m)
{
    struct record *r = user;
    g_autofree char *name = record_folder_name(m->name, r->names);
    g_autofree char *folder = g_build_filename(r->folder, name, NULL);
    struct record_meter *meter = NULL;

    if (g_mkdir(folder, 0777) == 0 || errno == EEXIST)
        meter = record_meter_new(m, folder, &r->options);
    else
        error_set(&r->error, "%s: %s", folder, g_strerror(errno));
    g_ptr_array_add(r->meters, meter);
}

static void on_watch(void *user, const struct observed_register *reg)
{
    struct record_meter *m = meter_of(user, reg->meter);

    if (m)
        record_meter_watch(m, reg);
}

static void on_samples(void *user, const struct observed_meter *m, const uint8_t *words,
                       int count)
{
    struct record_meter *meter = meter_of(user, m);

    if (meter)
        record_waves_samples(record_meter_waves(meter), words, count);
}

static void on_second(void *user, const struct observed_meter *m, int64_t at_ns)
{
    struct record_meter *meter = meter_of(user, m);

    if (meter)
        record_meter_second(meter, at_ns);
}

static void on_lcd(void *user, const struct observed_meter *m, int64_t at_ns)
{
    struct record_meter *meter = meter_of(user, m);

    if (meter)
        record_meter_lcd(meter, at_ns);
}

static void on_pdu(void *user, const struct observed_meter *m, int64_t at_ns,
                   const uint8_t *pdu, int size)
{
    struct record_meter *meter = meter_of(user, m);

    if (meter)
        record_meter_pdu(meter, at_ns, pdu, size);
}

static void on_sent(void *user, const struct observed_line *l,
                    const struct line_sent *sent)
{
    struct record *r = user;
    char name[40];

    while ((int)r->lines->len <= l->index) {
        g_snprintf(name, sizeof name, "traffic-line%u.pcap", r->lines->len + 1);
        g_ptr_array_add(r->lines, record_traffic_new(r->folder, name));
    }
    record_traffic_sent(g_ptr_array_index(r->lines, (guint)l->index), sent);
}

static void on_event(void *user, const struct observed_event *e)
{
    struct record *r = user;
    struct record_meter *meter = e->meter ? meter_of(r, e->meter) : NULL;
    g_autoptr(GString) row = g_string_new("");

    if (e->kind == OBSERVED_POWER && !e->state && meter)
        record_waves_pause(record_meter_waves(meter));
    g_string_append_printf(row, ",%s,", observed_kind_name(e->kind));
    csv_append(row, e->meter ? e->meter->name : "");
    g_string_append_c(row, ',');
    if (e->line)
        g_string_append_printf(row, "%d", e->line);
    g_string_append_c(row, ',');
    csv_append(row, e->text);
    record_file_time(&r->events, e->at_ns);
    record_file_print(&r->events, "%s\n", row->str);
}

static const struct observer_calls calls = { .meter = on_meter,
                                             .watch = on_watch,
                                             .samples = on_samples,
                                             .second = on_second,
                                             .lcd = on_lcd,
                                             .event = on_event,
                                             .pdu = on_pdu,
                                             .sent = on_sent };

/* Replaced as a whole, so that a run that is killed leaves the first one. */
static void write_note(struct record *r, bool complete)
{
    g_autofree char *path = g_build_filename(r->folder, RECORD_NOTE, NULL);
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_printf(text,
                    "Made by metersim run --record, and replaced by its next run.\n"
                    "scenario %s\nseed %" G_GUINT64_FORMAT "\n%s\n",
                    r->options.scenario, (guint64)r->options.seed,
                    complete ? "complete"
                             : "incomplete: the run goes on, or it was killed; "
                               "the files here are cut");
    GError *wrong = NULL;
    output_write(path, text, &wrong);
    error_move(&r->error, wrong);
}

struct record *record_open(const struct record_options *options, struct observer *o,
                           GError **error)
{
    if (!record_folder_prepare(options->folder, error))
        return NULL;
    struct record *r = g_new0(struct record, 1);
    r->options = *options;
    r->folder = g_strdup(options->folder);
    r->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_add(r->names, g_strdup(RECORD_SCREENSHOTS));
    g_hash_table_add(r->names, g_strdup(RECORD_CASES));
    r->meters = g_ptr_array_new();
    r->lines = g_ptr_array_new();
    write_note(r, false);
    record_folder_clean(r->folder);
    record_file_open(&r->events, r->folder, "events.csv");
    record_file_print(&r->events, "time_s,kind,meter,line,text\n");
    observer_add(o, &calls, r);
    return r;
}

bool record_check(const struct record *r, GError **error)
{
    if (r->error)
        return error_set(error, "%s", r->error->message);
    bool written = record_file_check(&r->events, error);
    for (guint k = 0; k < r->meters->len && written; k++)
        if (g_ptr_array_index(r->meters, k))
            written = record_meter_check(g_ptr_array_index(r->meters, k), error);
    for (guint k = 0; k < r->lines->len && written; k++)
        written = record_traffic_check(g_ptr_array_index(r->lines, k), error);
    return written;
}

bool record_close(struct record *r, char **notice, GError **error)
{
    GError *wrong = NULL;
    bool missed = false;

    for (guint k = 0; k < r->meters->len; k++)
        if (g_ptr_array_index(r->meters, k))
            missed |= record_meter_close(g_ptr_array_index(r->meters, k), &wrong);
    for (guint k = 0; k < r->lines->len; k++)
        record_traffic_close(g_ptr_array_index(r->lines, k), &wrong);
    g_ptr_array_unref(r->lines);
    record_file_close(&r->events, &wrong);
    error_move(&r->error, wrong);
    if (!r->error)
        write_note(r, true);
    *notice = missed ? g_strdup_printf("%s: waves only from %g s to %g s; "
                                       "--record-seconds FROM:TO for others",
                                       r->folder, r->options.from_s, r->options.to_s)
                     : NULL;
    g_ptr_array_unref(r->meters);
    g_hash_table_unref(r->names);
    wrong = r->error;
    g_free(r->folder);
    g_free(r);
    return error_move(error, wrong);
}
