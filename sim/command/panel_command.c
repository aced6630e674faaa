/* metersim panel: a picture of the panel of a scenario's first meter, without a
 * display. */
#include "gui/panel_screenshot.h"
#include "sim/plant/board_image.h"
#include "sim/plant/cpu_report.h"
#include "sim/program/commands.h"
#include "sim/program/output.h"
#include "sim/script/script.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A scenario that never ends is drawn after an hour. */
enum {
    SLICE_NS = 100000000,
    DURATION_MAX_S = 3600,
    PIXELS_MIN = 300,
    PIXELS_MAX = 8000
};

struct panel_command {
    struct board_options board;
    const char *scenario;
    char *screenshot, *view, *size, *at;
    enum panel_view shown;
    int width, height;
    int64_t at_ns; /* -1: at the end */
};

static bool parse_view(struct panel_command *p, GError **error)
{
    for (int k = 0; k < PANEL_VIEWS; k++)
        if (!strcmp(p->view, panel_view_names[k])) {
            p->shown = (enum panel_view)k;
            return true;
        }
    return error_set(error, "--view is panel, phasors or waves; not '%s'", p->view);
}

static bool parse_size(struct panel_command *p, GError **error)
{
    char end;

    if (sscanf(p->size, "%dx%d%c", &p->width, &p->height, &end) == 2 &&
        p->width >= PIXELS_MIN && p->width <= PIXELS_MAX && p->height >= PIXELS_MIN &&
        p->height <= PIXELS_MAX)
        return true;
    return error_set(error, "--size is WxH of 300 to 8000, such as 1800x1200; not '%s'",
                     p->size);
}

/* "5 s", "1.5s", "200 ms" or "2 min". */
static bool parse_at(struct panel_command *p, GError **error)
{
    char *unit;
    double factor = 0, value;

    p->at_ns = -1;
    if (!p->at)
        return true;
    value = g_ascii_strtod(p->at, &unit);
    bool number = unit != p->at;
    while (*unit == ' ')
        unit++;
    factor = !strcmp(unit, "s")     ? 1
             : !strcmp(unit, "ms")  ? 1e-3
             : !strcmp(unit, "min") ? 60
                                    : 0;
    if (!number || factor == 0 || !(value >= 0 && value * factor <= DURATION_MAX_S))
        return error_set(
            error, "--at is a time of up to an hour, such as \"5 s\"; not '%s'", p->at);
    p->at_ns = llrint(value * factor * 1e9);
    return true;
}

struct run {
    struct sim *sim;
    enum scenario_outcome outcome;
};

static void on_done(void *user)
{
    sim_stop(((struct run *)user)->sim);
}

/* Runs the script until it ends, or until --at. */
static void run_until(const struct panel_command *p, struct sim *sim,
                      struct script *script)
{
    int64_t until = p->at_ns >= 0 ? p->at_ns : DURATION_MAX_S * INT64_C(1000000000);

    script_start(script);
    while (script_outcome(script) == SCENARIO_RUNNING && sim_now(sim) < until)
        sim_run(sim, MIN(until, sim_now(sim) + SLICE_NS));
    while (p->at_ns > sim_now(sim) && script_outcome(script) == SCENARIO_PASSED)
        sim_run(sim, until);
}

static int draw_picture(const struct panel_command *p, struct sim *sim, GError **error)
{
    struct panel_status status = { .sim_ns = sim_now(sim),
                                   .speed = 1,
                                   .connections = -1 };
    char why[PANEL_ERROR_MAX];

    if (sim_unit_count(sim) == 0) {
        error_set(error, "%s has made no meter by then", p->scenario);
        return 2;
    }
    if (!panel_screenshot(sim_unit(sim, 0), &status, p->shown, p->width, p->height,
                          p->screenshot, why)) {
        error_set(error, "%s", why);
        return 2;
    }
    printf("%s: %s at %.3f s, %d x %d\n", p->screenshot, p->view,
           (double)sim_now(sim) * 1e-9, p->width, p->height);
    cpu_report_print(sim);
    return 0;
}

static int run_and_draw(const struct panel_command *p, GError **error)
{
    struct run run = { sim_new(), SCENARIO_RUNNING };
    const struct device_maker *maker;

    if (!board_image_open(&p->board, &maker, error)) {
        sim_free(run.sim);
        return 2;
    }
    sim_set_maker(run.sim, maker);
    struct script *script = script_new(
        run.sim,
        &(struct script_options){
            .path = p->scenario, .done = on_done, .skips_cases = true, .user = &run });
    int code = 0;

    run_until(p, run.sim, script);
    run.outcome = script_outcome(script);
    if (run.outcome == SCENARIO_FAILED || run.outcome == SCENARIO_MISUSED) {
        code = run.outcome == SCENARIO_FAILED ? ERROR_FAILED : ERROR_MISUSE;
        error_set_code(error, (enum error_code)code, "%s", script_message(script));
    }
    if (code < 2) {
        int pictured = draw_picture(p, run.sim, error);
        code = pictured ? pictured : code;
    }
    script_free(script);
    sim_free(run.sim);
    return code;
}

static const char help[] =
    "The picture is of the scenario's first meter when it ends, or at the time of "
    "--at.\n"
    "A scenario that fails is pictured where it failed; the exit code is then 1. Its "
    "cases are left out.\n\n"
    "Examples:\n"
    "  metersim panel scenarios/phase_loss_b.lua --at \"5 s\" --screenshot loss.png\n"
    "  metersim panel scenarios/reversed_ct.lua --view phasors --size 1800x1200 \\\n"
    "      --screenshot phasors.png\n";

static bool check_arguments(struct panel_command *p, int argc, char **argv,
                            GError **error)
{
    if (argc != 2 || !p->screenshot)
        return error_set_usage(error, "%s is needed",
                               argc != 2 ? "one scenario" : "--screenshot FILE.png");
    p->scenario = argv[1];
    return parse_view(p, error) && parse_size(p, error) && parse_at(p, error) &&
           output_check("--screenshot", p->screenshot, error);
}

int command_panel(int argc, char **argv, GError **error)
{
    struct panel_command p = { .at_ns = -1,
                               .view = (char *)"panel",
                               .size = (char *)"900x600" };
    const GOptionEntry entries[] = {
        { "screenshot", 0, 0, G_OPTION_ARG_FILENAME, &p.screenshot,
          "Where to write the picture", "FILE.png" },
        { "view", 0, 0, G_OPTION_ARG_STRING, &p.view,
          "Beside the meter: panel (readings, the default), phasors or waves", "VIEW" },
        { "size", 0, 0, G_OPTION_ARG_STRING, &p.size, "Pixels; default 900x600",
          "WxH" },
        { "at", 0, 0, G_OPTION_ARG_STRING, &p.at, "Simulated time, such as \"5 s\"",
          "TIME" },
        BOARD_OPTIONS(&p.board),
        G_OPTION_ENTRY_NULL
    };

    if (!command_options(&argc, &argv, "SCENARIO.lua", entries, help, error) ||
        !check_arguments(&p, argc, argv, error))
        return 2;
    return run_and_draw(&p, error);
}
