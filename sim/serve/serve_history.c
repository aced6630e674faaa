/* A live meter in the world of a log. See serve_history.h. */
#include "sim/serve/serve_history.h"
#include "sim/history/history_print.h"
#include "sim/history/history_read.h"
#include "sim/history/play.h"
#include "sim/history/world_fit.h"

struct serve_history {
    struct history *log;
    struct site site;
    bool ramp, started;
    double pf;
    struct play *play;
};

struct serve_history *serve_history_open(const char *path,
                                         const struct history_texts *texts,
                                         struct demo *d, GError **error)
{
    struct history_options options;
    const struct world_options meter = { .model = d->model->name,
                                         .system_type = d->system_type,
                                         .ct = d->ct_primary_a,
                                         .volts = d->volts_ll };
    struct demo fitted;

    if (!history_options_check(texts, &options, error))
        return NULL;
    struct history *log = history_read(path, &options, error);
    if (!log || !world_fit(log, &meter, &fitted, error)) {
        history_free(log);
        return NULL;
    }
    struct serve_history *s = g_new0(struct serve_history, 1);
    s->log = log;
    s->ramp = texts->ramp;
    s->pf = texts->pf;
    d->ct_primary_a = fitted.ct_primary_a;
    d->volts_ll = fitted.volts_ll;
    d->pt_ratio = fitted.pt_ratio;
    d->hz = fitted.hz;
    d->amps = 0;
    return s;
}

void serve_history_start(struct serve_history *s, struct sim *sim, const struct demo *d)
{
    const struct play_options options = { .ramp = s->ramp };

    site_init(&s->site, sim);
    s->started = true;
    struct site_meter *m = site_add(&s->site, sim_unit(sim, 0), "meter1");
    s->play = play_new(sim, m, s->log, d, s->pf, &options);
}

void serve_history_print(const struct serve_history *s)
{
    history_print(s->log);
}

void serve_history_free(struct serve_history *s)
{
    if (!s)
        return;
    play_free(s->play);
    if (s->started)
        site_clear(&s->site);
    history_free(s->log);
    g_free(s);
}
