/* SIGINT, SIGTERM and SIGHUP end the program within a second, whatever it is doing: the
 * loop quits; a computation that is under way learns of it when it asks; and if it does
 * not ask, SIGALRM ends the process. Time in which the host gives the process no
 * processor does not count. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* False with *error set. Once in a process. */
bool stop_open(GMainLoop *loop, GError **error);

/* One of the signals has come. */
bool stop_requested(void);

/* The loop has ended: what is left to do may last. */
void stop_close(void);
