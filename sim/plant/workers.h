/* Threads that share out a loop. Who does which turn is not defined; the caller's turns
 * must not depend on one another, so that results are the same for any number of
 * threads. The caller's own thread is one of them. */
#ifndef SIM_PLANT_WORKERS_H
#define SIM_PLANT_WORKERS_H

struct workers;

enum { WORKERS_MOST = 256 };

/* `count` threads, 1 to WORKERS_MOST, the caller's among them. */
struct workers *workers_new(int count);
void workers_free(struct workers *w);

/* As many as this process may use at once. */
int workers_of_machine(void);

/* Calls turn(user, n) for every n of 0…turns − 1, each once, and returns when all are
 * done. Not to be called from a turn. */
void workers_run(struct workers *w, int turns, void (*turn)(void *user, int n),
                 void *user);

#endif
