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

/* Serves what is ready now: a turn. Called while it serves, or for NULL, it does
 * nothing. */
void aside_serve(struct aside *a);

/* A turn works on ASIDE_TURN bytes of what the clients of these sockets have sent,
 * whatever there is and however many they are: whoever else is served waits no longer.
 * Each client has one piece in a round, and a round has as many turns as that needs. A
 * small piece counts as ASIDE_LEAST. */
enum { ASIDE_TURN = 2048, ASIDE_PIECE = 1024, ASIDE_LEAST = 128 };

/* All zero: has had nothing. */
struct aside_client {
    unsigned turn, round; /* of its last piece */
    gsize used;           /* of it */
};

/* How much of this client may be worked on now. */
gsize aside_budget(struct aside *a, struct aside_client *c);
void aside_spend(struct aside *a, struct aside_client *c, gsize size);
