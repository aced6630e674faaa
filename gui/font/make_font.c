/* make_font [--own] REGULAR.ttf BOLD.ttf MONO.ttf: prints font_table.c, the outlines of
 * the glyphs that the panel may draw (font.h), or of those alone that its own words have.
 * It runs in the build, on the build's host. Curves become CURVE_STEPS straight lines, which is enough for letters as tall as 200
 * pixels. */
#include "gui/font.h"
#include <ft2build.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* ft2build.h defines the name. */
#include FT_FREETYPE_H
#include FT_OUTLINE_H

enum { CURVE_STEPS = 4, GLYPHS_MAX = 1024 };

/* Latin, Greek and Cyrillic, in which meters are named; dashes, quotes, arrows and the
 * minus sign. */
struct range {
    uint32_t first, last;
};
static const struct range all[] = {
    { 0x20, 0x7E },     { 0xA0, 0x17F },    { 0x370, 0x3FF },
    { 0x400, 0x45F },   { 0x2010, 0x2027 }, { 0x20AC, 0x20AC },
    { 0x2190, 0x2193 }, { 0x2212, 0x2212 }, { 0, 0 }
};
static const struct range own[] = {
    { 0x20, 0x7E },     { 0xB0, 0xB1 },     { 0xD7, 0xD7 }, { 0x2013, 0x2013 },
    { 0x2190, 0x2193 }, { 0x2212, 0x2212 }, { 0, 0 }
};

struct maker {
    FT_Face face;
    FT_Vector at;
    long x, y; /* of the last point */
    uint32_t points;
    bool open;
    struct font_glyph glyph[GLYPHS_MAX];
    int glyphs;
};

static void print_pair(struct maker *m, long x, long y)
{
    printf("{%ld,%ld},", x, y);
    if (++m->points % 8 == 0)
        putchar('\n');
}

static void put(struct maker *m, long x, long y)
{
    print_pair(m, x - m->x, y - m->y);
    m->x = x;
    m->y = y;
}

static void close_contour(struct maker *m)
{
    if (m->open)
        print_pair(m, FONT_CONTOUR_END, 0);
    m->open = false;
    m->x = m->y = 0;
}

static int on_move(const FT_Vector *to, void *user)
{
    struct maker *m = user;

    close_contour(m);
    m->open = true;
    m->at = *to;
    put(m, to->x, to->y);
    return 0;
}

static int on_line(const FT_Vector *to, void *user)
{
    struct maker *m = user;

    m->at = *to;
    put(m, to->x, to->y);
    return 0;
}

static long bend(long a, long b, long c, int step)
{
    const long s = CURVE_STEPS, k = step;

    return (a * (s - k) * (s - k) + 2 * b * k * (s - k) + c * k * k) / (s * s);
}

static int on_curve(const FT_Vector *control, const FT_Vector *to, void *user)
{
    struct maker *m = user;

    for (int k = 1; k <= CURVE_STEPS; k++)
        put(m, bend(m->at.x, control->x, to->x, k),
            bend(m->at.y, control->y, to->y, k));
    m->at = *to;
    return 0;
}

/* TrueType has no cubic curves. */
static int on_cubic(const FT_Vector *a, const FT_Vector *b, const FT_Vector *to,
                    void *user)
{
    (void)a, (void)b;
    return on_line(to, user);
}

static void fail(const char *what)
{
    fprintf(stderr, "make_font: %s\n", what);
    exit(1);
}

static void print_glyph(struct maker *m, uint32_t code, unsigned index)
{
    const FT_Outline_Funcs functions = { .move_to = on_move,
                                         .line_to = on_line,
                                         .conic_to = on_curve,
                                         .cubic_to = on_cubic };
    struct font_glyph *g = &m->glyph[m->glyphs];

    if (m->glyphs == GLYPHS_MAX || FT_Load_Glyph(m->face, index, FT_LOAD_NO_SCALE) != 0)
        fail("a glyph cannot be loaded");
    *g = (struct font_glyph){ .code = code,
                              .first = m->points,
                              .advance = (int16_t)m->face->glyph->metrics.horiAdvance };
    FT_Outline_Decompose(&m->face->glyph->outline, &functions, m);
    close_contour(m);
    g->count = (uint16_t)(m->points - g->first);
    m->glyphs++;
}

static long height_of(struct maker *m, char letter)
{
    if (FT_Load_Char(m->face, (unsigned char)letter, FT_LOAD_NO_SCALE) != 0)
        fail("a font has no Latin letters");
    return m->face->glyph->metrics.horiBearingY;
}

static void print_font(struct maker *m, const char *name, const struct range *ranges)
{
    printf("static const struct font_point %s_points[] = {\n", name);
    print_glyph(m, 0, 0);
    for (const struct range *r = ranges; r->last; r++)
        for (uint32_t code = r->first; code <= r->last; code++) {
            unsigned index = FT_Get_Char_Index(m->face, code);
            if (index)
                print_glyph(m, code, index);
        }
    printf("};\nstatic const struct font_glyph %s_glyphs[] = {\n", name);
    for (int k = 0; k < m->glyphs; k++)
        printf("{%u,%d,%u,%u},\n", m->glyph[k].code, m->glyph[k].advance,
               m->glyph[k].count, m->glyph[k].first);
    puts("};");
}

int main(int argc, char **argv)
{
    static const char *const names[FONT_FACES] = { "regular", "bold", "mono" };
    static struct maker maker[FONT_FACES];
    const bool only_own = argc > 1 && !strcmp(argv[1], "--own");
    FT_Library library;

    argc -= only_own;
    argv += only_own;
    if (argc != 1 + FONT_FACES || FT_Init_FreeType(&library) != 0)
        fail("three font files are needed");
    puts("/* Made by make_font from DejaVu. */\n#include \"gui/font.h\"");
    for (int k = 0; k < FONT_FACES; k++) {
        if (FT_New_Face(library, argv[1 + k], 0, &maker[k].face) != 0)
            fail(argv[1 + k]);
        print_font(&maker[k], names[k], only_own ? own : all);
    }
    puts("const struct font fonts[FONT_FACES] = {");
    for (int k = 0; k < FONT_FACES; k++)
        printf("{%u,%ld,%ld,%d,%s_glyphs,%s_points},\n", maker[k].face->units_per_EM,
               height_of(&maker[k], 'x'), height_of(&maker[k], 'H'), maker[k].glyphs,
               names[k], names[k]);
    puts("};");
    FT_Done_FreeType(library);
    return 0;
}
