/* The scene. See scene.h. The whole drawing is one function of the frame; the canvas
 * drops what lies outside the boxes of the parts that differ. */
#include "gui/scene.h"
#include "gui/glass.h"
#include <stddef.h>
#include <stdio.h>
#include <string.h>

const SDL_FRect scene_strip = { 0, 566, 900, 34 };

SDL_Color scene_phase_colour(int phase)
{
    static const unsigned colours[3] = { 0xF5B83D, 0xEF6A85, 0x55B4FF };

    return canvas_rgb(colours[phase]);
}

struct scene *scene_new(int width, int height, char *error)
{
    struct scene *s = SDL_calloc(1, sizeof *s);

    if (!s) {
        snprintf(error, PANEL_ERROR_MOST, "no memory");
        return NULL;
    }
    s->canvas = canvas_new(error, PANEL_ERROR_MOST);
    if (!s->canvas) {
        SDL_free(s);
        return NULL;
    }
    if (!scene_resize(s, width, height)) {
        snprintf(error, PANEL_ERROR_MOST, "no picture of %d x %d: %s", width, height,
                 SDL_GetError());
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
    SDL_free(s);
}

bool scene_resize(struct scene *s, int width, int height)
{
    s->painted = false;
    return canvas_resize(s->canvas, width, height, PANEL_WIDTH, PANEL_HEIGHT);
}

static void draw_strip(struct canvas *c, const struct frame *f)
{
    const SDL_Color quiet = canvas_rgb(0x8796A4), loud = canvas_rgb(0xE6EBF0);
    const float y = scene_strip.y + 22;

    canvas_box(c, (SDL_FRect){ -2000, scene_strip.y, 5000, 2034 }, 0,
               canvas_rgb(0x0E1215), canvas_rgb(0x0E1215));
    canvas_text(c, 36, y, 14, CANVAS_MONO, CANVAS_LEFT, loud, f->time);
    canvas_text(c, 128, y, 12, CANVAS_REGULAR, CANVAS_LEFT, quiet, f->speed);
    canvas_text(c, 256, y, 12, CANVAS_REGULAR, CANVAS_LEFT, quiet, f->connections);
    canvas_text(c, 384, y, 12, CANVAS_REGULAR, CANVAS_LEFT, quiet, f->title);
    canvas_text(c, 884, y, 12, CANVAS_REGULAR, CANVAS_RIGHT, quiet,
                f->several ? "PgUp PgDn: meter     Tab: view     −  +  ←  →: buttons"
                           : "Tab: view     −  +  ←  →: buttons");
}

/* The background reaches beyond the drawing: a window may have other proportions. */
static void draw(struct canvas *c, const void *user)
{
    const struct frame *f = user;

    canvas_box(c, (SDL_FRect){ -2000, -2000, 5000, 5000 }, 0, canvas_rgb(0x20272D),
               canvas_rgb(0x20272D));
    canvas_box(c, (SDL_FRect){ -2000, 0, 5000, 566 }, 0, canvas_rgb(0x20272D),
               canvas_rgb(0x151A1E));
    face_draw(c, f);
    terminals_draw(c, f);
    pane_draw(c, f);
    draw_strip(c, f);
}

/* Fields of the frame that are drawn in one box. */
struct part {
    size_t offset, size;
    SDL_FRect box;
};

#define FIELD(field) offsetof(struct frame, field), sizeof((struct frame *)0)->field
#define FIELDS(first, end)                                                             \
    offsetof(struct frame, first),                                                     \
        offsetof(struct frame, end) - offsetof(struct frame, first)

static void add(struct scene *s, int *count, const struct frame *f,
                const SDL_FRect *box)
{
    SDL_Rect r = canvas_paint(s->canvas, box, draw, f);

    s->paints++;
    if (*count < SCENE_DAMAGE_MOST)
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
    SDL_FRect box;

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
        if (memcmp(f->volt_name[k], s->frame.volt_name[k], FRAME_TEXT) != 0 ||
            memcmp(f->volt[k], s->frame.volt[k], FRAME_TEXT) != 0) {
            box = terminal_volt_box(k);
            add(s, count, f, &box);
        }
        compare(s, count, f, (struct part){ FIELD(amp[k]), terminal_amp_box(k) });
    }
    for (int key = 0; key < PANEL_KEYS; key++)
        if ((f->pressed ^ s->frame.pressed) >> key & 1) {
            box = face_button(key);
            box = (SDL_FRect){ box.x - 2, box.y - 2, box.w + 4, box.h + 4 };
            add(s, count, f, &box);
        }
}

/* The rows of readings one by one, everything else in the pane at once. */
static void compare_pane(struct scene *s, int *count, const struct frame *f)
{
    struct frame before = s->frame;
    struct part rest = { FIELDS(rows, time), scene_pane };

    if (f->view != before.view || f->powered != before.powered ||
        memcmp((char *)&before + rest.offset, (const char *)f + rest.offset,
               rest.size)) {
        add(s, count, f, &scene_pane);
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
    } else if (memcmp(f, &s->frame, sizeof *f) != 0) {
        compare_front(s, &count, f);
        compare_pane(s, &count, f);
        compare(s, &count, f, (struct part){ FIELDS(time, strip_end), scene_strip });
    }
    s->painted = true;
    s->frame = *f;
    return count;
}

static bool in_box(SDL_FPoint p, SDL_FRect b)
{
    return p.x >= b.x && p.x < b.x + b.w && p.y >= b.y && p.y < b.y + b.h;
}

int scene_key_at(const struct scene *s, float x, float y)
{
    SDL_FPoint p = canvas_unit(s->canvas, x, y);

    for (int key = 0; key < PANEL_KEYS; key++)
        if (in_box(p, face_button(key)))
            return key;
    return -1;
}

int scene_view_at(const struct scene *s, float x, float y)
{
    SDL_FPoint p = canvas_unit(s->canvas, x, y);

    for (int view = 0; view < PANEL_VIEWS; view++)
        if (in_box(p, pane_tab(view)))
            return view;
    return -1;
}
