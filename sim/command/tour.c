/* metersim tour: what a meter does, in a few steps. Every value shown was read back
 * from the meter over a Modbus TCP socket by a libmodbus client; beside it stands how
 * far it is from the truth of the wave. */
#include "core/alert.h"
#include "sim/command/snapshot.h"
#include "sim/gateway/bus.h"
#include "sim/plant/demo.h"
#include "sim/program/commands.h"
#include "sim/program/data.h"
#include "waveform/recording.h"
#include <math.h>
#include <stdio.h>

enum { SECOND_NS = 1000000000, SETTLE_S = 3 };

struct tour {
    struct sim *sim;
    struct unit *unit;
    struct gateway *gateway;
    struct bus bus;
    GMainContext *context;
    int port;
    int step;
    struct snapshot now;
    GError **error;
};

static void headline(struct tour *t, const char *text)
{
    printf("\n%d. %s\n", ++t->step, text);
}

static void run_seconds(struct tour *t, double seconds)
{
    sim_run(t->sim, sim_now(t->sim) + (int64_t)(seconds * SECOND_NS));
}

static bool read_back(struct tour *t)
{
    return snapshot_read(&t->now, t->context, t->port, t->error);
}

static void print_row(const struct tour *t, const char *label, int phase_reg,
                      int total_reg, const char *format)
{
    printf("   %-6s", label);
    for (int k = 0; k < 3; k++)
        printf(format, snapshot_float(&t->now, phase_reg + 2 * k));
    if (total_reg)
        printf(format, snapshot_float(&t->now, total_reg));
    putchar('\n');
}

static void print_alerts(const struct tour *t)
{
    uint16_t bits = t->now.reg[146];

    printf("   alerts 0x%04X:", bits);
    for (int k = 0; k < ALERT_BITS; k++)
        if (bits >> k & 1)
            printf(" %s;", alert_table[k].full_words);
    printf("%s alarm contact %s\n", bits ? "" : " none;",
           t->unit->hal.output[HAL_ALARM_CONTACT] ? "open" : "closed");
}

static double percent(double reading, double truth, double of)
{
    return of > 0 ? fabs(reading - truth) / of * 100 : 0;
}

/* The worst deviations from the truth of any phase, of V and I in percent of reading, of
 * P in percent of S. */
static void print_truth(const struct tour *t, const struct waveform_truth *truth)
{
    double v = 0, i = 0, p = 0;

    for (int k = 0; k < 3; k++) {
        v = fmax(
            v, percent(snapshot_float(&t->now, 395 + 2 * k), truth->v[k], truth->v[k]));
        i = fmax(
            i, percent(snapshot_float(&t->now, 401 + 2 * k), truth->i[k], truth->i[k]));
        p = fmax(p, percent(snapshot_float(&t->now, 365 + 2 * k) * 1000, truth->p[k],
                            truth->s[k]));
    }
    printf("   off the true values by at most: V %.4f %%, A %.4f %%, kW %.4f %% of "
           "kVA%s, %.2f mHz\n",
           v, i, p, p > 1 ? " (the fault)" : "",
           fabs(snapshot_float(&t->now, 291) - truth->hz) * 1000);
}

static void print_registers(const struct tour *t)
{
    printf("   integer registers: 21 kW %d x 10^%d, 25 V %u x 10^%d, 28 Hz %u, 3 kWh "
           "%u x 10^%d\n",
           snapshot_s16(&t->now, 21), snapshot_s16(&t->now, 140), t->now.reg[25],
           snapshot_s16(&t->now, 139), t->now.reg[28], snapshot_u32(&t->now, 3),
           snapshot_s16(&t->now, 141));
}

static bool show_against(struct tour *t, const struct waveform_truth *truth)
{
    if (!read_back(t))
        return false;
    printf("            A         B         C         all (V, A: mean)\n");
    print_row(t, "V", 395, 287, " %9.3f");
    print_row(t, "A", 401, 289, " %9.3f");
    print_row(t, "kW", 365, 277, " %9.4f");
    print_row(t, "kvar", 371, 279, " %9.4f");
    print_row(t, "PF", 383, 283, " %9.4f");
    printf("   %.3f Hz, %.4f kWh imported\n", snapshot_float(&t->now, 291),
           snapshot_float(&t->now, 259));
    print_alerts(t);
    print_truth(t, truth);
    print_registers(t);
    return true;
}

static bool show(struct tour *t)
{
    struct waveform_truth truth;

    waveform_truth(t->unit->world, &truth);
    return show_against(t, &truth);
}

static bool show_power_up(struct tour *t)
{
    headline(t, "Power-up: a virtual S4100, CTs of 200 A, 480 V system, wye");
    if (!read_back(t))
        return false;
    printf("   Modbus TCP on 127.0.0.1:%d; %d requests by libmodbus; power-ups %u, "
           "type %u,\n"
           "   CT %u A, %u V; theoretical maximum %.2f kW\n",
           t->port, t->now.requests, t->now.reg[152], t->now.reg[130], t->now.reg[131],
           t->now.reg[134], t->now.reg[135] * pow(10, snapshot_s16(&t->now, 140)));
    return true;
}

/* 480 V, 60 Hz, 80 A at PF 0.92. */
static void set_demo_world(struct tour *t)
{
    struct demo d;
    struct waveform_grid grid;
    struct waveform_load load;

    demo_default(&d);
    demo_grid(&d, &grid);
    demo_load(&d, &load);
    waveform_set_grid(t->unit->world, &grid);
    waveform_set_load(t->unit->world, &load);
}

static bool show_grid(struct tour *t)
{
    headline(t, "A 480 V grid at 60 Hz and a load of 80 A, power factor 0.92");
    set_demo_world(t);
    run_seconds(t, SETTLE_S);
    if (!show(t))
        return false;
    headline(t, "The grid at 59.7 Hz, the load on phase A only");
    struct waveform_grid grid = waveform_grid(t->unit->world);
    struct waveform_load load = waveform_load(t->unit->world);
    grid.hz = 59.7;
    load.amps[1] = load.amps[2] = 0;
    waveform_set_grid(t->unit->world, &grid);
    waveform_set_load(t->unit->world, &load);
    run_seconds(t, SETTLE_S);
    return show(t);
}

/* The second shown is the one in which the sag lies; its truth has the same weights. */
static bool play_recording(struct tour *t, const struct recording *r)
{
    enum { SHOWN_S = 2 };
    const int64_t behind = DEVICE_BEHIND;
    struct waveform_truth truth;

    waveform_play(t->unit->world, r);
    run_seconds(t, SHOWN_S);
    recording_truth(r, SHOWN_S * HAL_SAMPLE_RATE - behind, WAVEFORM_WYE, &truth);
    bool shown = show_against(t, &truth);
    waveform_play(t->unit->world, NULL);
    return shown;
}

static bool show_recording(struct tour *t)
{
    g_autofree char *path = data_path("recordings/sag_b_480v.cfg");
    struct comtrade_error wrong;
    struct comtrade *file = comtrade_read(path, &wrong);
    const struct recording_options options = { .before_s = 1.5, .after_s = 1 };
    struct recording *r = file ? recording_from_comtrade(file, &options, &wrong) : NULL;

    if (!r) {
        comtrade_free(file);
        return error_set(t->error, "%s", wrong.text);
    }
    headline(t, "A recording, recordings/sag_b_480v: phase B sags to 45 % for 0.15 s");
    printf("   %lld samples at %.0f S/s, line frequency found: %.2f Hz; extended by "
           "whole cycles\n",
           (long long)file->count, file->rate_count ? file->rate[0].hz : 0, r->hz);
    puts("   shown is the second in which the sag lies:");
    bool shown = play_recording(t, r);
    recording_free(r);
    comtrade_free(file);
    return shown;
}

static bool show_faults(struct tour *t)
{
    set_demo_world(t);
    headline(t, "Fault: phase B is lost");
    unit_set_fault(t->unit, FAULT_PHASE_LOSS, 1, 1);
    run_seconds(t, SETTLE_S);
    if (!show(t))
        return false;
    unit_set_fault(t->unit, FAULT_PHASE_LOSS, 1, 0);
    headline(t, "Fault: phase B is back, the CT of phase A is reversed");
    unit_set_fault(t->unit, FAULT_CT_REVERSED, 0, 1);
    run_seconds(t, SETTLE_S);
    return show(t);
}

/* A meter without a world yet: power comes before voltage does. */
static struct unit *new_meter(void)
{
    struct demo d;

    demo_default(&d);
    struct unit *u = demo_unit(&d, 0);
    struct waveform_grid dead = { .hz = 60 };
    struct waveform_load none = { .ab = false };
    waveform_set_load(u->world, &none);
    waveform_set_grid(u->world, &dead);
    return u;
}

static bool listen_for(struct tour *t)
{
    t->bus = (struct bus){ .sim = t->sim, .count = 1 };
    t->port = gateway_listen(t->gateway, "127.0.0.1", 0, bus_handle, &t->bus, t->error);
    return t->port > 0;
}

/* In a source tree the script `run` builds what it runs. */
static void show_next(void)
{
    g_autofree char *script = data_path("run"), *scenarios = data_path("scenarios");
    const bool source = g_file_test(script, G_FILE_TEST_IS_EXECUTABLE);
    const char *program = source ? "./run" : "metersim";

    printf("\nNext: a meter of your own on the network:   %s serve\n"
           "      and every scenario as a test:         %s run %s\n",
           program, program, source ? "scenarios" : scenarios);
}

int command_tour(int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
    struct tour t = { .error = error };

    if (!command_options(&argc, &argv, "", entries, "It takes no arguments.\n", error))
        return 2;
    if (argc > 1) {
        error_set(error, "it takes no arguments; found '%s'", argv[1]);
        return 2;
    }
    puts("metersim: the metering core of a Leviton S4100 on a simulated board. What "
         "follows\n"
         "was read from it over Modbus TCP.");
    t.context = g_main_context_new();
    t.gateway = gateway_new(t.context, NULL);
    t.sim = sim_new();
    t.unit = new_meter();
    sim_add_unit(t.sim, t.unit);
    bool done = listen_for(&t) && show_power_up(&t) && show_grid(&t) &&
                show_recording(&t) && show_faults(&t);
    gateway_free(t.gateway);
    sim_free(t.sim);
    g_main_context_unref(t.context);
    if (done)
        show_next();
    return done ? 0 : 2;
}
