/* Sockets that are served while the program computes, too: a loop of their own, which
 * the default loop runs as one of its sources, and which the others' thread runs
 * (sim/plant/others.h) when nothing else of the default loop may run. */
#pragma once

#include <glib.h>

struct aside;

struct aside *aside_new(void);
void aside_free(struct aside *a);

/* What is begun between the two belongs to this loop. */
void aside_enter(struct aside *a);
void aside_leave(struct aside *a);

/* Serves what is ready now. Called while it serves, or for NULL, it does nothing. */
void aside_serve(struct aside *a);
