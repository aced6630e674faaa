/* A picture of the panel in a PNG file, without a display. SDL_image ignores whether its
 * bytes could be written, so it writes through a stream of ours. */
#include "gui/panel_screenshot.h"
#include "gui/scene.h"
#include <SDL_image.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
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

struct panel_shot {
    struct frame frame;
};

struct panel_shot *panel_shot_read(const struct unit *unit,
                                   const struct panel_status *status,
                                   enum panel_view view)
{
    struct panel_shot *shot = malloc(sizeof *shot);

    if (shot)
        frame_read(&shot->frame, unit, status, view);
    return shot;
}

bool panel_shot_write(struct panel_shot *shot, int width, int height, const char *path,
                      char *error)
{
    struct scene *s = shot ? scene_new(width, height) : NULL;
    int problem = ENOMEM;

    if (s) {
        scene_show(s, &shot->frame);
        problem = save(canvas_picture(s->canvas), path);
        scene_free(s);
    }
    if (problem)
        snprintf(error, PANEL_ERROR_MAX, "%.160s: %.80s", path, strerror(problem));
    free(shot);
    return problem == 0;
}

bool panel_screenshot(const struct unit *unit, const struct panel_status *status,
                      enum panel_view view, int width, int height, const char *path,
                      char *error)
{
    return panel_shot_write(panel_shot_read(unit, status, view), width, height, path,
                            error);
}

/* The front in a drawing of two thirds of its size, and the gap between two of them. */
enum {
    FILM_WIDTH = PANEL_WIDTH * 2 / 3,
    FILM_HEIGHT = PANEL_HEIGHT * 2 / 3,
    FILM_GAP = 8
};
static const struct area film_front = { 24, 75, 336, 226 };

/* Room for one picture more; what is between them stays transparent. */
static bool lengthen(struct picture *film)
{
    const int width = film->width + (film->width ? FILM_GAP : 0) + film_front.w;
    uint32_t *pixels = calloc((size_t)width * (size_t)film_front.h, sizeof *pixels);

    if (!pixels)
        return false;
    for (int y = 0; y < film->height; y++)
        memcpy(pixels + (size_t)y * (size_t)width,
               film->pixels + (size_t)y * (size_t)film->width,
               (size_t)film->width * sizeof *pixels);
    free(film->pixels);
    *film = (struct picture){ pixels, width, film_front.h };
    return true;
}

static void copy_front(struct picture *film, const struct picture *from)
{
    const int left = film->width - film_front.w;

    for (int y = 0; y < film_front.h; y++)
        memcpy(film->pixels + (size_t)y * (size_t)film->width + left,
               from->pixels + (size_t)(film_front.y + y) * (size_t)from->width +
                   film_front.x,
               (size_t)film_front.w * sizeof *film->pixels);
}

bool panel_film(struct picture *film, const struct unit *unit,
                const struct panel_status *status, const char *path, char *error)
{
    struct scene *s = scene_new(FILM_WIDTH, FILM_HEIGHT);
    struct frame frame;

    if (!s || !lengthen(film)) {
        scene_free(s);
        snprintf(error, PANEL_ERROR_MAX, "no memory for a film");
        return false;
    }
    frame_read(&frame, unit, status, PANEL_VIEW_READINGS);
    scene_show(s, &frame);
    copy_front(film, canvas_picture(s->canvas));
    scene_free(s);
    int problem = save(film, path);
    if (problem)
        snprintf(error, PANEL_ERROR_MAX, "%.160s: %.80s", path, strerror(problem));
    return problem == 0;
}
