/* The glass: every bit lights its own shape and nothing else; bits that are not
 * connected light nothing. */
#include "core/lcd.h"
#include "core/menu_text.h"
#include "gui/glass.h"
#include "hal_sim/device_core.h"
#include "hal_sim/glass_text.h"
#include "panel_fixture.h"
#include <stdlib.h>

enum { WIDTH = 900, HEIGHT = 600, BITS = 8 * HAL_LCD_SIZE, STRONG = 60 };

static const int connected_bits = 4 + 5 * 15 + 5 * 8;

static void draw(struct canvas *c, const void *user)
{
    canvas_box(c, glass_window, 0, colour_rgb(0), colour_rgb(0)); /* round corners */
    glass_draw(c, user, true);
}

static struct canvas *new_canvas(void)
{
    struct canvas *c = canvas_new();

    assert_non_null(c);
    assert_true(canvas_resize(c, WIDTH, HEIGHT, 900, 600));
    return c;
}

static void paint(struct canvas *c, const uint8_t *lcd)
{
    canvas_paint(c, &glass_window, draw, lcd);
}

static uint32_t *copy_pixels(struct canvas *c)
{
    uint32_t *pixels = malloc(WIDTH * HEIGHT * sizeof *pixels);

    memcpy(pixels, canvas_picture(c)->pixels, WIDTH * HEIGHT * sizeof *pixels);
    return pixels;
}

static int change(uint32_t a, uint32_t b)
{
    int most = 0;

    for (int shift = 0; shift < 24; shift += 8) {
        int d = abs((int)(a >> shift & 255) - (int)(b >> shift & 255));
        most = d > most ? d : most;
    }
    return most;
}

static bool in_box(int x, int y, const struct box *b)
{
    return (float)x >= b->x - 1 && (float)x <= b->x + b->w + 1 &&
           (float)y >= b->y - 1 && (float)y <= b->y + b->h + 1;
}

/* Counts pixels that change strongly; none may change outside the box, none may belong
 * to another bit already. */
static int look(struct canvas *c, const uint32_t *dark, const struct box *box,
                uint8_t *taken)
{
    const uint32_t *now = canvas_picture(c)->pixels;
    int strong = 0;

    /* what lies above and below the window is not painted */
    for (int n = 180 * WIDTH; n < 360 * WIDTH; n++) {
        int d = change(now[n], dark[n]);
        if (d > 0 && !in_box(n % WIDTH, n / WIDTH, box))
            fail_msg("pixel %d, %d changes outside the shape's box", n % WIDTH,
                     n / WIDTH);
        if (d > STRONG * 2) {
            assert_int_equal(taken[n], 0);
            taken[n] = 1;
        }
        strong += d > STRONG;
    }
    return strong;
}

static void each_bit_lights_its_own_shape(void **state)
{
    uint8_t lcd[HAL_LCD_SIZE] = { 0 };
    struct canvas *c = new_canvas();
    struct glass_shape shape;
    int shapes = 0;

    (void)state;
    paint(c, lcd);
    uint32_t *dark = copy_pixels(c);
    uint8_t *taken = calloc(WIDTH * HEIGHT, 1);
    for (int bit = 0; bit < BITS; bit++) {
        struct box nowhere = { -10, -10, 0, 0 };
        bool connected = glass_shape(bit % 4, bit / 4, &shape);
        lcd[bit / 8] = (uint8_t)(1u << bit % 8);
        assert_true(glass_lit(lcd, bit % 4, bit / 4));
        paint(c, lcd);
        int strong = look(c, dark, connected ? &shape.box : &nowhere, taken);
        assert_true(connected ? strong >= 20 : strong == 0);
        lcd[bit / 8] = 0;
        shapes += connected;
    }
    assert_int_equal(shapes, connected_bits);
    free(taken);
    free(dark);
    canvas_free(c);
}

static void shapes_lie_in_the_window(void **state)
{
    struct glass_shape s;

    (void)state;
    for (int bit = 0; bit < BITS; bit++)
        if (glass_shape(bit % 4, bit / 4, &s)) {
            assert_true(s.box.x > glass_window.x && s.box.y > glass_window.y);
            assert_true(s.box.x + s.box.w < glass_window.x + glass_window.w);
            assert_true(s.box.y + s.box.h < glass_window.y + glass_window.h);
        }
}

/* Against core/lcd.h: the heart has its dent above and its tip below; the wrench is the
 * icon under it. */
static void icons_are_where_core_has_them(void **state)
{
    struct glass_shape heart, wrench;
    int heart_bit = 8 * LCD_ICON_BYTE, wrench_bit = heart_bit;

    (void)state;
    while (1 << (heart_bit - 8 * LCD_ICON_BYTE) != LCD_HEART)
        heart_bit++;
    while (1 << (wrench_bit - 8 * LCD_ICON_BYTE) != LCD_WRENCH)
        wrench_bit++;
    assert_true(glass_shape(heart_bit % 4, heart_bit / 4, &heart));
    assert_true(glass_shape(wrench_bit % 4, wrench_bit / 4, &wrench));
    float lowest = 0, lowest_x = 0;
    for (int k = 0; k < heart.count; k++)
        if (heart.point[k].y > lowest) {
            lowest = heart.point[k].y;
            lowest_x = heart.point[k].x;
        }
    assert_true(lowest_x > heart.box.x + 0.45F * heart.box.w);
    assert_true(lowest_x < heart.box.x + 0.55F * heart.box.w);
    assert_true(wrench.box.y > heart.box.y + heart.box.h);
}

static void damage_is_the_box_of_what_differs(void **state)
{
    uint8_t a[HAL_LCD_SIZE] = { 0 }, b[HAL_LCD_SIZE] = { 0 };
    struct glass_shape shape;
    struct box box;

    (void)state;
    assert_false(glass_damage(a, b, &box));
    b[19] = 0xFF; /* nothing is connected there */
    assert_false(glass_damage(a, b, &box));
    b[11] = 0x10;
    assert_true(glass_damage(a, b, &box));
    assert_true(glass_shape(0, 23, &shape));
    assert_true(memcmp(&box, &shape.box, sizeof box) == 0);
}

/* Read off the picture: what is bright at the middle of a stroke is lit. */
static void see(struct canvas *c, uint8_t seen[HAL_LCD_SIZE])
{
    const uint32_t *pixels = canvas_picture(c)->pixels;
    struct glass_shape s;

    memset(seen, 0, HAL_LCD_SIZE);
    for (int bit = 0; bit < BITS; bit++) {
        struct glass_place at;
        float x = 0, y = 0;
        if (!glass_shape(bit % 4, bit / 4, &s) || !glass_map(bit, &at) ||
            at.kind == GLASS_ICONS)
            continue;
        for (int k = 0; k < s.count; k++) {
            x += s.point[k].x / (float)s.count;
            y += s.point[k].y / (float)s.count;
        }
        if ((pixels[(int)y * WIDTH + (int)x] >> 16 & 255) > 180)
            seen[bit / 8] |= (uint8_t)(1u << bit % 8);
    }
}

/* Without the blanks before it, S and 5, O and 0 being one shape. */
static void expect_row(const char *seen, const char *meant)
{
    seen += strspn(seen, " ");
    meant += strspn(meant, " ");
    for (; *meant; seen += *seen != '\0', meant++) {
        char a = *seen == 'S' ? '5' : *seen == 'O' ? '0' : *seen;
        char b = *meant == 'S' ? '5' : *meant == 'O' ? '0' : *meant;
        if (a != b)
            fail_msg("'%s' is seen where '%s' is meant", seen, meant);
    }
}

/* What core means (menu_text) against what a picture of the glass shows, screen by
 * screen through the main ring: the firmware's map and the drawing's are one. */
static void pictures_read_as_core_means(void **state)
{
    struct canvas *c = new_canvas();
    struct unit *u = fixture_unit();
    uint8_t memory[HAL_LCD_SIZE], seen[HAL_LCD_SIZE];
    struct glass_text text;
    struct lcd_text meant;
    int screens = 0;

    (void)state;
    for (int group = 0; group < 9; group++) {
        fixture_press(u, "-");
        for (int k = 0; k < 5; k++, screens++) {
            fixture_press(u, ">");
            unit_glass(u, memory);
            paint(c, memory);
            see(c, seen);
            glass_read(seen, &text);
            menu_text(device_core_meter(u->device), &meant);
            expect_row(text.top, meant.top);
            expect_row(text.bottom, meant.bottom);
        }
    }
    assert_int_equal(screens, 45);
    unit_free(u);
    canvas_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bit_lights_its_own_shape),
        cmocka_unit_test(shapes_lie_in_the_window),
        cmocka_unit_test(icons_are_where_core_has_them),
        cmocka_unit_test(damage_is_the_box_of_what_differs),
        cmocka_unit_test(pictures_read_as_core_means),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
