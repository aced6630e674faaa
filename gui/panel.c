/* The panel's window: keys and mouse in, changed rectangles of the picture out. See
 * panel.h. */
#include "gui/panel.h"
#include "gui/scene.h"
#include <SDL.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* After a painting that took t the panel rests for REST x t: at most 1/(1 + REST) of a
 * core, whatever the size of the window and the speed of its display. */
enum { REST = 12, NUMBERS_EVERY_MS = 200, ANSWER_MS = 300, NO_KEY = -1 };

struct panel {
    const struct unit *unit;
    struct panel_options options;
    enum panel_view view;
    SDL_Window *window;
    SDL_Renderer *renderer;
    SDL_Texture *texture;
    struct scene *scene;
    struct frame frame;
    uint32_t green_edges; /* of the LED, at the last poll */
    uint64_t pictures;
    uint8_t pressed;
    int mouse_key;                 /* the button that the mouse holds, or NO_KEY */
    Uint64 numbers_ms, rest_until; /* SDL_GetTicks64; performance counter */
    Uint64 hand_ms;                /* when a button was last moved */
    bool exposed;                  /* the window has lost what it showed */
};

static struct panel *fail(struct panel *p, char *error)
{
    snprintf(error, PANEL_ERROR_MAX, "the panel has no window: %.200s", SDL_GetError());
    panel_close(p);
    return NULL;
}

/* After the window has got its size: a picture of as many pixels. */
static bool fit(struct panel *p)
{
    int width, height;

    if (SDL_GetRendererOutputSize(p->renderer, &width, &height) != 0 || width < 1 ||
        height < 1)
        return false;
    SDL_DestroyTexture(p->texture);
    p->texture = SDL_CreateTexture(p->renderer, SDL_PIXELFORMAT_ARGB8888,
                                   SDL_TEXTUREACCESS_STREAMING, width, height);
    return p->texture && scene_resize(p->scene, width, height);
}

static bool make_window(struct panel *p)
{
    const struct panel_options *o = &p->options;

    p->window = SDL_CreateWindow(
        "metersim", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED,
        o->width ? o->width : PANEL_WIDTH, o->height ? o->height : PANEL_HEIGHT,
        SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    if (!p->window)
        return false;
    SDL_SetWindowMinimumSize(p->window, PANEL_WIDTH / 2, PANEL_HEIGHT / 2);
    p->renderer = SDL_CreateRenderer(p->window, -1, 0);
    return p->renderer != NULL;
}

/* Where no display is, SDL may draw for nobody. Whoever names such a driver wants
 * it. */
static bool has_display(char *error)
{
    const char *driver = SDL_GetCurrentVideoDriver();

    if (SDL_GetHint(SDL_HINT_VIDEODRIVER) || !driver ||
        (strcmp(driver, "offscreen") != 0 && strcmp(driver, "dummy") != 0))
        return true;
    snprintf(error, PANEL_ERROR_MAX,
             "the panel finds no display (DISPLAY or WAYLAND_DISPLAY names it)");
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
    return false;
}

struct panel *panel_open(const struct unit *unit, const struct panel_options *options,
                         char *error)
{
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1"); /* Ctrl-C is the program's */
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) {
        snprintf(error, PANEL_ERROR_MAX, "the panel finds no display: %.180s",
                 SDL_GetError());
        return NULL;
    }
    if (!has_display(error))
        return NULL;
    struct panel *p = SDL_calloc(1, sizeof *p);
    if (!p) {
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        snprintf(error, PANEL_ERROR_MAX, "no memory");
        return NULL;
    }
    p->unit = unit;
    p->options = *options;
    p->view = options->view;
    p->mouse_key = NO_KEY;
    p->scene = scene_new(PANEL_WIDTH, PANEL_HEIGHT);
    if (!p->scene) {
        snprintf(error, PANEL_ERROR_MAX, "no memory");
        panel_close(p);
        return NULL;
    }
    return make_window(p) && fit(p) ? p : fail(p, error);
}

void panel_close(struct panel *p)
{
    if (!p)
        return;
    scene_free(p->scene);
    if (p->texture)
        SDL_DestroyTexture(p->texture);
    if (p->renderer)
        SDL_DestroyRenderer(p->renderer);
    if (p->window)
        SDL_DestroyWindow(p->window);
    SDL_free(p);
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
}

void panel_show(struct panel *p, const struct unit *unit)
{
    p->unit = unit;
    p->green_edges = unit ? unit->hal.output_edges[HAL_LED_GREEN] : 0;
}

static void press(struct panel *p, int key, bool down)
{
    uint8_t bit = (uint8_t)(1u << key);

    if (((p->pressed & bit) != 0) == down)
        return;
    p->pressed ^= bit;
    p->hand_ms = SDL_GetTicks64();
    if (p->options.key)
        p->options.key(p->options.key_user, (enum panel_key)key, down);
}

static int key_of(SDL_Keycode code)
{
    switch (code) {
    case SDLK_MINUS:
    case SDLK_KP_MINUS:
    case SDLK_DOWN:
        return PANEL_KEY_MINUS;
    case SDLK_PLUS:
    case SDLK_EQUALS:
    case SDLK_KP_PLUS:
    case SDLK_UP:
        return PANEL_KEY_PLUS;
    case SDLK_LEFT:
        return PANEL_KEY_LEFT;
    case SDLK_RIGHT:
        return PANEL_KEY_RIGHT;
    }
    return NO_KEY;
}

/* Window coordinates are points; the picture has pixels. */
static struct point pixel_of(const struct panel *p, int x, int y)
{
    int w = 1, h = 1, pixels_w = 1, pixels_h = 1;

    SDL_GetWindowSize(p->window, &w, &h);
    SDL_GetRendererOutputSize(p->renderer, &pixels_w, &pixels_h);
    return (struct point){ (float)x * (float)pixels_w / (float)w,
                           (float)y * (float)pixels_h / (float)h };
}

static void on_mouse(struct panel *p, const SDL_MouseButtonEvent *e)
{
    struct point at = pixel_of(p, e->x, e->y);

    if (e->button != SDL_BUTTON_LEFT)
        return;
    if (e->type == SDL_MOUSEBUTTONUP) {
        if (p->mouse_key != NO_KEY)
            press(p, p->mouse_key, false);
        p->mouse_key = NO_KEY;
        return;
    }
    int view = scene_view_at(p->scene, at.x, at.y);
    p->mouse_key = scene_key_at(p->scene, at.x, at.y);
    if (p->mouse_key != NO_KEY)
        press(p, p->mouse_key, true);
    else if (view >= 0)
        p->view = (enum panel_view)view;
}

static void release_all(struct panel *p)
{
    for (int key = 0; key < PANEL_KEYS; key++)
        press(p, key, false);
    p->mouse_key = NO_KEY;
}

static void on_window(struct panel *p, Uint8 event)
{
    if (event == SDL_WINDOWEVENT_SIZE_CHANGED)
        fit(p);
    if (event == SDL_WINDOWEVENT_EXPOSED || event == SDL_WINDOWEVENT_SIZE_CHANGED)
        p->exposed = true;
    if (event == SDL_WINDOWEVENT_FOCUS_LOST)
        release_all(p); /* its key-ups go elsewhere */
}

static void on_key(struct panel *p, const SDL_KeyboardEvent *e)
{
    int key = key_of(e->keysym.sym);
    bool down = e->type == SDL_KEYDOWN;

    if (key != NO_KEY)
        press(p, key, down);
    else if (p->options.step && down && e->keysym.sym == SDLK_PAGEDOWN)
        p->options.step(p->options.key_user, 1);
    else if (p->options.step && down && e->keysym.sym == SDLK_PAGEUP)
        p->options.step(p->options.key_user, -1);
    else if (e->keysym.sym == SDLK_TAB && down && !e->repeat)
        p->view = (enum panel_view)((p->view + (e->keysym.mod & KMOD_SHIFT ? 2u : 1u)) %
                                    PANEL_VIEWS);
}

/* False: the window is to be closed. */
static bool serve(struct panel *p)
{
    SDL_Event e;

    while (SDL_PollEvent(&e)) {
        if (e.type == SDL_QUIT)
            return false;
        if (e.type == SDL_WINDOWEVENT)
            on_window(p, e.window.event);
        else if (e.type == SDL_KEYDOWN || e.type == SDL_KEYUP)
            on_key(p, &e.key);
        else if (e.type == SDL_MOUSEBUTTONDOWN || e.type == SDL_MOUSEBUTTONUP)
            on_mouse(p, &e.button);
        else if (e.type == SDL_RENDER_TARGETS_RESET ||
                 e.type == SDL_RENDER_DEVICE_RESET)
            p->exposed = fit(p);
    }
    return true;
}

/* A pulse that came and went between two polls is shown as one that is on. */
static void hold_pulse(struct panel *p)
{
    if (!p->unit)
        return;
    uint32_t edges = p->unit->hal.output_edges[HAL_LED_GREEN];
    if (edges - p->green_edges >= 2)
        p->frame.led_green = p->frame.energy_closed = true;
    p->green_edges = edges;
}

/* Numbers and waves change five times a second at most, which is as fast as an eye
 * reads, however fast simulated time runs; glass, lamps and contacts always do. */
static void hold_numbers(struct panel *p, const struct frame *before)
{
    const size_t front = offsetof(struct frame, volt_name);
    struct frame *f = &p->frame;
    Uint64 now = SDL_GetTicks64();

    if (!p->scene->painted || f->view != before->view ||
        f->powered != before->powered || f->wires != before->wires ||
        now - p->numbers_ms >= NUMBERS_EVERY_MS) {
        p->numbers_ms = now;
        return;
    }
    memcpy((char *)f + front, (const char *)before + front, sizeof *f - front);
}

static void present(struct panel *p, int count)
{
    const struct picture *picture = canvas_picture(p->scene->canvas);

    for (int k = 0; k < count; k++) {
        const struct area a = p->scene->damage[k];
        const SDL_Rect part = { a.x, a.y, a.w, a.h };
        if (a.w > 0 && a.h > 0)
            SDL_UpdateTexture(p->texture, &part,
                              picture->pixels + a.y * picture->width + a.x,
                              picture->width * (int)sizeof *picture->pixels);
    }
    SDL_RenderCopy(p->renderer, p->texture, NULL, NULL);
    SDL_RenderPresent(p->renderer);
    p->pictures++;
    p->exposed = false;
}

/* What a hand has done is shown at once, and what the meter answers soon after. */
static bool rests(const struct panel *p, const struct frame *before)
{
    return p->scene->painted && SDL_GetTicks64() >= p->hand_ms + ANSWER_MS &&
           !p->exposed && p->view == before->view && p->pressed == before->pressed &&
           SDL_GetPerformanceCounter() < p->rest_until;
}

static void draw(struct panel *p)
{
    const Uint64 start = SDL_GetPerformanceCounter();
    int count = scene_show(p->scene, &p->frame);

    if (count == 0 && !p->exposed)
        return;
    present(p, count);
    const Uint64 end = SDL_GetPerformanceCounter();
    const Uint64 rest = (end - start) * REST, max = SDL_GetPerformanceFrequency();
    p->rest_until = end + (rest < max ? rest : max); /* a resize is no habit */
}

bool panel_poll(struct panel *p, const struct panel_status *status)
{
    if (!serve(p))
        return false;
    if (rests(p, &p->scene->frame))
        return true;
    frame_read(&p->frame, p->unit, status, p->view);
    p->frame.pressed = p->pressed;
    hold_pulse(p);
    hold_numbers(p, &p->scene->frame);
    draw(p);
    return true;
}

uint64_t panel_pictures(const struct panel *p)
{
    return p->pictures;
}
