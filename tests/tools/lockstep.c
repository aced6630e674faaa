/* An external client in lock-step: holds the time of a serve of its own by the console,
 * advances a simulated minute at a time, polls by libmodbus after each, and says what
 * became of the polls. Arguments: METERSIM [MINUTES]; a month when not given. */
#include "tests/sim/console_fixture.h"
#include <errno.h>
#include <modbus.h>

enum { MONTH = 30 * 24 * 60, WORDS = 28 };

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

int main(int argc, char **argv)
{
    struct served s;
    struct asker a;
    uint32_t energy = 0;
    int failed = 0, minutes = argc > 2 ? atoi(argv[2]) : MONTH;

    if (argc < 2 || minutes < 1) {
        fputs("lockstep METERSIM [MINUTES]\n", stderr);
        return 2;
    }
    serve_start(&s, argv[1], NULL);
    modbus_t *client = modbus_new_tcp("127.0.0.1", s.port);
    if (!asker_open(&a, s.socket) || modbus_connect(client)) {
        fputs("lockstep: no connection\n", stderr);
        return 2;
    }
    gint64 start = g_get_monotonic_time();
    for (int minute = 0; minute < minutes; minute++)
        failed += !advance(&a) || !poll(client, &energy);
    printf("%d simulated minutes, %d polls, %d failed, %.1f s\n", minutes, minutes,
           failed, (double)(g_get_monotonic_time() - start) * 1e-6);
    modbus_close(client);
    modbus_free(client);
    asker_close(&a);
    serve_stop(&s);
    return failed != 0;
}
