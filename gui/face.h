/* The front of the meter on its rail: housing, glass, lamps, buttons. */
#pragma once

#include "gui/canvas.h"
#include "gui/frame.h"

void face_draw(struct canvas *c, const struct frame *f);

extern const struct box face_lamps[2]; /* red, green: with their shine */
struct box face_button(int key);
