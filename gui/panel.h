/* The panel: one unit as a person sees it, in a window or in a PNG file. The only
 * header of gui/ that the program includes; it names no SDL type. Everything is called
 * from the thread that advances the unit, between two advances. */
#ifndef GUI_PANEL_H
#define GUI_PANEL_H

#include "hal_sim/unit.h"
#include <stddef.h>

enum { PANEL_ERROR_MOST = 256, PANEL_WIDTH = 900, PANEL_HEIGHT = 600 };

/* What stands beside the meter; Tab goes on to the next. */
enum panel_view {
    PANEL_VIEW_READINGS,
    PANEL_VIEW_PHASORS,
    PANEL_VIEW_WAVES,
    PANEL_VIEWS
};

enum panel_key {
    PANEL_KEY_MINUS,
    PANEL_KEY_PLUS,
    PANEL_KEY_LEFT,  /* back */
    PANEL_KEY_RIGHT, /* select */
    PANEL_KEYS
};

/* A button goes down or up, by mouse or keyboard. */
typedef void (*panel_key)(void *user, enum panel_key key, bool down);

/* PageDown and PageUp: the next meter (by 1), the one before (by -1). */
typedef void (*panel_turn)(void *user, int by);

/* What the panel cannot know from the unit; the strip at the bottom. */
struct panel_status {
    int64_t sim_ns;
    double speed;      /* simulated seconds per second; 0: as fast as possible */
    int connections;   /* -1: there is no server */
    const char *title; /* of the unit, such as "meter 1 of 3"; NULL: nothing */
    bool several;      /* there are others to go to */
};

struct panel_options {
    int width, height; /* of the window; 0: PANEL_WIDTH, PANEL_HEIGHT */
    enum panel_view view;
    panel_key key;   /* NULL: buttons only move */
    panel_turn turn; /* NULL: there is one meter */
    void *key_user;
};

struct panel;

/* Opens a window that shows `unit`. NULL when there is no display, no font or no
 * memory; error[PANEL_ERROR_MOST] then tells why. */
struct panel *panel_open(const struct unit *unit, const struct panel_options *options,
                         char *error);
void panel_close(struct panel *p); /* NULL is allowed */

/* Another unit, or NULL before the one that is shown is freed. */
void panel_show(struct panel *p, const struct unit *unit);

/* To be called some 20 times a second: serves keys and mouse, and draws what has
 * changed since the last call. False when the user has closed the window. */
bool panel_poll(struct panel *p, const struct panel_status *status);

/* What the views are called where users name them. */
extern const char *const panel_view_names[PANEL_VIEWS];

/* Rectangles painted since panel_open. */
uint64_t panel_paints(const struct panel *p);

/* Writes the picture as it would be on a display, without one. False: see error. */
bool panel_screenshot(const struct unit *unit, const struct panel_status *status,
                      enum panel_view view, int width, int height, const char *path,
                      char *error);

/* The same in text: lines that end in '\n' and fit in 80 columns and 16 rows, for a
 * terminal that knows UTF-8, and with `colours` 256 of them. And all on one line. */
enum { PANEL_TEXT_MOST = 16384, PANEL_TEXT_ROWS = 16, PANEL_TEXT_COLUMNS = 80 };
void panel_text(char text[PANEL_TEXT_MOST], const struct unit *unit,
                const struct panel_status *status, bool colours);
void panel_text_line(char text[PANEL_TEXT_MOST], const struct unit *unit,
                     const struct panel_status *status);

/* The newest samples as the ADC gave them, channels Va Vb Vc Ia Ib Ic, oldest first:
 * whole blocks from the meter's own ring, so nothing is kept twice. Returns how many
 * per channel: PANEL_SAMPLES, or 0 without power and during the first blocks after it.
 * Under system type 11 the voltage of A is that of its element, A-B. */
enum { PANEL_SAMPLES = DEVICE_WAVE };
int panel_samples(const struct unit *unit, int32_t x[HAL_CHANNELS][PANEL_SAMPLES]);

#endif
