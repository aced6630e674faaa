/* Threads that share a loop. Which thread runs which index is not defined; the calls
 * must not depend on one another, so results are the same for any number of threads.
 * The caller's own thread is one of them. */
#pragma once

struct workers;

enum { WORKERS_MAX = 256 };

/* `count` threads, 1 to WORKERS_MAX, the caller's among them. */
struct workers *workers_new(int count);
void workers_free(struct workers *w);

/* As many as this process may use at once. */
int workers_of_machine(void);

/* Calls run(user, n) once for each n of 0…count − 1, and returns when all are done. Not
 * to be called from within run. */
void workers_run(struct workers *w, int count, void (*run)(void *user, int n),
                 void *user);
