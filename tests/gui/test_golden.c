/* Pictures of eleven screens against golden ones. Compared are means over cells of 6 x 6
 * pixels, which may differ by what compilers round differently; a segment, a lamp or a
 * lever that is wrong shows by far more. With METERSIM_GOLDEN=write in the environment
 * the golden pictures are written instead. */
#include "gui/panel_screenshot.h"
#include "hal_sim/glass_text.h"
#include "panel_fixture.h"
#include <SDL_image.h>
#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 450, HEIGHT = 300, CELL = 6, TOLERANCE = 3 };

static SDL_Surface *load(const char *path)
{
    SDL_Surface *file = IMG_Load(path);

    if (!file)
        fail_msg("%s: %s", path, IMG_GetError());
    SDL_Surface *s = SDL_ConvertSurfaceFormat(file, SDL_PIXELFORMAT_RGB24, 0);
    SDL_FreeSurface(file);
    assert_int_equal(s->w, WIDTH);
    assert_int_equal(s->h, HEIGHT);
    return s;
}

static int mean(const SDL_Surface *s, int x, int y, int channel)
{
    int sum = 0;

    for (int row = y; row < y + CELL; row++)
        for (int column = x; column < x + CELL; column++)
            sum += ((const Uint8 *)s->pixels)[row * s->pitch + 3 * column + channel];
    return sum / (CELL * CELL);
}

/* Cells that differ by more than the tolerance. */
static int count_flaws(const SDL_Surface *a, const SDL_Surface *b)
{
    int flaws = 0;

    for (int y = 0; y < HEIGHT; y += CELL)
        for (int x = 0; x < WIDTH; x += CELL) {
            int worst = 0;
            for (int channel = 0; channel < 3; channel++) {
                int d = abs(mean(a, x, y, channel) - mean(b, x, y, channel));
                worst = d > worst ? d : worst;
            }
            flaws += worst > TOLERANCE;
        }
    return flaws;
}

static SDL_Surface *picture(const struct unit *u, enum panel_view view,
                            const char *path)
{
    const struct panel_status status = {
        .sim_ns = u->now_ns, .speed = 1, .connections = 2, .title = "meter 1 of 3"
    };
    char error[PANEL_ERROR_MAX] = "";

    if (!panel_screenshot(u, &status, view, WIDTH, HEIGHT, path, error))
        fail_msg("%s", error);
    return load(path);
}

/* What the glass shows in letters says that the test is where it means to be. */
static void expect_glass(const struct unit *u, const char *top, const char *bottom)
{
    uint8_t memory[HAL_LCD_SIZE];
    struct glass_text text;

    unit_glass(u, memory);
    glass_read(memory, &text);
    if (strcmp(text.top, top) || !strstr(text.bottom, bottom))
        fail_msg("the glass shows [%s] [%s], not [%s] [%s]", text.top, text.bottom, top,
                 bottom);
}

static void check(const struct unit *u, enum panel_view view, const char *name,
                  const char *top, const char *bottom)
{
    expect_glass(u, top, bottom);
    char golden_path[256], path[256];
    const char *mode = getenv("METERSIM_GOLDEN");

    snprintf(golden_path, sizeof golden_path, TESTS_DIR "/gui/golden/%s.png", name);
    snprintf(path, sizeof path, "test_golden_%s.png", name);
    if (mode && !strcmp(mode, "write")) {
        SDL_FreeSurface(picture(u, view, golden_path));
        return;
    }
    SDL_Surface *now = picture(u, view, path), *golden = load(golden_path);
    int flaws = count_flaws(now, golden);
    SDL_FreeSurface(now);
    SDL_FreeSurface(golden);
    if (flaws)
        fail_msg("%d cells of %s differ from %s", flaws, path, golden_path);
    remove(path);
}

static void healthy_meter(void **state)
{
    struct unit *u = fixture_unit();

    (void)state;
    check(u, PANEL_VIEW_READINGS, "healthy", "3 A  ", "80.000");
    unit_free(u);
}

static void alarm_has_red_led_wrench_and_closed_contact(void **state)
{
    struct unit *u = fixture_unit();

    (void)state;
    fixture_lose_b(u);
    assert_true(u->hal.output[HAL_LED_RED]);
    fixture_press(u, "--");
    check(u, PANEL_VIEW_READINGS, "alarm", "ALERT", "     ");
    fixture_press(u, ">");
    check(u, PANEL_VIEW_PHASORS, "alarm_phasors", "PLOSS", "  b  ");
    unit_free(u);
}

static void phasors(void **state)
{
    struct unit *u = fixture_unit();

    (void)state;
    fixture_press(u, "<>>>>");
    check(u, PANEL_VIEW_PHASORS, "phasors", "3  W ", "61190");
    unit_free(u);
}

static void waveforms(void **state)
{
    struct unit *u = fixture_unit();

    (void)state;
    fixture_press(u, "<>>>");
    check(u, PANEL_VIEW_WAVES, "waves", "3 VLN", "277.13");
    unit_free(u);
}

/* Energies of both directions: of the load, and then of solar power. */
static void import_and_export(void **state)
{
    struct unit *u = fixture_unit();

    (void)state;
    fixture_press(u, "<>>>>>>>>");
    unit_advance(u, INT64_C(20000000000));
    fixture_export(u);
    unit_advance(u, INT64_C(55000000000));
    check(u, PANEL_VIEW_READINGS, "import", "3  Wh", "");
    fixture_press(u, ">");
    check(u, PANEL_VIEW_READINGS, "export", "3  Wh", "");
    unit_free(u);
}

/* SETUP, through the password to the CTs: a digit is chosen and blinks. */
static void editing(void **state)
{
    struct unit *u = fixture_unit();

    (void)state;
    fixture_press(u, "<+++++>>>>>>->>+");
    check(u, PANEL_VIEW_READINGS, "editing", "CT SZ", "200");
    unit_advance(u, u->now_ns + INT64_C(400000000));
    check(u, PANEL_VIEW_READINGS, "editing_dark", "CT SZ", " 00");
    fixture_press(u, ">>>");
    check(u, PANEL_VIEW_READINGS, "saved", "CT SZ", "SAvEd");
    unit_free(u);
}

static void no_control_power(void **state)
{
    struct unit *u = fixture_unit();

    (void)state;
    unit_power(u, false);
    check(u, PANEL_VIEW_READINGS, "dark", "     ", "     ");
    unit_free(u);
}

/* The comparison is worth something: the wrench alone makes pictures differ. */
static void one_icon_is_a_difference(void **state)
{
    struct unit *u = fixture_unit();

    (void)state;
    SDL_Surface *without = picture(u, PANEL_VIEW_READINGS, "test_golden_without.png");
    u->hal.lcd[0] |= 0x02;
    SDL_Surface *with = picture(u, PANEL_VIEW_READINGS, "test_golden_with.png");
    assert_int_equal(count_flaws(without, without), 0);
    assert_true(count_flaws(without, with) >= 3);
    SDL_FreeSurface(without);
    SDL_FreeSurface(with);
    remove("test_golden_without.png");
    remove("test_golden_with.png");
    unit_free(u);
}

static void bad_path_is_reported(void **state)
{
    const struct panel_status status = { .connections = -1 };
    char error[PANEL_ERROR_MAX] = "";

    (void)state;
    assert_false(panel_screenshot(NULL, &status, PANEL_VIEW_WAVES, WIDTH, HEIGHT,
                                  "no/such/folder/x.png", error));
    assert_non_null(strstr(error, "no/such/folder/x.png"));
    assert_false(panel_screenshot(NULL, &status, PANEL_VIEW_WAVES, WIDTH, HEIGHT,
                                  "/dev/full", error));
    assert_non_null(strstr(error, "No space left"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(healthy_meter),
        cmocka_unit_test(alarm_has_red_led_wrench_and_closed_contact),
        cmocka_unit_test(phasors),
        cmocka_unit_test(waveforms),
        cmocka_unit_test(import_and_export),
        cmocka_unit_test(editing),
        cmocka_unit_test(no_control_power),
        cmocka_unit_test(one_icon_is_a_difference),
        cmocka_unit_test(bad_path_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
