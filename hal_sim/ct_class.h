/* Errors of a CT at the limit of its accuracy class (IEC 61869-2, tables 201 and 202),
 * which change with the current: from its rms, a mean over about a second that is
 * renewed every 1/60 s, come a gain and the corner of a first-order high-pass. */
#pragma once

#include "core/hal.h"
#include <stdbool.h>

struct ct_class_row;

/* Samples of a current's mean square. */
enum { CT_CLASS_PERIOD = HAL_SAMPLE_RATE / 60 };

struct ct_class {
    double value; /* as asked for */
    double rated; /* rated current, rms, in the unit of x */
    const struct ct_class_row *row;
    double side;             /* 1: reads low, leads; −1: reads high, lags */
    double gain, keep, take; /* of the present current */
    /* state */
    double low, last;        /* low-pass and its input, at the sample before */
    double sum, mean_square; /* of this period; of the last second */
    int count;               /* samples in sum */
    bool fresh;              /* mean_square is not known yet */
};

/* value: 0.1, 0.2, 0.5, 1, 3, or the next above; negative for the other side; 0 where
 * it will not run. A new value starts anew. */
void ct_class_prepare(struct ct_class *c, double value, double rated);

/* Finds the row of the value again, after state and value were loaded. */
void ct_class_find(struct ct_class *c);

void ct_class_run(struct ct_class *c, int n, double *x);
