/* The plant as JSON for web clients: its meters, the faults in force, time. */
#pragma once

#include "sim/plant/pace.h"
#include "sim/run/scenario.h"
#include "sim/web/web_request.h"

struct web_plant {
    struct sim *sim;
    struct pace *pace;
    const struct scenario *scenario; /* NULL: meters have no names of their own */
    /* Where a meter answers by Modbus TCP; *port -1: nowhere. */
    void (*place)(void *user, int index, int *port, int *unit);
    void *place_user;
    GPtrArray *words; /* what a search finds of each meter; made when it is needed */
};

void web_plant_clear(struct web_plant *p);

/* To be freed. */
char *web_plant_name(const struct web_plant *p, int index);

/* "found", and the rows that were asked for. */
JsonNode *web_plant_meters(struct web_plant *p, const struct web_request *r);

/* {"ct_reversed":[0,1,0]}: those with a value other than neutral, A to C. */
JsonNode *web_plant_faults(const struct web_plant *p, int index);

/* Grid and load as asked for, A to C; what the meter reads of it and what is exact, in the
 * units of readings: {"hz":60, "volts":[…], "degrees":[…], "amps":[…], "lag_degrees":[…],
 * "closures":7, "read":{"kw_total":61.2, …}, "exact":{…}}. */
JsonNode *web_plant_world(const struct web_plant *p, int index);

/* {"event":"time", …}; to be freed. */
char *web_plant_time(const struct web_plant *p);
