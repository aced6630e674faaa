/* Options of metersim serve. See serve_options.h. */
#include "sim/serve/serve_options.h"
#include "sim/gateway/bus.h"
#include "sim/line/serial_device.h"
#include "sim/plant/pace.h"
#include "sim/program/commands.h"
#include "sim/program/output.h"
#include "sim/program/system_types.h"
#include "sim/serve/limit_options.h"
#include "waveform/waveform.h"
#include <stdlib.h>
#include <string.h>

/* 134 of a meter without PTs; 64 ports; above that many threads only wait. */
enum { VOLTS_MIN = 82, VOLTS_MAX = 660, COUNT_MAX = 247 * 64, WORKERS_MAX = 256 };
enum { AMPS_MAX = 40000 };

static const struct serve_options plain = { .system_type = 40,
                                            .count = 1,
                                            .address = SERVE_NOT_GIVEN,
                                            .baud = SERVE_NOT_GIVEN,
                                            .load_seed = SERVE_NOT_GIVEN,
                                            .workers = SERVE_NOT_GIVEN,
                                            .ct = SERVE_NOT_GIVEN,
                                            .volts = SERVE_NOT_GIVEN,
                                            .amps = 80,
                                            .pf = 0.92,
                                            .hz = 60 };

/* Options whose value may be left out: GLib would take what follows for it. */
static void name_values(int argc, char **argv)
{
    static char window[] = "--panel=window", gateway[] = "--gateway=serial_server";

    for (int k = 1; k < argc && strcmp(argv[k], "--"); k++) {
        if (!strcmp(argv[k], "--panel"))
            argv[k] = window;
        if (!strcmp(argv[k], "--gateway"))
            argv[k] = gateway;
    }
}

static bool parse_speed(const char *text, double *speed, GError **error)
{
    char *end;

    if (!g_strcmp0(text, "max")) {
        *speed = PACE_MAX;
        return true;
    }
    *speed = g_ascii_strtod(text, &end);
    if (*end == 'x')
        end++;
    if (end == text || *end || !(*speed > 0 && *speed <= 1e6))
        return error_set(
            error, "--speed must be above 0 and at most 1000000, or max; not '%s'",
            text);
    return true;
}

static bool same_world(const struct serve_options *a, const struct serve_options *b)
{
    return !a->model && !a->profiles && !a->history && a->load_seed == b->load_seed &&
           a->system_type == b->system_type && a->count == b->count && !a->ct_given &&
           !a->volts_given && a->hz == b->hz && a->amps == b->amps && a->pf == b->pf &&
           a->address == b->address && a->baud == b->baud && !a->parity &&
           a->fill_word == b->fill_word;
}

static void give(struct serve_options *o, enum setting id, int value)
{
    o->factory.given[id] = true;
    o->factory.value[id] = (uint16_t)value;
}

/* The meters have the serial settings of their gateway, and it theirs: to differ, both
 * are to be given. */
static bool read_gateway(struct serve_options *o, GError **error)
{
    bridge_options_start(&o->bridge);
    if (!o->gateway)
        return true;
    if (!bridge_options_parse(&o->bridge, o->gateway, error)) {
        g_prefix_error(error, "--gateway: ");
        return false;
    }
    if (o->bridge.baud && o->baud == SERVE_NOT_GIVEN)
        give(o, SETTING_BAUD, serial_device_rate_code(o->bridge.baud));
    if (o->bridge.parity >= 0 && !o->parity)
        give(o, SETTING_PARITY, o->bridge.parity);
    return true;
}

/* What the panel sets, and no register. */
static bool read_serial(struct serve_options *o, GError **error)
{
    static const char letters[] = "NEO"; /* as enum hal_parity */
    const char *letter = o->parity && strlen(o->parity) == 1
                             ? strchr(letters, g_ascii_toupper(*o->parity))
                             : NULL;

    if (o->address != SERVE_NOT_GIVEN &&
        !command_in_range("address", o->address, 1, BUS_UNITS, error))
        return false;
    if (o->baud != SERVE_NOT_GIVEN && !serial_device_has_rate(o->baud))
        return error_set(error,
                         "--baud must be a rate of the meters: " SERIAL_DEVICE_RATES);
    if (o->parity && !letter)
        return error_set(error, "--parity is N, E or O; not '%s'", o->parity);
    if (!command_in_range("fill-word", o->fill_word, 0, UINT16_MAX, error))
        return false;
    if (o->address != SERVE_NOT_GIVEN)
        give(o, SETTING_ADDRESS, o->address);
    if (o->baud != SERVE_NOT_GIVEN)
        give(o, SETTING_BAUD, serial_device_rate_code(o->baud));
    if (letter)
        give(o, SETTING_PARITY, (int)(letter - letters));
    return read_gateway(o, error);
}

/* What has no range of its own is the meter's to refuse. */
static bool check_numbers(const struct serve_options *o, GError **error)
{
    const struct model *model = command_model(o->model ? o->model : "s4100", error);

    return model != NULL && command_in_range("count", o->count, 1, COUNT_MAX, error) &&
           (o->workers == SERVE_NOT_GIVEN ||
            command_in_range("workers", o->workers, 1, WORKERS_MAX, error)) &&
           (o->load_seed == SERVE_NOT_GIVEN ||
            command_in_range("load-seed", (double)o->load_seed, 0, (double)G_MAXINT64,
                             error)) &&
           command_is_type(o->system_type, error) &&
           command_in_range("ct", o->ct, model->ct_min, model->ct_max, error) &&
           command_in_range("volts", o->volts, VOLTS_MIN, VOLTS_MAX, error) &&
           command_in_range("hz", o->hz, WAVEFORM_HZ_MIN, WAVEFORM_HZ_MAX, error) &&
           command_in_range("amps", o->amps, 0, AMPS_MAX, error) &&
           command_in_range("pf", o->pf, -1, 1, error);
}

static const char help[] =
    "Examples:\n"
    "  metersim serve\n"
    "  metersim serve --tcp :1600 --speed 60\n"
    "  metersim serve --idle-timeout 60\n"
    "  metersim serve --rtu /dev/ttyUSB0 --rtu pty --count 5\n"
    "  metersim serve --nvm meter.nvm  (continues where it ended)\n"
    "  metersim serve --count 1000 --load-seed 1 --metrics :9502\n"
    "  metersim serve --count 5 --http 127.0.0.1:8080\n"
    "  metersim serve --gateway --count 3\n"
    "  metersim serve --gateway=converter,baud=9600,queue=4\n"
    "  metersim serve --pcap tcp.pcap --pcap-rtu rtu.pcap\n"
    "  metersim serve --hold --tape -\n"
    "  metersim serve --panel\n"
    "  metersim serve --count 3 --panel=text\n"
    "  metersim serve --history log.csv --zone Europe/Berlin --speed 60\n"
    "  metersim serve scenarios/solar_export.lua\n";

/* GLib keeps pointers into the table while it parses, so it is made for each call. */
static void add_bus_entries(GArray *to, struct serve_options *o)
{
    const GOptionEntry entries[] = {
        { "rtu", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->rtu,
          "Modbus RTU on a pty or a serial device, for the first 247 meters; "
          "may be given several times; none: TCP only; default pty",
          "pty|DEVICE" },
        { "tcp", 0, 0, G_OPTION_ARG_STRING, &o->tcp,
          "Where to listen; default 127.0.0.1:1502 (loopback only); port 0: any free "
          "one",
          "HOST:PORT" },
        { "gateway", 0, 0, G_OPTION_ARG_STRING, &o->gateway,
          "Modbus TCP goes over the RS-485 line, through a gateway of the field: a "
          "kind, "
          "settings, or both (docs/gateway.md); alone: serial_server",
          "KIND|KEY=VALUE,…" },
        { "rtu-over-tcp", 0, 0, G_OPTION_ARG_STRING, &o->rtu_over_tcp,
          "Modbus RTU frames on a TCP port, on the same line, as serial servers have "
          "it; default port 4001",
          "HOST:PORT" },
        { "by-address", 0, 0, G_OPTION_ARG_NONE, &o->by_address,
          "Unit ids on TCP are the meters' addresses; default: they count the meters",
          NULL },
    };

    g_array_append_vals(to, entries, G_N_ELEMENTS(entries));
}

static void add_service_entries(GArray *to, struct serve_options *o)
{
    const GOptionEntry entries[] = {
        BOARD_OPTIONS(&o->board),
        { "speed", 0, 0, G_OPTION_ARG_STRING, &o->speed,
          "Simulated seconds per second; default 1", "X|max" },
        { "console", 0, 0, G_OPTION_ARG_FILENAME, &o->console,
          "The console's socket (metersim console); default: in the user's folder",
          "PATH|none" },
        { "panel", 0, 0, G_OPTION_ARG_STRING, &o->panel,
          "A window with the meter's panel; --panel=text: in this terminal",
          "window|text" },
        { "nvm", 0, 0, G_OPTION_ARG_FILENAME, &o->nvm,
          "Keep settings, energies and logs in this file", "FILE" },
        { "metrics", 0, 0, G_OPTION_ARG_STRING, &o->metrics,
          "Prometheus text on http://HOST:PORT/metrics; off unless given, or none; "
          "port 9502 by default",
          "HOST:PORT|none" },
        { "pcap", 0, 0, G_OPTION_ARG_FILENAME, &o->pcap,
          "Writes the traffic on Modbus TCP for Wireshark, as port 502", "FILE" },
        { "pcap-rtu", 0, 0, G_OPTION_ARG_FILENAME, &o->pcap_rtu,
          "Writes the traffic on the RS-485 line for Wireshark", "FILE" },
        { "allow", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->allow,
          "Scripts and the console may read files below this folder, besides those "
          "below the scenario's and the data folder; may be given several times",
          "FOLDER" },
        { "workers", 0, 0, G_OPTION_ARG_INT, &o->workers,
          "Threads for the meters, 1 to 256; default: 1, or all cores when meters × "
          "speed is 2000 or more",
          "N" },
    };

    g_array_append_vals(to, entries, G_N_ELEMENTS(entries));
}

static void add_http_entries(GArray *to, struct serve_options *o)
{
    const GOptionEntry entries[] = {
        { "http", 0, 0, G_OPTION_ARG_STRING, &o->http,
          "The plant in a browser: panels, faults, time, traffic (docs/http.md), and "
          "metrics; loopback unless a host is given; port 8080 by default",
          "HOST:PORT" },
        { "http-name", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->http_names,
          "A name by which browsers reach --http, besides addresses and localhost; may "
          "be given several times",
          "NAME" },
    };

    g_array_append_vals(to, entries, G_N_ELEMENTS(entries));
}

/* For the program that has started this one. */
static void add_parent_entries(GArray *to, struct serve_options *o)
{
    const GOptionEntry entries[] = {
        { "ready", 0, 0, G_OPTION_ARG_FILENAME, &o->ready,
          "Written (JSON: addresses, meters) when all is ready, removed at the end; "
          "systemd is notified, too",
          "FILE" },
        { "parent", 0, 0, G_OPTION_ARG_NONE, &o->parent,
          "Ends when standard input ends", NULL },
        { "hold", 0, 0, G_OPTION_ARG_NONE, &o->hold,
          "Simulated time stands at 0 until the console's advance or go", NULL },
        { "tape", 0, 0, G_OPTION_ARG_FILENAME, &o->tape,
          "Records the tape of the only meter; its hash is printed at the end; -: only "
          "the hash",
          "FILE|-" },
    };

    g_array_append_vals(to, entries, G_N_ELEMENTS(entries));
}

/* The meter that is served without a scenario. */
static void add_meter_entries(GArray *to, struct serve_options *o,
                              const char *type_help)
{
    const GOptionEntry entries[] = {
        { "model", 0, 0, G_OPTION_ARG_STRING, &o->model,
          "Meter model: s4100 (default), s4100_fds, s4000r", "M" },
        { "count", 0, 0, G_OPTION_ARG_INT, &o->count,
          "Meters, 1 to 15808; 247 behind each port; default 1", "N" },
        { "load-seed", 0, 0, G_OPTION_ARG_INT64, &o->load_seed,
          "Each meter has a load of its own, up to --amps, drawn from this", "N" },
        { "profiles", 0, 0, G_OPTION_ARG_FILENAME, &o->profiles,
          "Each meter follows a column of this table of kW over time", "FILE.csv" },
        { "type", 0, 0, G_OPTION_ARG_INT, &o->system_type, type_help, "T" },
        { "ct", 0, 0, G_OPTION_ARG_DOUBLE, &o->ct, "CT rating, A; default 200", "A" },
        { "volts", 0, 0, G_OPTION_ARG_DOUBLE, &o->volts,
          "Grid, V line to line; default 480", "V" },
        { "hz", 0, 0, G_OPTION_ARG_DOUBLE, &o->hz,
          "Grid frequency, 1 to 1000; default 60", "HZ" },
        { "amps", 0, 0, G_OPTION_ARG_DOUBLE, &o->amps, "Load, A per phase; default 80",
          "A" },
        { "pf", 0, 0, G_OPTION_ARG_DOUBLE, &o->pf,
          "Power factor, lagging; default 0.92", "PF" },
        { "address", 0, 0, G_OPTION_ARG_INT, &o->address,
          "Modbus address of the first meter, 1 to 247; the others count on; default 1",
          "N" },
        { "baud", 0, 0, G_OPTION_ARG_INT, &o->baud,
          "Of the meters: " SERIAL_DEVICE_RATES "; default 19200", "RATE" },
        { "parity", 0, 0, G_OPTION_ARG_STRING, &o->parity,
          "Of the meters: N (default), E or O", "P" },
        { "fill-word", 0, 0, G_OPTION_ARG_INT, &o->fill_word,
          "What unlisted registers read, 1 to 65535; default 0: exception 02", "WORD" },
    };

    g_array_append_vals(to, entries, G_N_ELEMENTS(entries));
}

/* The world of the meter by a log. */
static void add_history_entries(GArray *to, struct serve_options *o)
{
    const GOptionEntry entry = { "history",
                                 0,
                                 0,
                                 G_OPTION_ARG_FILENAME,
                                 &o->history,
                                 "The meter's world is this log's (metersim history); "
                                 "--map to --ramp are of it",
                                 "LOG.csv" };
    GOptionEntry entries[HISTORY_ENTRIES];

    history_options_start(&o->log, entries);
    for (size_t k = 0; k < G_N_ELEMENTS(entries); k++)
        if (!strcmp(entries[k].long_name, "pf"))
            entries[k].long_name = "log-pf";
    g_array_append_val(to, entry);
    g_array_append_vals(to, entries, HISTORY_ENTRIES);
}

static bool parse(struct serve_options *o, int *argc, char ***argv, GError **error)
{
    g_autoptr(GArray) entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    char types[SYSTEM_TYPES_TEXT], type_help[SYSTEM_TYPES_TEXT + 48];

    g_snprintf(type_help, sizeof type_help, "System type, register 130: %s (default)",
               system_types_text(types, ALL, ", ", ", "));
    add_bus_entries(entries, o);
    add_service_entries(entries, o);
    add_http_entries(entries, o);
    add_parent_entries(entries, o);
    add_meter_entries(entries, o, type_help);
    add_history_entries(entries, o);
    struct limit_options *options =
        limit_options_new((const GOptionEntry *)(void *)entries->data);
    bool parsed = command_options(argc, argv, "[SCENARIO.lua]",
                                  limit_options_entries(options), help, error) &&
                  limit_options_read(options, &o->limits, error);

    limit_options_free(options);
    return parsed;
}

/* "-" is standard output. */
static bool check_capture(const char *option, const char *path, GError **error)
{
    return !g_strcmp0(path, "-") || output_check(option, path, error);
}

/* Of a path to a file that need not be there: without links and dots. */
static char *real_path(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path),
                    *name = g_path_get_basename(path);
    char *whole = realpath(path, NULL), *place = realpath(folder, NULL);
    char *real = whole   ? g_strdup(whole)
                 : place ? g_build_filename(place, name, NULL)
                         : g_strdup(path);

    free(whole);
    free(place);
    return real;
}

/* Two files need two names; a device takes both. */
static bool are_apart(const char *option, const char *path, const char *other_option,
                      const char *other, GError **error)
{
    if (!path || !other)
        return true;
    g_autofree char *a = real_path(path), *b = real_path(other);
    bool good = strcmp(a, b) != 0 || !strcmp(a, "/dev/null");
    return good ||
           error_set(error, "%s and %s both write '%s'; give each a file of its own",
                     option, other_option, path);
}

static bool check_captures(const struct serve_options *o, GError **error)
{
    return check_capture("--pcap", o->pcap, error) &&
           check_capture("--pcap-rtu", o->pcap_rtu, error) &&
           are_apart("--pcap", o->pcap, "--pcap-rtu", o->pcap_rtu, error);
}

/* "-" writes nothing: it is no file. */
static bool check_tape(const struct serve_options *o, GError **error)
{
    const char *file = g_strcmp0(o->tape, "-") ? o->tape : NULL;

    if (o->tape && o->count > 1)
        return error_set(error, "--tape: a tape holds one meter; --count makes %d",
                         o->count);
    return output_check("--tape", file, error) &&
           are_apart("--tape", file, "--pcap", o->pcap, error) &&
           are_apart("--tape", file, "--pcap-rtu", o->pcap_rtu, error);
}

static bool check_rtu(const struct serve_options *o, GError **error)
{
    const bool none = o->rtu && g_strv_contains((const char *const *)o->rtu, "none");

    if (none && o->rtu[1])
        return error_set(error,
                         "--rtu none leaves Modbus RTU out, and another --rtu asks "
                         "for it; give one or the other");
    if (none && o->pcap_rtu && !o->gateway && !o->rtu_over_tcp)
        return error_set(error,
                         "--pcap-rtu %s: there is no RS-485 line with --rtu none",
                         o->pcap_rtu);
    return true;
}

static bool check_panel(const struct serve_options *o, GError **error)
{
    if (o->parent && !g_strcmp0(o->panel, "text"))
        return error_set(error, "--parent and --panel=text both read standard input");
    return !o->panel || !strcmp(o->panel, "window") || !strcmp(o->panel, "text") ||
           error_set(error, "--panel is window or text; not '%s'", o->panel);
}

/* What the log may fit has its defaults where nothing is given. */
static void fill_defaults(struct serve_options *o)
{
    o->ct_given = o->ct != SERVE_NOT_GIVEN;
    o->volts_given = o->volts != SERVE_NOT_GIVEN;
    o->ct = o->ct_given ? o->ct : 200;
    o->volts = o->volts_given ? o->volts : 480;
}

bool serve_options_parse(struct serve_options *o, int argc, char **argv, GError **error)
{
    *o = plain;
    name_values(argc, argv);
    if (!parse(o, &argc, &argv, error))
        return false;
    fill_defaults(o);
    if (!parse_speed(o->speed ? o->speed : "1", &o->speed_x, error) ||
        !check_numbers(o, error) || !read_serial(o, error) || !check_panel(o, error) ||
        !check_rtu(o, error) || !check_captures(o, error) || !check_tape(o, error) ||
        !output_check("--ready", o->ready, error))
        return false;
    if (argc > 2)
        return error_set(error, "one scenario at most; '%s' is one too many", argv[2]);
    if (argc == 2 && !same_world(o, &plain))
        return error_set(
            error,
            "--model, --type, --ct, --volts, --hz, --amps, --pf, --address, --baud, "
            "--parity, --fill-word, --count, --load-seed, --profiles and --history are "
            "for the meter without a scenario; %s makes its own",
            argv[1]);
    o->script = argc == 2 ? argv[1] : NULL;
    return true;
}
