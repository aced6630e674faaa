/* The scene. See scene.h. The whole drawing is one function of the frame; the canvas
 * drops what lies outside the boxes of the parts that differ. */
#include "gui/scene.h"
#include "gui/face.h"
#include "gui/glass.h"
#include "gui/pane.h"
#include "gui/terminals.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct box strip = { 0, 566, 900, 34 };

struct scene *scene_new(int width, int height)
{
    struct scene *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->canvas = canvas_new();
    if (!s->canvas || !scene_resize(s, width, height)) {
        scene_free(s);
        return NULL;
    }
    return s;
}

void scene_free(struct scene *s)
{
    if (!s)
        return;
    canvas_free(s->canvas);
    free(s);
}

bool scene_resize(struct scene *s, int width, int height)
{
    s->painted = false;
    return canvas_resize(s->canvas, width, height, PANEL_WIDTH, PANEL_HEIGHT);
}

static void draw_strip(struct canvas *c, const struct frame *f)
{
    const struct colour quiet = colour_rgb(0x8796A4), loud = colour_rgb(0xE6EBF0);
    const float y = strip.y + 22;

    canvas_box(c, (struct box){ -2000, strip.y, 5000, 2034 }, 0, colour_rgb(0x0E1215),
               colour_rgb(0x0E1215));
    canvas_text(c, 36, y, 14, FONT_MONO, CANVAS_LEFT, loud, f->time);
    canvas_text(c, 128, y, 12, FONT_REGULAR, CANVAS_LEFT, quiet, f->speed);
    canvas_text(c, 256, y, 12, FONT_REGULAR, CANVAS_LEFT, quiet, f->connections);
    canvas_text(c, 384, y, 12, FONT_REGULAR, CANVAS_LEFT, quiet, f->title);
    canvas_text(c, 884, y, 12, FONT_REGULAR, CANVAS_RIGHT, quiet,
                f->several ? "PgUp PgDn: meter     Tab: view     −  +  ←  →: buttons"
                           : "Tab: view     −  +  ←  →: buttons");
}

/* The background reaches beyond the drawing: a window may have other proportions. */
static void draw(struct canvas *c, const void *user)
{
    const struct frame *f = user;

    canvas_box(c, (struct box){ -2000, -2000, 5000, 5000 }, 0, colour_rgb(0x20272D),
               colour_rgb(0x20272D));
    canvas_box(c, (struct box){ -2000, 0, 5000, 566 }, 0, colour_rgb(0x20272D),
               colour_rgb(0x151A1E));
    face_draw(c, f);
    terminals_draw(c, f);
    pane_draw(c, f);
    draw_strip(c, f);
}

/* Fields of the frame that are drawn in one box. */
struct part {
    size_t offset, size;
    struct box box;
};

#define FIELD(field) offsetof(struct frame, field), sizeof((struct frame *)0)->field
#define FIELDS(first, end)                                                             \
    offsetof(struct frame, first),                                                     \
        offsetof(struct frame, end) - offsetof(struct frame, first)

static void add(struct scene *s, int *count, const struct frame *f,
                const struct box *box)
{
    struct area r = canvas_paint(s->canvas, box, draw, f);

    s->paints++;
    if (*count < SCENE_DAMAGE_MAX)
        s->damage[(*count)++] = r;
}

static void compare(struct scene *s, int *count, const struct frame *f,
                    struct part part)
{
    const char *a = (const char *)&s->frame, *b = (const char *)f;

    if (memcmp(a + part.offset, b + part.offset, part.size) != 0)
        add(s, count, f, &part.box);
}

static void compare_front(struct scene *s, int *count, const struct frame *f)
{
    struct box box;

    if (f->backlight != s->frame.backlight)
        add(s, count, f, &glass_window);
    else if (glass_damage(s->frame.lcd, f->lcd, &box))
        add(s, count, f, &box);
    compare(s, count, f, (struct part){ FIELD(led_red), face_lamps[0] });
    compare(s, count, f, (struct part){ FIELD(led_green), face_lamps[1] });
    compare(s, count, f,
            (struct part){ FIELD(energy_closed), terminal_contact_box(0) });
    compare(s, count, f, (struct part){ FIELD(alarm_closed), terminal_contact_box(1) });
    for (int k = 0; k < 3; k++) {
        if (memcmp(f->volt_name[k], s->frame.volt_name[k], FORMAT_TEXT) != 0 ||
            memcmp(f->volt[k], s->frame.volt[k], FORMAT_TEXT) != 0) {
            box = terminal_volt_box(k);
            add(s, count, f, &box);
        }
        compare(s, count, f, (struct part){ FIELD(amp[k]), terminal_amp_box(k) });
    }
    for (int key = 0; key < PANEL_KEYS; key++)
        if ((f->pressed ^ s->frame.pressed) >> key & 1) {
            box = face_button(key);
            box = (struct box){ box.x - 2, box.y - 2, box.w + 4, box.h + 4 };
            add(s, count, f, &box);
        }
}

/* The rows of readings one by one, everything else in the pane at once. */
static void compare_pane(struct scene *s, int *count, const struct frame *f)
{
    struct frame before = s->frame;
    struct part rest = { FIELDS(rows, time), pane_box };

    if (f->view != before.view || f->powered != before.powered ||
        memcmp((char *)&before + rest.offset, (const char *)f + rest.offset,
               rest.size)) {
        add(s, count, f, &pane_box);
        return;
    }
    for (int k = 0; k < f->rows; k++)
        compare(s, count, f, (struct part){ FIELD(row[k]), pane_row(k) });
}

int scene_show(struct scene *s, const struct frame *f)
{
    int count = 0;

    if (!s->painted || f->wires != s->frame.wires || f->phases != s->frame.phases ||
        memcmp(f->model, s->frame.model, sizeof f->model) != 0 ||
        memcmp(f->serial, s->frame.serial, sizeof f->serial) != 0) {
        add(s, &count, f, NULL);
        /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): frames begin as zeros */
    } else if (memcmp(f, &s->frame, sizeof *f) != 0) {
        compare_front(s, &count, f);
        compare_pane(s, &count, f);
        compare(s, &count, f, (struct part){ FIELDS(time, strip_end), strip });
    }
    s->painted = true;
    s->frame = *f;
    return count;
}

int scene_key_at(const struct scene *s, float x, float y)
{
    struct point p = canvas_unit(s->canvas, x, y);

    for (int key = 0; key < PANEL_KEYS; key++)
        if (box_contains(face_button(key), p))
            return key;
    return -1;
}

int scene_view_at(const struct scene *s, float x, float y)
{
    struct point p = canvas_unit(s->canvas, x, y);

    for (int view = 0; view < PANEL_VIEWS; view++)
        if (box_contains(pane_tab(view), p))
            return view;
    return -1;
}
