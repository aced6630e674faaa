/* metersim serve: live virtual meters behind Modbus TCP and RTU. One thread: sockets
 * are served between slices of simulated time. */
#include "sim/console/console.h"
#include "sim/plant/cpu_report.h"
#include "sim/plant/demo.h"
#include "sim/plant/pace.h"
#include "sim/plant/plant.h"
#include "sim/program/allowed.h"
#include "sim/program/commands.h"
#include "sim/record/tape_file.h"
#include "sim/run/scenario.h"
#include "sim/serve/fleet.h"
#include "sim/serve/ready.h"
#include "sim/serve/serve_history.h"
#include "sim/serve/serve_http.h"
#include "sim/serve/serve_options.h"
#include "sim/serve/serve_panel.h"
#include "sim/serve/serve_rtu.h"
#include "sim/serve/serve_tape.h"
#include "sim/serve/serve_taps.h"
#include "sim/serve/serve_tcp.h"
#include "sim/serve/stop.h"
#include "sim/serve/vitals.h"
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct server {
    struct sim *sim;
    struct gateway *gateway;
    struct pace *pace;
    struct serve_panel *panel; /* NULL: not wanted */
    struct scenario *scenario;
    struct console *console;
    struct plant *plant;
    struct serve_history *history; /* NULL: its world is no log's */
    struct serve_tcp tcp;
    struct serve_rtu *rtu;
    struct serve_held *held_by_gateways; /* NULL: there are none */
    struct nvm_file *nvm;
    struct latency latency;
    struct vitals vitals;
    struct serve_http *http;
    struct serve_taps taps;
    struct serve_tape tape;
    bool slow;   /* which has been said */
    bool failed; /* a file could not be written */
    bool held;   /* before there is a pace */
    bool ran;    /* the loop, to its end */
    GMainLoop *loop;
    GString *banner; /* what clients need; printed when all is open */
};

/* While a script computes, a file is read or time is advanced. A line of the console ends
 * before the next one is read, and a pty's answer needs simulated time. */
static bool serve_others(void *user)
{
    struct server *s = user;

    gateway_serve(s->gateway);
    serve_http_serve(s->http);
    return !stop_requested();
}

static bool set_loads(struct server *s, const struct serve_options *o,
                      const struct demo *demo, GError **error)
{
    const bool drawn = o->load_seed != SERVE_NOT_GIVEN;
    if (!o->profiles && !drawn)
        return true;
    if (o->profiles && drawn)
        return error_set(error, "give one of --profiles and --load-seed");
    if (o->profiles && fabs(o->pf) < 0.01)
        return error_set(error, "--profiles are of kW: they need a --pf other than 0");
    s->plant = plant_new(s->sim, demo);
    if (!o->profiles) {
        plant_draw(s->plant, (uint64_t)o->load_seed);
        return true;
    }
    return plant_follow(s->plant, o->profiles, error);
}

/* What is not given is the log's. */
static bool open_history(struct server *s, const struct serve_options *o,
                         struct demo *d, GError **error)
{
    if (!o->history)
        return true;
    if (o->count > 1 || o->profiles || o->load_seed != SERVE_NOT_GIVEN)
        return error_set(error, "--history is for one meter, and gives its load: leave "
                                "--count, --profiles and --load-seed out");
    d->ct_primary_a = o->ct_given ? o->ct : 0;
    d->volts_ll = o->volts_given ? o->volts : 0;
    s->history = serve_history_open(o->history, &o->log, d, error);
    if (s->history)
        serve_history_print(s->history);
    return s->history != NULL;
}

static bool add_demo_units(struct server *s, const struct serve_options *o,
                           GError **error)
{
    struct demo d = { .model = model_find(o->model ? o->model : "s4100"),
                      .system_type = o->system_type,
                      .ct_primary_a = o->ct,
                      .pt_ratio = 1,
                      .volts_ll = o->volts,
                      .hz = o->hz,
                      .amps = o->amps,
                      .pf = o->pf,
                      .factory = o->factory,
                      .fill_word = (uint16_t)o->fill_word,
                      .maker = sim_maker(s->sim),
                      .tape = s->tape.file ? tape_file_write : NULL,
                      .tape_user = s->tape.file };

    if (!open_history(s, o, &d, error))
        return false;
    for (int n = 0; n < o->count; n++) {
        const struct board_nvm *nvm;
        if (!sim_next_nvm(s->sim, demo_serial((unsigned)n), &nvm, error)) {
            g_prefix_error(error, "--nvm: ");
            return false;
        }
        bool configured = nvm_file_is_configured(s->nvm);
        struct unit *u = demo_unit_with_nvm(&d, (unsigned)n, nvm, configured);
        if (!u)
            return error_set(
                error,
                "the meter refuses these settings together: --type, --ct, --volts");
        sim_add_unit(s->sim, u);
        nvm_file_set_configured(s->nvm);
    }
    if (s->history)
        serve_history_start(s->history, s->sim, &d);
    return set_loads(s, o, &d, error);
}

static bool open_nvm(struct server *s, const char *path, GError **error)
{
    s->nvm = nvm_file_open(path, error);
    sim_set_nvm(s->sim, s->nvm);
    if (!s->nvm)
        g_prefix_error(error, "--nvm: ");
    return s->nvm != NULL;
}

static void print_end(const struct server *s)
{
    struct gateway_counters c;

    gateway_counters(s->gateway, &c);
    c.exceptions += serve_bridge_exceptions(s->sim);
    printf("\n%.1f s simulated; %" G_GUINT64_FORMAT " connections, %" G_GUINT64_FORMAT
           " requests, %" G_GUINT64_FORMAT " exceptions\n",
           (double)sim_now(s->sim) * 1e-9, c.accepted, c.requests, c.exceptions);
}

/* A machine that is too slow says so, once; a process that was stopped, each time. */
static void warn_behind(struct server *s)
{
    const double stopped_s = pace_stopped_s(s->pace);

    if (stopped_s > 0)
        error_warn("this process was stopped for %.0f s; simulated time goes on from "
                   "where it was",
                   stopped_s);
    if (s->vitals.lag_s < 1 || s->slow)
        return;
    s->slow = true;
    error_warn("this machine cannot keep up with --speed %g: time runs slower (%.0f s "
               "simulated so far)",
               pace_speed(s->pace), (double)sim_now(s->sim) * 1e-9);
}

static void print_status(const struct server *s)
{
    g_autoptr(GString) line = g_string_new(NULL);

    vitals_print_line(&s->vitals, line);
    fprintf(stderr, "\r%s\033[K", line->str);
}

/* Once a second. A script's own lines would break a status line. */
static gboolean on_second(gpointer user)
{
    struct server *s = user;
    GError *wrong = NULL;

    vitals_update(&s->vitals);
    warn_behind(s);
    serve_tape_check(&s->tape);
    nvm_file_check(s->nvm, &wrong);
    if (wrong)
        error_print(wrong);
    if (isatty(STDERR_FILENO) && !s->scenario && !serve_panel_has_terminal(s->panel))
        print_status(s);
    return G_SOURCE_CONTINUE;
}

/* The meters are served nevertheless. */
static void on_pcap_error(void *user, const char *text)
{
    ((struct server *)user)->failed = true;
    error_warn("%s; the capture ends here", text);
}

static bool open_pcap(struct server *s, const char *option, const char *path,
                      enum packet_kind kind, struct packet_file **file, GError **error)
{

    if (!path)
        return true;
    *file = packet_file_open(path, kind, error);
    if (!*file)
        g_prefix_error(error, "%s: ", option);
    if (*file)
        packet_file_on_error(*file, on_pcap_error, s);
    return *file != NULL;
}

static bool open_pcaps(struct server *s, const struct serve_options *o, GError **error)
{
    struct line *line = serve_rtu_line(s->rtu);

    if (o->pcap_rtu && !line) /* no pty could be had */
        return error_set(error, "--pcap-rtu: there is no RS-485 line");
    if (!open_pcap(s, "--pcap", o->pcap, PACKET_TCP, &s->taps.pcap, error) ||
        !open_pcap(s, "--pcap-rtu", o->pcap_rtu, PACKET_RTU, &s->taps.pcap_rtu, error))
        return false;
    serve_taps_set(&s->taps, s->gateway, line);
    return true;
}

/* Serving goes on without one where it cannot be, unless it was asked for. */
static bool open_console(struct server *s, const char *path, GError **error)
{

    GError *wrong = NULL;

    if (!g_strcmp0(path, "none") && !serve_http_page(s->http))
        return true;
    s->console = console_open(s->sim, s->pace, s->scenario, path, &wrong);
    serve_http_set_console(s->http, s->console);
    if (s->console && !console_path(s->console))
        return true;
    if (s->console) {
        g_string_append_printf(s->banner, "Console: metersim console %s\n",
                               console_path(s->console));
        return true;
    }
    if (path)
        return error_move(error, wrong);
    error_warn("%s; there is no console", wrong->message);
    g_error_free(wrong);
    return true;
}

static void on_closed(void *user)
{
    g_main_loop_quit(((struct server *)user)->loop);
}

static bool open_panel(struct server *s, const char *kind, GError **error)
{
    s->panel = serve_panel_open(&(struct serve_panel_options){ .kind = kind,
                                                               .sim = s->sim,
                                                               .gateway = s->gateway,
                                                               .pace = &s->pace,
                                                               .scenario = s->scenario,
                                                               .closed = on_closed,
                                                               .user = s },
                                error);
    return s->panel != NULL;
}

/* By the scenario, perhaps before there is a pace. */
static void on_hold(void *user)
{
    struct server *s = user;

    s->held = true;
    if (s->pace)
        pace_hold(s->pace);
}

static bool make_meters(struct server *s, const struct serve_options *o, GError **error)
{
    if (!allowed_add(o->allow, error) || (o->nvm && !open_nvm(s, o->nvm, error)) ||
        (o->tape && !serve_tape_open(&s->tape, o->tape, error)))
        return false;
    if (!o->script)
        return add_demo_units(s, o, error);
    sim_expect_line(s->sim, !o->rtu || strcmp(o->rtu[0], "none") != 0 || o->gateway ||
                                o->rtu_over_tcp);
    sim_expect_bridge(s->sim, o->gateway != NULL);
    s->scenario = scenario_start(
        &(struct scenario_live){
            .path = o->script, .hold = on_hold, .hold_user = s, .tape = s->tape.file },
        s->sim);
    if (!s->scenario)
        return false;
    return sim_unit_count(s->sim) > 0 ||
           error_set(error, "%s makes no meter before its first wait", o->script);
}

static bool listen_tcp(struct server *s, const struct serve_options *o, GError **error)
{
    s->tcp = (struct serve_tcp){ .sim = s->sim,
                                 .gateway = s->gateway,
                                 .scenario = s->scenario,
                                 .by_address = o->by_address,
                                 .latency = &s->latency };
    return serve_tcp_listen(&s->tcp, o->tcp ? o->tcp : "127.0.0.1:1502", s->banner,
                            error);
}

/* All that may fail, before anything is said of it. */
static bool open_all(struct server *s, const struct serve_options *o, GError **error)
{
    const bool window = o->panel && strcmp(o->panel, "text") != 0;

    if (!make_meters(s, o, error) ||
        (o->gateway && !serve_bridge_make(s->sim, &o->bridge, error)) ||
        (window && !open_panel(s, o->panel, error)) || !listen_tcp(s, o, error))
        return false;
    s->rtu = serve_rtu_open(s->sim, o->rtu, o->rtu_over_tcp, s->tcp.first_port,
                            s->banner, error);
    sim_expect_line(s->sim, false);
    sim_expect_bridge(s->sim, false);
    if (!s->rtu ||
        (o->metrics && !serve_http_open_metrics(s->http, o->metrics, s->banner, error)))
        return false;
    fleet_set(s->sim, o->workers == SERVE_NOT_GIVEN ? 0 : o->workers, o->speed_x,
              s->scenario != NULL);
    s->pace = pace_new(NULL, s->sim, o->speed_x);
    s->held_by_gateways = serve_held_new(s->sim, s->pace);
    if (o->http && !serve_http_open_web(s->http, o->http, o->http_names, &s->tcp,
                                        s->pace, s->banner, error))
        return false;
    s->taps.traffic = serve_http_traffic(s->http);
    return open_pcaps(s, o, error) && open_console(s, o->console, error);
}

static bool report_ready(struct server *s, const struct serve_options *o,
                         GError **error)
{
    const struct serve_ready ready = { .tcp = &s->tcp,
                                       .rtu = g_ptr_array_new(),
                                       .console =
                                           s->console ? console_path(s->console) : NULL,
                                       .metrics = serve_http_metrics(s->http),
                                       .http = serve_http_page(s->http) };

    serve_rtu_paths(s->rtu, ready.rtu);
    bool written = ready_write(o->ready, &ready, error);
    g_ptr_array_unref(ready.rtu);
    if (o->parent)
        ready_follow_parent(s->loop);
    return written;
}

static int serve(struct server *s, const struct serve_options *o, GError **error)
{
    if (!open_all(s, o, error))
        return 2;
    if (!stop_open(s->loop, error))
        return 2;
    if (o->hold || s->held)
        pace_hold(s->pace);
    printf("%sCtrl-C ends.\n", s->banner->str);
    fflush(stdout);
    if (o->panel && !s->panel &&
        !open_panel(s, o->panel, error)) /* the terminal is its own */
        return 2;
    if (!report_ready(s, o, error))
        return 2;
    vitals_start(&s->vitals, s->sim, s->gateway, s->pace, &s->latency);
    g_timeout_add(1000, on_second, s);
    g_main_loop_run(s->loop);
    s->ran = true;
    stop_close();
    ready_remove(o->ready);
    serve_panel_close(s->panel); /* the terminal is as it was */
    s->panel = NULL;
    print_end(s);
    return s->scenario && scenario_failed(s->scenario) ? 1 : 0;
}

static void free_server(struct server *s)
{
    GError *wrong = NULL;

    s->taps.traffic = NULL;
    serve_http_close_web(s->http);
    serve_panel_close(s->panel);
    console_close(s->console);
    pace_free(s->pace);
    gateway_free(s->gateway);
    serve_rtu_free(s->rtu);
    packet_file_close(s->taps.pcap, NULL);
    packet_file_close(s->taps.pcap_rtu, NULL);
    scenario_free(s->scenario);
    plant_free(s->plant);
    serve_history_free(s->history);
    sim_free(s->sim);
    serve_http_free(s->http);
    if (!serve_tape_close(&s->tape, s->ran))
        s->failed = true;
    if (!nvm_file_close(s->nvm, &wrong))
        s->failed = true;
    if (wrong)
        error_print(wrong);
    g_main_loop_unref(s->loop);
    serve_tcp_free(&s->tcp);
    g_free(s->held_by_gateways);
    g_string_free(s->banner, TRUE);
}

/* A capture to "-" has standard output to itself: whatever is said goes to stderr. */
static bool leave_stdout(char **path, GError **error)
{
    char name[32];

    if (g_strcmp0(*path, "-") != 0)
        return true;
    int fd = dup(STDOUT_FILENO);
    if (fd < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return error_set(error, "standard output cannot be a capture: %s",
                         g_strerror(errno));
    snprintf(name, sizeof name, "/dev/fd/%d", fd);
    *path = (char *)g_intern_string(name); /* as long as the options' own texts */
    return true;
}

int command_serve(int argc, char **argv, GError **error)
{
    struct serve_options o;
    struct server s = { .sim = NULL };
    int code = 2;

    const struct device_maker *maker;

    if (serve_options_parse(&o, argc, argv, error) &&
        board_image_open(&o.board, &maker, error) && leave_stdout(&o.pcap, error) &&
        leave_stdout(&o.pcap_rtu, error)) {
        gateway_raise_descriptor_limit();
        s.sim = sim_new();
        sim_set_maker(s.sim, maker);
        sim_guard_units(s.sim);
        s.banner = g_string_new("");
        s.loop = g_main_loop_new(NULL, FALSE);
        s.gateway = gateway_new(NULL, &o.limits);
        s.http = serve_http_new(&(struct serve_http_plant){
            .sim = s.sim, .vitals = &s.vitals, .panel = &s.panel });
        sim_set_others(s.sim, serve_others, &s);
        code = serve(&s, &o, error);
        cpu_report_print(s.sim);
        free_server(&s);
        code = s.failed ? ERROR_MISUSE : code;
    }
    return code;
}
