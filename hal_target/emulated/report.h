/* The instructions that a meter took, as text on the console. */
#ifndef EMULATED_REPORT_H
#define EMULATED_REPORT_H

#include "hal_target/emulated/counter.h"

void report_counts(const struct counter *c, uint64_t sample_sets);

#endif
