/* Packet captures of a record. */
#pragma once

#include "sim/line/line_wire.h"

/* A capture of Modbus RTU. */
struct record_traffic;
struct record_traffic *record_traffic_new(const char *folder, const char *name);
void record_traffic_sent(struct record_traffic *t, const struct line_sent *sent);
void record_traffic_pdu(struct record_traffic *t, int64_t at_ns, uint8_t address,
                        const uint8_t *pdu, int size);
/* False and "FILE: why" after a failed write. */
bool record_traffic_check(const struct record_traffic *t, GError **error);
void record_traffic_close(struct record_traffic *t, GError **error); /* NULL: nothing */
