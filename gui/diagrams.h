/* The pane's diagrams: phasors, and waveforms as the ADC sees them. */
#ifndef GUI_DIAGRAMS_H
#define GUI_DIAGRAMS_H

#include "gui/canvas.h"
#include "gui/frame.h"

void diagrams_draw_phasors(struct canvas *c, const struct frame *f);
void diagrams_draw_waves(struct canvas *c, const struct frame *f);

#endif
