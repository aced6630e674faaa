/* The terminals: control power, voltages and RS-485 above, CTs and contacts below. */
#pragma once

#include "gui/canvas.h"
#include "gui/frame.h"

void terminals_draw(struct canvas *c, const struct frame *f);

struct box terminal_volt_box(int phase);
struct box terminal_amp_box(int phase);
struct box terminal_contact_box(int contact); /* 0 energy, 1 alarm */
