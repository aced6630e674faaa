/* An external client in lock-step: starts a serve of its own that holds time, advances a
 * simulated minute at a time by the console, polls by libmodbus after each, and prints
 * what became of the polls. Then all of it once more, with pauses of the wall clock
 * between the steps: the meter's tape must have the same hash. Arguments: METERSIM
 * [MINUTES [SCENARIO]]; a month when not given; a scenario holds time itself. */
#include "tests/sim/console_fixture.h"
#include "tests/support/modbus_client.h"
#include <errno.h>

enum { MONTH = 30 * 24 * 60, WORDS = 28, PAUSE_US = 3000 };

struct lockstep {
    struct served served;
    struct asker console;
    modbus_t *client;
    uint32_t energy;
};

static bool advance(struct asker *a)
{
    char *answer = ask(a, "advance '1 min'");
    bool ok = answer && strstr(answer, "\"ok\":true");

    g_free(answer);
    return ok;
}

/* True when all is as it must be: an answer, and energy that grew. */
static bool poll(modbus_t *client, uint32_t *energy)
{
    uint16_t word[WORDS];

    if (modbus_read_registers(client, 0, WORDS, word) != WORDS)
        return false;
    uint32_t now = (uint32_t)word[0] << 16 | word[1];
    bool grew = now > *energy;
    *energy = now;
    return grew;
}

static bool begin(struct lockstep *l, const char *metersim, const char *scenario)
{
    const char *const options[] = { "--tape=-", "--rtu=none",
                                    scenario ? scenario : "--hold", NULL };

    serve_start_with(&l->served, metersim, options);
    l->energy = 0;
    l->client = modbus_client_new(l->served.port);
    return asker_open(&l->console, l->served.socket) && modbus_connect(l->client) == 0;
}

/* The hash of the tape, to be freed; NULL: there is none. */
static char *end(struct lockstep *l)
{
    GString *rest = g_string_new("");
    char hash[65] = "";

    modbus_close(l->client);
    modbus_free(l->client);
    asker_close(&l->console);
    int code = serve_end(&l->served, rest);
    const char *tape = strstr(rest->str, "tape - sha256 ");
    bool has =
        code == 0 && tape && sscanf(tape, "tape - sha256 %64[0-9a-f]", hash) == 1;
    g_string_free(rest, TRUE);
    return has ? g_strdup(hash) : NULL;
}

/* The hash, to be freed. */
static char *run(char **argv, int minutes, bool pauses, int *failed)
{
    struct lockstep l;
    gint64 start = g_get_monotonic_time();

    if (!begin(&l, argv[1], argv[2] ? argv[3] : NULL)) {
        fputs("lockstep: no connection\n", stderr);
        exit(2);
    }
    for (int minute = 0; minute < minutes; minute++) {
        *failed += !advance(&l.console) || !poll(l.client, &l.energy);
        if (pauses)
            g_usleep((gulong)g_random_int_range(0, PAUSE_US));
    }
    char *hash = end(&l);
    printf("%d simulated minutes, %d polls, %d failed so far, %.1f s, tape %s\n",
           minutes, minutes, *failed, (double)(g_get_monotonic_time() - start) * 1e-6,
           hash ? hash : "none");
    return hash;
}

int main(int argc, char **argv)
{
    int failed = 0, minutes = argc > 2 ? atoi(argv[2]) : MONTH;

    if (argc < 2 || minutes < 1) {
        fputs("lockstep METERSIM [MINUTES [SCENARIO]]\n", stderr);
        return 2;
    }
    char *first = run(argv, minutes, false, &failed);
    char *second = run(argv, minutes, true, &failed);
    bool same = first && !g_strcmp0(first, second);
    puts(same ? "both runs have the same tape" : "the runs differ");
    g_free(first);
    g_free(second);
    return failed || !same;
}
