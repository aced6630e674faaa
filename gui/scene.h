/* The scene: the picture of one frame, and what of it must be painted anew when the
 * next one differs. Each part of the frame has a box of its own. */
#ifndef GUI_SCENE_H
#define GUI_SCENE_H

#include "gui/canvas.h"
#include "gui/frame.h"

enum { SCENE_DAMAGE_MOST = 64 };

struct scene {
    struct canvas *canvas;
    struct frame frame; /* the one that is painted */
    bool painted;
    SDL_Rect damage[SCENE_DAMAGE_MOST]; /* of the last scene_show, in pixels */
    uint64_t paints;
};

/* NULL: error[PANEL_ERROR_MOST] tells why. */
struct scene *scene_new(int width, int height, char *error);
void scene_free(struct scene *s);

/* False without memory; everything is painted anew next time. */
bool scene_resize(struct scene *s, int width, int height);

/* Paints what differs from the frame before; the number of rectangles in s->damage. */
int scene_show(struct scene *s, const struct frame *f);

/* What lies at a pixel: a button (enum panel_key) or -1; a tab (enum panel_view) or -1.
 */
int scene_key_at(const struct scene *s, float x, float y);
int scene_view_at(const struct scene *s, float x, float y);

/* Its drawings: the meter on its rail (face.c, terminals.c), the pane beside it
 * (pane.c, diagrams.c). */
void face_draw(struct canvas *c, const struct frame *f);
void terminals_draw(struct canvas *c, const struct frame *f);
void pane_draw(struct canvas *c, const struct frame *f);
void phasors_draw(struct canvas *c, const struct frame *f);
void waves_draw(struct canvas *c, const struct frame *f);

/* Colour of phase 0-2. */
SDL_Color scene_phase_colour(int phase);

/* Where things are, in units of the drawing. */
extern const SDL_FRect scene_meter, scene_face, scene_pane, scene_strip;
extern const SDL_FRect face_lamps[2]; /* red, green: with their shine */
SDL_FRect face_button(int key);
SDL_FRect terminal_volt_box(int phase);
SDL_FRect terminal_amp_box(int phase);
SDL_FRect terminal_contact_box(int contact); /* 0 energy, 1 alarm */
SDL_FRect pane_tab(int view);
SDL_FRect pane_row(int row);

#endif
