/* See reading.h. */
#include "core/reading.h"
#include "core/meter_state.h"

bool meter_reading(const struct meter *m, enum quantity q, int64_t *value)
{
    *value = m->reading[q];
    return (quantity_table[q].types & m->config.type_bit) && *value != METER_NO_READING;
}
