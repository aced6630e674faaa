/* Meters in the field as a Modbus client sees them: over TCP or a serial line, by
 * libmodbus. (Its helpers for floats are not used: they mix up the words.) */
#ifndef SIM_FIELD_FIELD_H
#define SIM_FIELD_FIELD_H

#include "sim/field/image.h"

struct field_place {
    bool serial;
    char host[128]; /* or the serial device */
    char port[8];   /* or … */
    int baud;
    char parity; /* 'N', 'E', 'O' */
    int unit;
    double timeout_s; /* of each answer */
};

/* "tcp:HOST:PORT/UNIT" (port 502 and unit 1 may be left out) or "rtu:DEVICE/UNIT";
 * false with `error` set otherwise. Baud rate, parity and timeout stay as they are. */
bool field_place_parse(struct field_place *place, const char *text, GError **error);
void field_place_default(struct field_place *place);
/* "e" is 'E'; '?' for what is no letter. */
char field_parity(const char *text);
bool field_place_check(const struct field_place *place, GError **error);

/* Reads all registers of the meter. The model is found out by function 0x11 and the
 * register map; `model` (or NULL) counts where they tell nothing, and it is an error
 * that they tell of another. NULL with `error` set: what could not be read, where, what
 * to do. */
struct image *field_read(const struct field_place *place, const struct model *model,
                         GError **error);

#endif
