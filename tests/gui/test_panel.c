/* The window, on SDL's dummy display: keys and mouse reach the callback, Tab and tabs
 * change the view, and a panel that nobody touches paints nothing. */
#include "gui/face.h"
#include "gui/pane.h"
#include "gui/panel.h"
#include "gui/samples.h"
#include "panel_fixture.h"
#include <SDL.h>
#include <stdlib.h>

struct pressed {
    int count;
    enum panel_key key;
    bool down;
};

static void on_key(void *user, enum panel_key key, bool down)
{
    struct pressed *p = user;

    *p = (struct pressed){ p->count + 1, key, down };
}

static const struct panel_status status = { .speed = 1, .connections = 0 };

static struct panel *open_panel(const struct unit *u, struct pressed *pressed)
{
    char error[PANEL_ERROR_MAX] = "";
    struct panel *p = panel_open(u,
                                 &(struct panel_options){ .width = PANEL_WIDTH / 2,
                                                          .height = PANEL_HEIGHT / 2,
                                                          .key = on_key,
                                                          .key_user = pressed },
                                 error);

    if (!p)
        fail_msg("%s", error);
    for (int k = 0; k < 3; k++) /* the window's first events */
        assert_true(panel_poll(p, &status));
    return p;
}

static void send_key(Uint32 type, SDL_Keycode code)
{
    SDL_Event e = { .key = { .type = type, .keysym = { .sym = code } } };

    SDL_PushEvent(&e);
}

/* x, y: units of the drawing, of which the window has half as many pixels. */
static void send_mouse(Uint32 type, float x, float y)
{
    SDL_Event e = { .button = { .type = type,
                                .button = SDL_BUTTON_LEFT,
                                .x = (Sint32)(x / 2),
                                .y = (Sint32)(y / 2) } };

    SDL_PushEvent(&e);
}

static void nothing_changes_nothing_is_painted(void **state)
{
    struct unit *u = fixture_unit();
    struct pressed pressed = { 0 };
    struct panel *p = open_panel(u, &pressed);
    uint64_t before = panel_pictures(p);

    (void)state;
    for (int k = 0; k < 20; k++)
        assert_true(panel_poll(p, &status));
    assert_int_equal(panel_pictures(p), before);
    u->hal.lcd[0] ^= 1;
    for (int k = 0; k < 3000 && panel_pictures(p) == before;
         k++) { /* it rests a while */
        SDL_Delay(1);
        assert_true(panel_poll(p, &status));
    }
    assert_true(panel_poll(p, &status));
    assert_int_equal(panel_pictures(p), before + 1);
    panel_close(p);
    unit_free(u);
}

/* In place of SDL's clocks: a millisecond passes from each look at one to the next, and
 * no hand has touched the panel for long. */
Uint64 SDL_GetPerformanceCounter(void)
{
    static Uint64 now;

    return now += SDL_GetPerformanceFrequency() / 1000;
}

Uint64 SDL_GetTicks64(void)
{
    static Uint64 now_ms = 1000000;

    return now_ms++;
}

/* What changes at each look is not drawn at each: the window rests for twelve times as
 * long as a picture takes, here a millisecond: of twelve looks one draws. */
static void it_rests_after_a_picture(void **state)
{
    enum { LOOKS = 1000 };
    struct unit *u = fixture_unit();
    struct pressed pressed = { 0 };
    struct panel *p = open_panel(u, &pressed);
    const uint64_t before = panel_pictures(p);

    (void)state;
    for (int k = 0; k < LOOKS; k++) {
        u->hal.lcd[0] ^= 1;
        assert_true(panel_poll(p, &status));
    }
    assert_in_range(panel_pictures(p) - before, LOOKS / 13, LOOKS / 11);
    panel_close(p);
    unit_free(u);
}

static void keys_reach_the_callback(void **state)
{
    static const struct {
        SDL_Keycode code;
        enum panel_key key;
    } keys[] = { { SDLK_MINUS, PANEL_KEY_MINUS },
                 { SDLK_PLUS, PANEL_KEY_PLUS },
                 { SDLK_LEFT, PANEL_KEY_LEFT },
                 { SDLK_RIGHT, PANEL_KEY_RIGHT } };
    struct unit *u = fixture_unit();
    struct pressed pressed = { 0 };
    struct panel *p = open_panel(u, &pressed);

    (void)state;
    for (int k = 0; k < 4; k++) {
        send_key(SDL_KEYDOWN, keys[k].code);
        send_key(SDL_KEYDOWN, keys[k].code); /* the keyboard repeats it */
        panel_poll(p, &status);
        assert_int_equal(pressed.count, 2 * k + 1);
        assert_true(pressed.down);
        assert_int_equal(pressed.key, keys[k].key);
        send_key(SDL_KEYUP, keys[k].code);
        panel_poll(p, &status);
        assert_int_equal(pressed.count, 2 * k + 2);
        assert_false(pressed.down);
    }
    panel_close(p);
    unit_free(u);
}

static void buttons_can_be_clicked(void **state)
{
    struct unit *u = fixture_unit();
    struct pressed pressed = { 0 };
    struct panel *p = open_panel(u, &pressed);

    (void)state;
    for (int key = 0; key < PANEL_KEYS; key++) {
        struct box b = face_button(key);
        send_mouse(SDL_MOUSEBUTTONDOWN, b.x + b.w / 2, b.y + b.h / 2);
        panel_poll(p, &status);
        assert_true(pressed.down);
        assert_int_equal(pressed.key, key);
        send_mouse(SDL_MOUSEBUTTONUP, 0, 0); /* let go beside it */
        panel_poll(p, &status);
        assert_false(pressed.down);
    }
    assert_int_equal(pressed.count, 2 * PANEL_KEYS);
    send_mouse(SDL_MOUSEBUTTONDOWN, 300, 160);
    panel_poll(p, &status);
    assert_int_equal(pressed.count, 2 * PANEL_KEYS);
    panel_close(p);
    unit_free(u);
}

static void tab_changes_the_view(void **state)
{
    struct unit *u = fixture_unit();
    struct pressed pressed = { 0 };
    struct panel *p = open_panel(u, &pressed);
    uint64_t before = panel_pictures(p);

    (void)state;
    send_key(SDL_KEYDOWN, SDLK_TAB);
    panel_poll(p, &status);
    assert_int_equal(panel_pictures(p), before + 1);
    struct box tab = pane_tab(PANEL_VIEW_WAVES);
    send_mouse(SDL_MOUSEBUTTONDOWN, tab.x + 9, tab.y + 9);
    panel_poll(p, &status);
    assert_int_equal(panel_pictures(p), before + 2);
    assert_int_equal(pressed.count, 0);
    panel_close(p);
    unit_free(u);
}

static void closing_the_window_is_reported(void **state)
{
    struct unit *u = fixture_unit();
    struct pressed pressed = { 0 };
    struct panel *p = open_panel(u, &pressed);
    SDL_Event e = { .type = SDL_QUIT };

    (void)state;
    SDL_PushEvent(&e);
    assert_false(panel_poll(p, &status));
    panel_close(p);
    unit_free(u);
}

static void samples_are_those_of_the_adc(void **state)
{
    struct unit *u = fixture_unit();
    int32_t x[HAL_CHANNELS][SAMPLES];
    int64_t sum = 0;

    (void)state;
    assert_int_equal(samples_read(u, x), SAMPLES);
    for (int n = 0; n + 21 < SAMPLES; n++) /* half a period of 60 Hz */
        sum += llabs((long long)x[1][n] + x[1][n + 21]);
    assert_true(sum < SAMPLES * 1000);
    int32_t peak = 0;
    for (int n = 0; n < SAMPLES; n++)
        peak = x[1][n] > peak ? x[1][n] : peak;
    /* √2 · 277.13 V of 588.9 V; 42 samples a period miss the top by 0.3 % at most */
    assert_in_range(peak, 5565000, 5583000);
    unit_power(u, false);
    assert_int_equal(samples_read(u, x), 0);
    unit_free(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changes_nothing_is_painted),
        cmocka_unit_test(it_rests_after_a_picture),
        cmocka_unit_test(keys_reach_the_callback),
        cmocka_unit_test(buttons_can_be_clicked),
        cmocka_unit_test(tab_changes_the_view),
        cmocka_unit_test(closing_the_window_is_reported),
        cmocka_unit_test(samples_are_those_of_the_adc),
    };

    SDL_SetMainReady();
    SDL_setenv("SDL_VIDEODRIVER", "dummy", 1);
    SDL_setenv("SDL_RENDER_DRIVER", "software", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
