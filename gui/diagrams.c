/* The pane's diagrams: phasors, and waveforms as the ADC sees them. Of one phase,
 * voltage and current have one colour: the voltage is strong, the current pale. */
#include "gui/diagrams.h"
#include "gui/ink.h"
#include <math.h>

static const struct colour name_ink = { 0x9A, 0xA8, 0xB5, 255 };
static const struct colour value_ink = { 0xF4, 0xF7, 0xFA, 255 };
static const struct colour grid = { 0x34, 0x3E, 0x48, 255 };

static const float mid_x = 722, mid_y = 190, radius = 112;

enum { LEFT = 580, RIGHT = 864 };

static struct point polar(float length, float degrees)
{
    float angle = degrees * 3.14159265F / 180;

    return (struct point){ mid_x + length * cosf(angle), mid_y - length * sinf(angle) };
}

static void draw_circle(struct canvas *c)
{
    canvas_ring(c, mid_x, mid_y, radius, 1.2F, grid);
    canvas_ring(c, mid_x, mid_y, radius / 2, 0.8F, grid);
    for (int k = 0; k < 12; k++) {
        float in = k % 3 ? radius - 5 : 0;
        canvas_line(c, polar(in, 30 * (float)k), polar(radius, 30 * (float)k), 0.8F,
                    grid);
    }
}

/* An arrow from the middle. A voltage's name stands beyond its tip, a current's beside
 * it: so they stay apart where the two have one direction. */
static void draw_arrow(struct canvas *c, float length, float degrees, float width,
                       struct colour colour, const char *name)
{
    const float head = 5 + 2.2F * width;

    if (length < 1)
        return;
    struct point tip = polar(length, degrees);
    struct point neck = polar(length - head < 0 ? 0 : length - head, degrees);
    float across = degrees * 3.14159265F / 180;
    float dx = sinf(across) * head * 0.42F, dy = cosf(across) * head * 0.42F;
    canvas_line(c, (struct point){ mid_x, mid_y }, neck, width, colour);
    canvas_polygon(c,
                   (struct point[3]){ tip,
                                      { neck.x + dx, neck.y + dy },
                                      { neck.x - dx, neck.y - dy } },
                   3, colour);
    struct point at = polar(name[0] == 'V' ? length + 12 : length - 4, degrees);
    if (name[0] == 'I') {
        at.x -= sinf(across) * 14;
        at.y -= cosf(across) * 14;
    }
    canvas_text(c, at.x, at.y + 4, 11, FONT_BOLD, CANVAS_CENTRE, colour, name);
}

static void draw_phase(struct canvas *c, const struct frame_phasor *p, int k)
{
    const struct colour colour = ink_phase(k);
    const float y = 352 + 66 * (float)k;
    char name[2] = { (char)('A' + k), 0 };

    canvas_box(c, (struct box){ LEFT, y - 15, 3, 48 }, 1.5F, colour, colour);
    canvas_text(c, LEFT + 12, y, 14, FONT_BOLD, CANVAS_LEFT, colour, name);
    canvas_text(c, LEFT + 90, y, 13, FONT_BOLD, CANVAS_RIGHT, value_ink, p->v);
    canvas_text(c, LEFT + 148, y, 11, FONT_REGULAR, CANVAS_RIGHT, colour, p->v_degrees);
    canvas_text(c, LEFT + 224, y, 13, FONT_BOLD, CANVAS_RIGHT, value_ink, p->i);
    canvas_text(c, RIGHT, y, 11, FONT_REGULAR, CANVAS_RIGHT, ink_pale(colour),
                p->i_degrees);
    canvas_text(c, LEFT + 90, y + 22, 12, FONT_REGULAR, CANVAS_RIGHT, name_ink, p->p);
    canvas_text(c, LEFT + 192, y + 22, 12, FONT_REGULAR, CANVAS_RIGHT, name_ink, p->q);
    canvas_text(c, RIGHT - 54, y + 22, 12, FONT_REGULAR, CANVAS_RIGHT, name_ink,
                p->pf[0] ? "PF" : "");
    canvas_text(c, RIGHT, y + 22, 12, FONT_REGULAR, CANVAS_RIGHT, name_ink, p->pf);
}

void diagrams_draw_phasors(struct canvas *c, const struct frame *f)
{
    static const char *const v_names[3] = { "Va", "Vb", "Vc" };
    static const char *const i_names[3] = { "Ia", "Ib", "Ic" };

    draw_circle(c);
    canvas_text(c, LEFT, 78, 12, FONT_REGULAR, CANVAS_LEFT, name_ink, f->hz);
    for (int k = 0; k < 3; k++) {
        const struct frame_phasor *p = &f->phasor[k];
        draw_arrow(c, radius * (float)p->v_permil / 1000, (float)p->v_angle / 10, 3,
                   ink_phase(k), v_names[k]);
        draw_arrow(c, radius * 0.68F * (float)p->i_permil / 1000,
                   (float)p->i_angle / 10, 2, ink_pale(ink_phase(k)), i_names[k]);
        if (f->phases >> k & 1)
            draw_phase(c, p, k);
    }
    canvas_disc(c, mid_x, mid_y, 3, value_ink, value_ink);
}

enum { STRIP_TOP = 64, STRIP_HEIGHT = 140, STRIP_PITCH = 150 };

static void draw_trace(struct canvas *c, const int16_t *trace, float top, float width,
                       struct colour colour)
{
    const float half = STRIP_HEIGHT / 2.0F - 6;
    struct point p[FRAME_WAVE];

    for (int n = 0; n < FRAME_WAVE; n++)
        p[n] = (struct point){ LEFT + (RIGHT - LEFT) * (float)n / (FRAME_WAVE - 1),
                               top + STRIP_HEIGHT / 2.0F -
                                   half * (float)trace[n] / FRAME_WAVE_FULL };
    canvas_curve(c, p, FRAME_WAVE, width, colour);
}

/* Upright lines stand every 10 ms. */
static void draw_strip(struct canvas *c, float top)
{
    const float ms = (RIGHT - LEFT) / ((FRAME_WAVE - 1) * 1000.0F / HAL_SAMPLE_RATE);

    canvas_box(c, (struct box){ LEFT, top, RIGHT - LEFT, STRIP_HEIGHT }, 4,
               colour_rgb(0x12171C), colour_rgb(0x12171C));
    for (int k = 1; k <= 4; k++)
        canvas_box(c, (struct box){ LEFT + 10 * ms * (float)k, top, 1, STRIP_HEIGHT },
                   0, grid, grid);
    canvas_box(c, (struct box){ LEFT, top + STRIP_HEIGHT / 2.0F, RIGHT - LEFT, 1 }, 0,
               grid, grid);
}

void diagrams_draw_waves(struct canvas *c, const struct frame *f)
{
    for (int k = 0; k < 3; k++) {
        const float top = STRIP_TOP + STRIP_PITCH * (float)k;
        const struct colour colour = ink_phase(k);
        char v[3] = { 'V', (char)('a' + k), 0 }, i[3] = { 'I', (char)('a' + k), 0 };
        draw_strip(c, top);
        if (f->waves.count) {
            draw_trace(c, f->waves.trace[k], top, 2.2F, colour);
            draw_trace(c, f->waves.trace[3 + k], top, 1.5F, ink_pale(colour));
        }
        canvas_text(c, LEFT + 8, top + 16, 12, FONT_BOLD, CANVAS_LEFT, colour, v);
        canvas_text(c, LEFT + 32, top + 16, 12, FONT_BOLD, CANVAS_LEFT,
                    ink_pale(colour), i);
        if (f->waves.clipped[3 + k])
            canvas_text(c, RIGHT - 8, top + 16, 11, FONT_BOLD, CANVAS_RIGHT,
                        colour_rgb(0xFF7A66), "clipped");
    }
    canvas_text(c, LEFT, 528, 11, FONT_REGULAR, CANVAS_LEFT, name_ink, f->waves.v_rim);
    canvas_text(c, LEFT, 545, 11, FONT_REGULAR, CANVAS_LEFT, name_ink, f->waves.i_rim);
    canvas_text(c, RIGHT, 545, 11, FONT_REGULAR, CANVAS_RIGHT, name_ink,
                f->waves.count ? "a line every 10 ms" : "no samples");
}
