/* The scene: the picture of one frame, and what of it must be painted anew when the
 * next one differs. Each part of the frame has a box of its own. */
#pragma once

#include "gui/canvas.h"
#include "gui/frame.h"

enum { SCENE_DAMAGE_MAX = 64 };

struct scene {
    struct canvas *canvas;
    struct frame frame; /* the one that is painted */
    bool painted;
    struct area damage[SCENE_DAMAGE_MAX]; /* of the last scene_show, in pixels */
    uint64_t paints;
};

struct scene *scene_new(int width, int height); /* NULL without memory */
void scene_free(struct scene *s);

/* False without memory; everything is painted anew next time. */
bool scene_resize(struct scene *s, int width, int height);

/* Paints what differs from the frame before; the number of rectangles in s->damage. */
int scene_show(struct scene *s, const struct frame *f);

/* What lies at a pixel: a button (enum panel_key) or -1; a tab (enum panel_view) or -1.
 */
int scene_key_at(const struct scene *s, float x, float y);
int scene_view_at(const struct scene *s, float x, float y);
