/* The panel in a PNG file, without a display. */
#pragma once

#include "gui/panel_view.h"
#include "gui/picture.h"
#include "hal_sim/unit.h"

/* What a unit shows at this instant, to be drawn while it goes on. NULL: no memory. */
struct panel_shot;
struct panel_shot *panel_shot_read(const struct unit *unit,
                                   const struct panel_status *status,
                                   enum panel_view view);

/* Draws it into a file and frees it; NULL, too. False: see error. */
bool panel_shot_write(struct panel_shot *shot, int width, int height, const char *path,
                      char *error);

/* Writes the picture as it would be on a display, without one. False: see error. */
bool panel_screenshot(const struct unit *unit, const struct panel_status *status,
                      enum panel_view view, int width, int height, const char *path,
                      char *error);

enum { PANEL_FILM_MAX = 12 /* pictures */ };

/* A film strip: adds the meter's front at the right of the pictures that it has, and
 * writes it. An empty one is all zeros; the caller frees its pixels. */
bool panel_film(struct picture *film, const struct unit *unit,
                const struct panel_status *status, const char *path, char *error);
