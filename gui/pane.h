/* The pane beside the meter: tabs, and under them one view. */
#pragma once

#include "gui/canvas.h"
#include "gui/frame.h"

void pane_draw(struct canvas *c, const struct frame *f);

extern const struct box pane_box;
struct box pane_tab(int view);
struct box pane_row(int row); /* of the readings */
