/* The front of the meter: housing, glass, lamps, buttons. */
#include "gui/face.h"
#include "gui/glass.h"

static const struct box meter = { 36, 14, 504, 540 };
static const struct box front = { 36, 112, 504, 340 };
const struct box face_lamps[2] = { { 72, 372, 48, 37 }, { 72, 409, 48, 37 } };

static const struct colour print = { 0x39, 0x40, 0x47, 255 };

struct box face_button(int key)
{
    return (struct box){ 222 + 70 * (float)key, 384, 60, 48 };
}

static struct box grown(struct box b, float by)
{
    return (struct box){ b.x - by, b.y - by, b.w + 2 * by, b.h + 2 * by };
}

static void draw_rail(struct canvas *c)
{
    canvas_box(c, (struct box){ -2000, 240, 5000, 92 }, 0, colour_rgb(0x7F8891),
               colour_rgb(0x5C646C));
    canvas_box(c, (struct box){ -2000, 240, 5000, 14 }, 0, colour_rgb(0xB4BCC4),
               colour_rgb(0x969FA8));
    canvas_box(c, (struct box){ -2000, 318, 5000, 14 }, 0, colour_rgb(0x8E979F),
               colour_rgb(0x6C757D));
    canvas_box(c, (struct box){ -2000, 254, 5000, 2 }, 0, colour_rgb(0x4A5158),
               colour_rgb(0x5C646C));
    canvas_box(c, (struct box){ -2000, 316, 5000, 2 }, 0, colour_rgb(0x50575E),
               colour_rgb(0x454C53));
}

static void draw_housing(struct canvas *c)
{
    for (int k = 8; k >= 1; k--) {
        struct box shadow = grown(meter, (float)k * 1.6F);
        shadow.y += 4;
        canvas_rim(c, shadow, 10 + (float)k, grown(meter, -10), colour_rgba(0, 14));
    }
    canvas_box(c, meter, 8, colour_rgb(0x4A5159), colour_rgb(0x33393F));
    canvas_box(c, front, 0, colour_rgb(0xECEAE5), colour_rgb(0xD5D2CB));
    canvas_box(c, (struct box){ front.x, front.y, front.w, 2 }, 0, colour_rgb(0xFBFAF8),
               colour_rgb(0xF4F2EE));
    canvas_box(c, (struct box){ front.x, front.y + front.h - 2, front.w, 2 }, 0,
               colour_rgb(0xB9B6AF), colour_rgb(0xA5A29B));
}

static void draw_print(struct canvas *c, const struct frame *f)
{
    canvas_text(c, 74, 154, 26, FONT_BOLD, CANVAS_LEFT, print, f->model);
    canvas_text(c, 502, 143, 12, FONT_BOLD, CANVAS_RIGHT, print, "Power meter");
    canvas_text(c, 502, 160, 11, FONT_REGULAR, CANVAS_RIGHT, colour_rgb(0x5F666D),
                f->serial);
}

static void draw_bezel(struct canvas *c)
{
    canvas_box(c, (struct box){ 71, 179, 434, 185 }, 9, colour_rgb(0xA9A69F),
               colour_rgb(0xFBFAF8));
    canvas_box(c, (struct box){ 72, 180, 432, 182 }, 8, colour_rgb(0x16191D),
               colour_rgb(0x262B30));
}

static void draw_lamp(struct canvas *c, int lamp, bool lit, unsigned on, unsigned core,
                      unsigned off, const char *name)
{
    const float x = 96, y = face_lamps[lamp].y + 18.5F;

    if (lit)
        canvas_glow(c, x, y, 18, colour_rgba(on, 170));
    canvas_disc(c, x, y, 9, colour_rgb(0x8B8984), colour_rgb(0xF6F5F2));
    canvas_disc(c, x, y, 7.6F, colour_rgb(0x23272B), colour_rgb(0x3A4046));
    canvas_disc(c, x, y, 6.4F, colour_rgb(lit ? on : off), colour_rgb(lit ? on : off));
    if (lit)
        canvas_glow(c, x, y, 6.4F, colour_rgba(core, 255));
    canvas_disc(c, x - 1.8F, y - 2.2F, 1.7F, colour_rgba(0xFFFFFF, lit ? 210 : 70),
                colour_rgba(0xFFFFFF, lit ? 120 : 20));
    canvas_text(c, 122, y + 4.2F, 12, FONT_REGULAR, CANVAS_LEFT, print, name);
}

static void draw_cap(struct canvas *c, struct box b, bool down)
{
    canvas_box(c, grown(b, 1.2F), 9.2F, colour_rgb(0xA3A09A), colour_rgb(0xFCFBF9));
    canvas_box(c, b, 8, colour_rgb(0x22262A), colour_rgb(0x22262A));
    b.y += down ? 1.5F : 0;
    b.h -= down ? 1.5F : 3.5F;
    canvas_box(c, b, 8, colour_rgb(down ? 0x373D43 : 0x59616A),
               colour_rgb(down ? 0x444B52 : 0x434A51));
}

/* The sign of a button: minus, plus, and arrows to both sides. */
static void draw_sign(struct canvas *c, int key, float x, float y)
{
    const struct colour ink = colour_rgb(0xF2F4F6);
    const float way = key == PANEL_KEY_LEFT ? -1 : 1;

    if (key == PANEL_KEY_MINUS || key == PANEL_KEY_PLUS) {
        canvas_box(c, (struct box){ x - 9, y - 1.7F, 18, 3.4F }, 0, ink, ink);
        if (key == PANEL_KEY_PLUS)
            canvas_box(c, (struct box){ x - 1.7F, y - 9, 3.4F, 18 }, 0, ink, ink);
        return;
    }
    canvas_polygon(c,
                   (struct point[3]){ { x - 6 * way, y - 9 },
                                      { x + 8 * way, y },
                                      { x - 6 * way, y + 9 } },
                   3, ink);
}

static void draw_buttons(struct canvas *c, uint8_t pressed)
{
    for (int key = 0; key < PANEL_KEYS; key++) {
        struct box b = face_button(key);
        bool down = pressed >> key & 1;
        draw_cap(c, b, down);
        draw_sign(c, key, b.x + b.w / 2, b.y + b.h / 2 - (down ? 0 : 1.75F));
    }
}

void face_draw(struct canvas *c, const struct frame *f)
{
    draw_rail(c);
    draw_housing(c);
    draw_print(c, f);
    draw_bezel(c);
    glass_draw(c, f->lcd, f->backlight);
    draw_lamp(c, 0, f->led_red, 0xFF2A1C, 0xFFB3A4, 0x5A1713, "Alarm");
    draw_lamp(c, 1, f->led_green, 0x1FD655, 0xD2FFDE, 0x124A24, "Energy");
    draw_buttons(c, f->pressed);
}
