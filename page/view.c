/* The picture for a browser. See view.h. */
#include "page/view.h"
#include "core/keys.h"
#include "gui/face.h"
#include "gui/glass.h"
#include "gui/pane.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In units of the drawing; the strip at its bottom is a window's, the page has its own. */
static const struct box front = { 0, 0, 560, 566 };
static const struct box pane = { 552, 0, 348, 566 };

static const unsigned key_bits[PANEL_KEYS] = {
    [PANEL_KEY_MINUS] = METER_KEY_MINUS,
    [PANEL_KEY_PLUS] = METER_KEY_PLUS,
    [PANEL_KEY_LEFT] = METER_KEY_BACK,
    [PANEL_KEY_RIGHT] = METER_KEY_SELECT,
};

unsigned view_key(int key)
{
    return key_bits[key];
}

static void resize(struct view *v, int percent)
{
    const int width = PANEL_WIDTH * percent / 100,
              height = PANEL_HEIGHT * percent / 100;

    if (percent == v->scale_percent)
        return;
    if (!v->scene)
        v->scene = scene_new(width, height);
    else if (!scene_resize(v->scene, width, height))
        abort();
    v->rgba = realloc(v->rgba, (size_t)width * (size_t)height * 4);
    if (!v->scene || !v->rgba)
        abort();
    v->scale_percent = percent;
}

static void copy(struct view *v, struct area a)
{
    const struct picture *p = canvas_picture(v->scene->canvas);

    for (int y = a.y; y < a.y + a.h; y++)
        for (int x = a.x; x < a.x + a.w; x++) {
            uint32_t pixel = p->pixels[y * p->width + x];
            uint8_t *to = v->rgba + 4 * ((size_t)y * (size_t)p->width + (size_t)x);
            to[0] = (uint8_t)(pixel >> 16);
            to[1] = (uint8_t)(pixel >> 8);
            to[2] = (uint8_t)pixel;
            to[3] = 255;
        }
}

int view_repaint(struct view *v, unsigned keys, int scale_percent)
{
    resize(v, scale_percent);
    v->frame.pressed = 0;
    for (int key = 0; key < PANEL_KEYS; key++)
        if (keys & key_bits[key])
            v->frame.pressed |= (uint8_t)(1u << key);
    int count = scene_show(v->scene, &v->frame);
    for (int k = 0; k < count; k++)
        copy(v, v->scene->damage[k]);
    return count;
}

int view_paint(struct view *v, const struct session *s, enum panel_view view,
               unsigned keys, int scale_percent)
{
    const struct panel_status status = { .connections = -1 };

    frame_read(&v->frame, s->unit, &status, view);
    return view_repaint(v, keys, scale_percent);
}

static struct box box_of(int place)
{
    if (place >= VIEW_TABS)
        return pane_tab(place - VIEW_TABS);
    if (place >= VIEW_KEYS)
        return face_button(place - VIEW_KEYS);
    return place == VIEW_GLASS ? glass_window : place == VIEW_PANE ? pane : front;
}

/* The whole pixels inside a box. */
struct area view_place(const struct view *v, int place)
{
    const struct box b = box_of(place);
    const float scale = (float)v->scale_percent / 100;
    const int left = (int)ceilf(b.x * scale), top = (int)ceilf(b.y * scale);

    return (struct area){ left, top, (int)floorf((b.x + b.w) * scale) - left,
                          (int)floorf((b.y + b.h) * scale) - top };
}
