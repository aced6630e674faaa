/* The phasors of a frame. */
#pragma once

#include "gui/frame.h"

/* Of a unit that has power. */
void phasors_read(struct frame *f, const struct unit *unit);
