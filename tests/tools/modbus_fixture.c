/* modbus_fixture [PORT]: the Modbus TCP server of the product, its gateway and its PDU
 * code, in front of the fixture's registers instead of a meter's; for
 * tests/sim/test_modbus_cases.c and for any Modbus client. Prints its port; ends by
 * itself after ten minutes, so that a broken test leaves nothing behind. */
#include "tests/support/modbus_fixture.h"
#include "sim/gateway.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { LIFETIME_S = 600 };

/* One meter behind the port: 0, 255 and its own address are it. */
static int answer(void *user, uint8_t unit, const uint8_t *request, int length,
                  uint8_t *to)
{
    if (unit != 0 && unit != 255 && unit != FIXTURE_UNIT)
        return -1;
    return meter_request(user, request, length, to);
}

static gboolean quit(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

static void run(void)
{
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);

    g_timeout_add_seconds(LIFETIME_S, quit, loop);
    g_unix_signal_add(SIGTERM, quit, loop);
    g_main_loop_run(loop);
    g_main_loop_unref(loop);
}

int main(int argc, char **argv)
{
    static struct meter fixture;
    GError *error = NULL;
    struct gateway *g = gateway_new(NULL, NULL);

    if (g == NULL) {
        fprintf(stderr, "modbus_fixture: %s\n", strerror(errno));
        return 1;
    }
    fixture_start(&fixture);
    int port = gateway_listen(g, "127.0.0.1", argc > 1 ? atoi(argv[1]) : 0, answer,
                              &fixture, &error);
    if (port > 0) {
        printf("%d\n", port);
        fflush(stdout);
        run();
    } else {
        fprintf(stderr, "modbus_fixture: %s\n", error->message);
        g_error_free(error);
    }
    gateway_free(g);
    return port > 0 ? 0 : 1;
}
