/* A meter on the bench: asked by Modbus, waited for, and fed by a source of known voltage,
 * current and power factor. Calibration and production test know no more of it. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { PORT_PDU_MAX = 253 };

/* Three balanced phases, 120° apart; amps 0: no load. The current lags. */
struct source_point {
    double volts, amps, hz, pf;
};

struct port {
    void *user;
    /* The answer's length; minus the exception; 0 with an error. */
    int (*ask)(void *user, const uint8_t *pdu, int size, uint8_t answer[PORT_PDU_MAX],
               GError **error);
    bool (*wait)(void *user, double seconds, GError **error);
    bool (*set_source)(void *user, const struct source_point *point, GError **error);
    /* NULL where nothing but calibration is done. The fixture does or sees something, in
     * words (production.h): *yes is whether it does, or sees it. */
    bool (*fixture)(void *user, const char *action, bool *yes, GError **error);
    int (*lost)(void *user); /* exchanges without an answer so far */
};
