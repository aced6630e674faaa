/* Panels as they are watched: the bytes of a frame (gui/panel_frame.h), and of them only
 * those that have changed since. Who watches the same gets the same frame, read once. */
#pragma once

#include "sim/web/web_client.h"
#include "sim/web/web_plant.h"

struct web_panels;

struct web_panels *web_panels_new(const struct web_plant *plant);
void web_panels_free(struct web_panels *p);

/* A look at the plant begins: what was read before is old. */
void web_panels_begin(struct web_panels *p);

/* Sends what this client has not seen of the panel that it watches. */
void web_panels_show(struct web_panels *p, struct web_client *c);
