/* Units behind a port. See bus.h. */
#include "sim/gateway/bus.h"

static struct unit *find_unit(const struct bus *b, uint8_t id)
{
    if (b->count == 1) {
        struct unit *only = sim_unit(b->sim, b->first);
        uint16_t own = only->meter.settings.value[SETTING_ADDRESS];
        return id == 0 || id == 255 || id == own ? only : NULL;
    }
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
    if (!link_hears_pdu(unit))
        return 0;
    int size = unit_request(unit, request, length, answer);
    if (b->latency)
        latency_add(b->latency, (double)(g_get_monotonic_time() - start_us) * 1e-6);
    return link_answer_pdu(unit, answer, size);
}
