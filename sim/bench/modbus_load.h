/* Load for a Modbus TCP server on this machine: connections with one request in flight
 * each (a closed loop, or after a pause), so many requests in all, every answer
 * checked. Rates of a shared machine vary; the server's CPU time per transaction is
 * what to compare. It only connects to 127.0.0.1 and has an end in time. */
#pragma once

#include <stdbool.h>

struct modbus_load_options {
    int port, ports; /* the first one, and how many the connections are spread over */
    int connections; /* from 1 on */
    int requests;    /* in all; one for each connection at least */
    int unit, first, registers; /* of each request: 1 to 65536, 1 to 125 */
    int pause_ms;               /* of a client between an answer and its next request */
    int seconds;                /* after which it gives up */
    int server_pid;             /* whose CPU time is measured; 0: nobody's */
    int limit_us;               /* of an answer; slower ones are counted as late */
    bool same;                  /* all answers must hold what the first one does */
};

struct modbus_load_result {
    double server_us; /* CPU time of the server per transaction; 0: not measured */
    double p50_us, p99_us, p999_us, most_us, per_s;
    int connected, done, wrong; /* connections, right answers, wrong ones */
    int late;                   /* right answers above the limit; 0 without one */
    const char *trouble;        /* where it is false: why */
};

/* False when a connection breaks, an answer is wrong, or it takes too long; the result
 * is that of the answers until then. */
bool modbus_load(const struct modbus_load_options *options,
                 struct modbus_load_result *result);
