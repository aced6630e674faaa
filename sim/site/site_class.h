/* The limits of accuracy classes for every reading that the wave has an exact value
 * for. Active power and energy: IEC 62053-22 (0.1S … 0.5S), 62053-21 (1, 2). Reactive:
 * 62053-24, no better than 0.5. V, I, S: the class itself, frequency 0.02 % (IEC
 * 61557-12). Where a standard ends, at small currents and power factors, the limit
 * stays what it is at its end. Energies count from the judgement before, and anew after
 * a fault. */
#pragma once

#include "sim/site/site_truth.h"

/* "0.2S"; NULL: there is none of that name. */
const struct site_class *site_class_find(const char *name);
/* The name of class k, from 0; NULL after the last. */
const char *site_class_name(int k);

/* How many readings are outside; the first of them in `text`, a line each. */
int site_class_judge(struct site_meter *m, const struct site_class *class,
                     const struct site_truth *truth, GString *text);

/* The next judgement's energies count from here. */
void site_class_account(struct site_meter *m, const struct site_truth *truth);
