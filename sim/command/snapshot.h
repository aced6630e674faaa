/* A meter's registers as a Modbus TCP client sees them: read over a real socket by
 * libmodbus, from a thread of its own, while the caller's loop serves the gateway. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { SNAPSHOT_REGISTERS = 408 }; /* registers 1 … 408; gaps read 0 */

struct snapshot {
    uint16_t reg[SNAPSHOT_REGISTERS + 1]; /* [n] is register n */
    int requests;
};

/* Reads 1–112, 129–154 and 257–408 of unit 1 on 127.0.0.1:port; iterates `context`
 * until the client has finished. False, with a message in *error, when it
 * failed. */
bool snapshot_read(struct snapshot *s, GMainContext *context, int port, GError **error);

int32_t snapshot_s16(const struct snapshot *s, int reg);
uint32_t snapshot_u32(const struct snapshot *s, int reg);
double snapshot_float(const struct snapshot *s, int reg);
