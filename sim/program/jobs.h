/* How many processes of a run may work at once: tickets that the pool's workers and
 * their cases share. A holder is a scenario, by its place in the list. */
#pragma once

#include <stdbool.h>

struct jobs;

/* NULL when the system has no room. */
struct jobs *jobs_new(int tickets, int holders);
void jobs_free(struct jobs *j);

/* A ticket for one more process of this holder; false: none is free now. */
bool jobs_acquire(struct jobs *j, int holder);
void jobs_release(struct jobs *j, int holder);

/* The holder's processes have ended, in whatever way: it holds nothing any more. */
void jobs_reclaim(struct jobs *j, int holder);

/* Readable while a ticket is free. */
int jobs_fd(const struct jobs *j);
