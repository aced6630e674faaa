/* All that one picture of the panel shows, as bytes: for whoever draws it elsewhere, by
 * the same build (the page). The same bytes are the same picture. */
#pragma once

#include "gui/panel_view.h"
#include <stddef.h>

struct unit;

size_t panel_frame_size(void);

void panel_frame_read(void *bytes, const struct unit *unit, enum panel_view view);
