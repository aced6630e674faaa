/* The part of a record that belongs to one meter. */
#pragma once

#include "sim/record/record.h"
#include "sim/record/record_waves.h"

struct record_meter;
struct record_meter *record_meter_new(const struct observed_meter *m,
                                      const char *folder,
                                      const struct record_options *options);
void record_meter_watch(struct record_meter *m, const struct observed_register *r);
void record_meter_second(struct record_meter *m, int64_t at_ns);
void record_meter_lcd(struct record_meter *m, int64_t at_ns);
void record_meter_pdu(struct record_meter *m, int64_t at_ns, const uint8_t *pdu,
                      int size);
struct record_waves *record_meter_waves(struct record_meter *m);
/* False and "FILE: why" after a failed write. */
bool record_meter_check(const struct record_meter *m, GError **error);
bool record_meter_close(struct record_meter *m, GError **error);
