/* Answers of a capture against those of a meter, by what their registers mean. */
#pragma once

#include "hal_sim/unit.h"
#include "sim/field/image.h"
#include "sim/traffic/exchange.h"

enum answers_verdict {
    ANSWERS_SAME,      /* to the byte */
    ANSWERS_EXPLAINED, /* readings within the tolerance, counters with one offset */
    ANSWERS_DIFFER,
    ANSWERS_MISSING, /* the capture has none */
    ANSWERS_VERDICTS
};

struct answers;

struct answers *answers_new(const struct model *model, double share);
void answers_free(struct answers *a); /* NULL is allowed */

/* The meter's answer to the exchange's request, at that time of the capture. */
enum answers_verdict answers_compare(struct answers *a, const struct unit *u,
                                     const struct exchange *e, const uint8_t *answer,
                                     int size, double at_s);

/* The counts and, of each register that is not the same, how and since when. */
void answers_print(const struct answers *a);
long answers_count(const struct answers *a, enum answers_verdict verdict);
