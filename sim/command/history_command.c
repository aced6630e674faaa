/* metersim history: a historian's table as the world of a meter. Says how it read each
 * column; plays the rows to a meter; compares, records, writes a scenario. */
#include "sim/command/history_diagnose.h"
#include "sim/field/image_compare.h"
#include "sim/history/check.h"
#include "sim/history/history_options.h"
#include "sim/history/history_print.h"
#include "sim/history/history_read.h"
#include "sim/history/play.h"
#include "sim/history/world_fit.h"
#include "sim/history/write.h"
#include "sim/program/commands.h"
#include "sim/program/output.h"
#include "sim/record/record.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "LOG.csv has a row for each time: V, I, kW, kvar, kVA, PF of each phase or of "
    "all,\n"
    "kWh counters, demand, alerts; headings in English, German, French or Spanish, "
    "with\n"
    "units. What stays open is refused with the option that says it.\n"
    "Exit code: 0 done, 1 --check found columns that part, 2 misuse, or a log that\n"
    "cannot be read (LOG.csv:LINE:COLUMN).\n\n"
    "Examples:\n"
    "  metersim history log.csv\n"
    "  metersim history log.csv --zone Europe/Berlin --dates dmy --check\n"
    "  metersim history log.csv --record rec --write case.lua\n";

struct options {
    struct history_texts texts;
    struct history_options reading;
    struct world_options meter;
    char *model, *record, *write, *tolerance;
    gboolean check;
    double share;
};

struct run {
    const struct options *o;
    const struct history *h;
    struct demo demo;
    struct sim *sim;
    struct site site;
    struct site_meter *m;
    struct observer *observer; /* NULL: no record */
    struct record *record;
    struct play *play;
    struct check *check; /* NULL: not asked for */
};

static void print_meter(const struct run *r)
{
    const struct demo *d = &r->demo;
    const struct world_sources *s = play_sources(r->play);

    printf("meter: %s, type %d, CT %.0f A, PT ratio %.2f, %.0f V, %.0f Hz\n"
           "world: voltages by %s; kW by %s; kvar by %s;%s values %s\n",
           d->model->name, d->system_type, d->ct_primary_a, d->pt_ratio, d->volts_ll,
           d->hz, s->volts, s->active, s->reactive,
           s->distorted ? " what current is above them is a fifth harmonic;" : "",
           r->o->texts.ramp ? "go from row to row" : "hold within their row");
}

static bool make_meter(struct run *r, GError **error)
{
    struct unit *u;

    if (!world_fit(r->h, &r->o->meter, &r->demo, error))
        return false;
    r->demo.amps = 0;
    u = demo_unit(&r->demo, 0);
    if (!u)
        return error_set(error, "the meter refuses these settings together: --type, "
                                "--ct, --volts, --pt");
    r->sim = sim_new();
    sim_add_unit(r->sim, u);
    site_init(&r->site, r->sim);
    r->m = site_add(&r->site, u, "meter1");
    return true;
}

static bool open_record(struct run *r, GError **error)
{
    struct record_options options = { .scenario = r->h->path };

    if (!r->o->record)
        return true;
    g_autofree char *name = g_path_get_basename(r->h->path);
    char *dot = strrchr(name, '.');
    if (dot && dot != name)
        *dot = '\0';
    char *folder = g_build_filename(r->o->record, name, NULL);
    options.folder = folder;
    r->observer = observer_new();
    r->record = record_open(&options, r->observer, error);
    if (r->record)
        observer_meter(r->observer, r->m->unit, r->m->name);
    g_free(folder);
    return r->record != NULL;
}

static bool close_record(struct run *r, GError **error)
{
    char *notice = NULL;

    if (!r->record)
        return true;
    observer_finish(r->observer);
    bool good = record_close(r->record, &notice, error);
    r->record = NULL;
    g_free(notice); /* of the waves, which nobody has asked for */
    return good;
}

static void print_end(const struct run *r)
{
    int row, wrong, refused = play_refused(r->play, &row, &wrong);

    printf("%.0f s played: %.4f kWh imported, %.4f exported\n",
           (double)sim_now(r->sim) / 1e9, site_reading(r->m, Q_KWH_IMPORT),
           site_reading(r->m, Q_KWH_EXPORT));
    if (refused)
        error_warn("%s:%d: %s; %d rows like that kept the world that they found",
                   r->h->path, r->h->row[row].line, site_error_text(wrong), refused);
}

static bool write_lua(const struct run *r, GError **error)
{
    const struct write_end end = { .kwh_import = site_reading(r->m, Q_KWH_IMPORT),
                                   .kwh_export = site_reading(r->m, Q_KWH_EXPORT) };

    if (!r->o->write)
        return true;
    g_autoptr(GString) text = write_scenario(r->h, &r->demo, r->o->texts.pf, &end);

    return output_write(r->o->write, text, error);
}

/* True: columns part. */
static bool print_check(const struct run *r)
{
    int first_row;

    if (!check_print(r->check, &first_row))
        return false;
    history_diagnose(r->h, r->m->unit, first_row);
    return true;
}

static int play(struct run *r, GError **error)
{
    struct play_options options = { .ramp = r->o->texts.ramp };

    if (!make_meter(r, error) || !open_record(r, error))
        return 2;
    if (r->o->check) {
        r->check = check_new(r->h, r->m, r->o->share);
        options.row_done = check_row;
        options.user = r->check;
    }
    r->play = play_new(r->sim, r->m, r->h, &r->demo, r->o->texts.pf, &options);
    print_meter(r);
    fflush(stdout);
    sim_run(r->sim, play_end_ns(r->play));
    print_end(r);
    if (!close_record(r, error) || !write_lua(r, error))
        return 2;
    return r->check && print_check(r) ? 1 : 0;
}

static void clear_run(struct run *r)
{
    play_free(r->play);
    check_free(r->check);
    close_record(r, NULL);
    if (r->observer)
        observer_free(r->observer);
    if (r->sim) {
        site_clear(&r->site);
        sim_free(r->sim);
    }
}

static bool is_playing(const struct options *o)
{
    return o->check || o->record || o->write;
}

static int run_log(const struct options *o, const char *path, GError **error)
{
    struct history *h = history_read(path, &o->reading, error);
    struct run r = { .o = o, .h = h };
    int code = 0;

    if (!h)
        return 2;
    history_print(h);
    if (o->write && h->rows > WRITE_ROWS) {
        error_set(error, "--write: a scenario has room for %d rows, the log has %d",
                  WRITE_ROWS, h->rows);
        code = 2;
    } else if (is_playing(o)) {
        code = play(&r, error);
        clear_run(&r);
    }
    history_free(h);
    return code;
}

static bool optional(const char *option, double value, double min, double max,
                     GError **error)
{
    return value == 0 || command_in_range(option, value, min, max, error);
}

static bool check_meter(const struct world_options *meter, GError **error)
{
    const struct model *model =
        command_model(meter->model ? meter->model : "s4100", error);

    return model &&
           (meter->system_type == 0 || command_is_type(meter->system_type, error)) &&
           optional("ct", meter->ct, model->ct_min, model->ct_max, error) &&
           optional("volts", meter->volts, 82, 32000, error) &&
           optional("pt", meter->pt_ratio, 0.01, 320, error) &&
           optional("hz", meter->hz, 45, 65, error);
}

static bool check_options(struct options *o, GError **error)
{
    o->meter.model = o->model;
    if (o->texts.ramp && (o->write || o->check))
        return error_set(error, "%s has values that hold: leave --ramp out",
                         o->write ? "--write" : "--check");
    return history_options_check(&o->texts, &o->reading, error) &&
           check_meter(&o->meter, error) &&
           image_tolerance_parse(o->tolerance, &o->share, error) &&
           output_check("--write", o->write, error) &&
           output_check_folder("--record", o->record, error);
}

static bool parse(struct options *o, int *argc, char ***argv, GError **error)
{
    GOptionEntry entries[HISTORY_ENTRIES + 11] = { { .long_name = NULL } };
    const GOptionEntry own[] = {
        { "check", 0, 0, G_OPTION_ARG_NONE, &o->check,
          "Compares readings, counters, demand and alerts with what the core makes of "
          "the log's world",
          NULL },
        { "tolerance", 0, 0, G_OPTION_ARG_STRING, &o->tolerance,
          "Of --check; default 1%", "P%" },
        { "record", 0, 0, G_OPTION_ARG_FILENAME, &o->record,
          "Records the meter in a folder there, as metersim run does", "DIR" },
        { "write", 0, 0, G_OPTION_ARG_FILENAME, &o->write,
          "Writes a scenario of the log", "FILE.lua" },
        { "model", 0, 0, G_OPTION_ARG_STRING, &o->model, "Meter model; default s4100",
          "M" },
        { "type", 0, 0, G_OPTION_ARG_INT, &o->meter.system_type,
          "System type; default 40", "T" },
        { "ct", 0, 0, G_OPTION_ARG_DOUBLE, &o->meter.ct,
          "CT rating, A; fitted to the log when left out", "A" },
        { "volts", 0, 0, G_OPTION_ARG_DOUBLE, &o->meter.volts,
          "Nominal V L-L; fitted likewise", "V" },
        { "pt", 0, 0, G_OPTION_ARG_DOUBLE, &o->meter.pt_ratio,
          "PT ratio; fitted likewise", "X" },
        { "hz", 0, 0, G_OPTION_ARG_DOUBLE, &o->meter.hz, "Line frequency; likewise",
          "HZ" },
    };

    history_options_start(&o->texts, entries);
    memcpy(entries + HISTORY_ENTRIES, own, sizeof own);
    return command_options(argc, argv, "LOG.csv", entries, help, error);
}

int command_history(int argc, char **argv, GError **error)
{
    struct options o = { .share = 0.01 };

    if (!parse(&o, &argc, &argv, error))
        return 2;
    if (argc != 2) {
        error_set_usage(error, "name one log");
        return 2;
    }
    return check_options(&o, error) ? run_log(&o, argv[1], error) : 2;
}
