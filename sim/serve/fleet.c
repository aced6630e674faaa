/* Steps and threads of many live meters. See fleet.h. */
#include "sim/serve/fleet.h"
#include "sim/plant/pace.h"
#include "sim/plant/workers.h"
#include <glib.h>

enum {
    FLEET_UNITS = 32,   /* from here on units take turns */
    FLEET_SHARED = 2000 /* meters × speed from which on all cores work by default */
};

#define FLEET_STEP_NS  INT64_C(250000000)
#define FLEET_EVENT_NS INT64_C(250000000000) /* unit time that an event may cost */

bool fleet_is_shared(int units, double speed)
{
    return speed == PACE_MAX ? units >= FLEET_UNITS
                             : units * speed >= FLEET_SHARED && units > 1;
}

/* Many meters take long steps in turn, so that each finds its state in the cache; whom
 * somebody asks is brought to now first. An event brings all to now: scenarios bound
 * what that may take. */
void fleet_set(struct sim *s, int workers, double speed, bool scenario)
{
    int units = sim_unit_count(s);
    int64_t step_ns = FLEET_STEP_NS;

    if (scenario)
        step_ns = MIN(step_ns, FLEET_EVENT_NS / units);
    if (units >= FLEET_UNITS)
        sim_set_slack(s, step_ns);
    sim_set_workers(s, workers                         ? workers
                       : fleet_is_shared(units, speed) ? workers_of_machine()
                                                       : 1);
}
