/* What the processors of flashed images showed (--cpu): latencies, load, stack. */
#pragma once

struct device;
struct sim;

/* A line for each figure, without the last line's end, to be freed; NULL: no device of
 * them has a processor that takes time. */
char *cpu_report(struct sim *sim);
char *cpu_report_device(const struct device *device);

/* The same on standard output, if there is something. */
void cpu_report_print(struct sim *sim);
