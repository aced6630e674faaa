/* The limits of the gateway: one row each. To add one: a field of struct
 * gateway_limits, a row here, and its use where it acts. */
#include "sim/gateway/gateway_limits.h"
#include <glib.h>
#include <math.h>

#define ROW(field) offsetof(struct gateway_limits, field)

const struct gateway_limit gateway_limit_table[] = {
    { "max-connections", ROW(connections), 1, 6000, 1, 100000, "",
      "Connections at once; a further one closes the one that is idle longest" },
    { "frame-timeout", ROW(frame_ms), 1000, 15, 0, 86400, "s",
      "Half a frame may wait this long, then its connection is closed" },
    { "answer-timeout", ROW(answer_ms), 1000, 30, 0, 86400, "s",
      "A client may leave answers unread this long, then it is closed" },
    { "idle-timeout", ROW(idle_ms), 1000, 0, 0, 86400, "s",
      "A connection may live this long without a request" },
    { "max-unread", ROW(unread_bytes), 1, 65536, 260, 16777216, "bytes",
      "Unread answers kept per connection; it is not read from meanwhile" },
    { "max-turn", ROW(turn_requests), 1, 512, 1, 100000, "requests",
      "Requests served before time advances and other sources are polled" },
};
const int gateway_limit_count = G_N_ELEMENTS(gateway_limit_table);

static int *field_of(struct gateway_limits *limits, const struct gateway_limit *row)
{
    return (int *)(void *)((char *)limits + row->offset);
}

bool gateway_limit_set(struct gateway_limits *limits, const struct gateway_limit *row,
                       double value)
{
    if (!(value >= row->min && value <= row->max))
        return false;
    *field_of(limits, row) = (int)ceil(value * row->per_unit);
    return true;
}

void gateway_default_limits(struct gateway_limits *limits)
{
    for (int n = 0; n < gateway_limit_count; n++)
        gateway_limit_set(limits, &gateway_limit_table[n],
                          gateway_limit_table[n].preset);
}
