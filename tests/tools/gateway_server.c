/* A Modbus TCP server of nothing but the gateway and a toy handler, to be measured with
 * gateway_load: what sockets and framing cost without a meter behind them. Ports are
 * PORT, PORT + 1, ...; it ends by itself so that a broken measurement leaves nothing.
 */
#include "sim/gateway/gateway.h"
#include "tests/support/server_loop.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int answer_registers(void *user, uint8_t unit, const uint8_t *request,
                            int length, uint8_t *answer)
{
    int count = length == 5 ? request[3] << 8 | request[4] : 0;

    (void)user;
    (void)unit;
    answer[0] = request[0];
    if (request[0] != 3 || count < 1 || count > 125) {
        answer[0] |= 0x80;
        answer[1] = request[0] == 3 ? 3 : 1;
        return 2;
    }
    answer[1] = (uint8_t)(2 * count);
    for (int i = 0; i < 2 * count; i++)
        answer[2 + i] = (uint8_t)i;
    return 2 + 2 * count;
}

static int listen_all(struct gateway *g, int port, int listeners)
{
    GError *error = NULL;

    for (int i = 0; i < listeners; i++) {
        if (gateway_listen(g, "127.0.0.1", port + i, answer_registers, NULL, &error) >
            0)
            continue;
        fprintf(stderr, "gateway_server: %s\n", error->message);
        g_error_free(error);
        return -1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: gateway_server PORT [LISTENERS]\n");
        return 2;
    }
    gateway_raise_descriptor_limit();
    struct gateway *g = gateway_new(NULL, NULL);
    if (g == NULL) {
        fprintf(stderr, "gateway_server: %s\n", strerror(errno));
        return 1;
    }
    int failed = listen_all(g, atoi(argv[1]), argc > 2 ? atoi(argv[2]) : 1);
    if (!failed)
        server_loop_run();
    gateway_free(g);
    return failed ? 1 : 0;
}
