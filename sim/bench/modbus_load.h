/* Load for a Modbus TCP server on this machine: connections with one request in flight
 * each, so many requests in all, every answer checked. Rates of a shared machine vary;
 * the server's CPU time per transaction is what to compare. It only connects to
 * 127.0.0.1 and has an end in time. */
#ifndef SIM_BENCH_MODBUS_LOAD_H
#define SIM_BENCH_MODBUS_LOAD_H

#include <stdbool.h>

enum { MODBUS_LOAD_REGISTERS = 10, MODBUS_LOAD_SECONDS = 60 };

struct modbus_load_result {
    double server_us; /* CPU time of the server per transaction */
    double p50_us, p99_us, per_s;
};

/* False, with a line on stderr, when a connection breaks or an answer is wrong. */
bool modbus_load(int port, int connections, int requests, int server_pid,
                 struct modbus_load_result *result);

#endif
