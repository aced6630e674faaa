/* The instructions that a meter took, as text on the console. */
#pragma once

#include "hal_target/emulated/counter.h"

/* A line on the console: the name and a number. */
void report_line(const char *name, uint64_t x);

void report_counts(const struct counter *c, uint64_t sample_sets);
