/* The views' names. See panel_view.h. */
#include "gui/panel_view.h"

const char *const panel_view_names[PANEL_VIEWS] = { "panel", "phasors", "waves" };
