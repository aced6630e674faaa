/* Boards as they are made: tolerances of parts, and now and then a defect, as faults of a
 * unit, drawn by a seed. Rows in tolerance.def. */
#pragma once

#include "hal_sim/fault.h"
#include <stdbool.h>
#include <stdint.h>

enum { TOLERANCE_FAULTS = 40 };

struct tolerance_fault {
    enum fault_id fault;
    int phase; /* -1: it has none */
    double value;
};

struct tolerance_board {
    struct tolerance_fault fault[TOLERANCE_FAULTS];
    int faults;
    const char *defect; /* NULL: tolerances alone, which calibration can take out */
};

/* The same seed, the same board. */
void tolerance_draw(struct tolerance_board *board, uint64_t seed);
