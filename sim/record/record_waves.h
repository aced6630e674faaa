/* Waves of a record: COMTRADE files of one meter. */
#pragma once

#include "sim/record/record.h"

/* The COMTRADE files of one meter: a new one after a pause, after a change of the
 * ratios, and after an hour. */
struct record_waves;
struct record_waves *record_waves_new(const struct observed_meter *m,
                                      const char *folder,
                                      const struct record_options *options);
void record_waves_samples(struct record_waves *w, const uint8_t *words, int count);
void record_waves_pause(struct record_waves *w);
/* False and "FILE: why" after a failed write. */
bool record_waves_check(const struct record_waves *w, GError **error);
/* Frees; true when samples outside the wanted time were left out. */
bool record_waves_close(struct record_waves *w, GError **error);
