/* The pane's diagrams: phasors, and waveforms as the ADC sees them. */
#pragma once

#include "gui/canvas.h"
#include "gui/frame.h"

void diagrams_draw_phasors(struct canvas *c, const struct frame *f);
void diagrams_draw_waves(struct canvas *c, const struct frame *f);
