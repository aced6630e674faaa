/* modbus_fixture [--pty] [PORT]: the product's Modbus TCP gateway and, behind a pty,
 * its RTU framing at 19200 baud, with its PDU code in front of the fixture's registers
 * instead of a meter's; for tests/sim and for any Modbus client. Prints its port, and
 * on a second line the pty; ends by itself after ten minutes, so that a broken test
 * leaves nothing behind. */
#include "tests/support/modbus_fixture.h"
#include "sim/gateway/gateway.h"
#include "tests/support/server_loop.h"
#include "tests/tools/fixture_line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* One meter behind the port: 0, 255 and its own address are it. */
static int answer(void *user, uint8_t unit, const uint8_t *request, int length,
                  uint8_t *to)
{
    if (unit != 0 && unit != 255 && unit != FIXTURE_UNIT)
        return -1;
    return pdu_answer(user, request, length, to);
}

/* Runs until it is told to end; the exit code. */
static int serve(struct gateway *g, struct meter *fixture, int port, gboolean pty)
{
    GError *error = NULL;
    struct fixture_pty *line = NULL;

    port = gateway_listen(g, "127.0.0.1", port, answer, fixture, &error);
    if (port > 0 && pty)
        line = fixture_pty_open(fixture, FIXTURE_UNIT, &error);
    if (error) {
        fprintf(stderr, "modbus_fixture: %s\n", error->message);
        g_error_free(error);
        return 1;
    }
    printf("%d\n", port);
    if (line)
        printf("%s\n", fixture_pty_path(line));
    fflush(stdout);
    server_loop_run();
    fixture_pty_free(line);
    return 0;
}

int main(int argc, char **argv)
{
    static struct meter fixture;
    gboolean pty = argc > 1 && !strcmp(argv[1], "--pty");
    const char *port = argv[1 + pty]; /* NULL: any */
    struct gateway *g = gateway_new(NULL, NULL);

    if (g == NULL) {
        fprintf(stderr, "modbus_fixture: %s\n", strerror(errno));
        return 1;
    }
    fixture_start(&fixture);
    int code = serve(g, &fixture, port ? atoi(port) : 0, pty);
    gateway_free(g);
    return code;
}
