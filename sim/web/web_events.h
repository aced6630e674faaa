/* What happens at meters, for those who watch: faults, control power, alerts, seen by
 * comparing what was with what is. Nothing is kept while nobody watches. */
#pragma once

#include "sim/web/web_plant.h"

struct web_events;

struct web_events *web_events_new(const struct web_plant *plant);
void web_events_free(struct web_events *e); /* NULL is allowed */

/* All meters are to be looked at once more. */
void web_events_begin(struct web_events *e);

/* send(user, text), where text is to be freed, for each change of the next meters. True:
 * there are more to look at. */
bool web_events_look(struct web_events *e, void (*send)(void *user, char *text),
                     void *user);
