/* A write as a candidate: what it would make of the meter, which nothing sees before
 * all of it has been checked. Modbus and the panel both write so: one set of rules. */
#ifndef CORE_CANDIDATE_H
#define CORE_CANDIDATE_H

#include "core/clock.h"
#include "core/registers.h"

struct candidate {
    struct settings settings;
    struct clock clock;
    uint16_t command, power_ups;
    bool sets_clock, sets_interval, sets_power_ups, sets_setting;
};

/* False when the value is refused, the candidate's other settings being as they are. */
bool candidate_take_setting(const struct meter *m, enum setting id, uint16_t value,
                            struct candidate *c);

bool candidate_command_known(const struct meter *m, uint16_t command);

/* Stored, then in effect. */
enum modbus_exception candidate_apply(struct meter *m, const struct candidate *c);

#endif
