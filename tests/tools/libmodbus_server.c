/* libmodbus_server PORT: the yardstick of gateway_load (sim/bench/select_server.h), on
 * a CPU of its own (gateway_cost.sh). It ends by itself, so that a broken measurement
 * leaves nothing. */
#include "sim/bench/select_server.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LIFETIME_S = 600 };

int main(int argc, char **argv)
{
    struct select_server s;

    if (argc < 2) {
        fprintf(stderr, "usage: libmodbus_server PORT\n");
        return 2;
    }
    if (select_server_listen(&s, atoi(argv[1])) < 0) {
        fprintf(stderr, "libmodbus_server: cannot listen\n");
        return 1;
    }
    alarm(LIFETIME_S);
    select_server_run(&s);
}
