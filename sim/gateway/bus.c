/* Units behind a port. See bus.h. */
#include "sim/gateway/bus.h"

static uint16_t own_address(const struct unit *u)
{
    return unit_setting(u, SETTING_ADDRESS);
}

int bus_first_id(const struct bus *b)
{
    return b->count == 1 || b->by_address ? own_address(sim_unit(b->sim, b->first)) : 1;
}

static struct unit *find_address(const struct bus *b, uint8_t id)
{
    for (int k = b->first; k < b->first + b->count; k++) {
        struct unit *u = sim_unit(b->sim, k);
        if (own_address(u) == id)
            return u;
    }
    return NULL;
}

static struct unit *find_unit(const struct bus *b, uint8_t id)
{
    if (b->count == 1) {
        struct unit *only = sim_unit(b->sim, b->first);
        return id == 0 || id == 255 || id == own_address(only) ? only : NULL;
    }
    if (b->by_address)
        return find_address(b, id);
    if (id < 1 || id > b->count)
        return NULL;
    return sim_unit(b->sim, b->first + id - 1);
}

int bus_handle(void *user, uint8_t id, const uint8_t *request, int length,
               uint8_t *answer)
{
    const struct bus *b = user;
    gint64 start_us = b->latency ? g_get_monotonic_time() : 0;
    struct unit *unit = find_unit(b, id);

    if (!unit)
        return -1;
    if (!link_receives_pdu(unit))
        return 0;
    int size = unit_request(unit, request, length, answer);
    if (b->latency)
        latency_add(b->latency, (double)(g_get_monotonic_time() - start_us) * 1e-6);
    return link_answer_pdu(unit, answer, size);
}
