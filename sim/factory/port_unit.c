/* See port_unit.h. */
#include "sim/factory/port_unit.h"
#include "sim/program/error.h"
#include <math.h>

enum { SECOND_NS = 1000000000 };

static int ask(void *user, const uint8_t *pdu, int size, uint8_t answer[PORT_PDU_MAX],
               GError **error)
{
    uint8_t full[METER_PDU_MAX];
    const int length = unit_request(user, pdu, size, full);

    memcpy(answer, full, MIN(sizeof full, PORT_PDU_MAX));
    if (length <= 0)
        error_set_code(error, ERROR_FAILED, "the meter does not answer");
    return length > 0 && answer[0] & 0x80 ? -answer[1] : MAX(length, 0);
}

static bool wait_on(void *user, double seconds, GError **error)
{
    struct unit *u = user;

    (void)error;
    unit_advance(u, u->now_ns + (int64_t)(seconds * SECOND_NS));
    return true;
}

void port_unit_source(struct unit *u, const struct source_point *point)
{
    struct waveform_line line = { .order = 1 };
    const double lag = acos(point->pf);

    for (int k = 0; k < 3; k++) {
        const double angle = -2 * G_PI / 3 * k;
        line.re[k] = point->volts * cos(angle);
        line.im[k] = point->volts * sin(angle);
        line.re[3 + k] = point->amps * cos(angle - lag);
        line.im[3 + k] = point->amps * sin(angle - lag);
    }
    waveform_set_lines(u->world, point->hz, &line, 1);
}

static bool set_source(void *user, const struct source_point *point, GError **error)
{
    (void)error;
    port_unit_source(user, point);
    return true;
}

struct port port_unit(struct unit *u)
{
    return (struct port){ u, ask, wait_on, set_source, NULL, NULL };
}

void port_unit_restart(struct unit *u, bool pin)
{
    unit_set_fault(u, FAULT_FACTORY_PIN, -1, pin);
    unit_power(u, false);
    unit_power(u, true);
}
