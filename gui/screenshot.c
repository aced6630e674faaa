/* A picture of the panel in a PNG file, without a display. See panel.h. */
#include "gui/scene.h"
#include <SDL_image.h>
#include <stdio.h>

bool panel_screenshot(const struct unit *unit, const struct panel_status *status,
                      enum panel_view view, int width, int height, const char *path,
                      char *error)
{
    struct scene *s = scene_new(width, height, error);
    struct frame frame;

    if (!s)
        return false;
    frame_take(&frame, unit, status, view);
    scene_show(s, &frame);
    bool written = IMG_SavePNG(canvas_picture(s->canvas), path) == 0;
    if (!written)
        snprintf(error, PANEL_ERROR_MOST, "%.120s: %.120s", path, IMG_GetError());
    scene_free(s);
    return written;
}
