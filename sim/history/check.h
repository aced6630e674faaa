/* A log against what the core makes of its world: at the end of each row the readings,
 * the rise of counters and of what is left of a demand, the alerts. Says of each column
 * the first row where they part, and by how much. */
#pragma once

#include "sim/history/history.h"
#include "sim/site/site.h"

struct check;

/* `share`: by so much readings and rises may differ, besides the last digit of the log.
 */
struct check *check_new(const struct history *h, const struct site_meter *m,
                        double share);
void check_free(struct check *c); /* NULL is allowed */

/* play.h's row_done; user is the check. */
void check_row(void *user, int row);

/* Prints what parted. Returns how many columns did, and of the first its row. */
int check_print(const struct check *c, int *first_row);
