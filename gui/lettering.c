/* Lettering of the canvas, by SDL2_ttf with DejaVu. A font is opened once for each size
 * that is used. */
#include "gui/canvas_internal.h"
#include <math.h>
#include <stdio.h>

static const char *const folders[] = {
    "/usr/share/fonts/truetype/dejavu", /* Debian and its kin */
    "/usr/share/fonts/dejavu-sans-fonts", "/usr/share/fonts/dejavu",
    "/usr/share/fonts/TTF"
};

static const char *const files[CANVAS_FONTS] = {
    [CANVAS_REGULAR] = "DejaVuSans.ttf",
    [CANVAS_BOLD] = "DejaVuSans-Bold.ttf",
    [CANVAS_MONO] = "DejaVuSansMono.ttf",
};

static TTF_Font *open_font(enum canvas_font kind, int pixels)
{
    TTF_Font *font = NULL;
    char path[128];

    for (size_t k = 0; k < sizeof folders / sizeof *folders && !font; k++) {
        snprintf(path, sizeof path, "%s/%s", folders[k], files[kind]);
        font = TTF_OpenFont(path, pixels);
    }
    if (font)
        TTF_SetFontHinting(font, TTF_HINTING_LIGHT);
    return font;
}

int lettering_start(char *error, size_t size)
{
    if (TTF_Init() != 0) {
        snprintf(error, size, "SDL_ttf does not start: %s", TTF_GetError());
        return -1;
    }
    for (int kind = 0; kind < CANVAS_FONTS; kind++) {
        TTF_Font *font = open_font((enum canvas_font)kind, 12);
        if (!font) {
            snprintf(error, size,
                     "font %s is not installed; on Debian: apt-get install "
                     "fonts-dejavu-core",
                     files[kind]);
            TTF_Quit();
            return -1;
        }
        TTF_CloseFont(font);
    }
    return 0;
}

void lettering_close(struct canvas *c)
{
    for (int k = 0; k < c->faces; k++)
        TTF_CloseFont(c->face[k].font);
    c->faces = 0;
}

static TTF_Font *find_font(struct canvas *c, enum canvas_font kind, int pixels)
{
    for (int k = 0; k < c->faces; k++)
        if (c->face[k].kind == kind && c->face[k].pixels == pixels)
            return c->face[k].font;
    TTF_Font *font = c->faces < CANVAS_SIZES ? open_font(kind, pixels) : NULL;
    if (font)
        c->face[c->faces++] = (struct canvas_face){ font, kind, pixels };
    return font;
}

void canvas_text(struct canvas *c, float x, float y, float size, enum canvas_font font,
                 enum canvas_align align, SDL_Color colour, const char *text)
{
    int pixels = (int)lrintf(size * c->scale);
    TTF_Font *f;
    int width, height;

    if (!c->lettering || !*text || pixels < 4)
        return;
    f = find_font(c, font, pixels);
    if (!f || TTF_SizeUTF8(f, text, &width, &height) != 0)
        return;
    SDL_Rect to = { (int)lrintf(c->left + x * c->scale),
                    (int)lrintf(c->top + y * c->scale) - TTF_FontAscent(f), width,
                    height };
    to.x -= align == CANVAS_LEFT ? 0 : align == CANVAS_RIGHT ? width : width / 2;
    if (!SDL_HasIntersection(&to, &c->picture->clip_rect))
        return;
    SDL_Surface *letters = TTF_RenderUTF8_Blended(f, text, colour);
    if (letters)
        SDL_BlitSurface(letters, NULL, c->picture, &to);
    SDL_FreeSurface(letters);
}
