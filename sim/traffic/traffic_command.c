/* metersim traffic: the Modbus requests of a capture, sent again to a meter at their
 * times; its answers against those of the capture; what the client does. */
#include "sim/field/image_compare.h"
#include "sim/program/commands.h"
#include "sim/traffic/answers.h"
#include "sim/traffic/capture_file.h"
#include "sim/traffic/client.h"
#include "sim/traffic/target.h"
#include <stdio.h>
#include <string.h>

enum { UNIT_NOT_GIVEN = -1, UNIT_MAX = 255 };
#define SECOND_NS          1000000000
#define SIMULATED_EPOCH_NS INT64_C(946684800000000000) /* 1 January 2000 */
#define SIMULATED_YEARS_NS INT64_C(315360000000000000) /* ten of them */

static const char help[] =
    "FILE.pcap: a capture with Modbus TCP, RTU over TCP, or RTU frames (exported PDUs "
    "of\n"
    "Wireshark, such as those of serve --pcap-rtu; link types USER0 to USER15, RTAC).\n"
    "Its requests are sent to a meter at the same distances in simulated time.\n"
    "Exit code: 0 all answers are the same or explained, 1 some differ, 2 misuse, or "
    "no\n"
    "capture.\n\n"
    "Examples:\n"
    "  metersim traffic poll.pcapng --unit 1\n"
    "  metersim traffic poll.pcap --unit 1 --from case.lua --at \"10 s\"\n"
    "  metersim traffic rtu.pcap --from state.snapshot --tolerance 1%\n";

static const double AT_NOT_GIVEN = -G_MAXDOUBLE;

struct options {
    int unit;
    char *from, *tolerance;
    double at, share;
};

/* The units that requests go to, as text. */
static char *units_text(const struct exchanges *x, int *only)
{
    bool seen[UNIT_MAX + 1] = { false };
    GString *text = g_string_new(NULL);
    int count = 0;

    for (guint k = 0; k < x->all->len; k++)
        seen[((struct exchange *)g_ptr_array_index(x->all, k))->unit] = true;
    for (int unit = 1; unit <= UNIT_MAX; unit++) {
        if (!seen[unit])
            continue;
        *only = unit;
        g_string_append_printf(text, "%s%d", count++ ? ", " : "", unit);
    }
    if (count != 1)
        *only = UNIT_NOT_GIVEN;
    return g_string_free(text, FALSE);
}

/* Of all units; 0 is for all of them. */
static long count_unit(const struct exchanges *x, int unit)
{
    long count = 0;

    for (guint k = 0; k < x->all->len; k++)
        count += ((struct exchange *)g_ptr_array_index(x->all, k))->unit == unit;
    return count;
}

static bool choose_unit(struct options *o, const struct exchanges *x, const char *path,
                        GError **error)
{
    int only;
    g_autofree char *units = units_text(x, &only);
    bool good = false;

    if (!*units)
        error_set(error, "%s: no Modbus request in %ld packets", path, x->packets);
    else if (o->unit == UNIT_NOT_GIVEN && only == UNIT_NOT_GIVEN)
        error_set(error, "%s: requests to units %s: give one with --unit", path, units);
    else if (o->unit != UNIT_NOT_GIVEN && !count_unit(x, o->unit))
        error_set(error, "%s: no request to unit %d; there are some to %s", path,
                  o->unit, units);
    else
        good = true;
    if (o->unit == UNIT_NOT_GIVEN)
        o->unit = only;
    return good;
}

static void print_capture(const struct exchanges *x, const struct options *o,
                          const char *path)
{
    const struct exchange *first = g_ptr_array_index(x->all, 0);
    const struct exchange *last = g_ptr_array_index(x->all, x->all->len - 1);

    printf("%s: %ld packets, %u connections or lines; %ld requests to unit %d, %u in "
           "all, in %.3f s\n",
           path, x->packets, x->flows->len, count_unit(x, o->unit), o->unit,
           x->all->len, (double)(last->at_ns - first->at_ns) / 1e9);
    if (x->lost || x->broken || x->unasked || x->foreign)
        printf(
            "left out: %ld packets without Modbus, %ld holes in connections, %ld bytes "
            "that are no frame, %ld answers without a request\n",
            x->foreign, x->lost, x->broken, x->unasked);
}

/* Simulated time of the capture's first request. Our own captures of lines have it. */
static int64_t start_ns(const struct options *o, const struct exchange *first,
                        int64_t now_ns)
{
    const int64_t simulated_ns = first->at_ns - SIMULATED_EPOCH_NS;

    if (o->at != AT_NOT_GIVEN)
        return (int64_t)(o->at * SECOND_NS);
    if (simulated_ns >= now_ns && simulated_ns < SIMULATED_YEARS_NS)
        return simulated_ns;
    return now_ns + SECOND_NS + SECOND_NS / 2;
}

static void replay(const struct exchanges *x, const struct options *o,
                   const struct target *t, struct answers *a)
{
    const struct exchange *first = g_ptr_array_index(x->all, 0);
    const int64_t begin_ns = start_ns(o, first, sim_now(t->sim));
    uint8_t answer[METER_PDU_MAX];

    printf("sent to unit %d from %.3f s simulated on\n", o->unit,
           (double)begin_ns / SECOND_NS);
    for (guint k = 0; k < x->all->len; k++) {
        const struct exchange *e = g_ptr_array_index(x->all, k);
        if (e->unit != o->unit && e->unit != 0)
            continue;
        const int64_t at_ns = begin_ns + e->at_ns - first->at_ns;
        if (at_ns > sim_now(t->sim))
            sim_run(t->sim, at_ns);
        struct unit *u = target_unit(t);
        int size = unit_request(u, e->request, e->request_size, answer);
        if (e->unit != 0) /* what is sent to all is answered by nobody */
            answers_compare(a, u, e, answer, size,
                            (double)(e->at_ns - first->at_ns) / SECOND_NS);
    }
}

static int run_target(const struct exchanges *x, const struct options *o,
                      const struct target *t)
{
    const struct unit *u = target_unit(t);
    struct answers *a = answers_new(u->model, o->share);

    client_print(x, o->unit, u->model, unit_setting(u, SETTING_SYSTEM_TYPE));
    replay(x, o, t, a);
    answers_print(a);
    const long differ = answers_count(a, ANSWERS_DIFFER);
    answers_free(a);
    return differ ? 1 : 0;
}

static int run(struct options *o, const char *path, GError **error)
{
    struct exchanges *x = capture_file_read(path, error);
    struct target t;
    int code = 2;

    if (!x)
        return 2;
    if (choose_unit(o, x, path, error)) {
        print_capture(x, o, path);
        if (target_open(&t, o->from, o->unit, error))
            code = run_target(x, o, &t);
        target_close(&t);
    }
    exchanges_free(x);
    return code;
}

static bool check_options(struct options *o, GError **error)
{
    return (o->unit == UNIT_NOT_GIVEN ||
            command_in_range("unit", o->unit, 1, UNIT_MAX, error)) &&
           (o->at == AT_NOT_GIVEN || command_in_range("at", o->at, 0, 1e9, error)) &&
           image_tolerance_parse(o->tolerance, &o->share, error);
}

int command_traffic(int argc, char **argv, GError **error)
{
    struct options o = { .unit = UNIT_NOT_GIVEN, .at = AT_NOT_GIVEN, .share = 0.005 };
    const GOptionEntry entries[] = {
        { "unit", 0, 0, G_OPTION_ARG_INT, &o.unit,
          "Requests to this unit id; needed where there are several", "N" },
        { "from", 0, 0, G_OPTION_ARG_FILENAME, &o.from,
          "The meter: of a scenario, a file of metersim capture, or a snapshot of "
          "metersim run --save; default: s4100, 480 V, 80 A",
          "FILE" },
        { "at", 0, 0, G_OPTION_ARG_DOUBLE, &o.at,
          "Simulated time of the first request, s; default: 1.5 s after the meter is "
          "there, or that of our own captures of a line",
          "S" },
        { "tolerance", 0, 0, G_OPTION_ARG_STRING, &o.tolerance,
          "Of readings and rises, as metersim compare has it; default 0.5%", "P%" },
        G_OPTION_ENTRY_NULL
    };

    if (!command_options(&argc, &argv, "FILE.pcap", entries, help, error))
        return 2;
    if (argc != 2) {
        error_set_usage(error, "name one capture");
        return 2;
    }
    return check_options(&o, error) ? run(&o, argv[1], error) : 2;
}
