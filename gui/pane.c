/* The pane beside the meter: tabs, and the view of readings and alerts. */
#include "gui/pane.h"
#include "gui/diagrams.h"

const struct box pane_box = { 560, 14, 324, 540 };

static const struct colour name_ink = { 0x9A, 0xA8, 0xB5, 255 };
static const struct colour value_ink = { 0xF4, 0xF7, 0xFA, 255 };
static const struct colour rule = { 0x36, 0x40, 0x4A, 255 };

enum {
    LEFT = 580,
    RIGHT = 864,
    ROWS_TOP = 62,
    ROW_HEIGHT = 27,
    ALERTS_TOP = 366,
    ALERT_HEIGHT = 17
};

struct box pane_tab(int view)
{
    return (struct box){ pane_box.x + 108 * (float)view, pane_box.y, 108, 40 };
}

struct box pane_row(int row)
{
    return (struct box){ LEFT, ROWS_TOP + ROW_HEIGHT * (float)row, RIGHT - LEFT,
                         ROW_HEIGHT };
}

static void draw_rule(struct canvas *c, float y)
{
    canvas_box(c, (struct box){ LEFT, y, RIGHT - LEFT, 1 }, 0, rule, rule);
}

static void draw_tabs(struct canvas *c, enum panel_view view)
{
    static const char *const names[PANEL_VIEWS] = { "Readings", "Phasors", "Waves" };

    for (int k = 0; k < PANEL_VIEWS; k++) {
        struct box b = pane_tab(k);
        bool on = k == (int)view;
        canvas_text(c, b.x + b.w / 2, b.y + 26, 13.5F, on ? FONT_BOLD : FONT_REGULAR,
                    CANVAS_CENTRE, on ? value_ink : name_ink, names[k]);
        if (on)
            canvas_box(c, (struct box){ b.x + 16, b.y + b.h - 3, b.w - 32, 3 }, 1.5F,
                       colour_rgb(0x4C9BFF), colour_rgb(0x4C9BFF));
    }
    canvas_box(c, (struct box){ pane_box.x, pane_box.y + 40, pane_box.w, 1 }, 0, rule,
               rule);
}

static void draw_row(struct canvas *c, const struct frame_reading *r, int k)
{
    struct box b = pane_row(k);

    canvas_text(c, b.x, b.y + 18, 13, FONT_REGULAR, CANVAS_LEFT, name_ink, r->name);
    canvas_text(c, b.x + b.w - 48, b.y + 18.5F, 15, FONT_BOLD, CANVAS_RIGHT, value_ink,
                r->value);
    canvas_text(c, b.x + b.w - 40, b.y + 18.5F, 13, FONT_REGULAR, CANVAS_LEFT, name_ink,
                r->unit);
}

static void draw_alerts(struct canvas *c, const struct frame *f)
{
    const struct colour good = colour_rgb(0x59D88A), bad = colour_rgb(0xFF7A66);

    canvas_text(c, LEFT, ALERTS_TOP, 12, FONT_BOLD, CANVAS_LEFT, name_ink, "Alerts");
    if (f->alerts == 0) {
        struct colour ink = f->powered ? good : name_ink;
        canvas_disc(c, LEFT + 5, ALERTS_TOP + 17.5F, 4, ink, ink);
        canvas_text(c, LEFT + 18, ALERTS_TOP + 22, 13, FONT_REGULAR, CANVAS_LEFT,
                    value_ink, f->powered ? "none" : "no control power");
    }
    for (int k = 0; k < f->alerts; k++) {
        float y = ALERTS_TOP + 22 + ALERT_HEIGHT * (float)k;
        canvas_disc(c, LEFT + 5, y - 4.5F, 4, bad, bad);
        canvas_text(c, LEFT + 18, y, 13, FONT_REGULAR, CANVAS_LEFT, value_ink,
                    f->alert[k]);
    }
}

static void draw_readings(struct canvas *c, const struct frame *f)
{
    for (int k = 0; k < f->rows; k++)
        draw_row(c, &f->row[k], k);
    draw_rule(c, 341);
    draw_alerts(c, f);
    draw_rule(c, 515);
    for (int k = 0; k < 4; k++)
        canvas_text(c, k % 2 ? LEFT + 150 : LEFT, k < 2 ? 530 : 546, 11.5F,
                    FONT_REGULAR, CANVAS_LEFT, name_ink, f->setup[k]);
}

void pane_draw(struct canvas *c, const struct frame *f)
{
    struct box rim = { pane_box.x - 1, pane_box.y - 1, pane_box.w + 2, pane_box.h + 2 };

    canvas_box(c, rim, 11, colour_rgb(0x3A444E), colour_rgb(0x2C343C));
    canvas_box(c, pane_box, 10, colour_rgb(0x1E252C), colour_rgb(0x191F25));
    draw_tabs(c, f->view);
    switch (f->view) {
    case PANEL_VIEW_READINGS:
        draw_readings(c, f);
        break;
    case PANEL_VIEW_PHASORS:
        diagrams_draw_phasors(c, f);
        break;
    case PANEL_VIEW_WAVES:
        diagrams_draw_waves(c, f);
        break;
    case PANEL_VIEWS:
        break;
    }
}
