/* What the two halves of the canvas share: shapes (canvas.c) and lettering
 * (lettering.c). */
#ifndef GUI_CANVAS_INTERNAL_H
#define GUI_CANVAS_INTERNAL_H

#include "gui/canvas.h"
#include <SDL_ttf.h>

enum { CANVAS_SIZES = 24 };

struct canvas_face {
    TTF_Font *font;
    enum canvas_font kind;
    int pixels;
};

struct canvas {
    SDL_Surface *picture;
    SDL_Surface *large, *half; /* one band, at four times and twice the size */
    SDL_Renderer *renderer;    /* draws into `large` */
    float scale, left, top;    /* units to pixels of the picture */
    float band_x, band_y;      /* the band's corner, pixels of the picture */
    float band_w, band_h;
    bool lettering; /* this pass draws letters, not shapes */
    struct canvas_face face[CANVAS_SIZES];
    int faces;
};

/* Finds the fonts and opens one, to be sure; -1 with the reason in error. */
int lettering_start(char *error, size_t size);
void lettering_close(struct canvas *c);

#endif
