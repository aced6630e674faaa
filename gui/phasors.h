/* The phasors of a frame. */
#ifndef GUI_PHASORS_H
#define GUI_PHASORS_H

#include "gui/frame.h"

/* Of a unit that has power. */
void phasors_read(struct frame *f, const struct unit *unit);

#endif
