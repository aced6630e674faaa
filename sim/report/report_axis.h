/* The axis of time: a drawing is 1100 units wide; time runs from LEFT to RIGHT. */
#pragma once

#include <glib.h>

enum { AXIS_LEFT = 150, AXIS_RIGHT = 1088, AXIS_WIDTH = 1100 };
double report_axis_x(double seconds, double end_s);
void report_axis_time(GString *svg, double end_s, int top, int bottom);
/* Steps of 1, 2, 5 · 10^n: about `count` of them in `span`. */
double report_axis_step(double span, int count);
