/* A picture of the panel in a PNG file, without a display. See panel.h. SDL_image does
 * not look at whether its bytes could be written, so it writes through a stream of
 * ours. */
#include "gui/scene.h"
#include <SDL_image.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *const panel_view_names[PANEL_VIEWS] = { "panel", "phasors", "waves" };

static size_t write_bytes(SDL_RWops *rw, const void *data, size_t size, size_t count)
{
    return fwrite(data, size, count, rw->hidden.unknown.data1);
}

/* 0, or what errno says. A full disk may show as late as in fclose. */
static int save(SDL_Surface *picture, const char *path)
{
    FILE *file = fopen(path, "wb");
    SDL_RWops *rw = file ? SDL_AllocRW() : NULL;
    int error = 0;

    if (!rw) {
        error = file ? ENOMEM : errno;
        if (file)
            fclose(file);
        return error;
    }
    *rw = (SDL_RWops){ .type = SDL_RWOPS_UNKNOWN,
                       .write = write_bytes,
                       .hidden.unknown.data1 = file };
    errno = 0;
    if (IMG_SavePNG_RW(picture, rw, 0) != 0 || ferror(file))
        error = errno ? errno : EIO;
    SDL_FreeRW(rw);
    if (fclose(file) != 0 && !error)
        error = errno;
    return error;
}

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
    int problem = save(canvas_picture(s->canvas), path);
    if (problem)
        snprintf(error, PANEL_ERROR_MOST, "%.160s: %.80s", path, strerror(problem));
    scene_free(s);
    return problem == 0;
}
