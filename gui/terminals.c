/* The terminals: control power, voltages and RS-485 above, CTs and contacts below, with
 * what the meter reads there. */
#include "gui/terminals.h"
#include "gui/ink.h"

static const struct colour name_ink = { 0xB9, 0xC2, 0xCB, 255 };
static const struct colour value_ink = { 0xF4, 0xF7, 0xFA, 255 };

static const float control_x[3] = { 64, 98, 132 }, volt_x[4] = { 190, 258, 326, 382 };
static const float bus_x[3] = { 438, 472, 506 };
static const float ct_x[3] = { 82, 164, 246 }, contact_x[2] = { 352, 466 };

enum { UPPER_Y = 50, LOWER_Y = 520 };

struct box terminal_volt_box(int phase)
{
    return (struct box){ volt_x[phase] - 34, 70, 68, 39 };
}

struct box terminal_amp_box(int phase)
{
    return (struct box){ ct_x[phase] - 40, 476, 80, 21 };
}

struct box terminal_contact_box(int contact)
{
    return (struct box){ contact_x[contact] - 48, 474, 96, 60 };
}

/* A screw in its well, with the slot at an angle of its own. */
static void draw_screw(struct canvas *c, float x, float y, float slope)
{
    canvas_box(c, (struct box){ x - 16, y - 17, 32, 34 }, 4, colour_rgb(0x1B1F23),
               colour_rgb(0x2A2F35));
    canvas_disc(c, x, y, 11.5F, colour_rgb(0xD9DDE1), colour_rgb(0x8C949C));
    canvas_disc(c, x, y, 9.8F, colour_rgb(0xC3C9CF), colour_rgb(0xA2AAB2));
    canvas_line(c, (struct point){ x - 8.6F, y - slope },
                (struct point){ x + 8.6F, y + slope }, 2.6F, colour_rgb(0x4D545B));
}

static void draw_wire(struct canvas *c, float x, float from, float to,
                      struct colour colour)
{
    canvas_box(c, (struct box){ x - 4, from, 8, to - from }, 0, colour, colour);
    canvas_box(c, (struct box){ x - 2.4F, from, 1.8F, to - from }, 0,
               colour_rgba(0xFFFFFF, 70), colour_rgba(0xFFFFFF, 70));
}

static void draw_block(struct canvas *c, struct box b)
{
    canvas_box(c, b, 6, colour_rgb(0x3D444B), colour_rgb(0x31373D));
}

static void draw_volts(struct canvas *c, const struct frame *f)
{
    for (int k = 0; k < 4; k++) {
        struct colour colour = k < 3 ? ink_phase(k) : colour_rgb(0xE8EAEC);
        if (f->wires >> k & 1)
            draw_wire(c, volt_x[k], -2000, UPPER_Y - 10, colour);
        draw_screw(c, volt_x[k], UPPER_Y, k % 2 ? 3.4F : -2.2F);
        if (k == 3)
            break;
        canvas_text(c, volt_x[k], 85, 11.5F, FONT_BOLD, CANVAS_CENTRE, colour,
                    f->volt_name[k]);
        canvas_text(c, volt_x[k], 103, 14, FONT_REGULAR, CANVAS_CENTRE, value_ink,
                    f->volt[k]);
    }
    canvas_text(c, volt_x[3], 85, 11.5F, FONT_BOLD, CANVAS_CENTRE, name_ink, "N");
}

/* Three terminals that show no reading. */
static void draw_three(struct canvas *c, const float x[3], const char *const names[3],
                       const char *title)
{
    for (int k = 0; k < 3; k++) {
        draw_screw(c, x[k], UPPER_Y, k % 2 ? -3.0F : 2.4F);
        canvas_text(c, x[k], 85, 11.5F, FONT_BOLD, CANVAS_CENTRE, name_ink, names[k]);
    }
    canvas_text(c, x[1], 103, 11, FONT_REGULAR, CANVAS_CENTRE, name_ink, title);
}

static void draw_cts(struct canvas *c, const struct frame *f)
{
    for (int k = 0; k < 3; k++) {
        struct colour colour = ink_phase(k);
        char name[8] = "CT A";
        name[3] = (char)('A' + k);
        if (f->phases >> k & 1) {
            draw_wire(c, ct_x[k] - 18, LOWER_Y, 566, colour);
            draw_wire(c, ct_x[k] + 18, LOWER_Y, 566, colour_rgb(0xE8EAEC));
        }
        draw_screw(c, ct_x[k] - 18, LOWER_Y, k % 2 ? 3.2F : -3.0F);
        draw_screw(c, ct_x[k] + 18, LOWER_Y, k % 2 ? -2.0F : 2.8F);
        canvas_text(c, ct_x[k], 473, 11.5F, FONT_BOLD, CANVAS_CENTRE, colour, name);
        canvas_text(c, ct_x[k], 491, 14, FONT_REGULAR, CANVAS_CENTRE, value_ink,
                    f->amp[k]);
    }
}

/* Two screws and, between them, the sign of a contact with its lever down or up. */
static void draw_contact(struct canvas *c, float x, bool closed, const char *name)
{
    const struct colour ink = colour_rgb(closed ? 0xFFD166 : 0x8FA0AF);
    const float y = 492;

    draw_screw(c, x - 34, LOWER_Y, 2.6F);
    draw_screw(c, x + 34, LOWER_Y, -3.2F);
    canvas_text(c, x, 473, 11.5F, FONT_BOLD, CANVAS_CENTRE, name_ink, name);
    canvas_line(c, (struct point){ x - 34, y }, (struct point){ x - 12, y }, 2.2F, ink);
    canvas_line(c, (struct point){ x + 12, y }, (struct point){ x + 34, y }, 2.2F, ink);
    canvas_line(c, (struct point){ x - 12, y },
                (struct point){ x + 13, closed ? y : y - 11 }, 2.2F, ink);
    canvas_disc(c, x - 12, y, 2.8F, ink, ink);
    canvas_disc(c, x + 12, y, 2.8F, ink, ink);
    canvas_text(c, x, 524, 9.5F, FONT_REGULAR, CANVAS_CENTRE, ink,
                closed ? "closed" : "open");
}

void terminals_draw(struct canvas *c, const struct frame *f)
{
    draw_block(c, (struct box){ 42, 20, 492, 92 });
    draw_block(c, (struct box){ 42, 456, 492, 92 });
    draw_three(c, control_x, (const char *const[3]){ "1", "2", "G" }, "Control");
    draw_volts(c, f);
    draw_three(c, bus_x, (const char *const[3]){ "+", "−", "S" }, "RS-485");
    draw_cts(c, f);
    draw_contact(c, contact_x[0], f->energy_closed, "Energy");
    draw_contact(c, contact_x[1], f->alarm_closed, "Alarm");
}
