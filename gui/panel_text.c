/* The panel in text, for a terminal: see panel_text.h. The glass is drawn segment by segment
 * from the LCD controller's memory, by the map that the window draws by, too; so a
 * wrong map looks wrong here as well. Below it stands what a person reads there. */
#include "gui/panel_text.h"
#include "gui/frame.h"
#include "hal_sim/glass_text.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Sizes of the drawing in characters. */
enum { CELL = 9, ICONS = 8, TOP_ROWS = 7, BOTTOM_ROWS = 5 };

/* A cell, each segment by its letter: those of glass_letters, in the order of bits. */
static const char *const top_cell[TOP_ROWS] = {
    " aaaaa ",  /* */
    "fh j kb",  /* */
    "f hjk b",  /* */
    " oo pp ",  /* */
    "e lmn c",  /* */
    "el m nc",  /* */
    " ddddd .", /* */
};

static const char *const bottom_cell[BOTTOM_ROWS] = {
    " aaaaa ",  /* */
    "f     b",  /* */
    " ggggg ",  /* */
    "e     c",  /* */
    " ddddd .", /* */
};

static const char *const glass_letters[GLASS_KINDS] = {
    [GLASS_TOP] = "abcdefophjklmn.",
    [GLASS_BOTTOM] = "abcdefg.",
};

/* The icons stand in rows of their own, by their labels. */
static const int icon_row[4] = { 0, 3, 8, 10 };

enum ink { PLAIN, LIT, UNLIT, STRONG, QUIET, RED, GREEN, INK_A, INK_B, INK_C };

struct page {
    char *at, *end;
    bool colours, backlight;
    enum ink ink;
    bool lit[GLASS_KINDS][GLASS_COLUMNS][16];
};

static void put(struct page *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(struct page *p, const char *format, ...)
{
    const size_t room = (size_t)(p->end - p->at);
    va_list arguments;

    va_start(arguments, format);
    int n = vsnprintf(p->at, room, format, arguments);
    va_end(arguments);
    p->at += n < (int)room ? n : (int)room - 1;
}

/* Colours of the 256 that terminals have; white on blue is the backlit glass. */
static void dye(struct page *p, enum ink ink)
{
    static const char *const codes[] = {
        [PLAIN] = "0",
        [LIT] = "0;1;38;5;231;48;5;25",
        [UNLIT] = "0;38;5;26;48;5;25",
        [STRONG] = "0;1",
        [QUIET] = "0;38;5;245",
        [RED] = "0;1;38;5;203",
        [GREEN] = "0;1;38;5;84",
        [INK_A] = "0;38;5;215",
        [INK_B] = "0;38;5;204",
        [INK_C] = "0;38;5;75",
    };
    static const char *const dark[] = {
        [LIT] = "0;1;38;5;254;48;5;236", [UNLIT] = "0;38;5;238;48;5;236"
    };
    bool glass = ink == LIT || ink == UNLIT;

    if (!p->colours || ink == p->ink)
        return;
    p->ink = ink;
    put(p, "\033[%sm", glass && !p->backlight ? dark[ink] : codes[ink]);
}

static void put_ink(struct page *p, enum ink ink, const char *text)
{
    dye(p, ink);
    put(p, "%s", text);
}

/* Padded to so many characters of the terminal, which are not bytes. */
static void put_wide(struct page *p, enum ink ink, const char *text, int width)
{
    int characters = 0;

    for (const char *c = text; *c; c++)
        characters += (*c & 0xC0) != 0x80;
    put_ink(p, ink, text);
    put(p, "%*s", width > characters ? width - characters : 0, "");
}

static const char *stroke(char letter)
{
    return strchr("adgop", letter)    ? "━"
           : strchr("bcefjm", letter) ? "┃"
           : strchr("hn", letter)     ? "╲"
           : letter == '.'            ? "•"
                                      : "╱";
}

/* One row of characters of one row of the glass. Without colours what is not lit is
 * left out. */
static void draw_cells(struct page *p, enum glass_kind kind, const char *shape)
{
    const size_t length = strlen(shape);

    for (int column = 0; column < GLASS_COLUMNS; column++)
        for (size_t x = 0; x < CELL; x++) {
            char letter = x < length ? shape[x] : ' ';
            const char *at = strchr(glass_letters[kind], letter);
            bool lit = at && p->lit[kind][column][at - glass_letters[kind]];
            put_ink(p, lit ? LIT : UNLIT,
                    at && (lit || p->colours) ? stroke(letter) : " ");
        }
}

static void draw_icon(struct page *p, int row)
{
    for (int k = 0; k < 4; k++)
        if (icon_row[k] == row) {
            bool lit = p->lit[GLASS_ICONS][0][k];
            put_wide(p, lit ? LIT : UNLIT,
                     lit || p->colours ? glass_labels[GLASS_ICONS][k] : "", ICONS);
            return;
        }
    put_wide(p, UNLIT, "", ICONS);
}

static void draw_phase(struct page *p, const struct frame *f, int k)
{
    put(p, "  ");
    put_wide(p, (enum ink)(INK_A + k), f->volt_name[k], 5);
    put_wide(p, STRONG, f->volt[k], 10);
    put_ink(p, STRONG, f->amp[k]);
}

static void draw_lamp(struct page *p, bool lit, enum ink ink, const char *name)
{
    put(p, "  ");
    put_ink(p, lit ? ink : QUIET, lit ? "●" : "○");
    put_ink(p, PLAIN, name);
    put_ink(p, lit ? ink : QUIET, lit ? "on" : "off");
}

static void draw_contact(struct page *p, bool closed, const char *name)
{
    put(p, "  ");
    put_ink(p, closed ? STRONG : QUIET, closed ? "─•━━•─ " : "─•╱ •─ ");
    put(p, "%s %s", name, closed ? "closed" : "open");
}

/* What stands to the right of the glass. */
static void draw_side(struct page *p, const struct frame *f, int row)
{
    dye(p, PLAIN);
    if (row < 3)
        draw_phase(p, f, row);
    else if (row == 4)
        draw_lamp(p, f->led_red, RED, " red    ");
    else if (row == 5)
        draw_lamp(p, f->led_green, GREEN, " green  ");
    else if (row == 7)
        draw_contact(p, f->energy_closed, "energy");
    else if (row == 8)
        draw_contact(p, f->alarm_closed, "alarm");
    else if (row >= 10 && row - 10 < f->alerts) {
        put(p, "  ");
        put_ink(p, RED, f->alert[row - 10]);
    }
    dye(p, PLAIN);
    put(p, "\n");
}

static void draw_glass(struct page *p, const struct frame *f)
{
    for (int row = 0; row < TOP_ROWS + 1 + BOTTOM_ROWS; row++) {
        put_ink(p, PLAIN, " ");
        put_wide(p, UNLIT, "", 1);
        draw_icon(p, row);
        if (row < TOP_ROWS)
            draw_cells(p, GLASS_TOP, top_cell[row]);
        else if (row > TOP_ROWS)
            draw_cells(p, GLASS_BOTTOM, bottom_cell[row - TOP_ROWS - 1]);
        else
            put_wide(p, UNLIT, "", CELL * GLASS_COLUMNS);
        draw_side(p, f, row);
    }
}

static void read_glass(struct page *p, const uint8_t memory[HAL_LCD_SIZE])
{
    struct glass_place at;

    for (int bit = 0; bit < GLASS_BITS; bit++)
        if (glass_map(bit, &at))
            p->lit[at.kind][at.column][at.segment] = memory[bit / 8] >> bit % 8 & 1;
}

/* "[3 VLL] [480.09] heart" */
static void put_read(struct page *p, const struct frame *f)
{
    struct glass_text text;

    glass_read(f->lcd, &text);
    put(p, "[%s] [%s]", text.top, text.bottom);
    for (int k = 0; k < 4; k++)
        if (text.icon[k])
            put(p, " %s", glass_labels[GLASS_ICONS][k]);
}

static void put_strip(struct page *p, const struct frame *f)
{
    put(p, "%s  %s", f->time, f->speed);
    if (f->connections[0])
        put(p, "  %s", f->connections);
}

void panel_text(char text[PANEL_TEXT_MAX], const struct unit *unit,
                const struct panel_status *status, bool colours)
{
    struct page p = { .at = text, .end = text + PANEL_TEXT_MAX, .colours = colours };
    struct frame f;

    frame_read(&f, unit, status, PANEL_VIEW_READINGS);
    read_glass(&p, f.lcd);
    p.backlight = f.backlight;
    put_wide(&p, STRONG, "", 1);
    put_wide(&p, STRONG, f.model, ICONS + 1);
    put_wide(&p, PLAIN, f.serial, CELL * GLASS_COLUMNS + 2);
    put_ink(&p, PLAIN, f.title);
    put(&p, "\n");
    draw_glass(&p, &f);
    put(&p, " ");
    put_read(&p, &f);
    put(&p, "\n ");
    put_strip(&p, &f);
    put(&p, "\n");
}

void panel_text_line(char text[PANEL_TEXT_MAX], const struct unit *unit,
                     const struct panel_status *status)
{
    struct page p = { .at = text, .end = text + PANEL_TEXT_MAX };
    struct frame f;

    frame_read(&f, unit, status, PANEL_VIEW_READINGS);
    put_read(&p, &f);
    put(&p, "; red %s, green %s; energy contact %s, alarm contact %s",
        f.led_red ? "on" : "off", f.led_green ? "on" : "off",
        f.energy_closed ? "closed" : "open", f.alarm_closed ? "closed" : "open");
    for (int k = 0; k < f.alerts; k++)
        put(&p, "; %s", f.alert[k]);
    if (!f.powered)
        put(&p, "; no control power");
    put(&p, "\n");
}
