/* Whom a computation must not keep waiting: clients with sockets, while a script runs or
 * a file is read. A thread serves them, but the plant belongs to one thread at a time:
 * to the program, but for the stretches in which its computation does not touch it. So
 * one call of Lua's that nothing can divide (a collection, a long string) delays nobody.
 * All functions but others_new are called with NULL, too: there is nobody. */
#pragma once

#include <stdbool.h>

struct others;

/* serve: serves all who are ready, once. False: the program is to end. The thread that
 * calls others_new is the program's; in any other, what follows does nothing. */
struct others *others_new(bool (*serve)(void *user), void *user);
void others_free(struct others *o);

/* Serves them in the program's own thread, where the plant may be used, if that is due:
 * for work that cannot let go of the plant. */
void others_serve(struct others *o);

/* The loop has just served them. */
void others_were_served(struct others *o);

/* Has serve said that the program is to end? */
bool others_stopped(struct others *o);

/* A computation, from which the plant is touched between others_hold and others_release
 * alone. False: it is part of another one, and there is nothing to be ended. */
bool others_begin(struct others *o);
void others_end(struct others *o);

/* No-ops when it is so already, and outside of a computation. */
void others_hold(struct others *o);
void others_release(struct others *o);

/* Within a call that touches the plant: it is held until the outermost one is left. An
 * error may jump over others_leave: whoever catches it
 * returns to the depth from before. */
void others_enter(struct others *o);
void others_leave(struct others *o);
int others_depth(const struct others *o);
void others_return_to(struct others *o, int depth);

/* Is this the program's thread, and not that which serves the others? */
bool others_is_program(const struct others *o);

/* Runs what does not touch the plant, in the midst of such a call. */
void others_without(struct others *o, void (*work)(void *user), void *user);
