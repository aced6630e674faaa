/* The panel in characters, for a terminal. */
#pragma once

#include "gui/panel_view.h"
#include "hal_sim/unit.h"

/* Lines that end in '\n' and fit in 80 columns and 16 rows, for a
 * terminal that knows UTF-8, and with `colours` 256 of them. And all on one line. */
enum { PANEL_TEXT_MAX = 16384, PANEL_TEXT_ROWS = 16, PANEL_TEXT_COLUMNS = 80 };
void panel_text(char text[PANEL_TEXT_MAX], const struct unit *unit,
                const struct panel_status *status, bool colours);
void panel_text_line(char text[PANEL_TEXT_MAX], const struct unit *unit,
                     const struct panel_status *status);
