/* The terminal of metersim serve --panel=text: the panel redrawn in place on a screen
 * of its own, and keys without Enter. However the process ends, but for SIGKILL, the
 * terminal is what it was before; Ctrl-Z gives it back, too, for as long as the process
 * is stopped. Where standard output is no terminal, each change is one line. */
#pragma once

#include "gui/panel_text.h"

/* The buttons come first, as in enum panel_key. */
enum serve_text_key {
    SERVE_TEXT_NEXT = PANEL_KEYS,
    SERVE_TEXT_BEFORE,
    SERVE_TEXT_QUIT,
    SERVE_TEXT_NOTHING
};

struct serve_text;

/* several: there are meters to choose from. */
struct serve_text *serve_text_open(bool several,
                                   void (*key)(void *user, enum serve_text_key key),
                                   void *user);
void serve_text_close(struct serve_text *t); /* NULL is allowed */

/* Draws what has changed since the last call. */
void serve_text_show(struct serve_text *t, const struct unit *unit,
                     const struct panel_status *status);

/* Does it draw in place, on a terminal? */
bool serve_text_in_place(const struct serve_text *t);
