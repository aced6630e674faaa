/* A picture of the panel in a PNG file, without a display. SDL_image ignores whether its
 * bytes could be written, so it writes through a stream of ours. */
#include "gui/panel_screenshot.h"
#include "gui/scene.h"
#include <SDL_image.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t write_bytes(SDL_RWops *rw, const void *data, size_t size, size_t count)
{
    return fwrite(data, size, count, rw->hidden.unknown.data1);
}

static int write_png(FILE *file, const struct picture *picture)
{
    const int pitch = picture->width * (int)sizeof *picture->pixels;
    SDL_Surface *surface = SDL_CreateRGBSurfaceWithFormatFrom(
        picture->pixels, picture->width, picture->height, 32, pitch,
        SDL_PIXELFORMAT_ARGB8888);
    SDL_RWops *rw = SDL_AllocRW();
    int error = ENOMEM;

    if (surface && rw) {
        *rw = (SDL_RWops){ .type = SDL_RWOPS_UNKNOWN,
                           .write = write_bytes,
                           .hidden.unknown.data1 = file };
        errno = 0;
        bool written = IMG_SavePNG_RW(surface, rw, 0) == 0 && !ferror(file);
        error = written ? 0 : errno ? errno : EIO;
    }
    if (rw)
        SDL_FreeRW(rw);
    SDL_FreeSurface(surface);
    return error;
}

/* 0, or what errno says. A full disk may show as late as in fclose. */
static int write_file(const struct picture *picture, const char *path)
{
    FILE *file = fopen(path, "wb");

    if (!file)
        return errno;
    int error = write_png(file, picture);
    if (fclose(file) != 0 && !error)
        error = errno;
    return error;
}

/* A picture appears whole: it is written beside, then renamed. Devices are not. */
static int save(const struct picture *picture, const char *path)
{
    char part[PATH_MAX];
    struct stat there;

    if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return write_file(picture, path);
    if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part)
        return ENAMETOOLONG;
    int error = write_file(picture, part);
    if (!error && rename(part, path) != 0)
        error = errno;
    if (error)
        unlink(part);
    return error;
}

bool panel_screenshot(const struct unit *unit, const struct panel_status *status,
                      enum panel_view view, int width, int height, const char *path,
                      char *error)
{
    struct scene *s = scene_new(width, height);
    struct frame frame;

    if (!s) {
        snprintf(error, PANEL_ERROR_MAX, "no memory for a picture of %d x %d", width,
                 height);
        return false;
    }
    frame_read(&frame, unit, status, view);
    scene_show(s, &frame);
    int problem = save(canvas_picture(s->canvas), path);
    if (problem)
        snprintf(error, PANEL_ERROR_MAX, "%.160s: %.80s", path, strerror(problem));
    scene_free(s);
    return problem == 0;
}
