/* A pool of processes that runs the scenarios of a list. Each scenario has a process of
 * its own, so that one that hangs or crashes takes nothing with it; results come in the
 * order of the list for any number of jobs. */
#pragma once

#include "sim/run/run_list.h"

/* Runs all; calls report(user, index) for each, in order. */
void run_pool(GPtrArray *items, int jobs, void (*report)(void *user, guint index),
              void *user);
