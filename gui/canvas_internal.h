/* What the two halves of the canvas share: shapes (canvas.c) and lettering
 * (lettering.c). */
#ifndef GUI_CANVAS_INTERNAL_H
#define GUI_CANVAS_INTERNAL_H

#include "gui/canvas.h"
#include "gui/raster.h"

struct canvas {
    struct raster raster;
    float scale, left, top; /* units to pixels of the picture */
    bool lettering;         /* this pass draws letters, not shapes */
};

#endif
