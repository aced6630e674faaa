/* Which units answer behind a port: the gateway's handler over units of the simulation.
 *
 * One unit: 0, 255 and its own Modbus address answer (Messaging on TCP/IP 4.4.1.2).
 * Several: unit ids 1, 2, … choose among them, up to 247; or the units' own addresses.
 * Other ids: no such unit. */
#pragma once

#include "sim/gateway/gateway.h"
#include "sim/gateway/latency.h"
#include "sim/plant/sim.h"

enum { BUS_UNITS = 247 };

struct bus {
    struct sim *sim;
    int first, count;        /* units first … first + count − 1 of the simulation */
    bool by_address;         /* ids are the units' addresses, not their numbers */
    struct latency *latency; /* NULL: nobody wants to know */
};

/* The id by which the first unit answers. */
int bus_first_id(const struct bus *b);

/* A gateway_handler; user: struct bus. */
int bus_handle(void *user, uint8_t unit, const uint8_t *request, int length,
               uint8_t *answer);
