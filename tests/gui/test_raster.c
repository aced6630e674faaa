/* Filling and lettering, pixel by pixel. */
#include "gui/canvas.h"
#include "gui/raster.h"
#include "panel_fixture.h"

enum { SIZE = 40 };

static const struct colour white = { 255, 255, 255, 255 };
static const struct raster_shade flat = {
    0, 0, { 255, 255, 255, 255 }, { 255, 255, 255, 255 }
};

static unsigned red(const struct raster *r, int x, int y)
{
    return r->picture.pixels[y * SIZE + x] >> 16 & 255;
}

static void add_rectangle(struct raster *r, struct box b, bool reversed)
{
    const struct point p[4] = {
        { b.x, b.y }, { b.x + b.w, b.y }, { b.x + b.w, b.y + b.h }, { b.x, b.y + b.h }
    };
    const struct point q[4] = { p[3], p[2], p[1], p[0] };

    raster_contour(r, reversed ? q : p, 4);
}

static void edges_cover_their_share(void **state)
{
    struct raster r = { 0 };

    (void)state;
    assert_true(raster_resize(&r, SIZE, SIZE));
    add_rectangle(&r, (struct box){ 10.25F, 10.5F, 10, 10 }, false);
    raster_fill(&r, &flat);
    assert_int_equal(red(&r, 15, 15), 255);
    assert_in_range(red(&r, 10, 15), 190, 192); /* three quarters */
    assert_in_range(red(&r, 20, 15), 63, 65);
    assert_in_range(red(&r, 15, 10), 127, 128);
    assert_in_range(red(&r, 10, 10), 95, 96);
    assert_int_equal(red(&r, 9, 15), 0);
    assert_int_equal(red(&r, 21, 15), 0);
    raster_free(&r);
}

static void slopes_cover_their_share(void **state)
{
    struct raster r = { 0 };
    double sum = 0;

    (void)state;
    assert_true(raster_resize(&r, SIZE, SIZE));
    raster_contour(&r, (struct point[3]){ { 3, 5 }, { 37, 9.5F }, { 11, 31 } }, 3);
    raster_fill(&r, &flat);
    for (int n = 0; n < SIZE * SIZE; n++)
        sum += (double)(r.picture.pixels[n] >> 16 & 255) / 255;
    /* half the cross product of two sides */
    assert_true(sum > 423.5 && sum < 424.5);
    raster_free(&r);
}

static void reversed_contours_are_holes(void **state)
{
    struct raster r = { 0 };

    (void)state;
    assert_true(raster_resize(&r, SIZE, SIZE));
    add_rectangle(&r, (struct box){ -500, 5, 900, 30 }, false);
    add_rectangle(&r, (struct box){ 12, 12, 8, 8 }, true);
    raster_fill(&r, &flat);
    assert_int_equal(red(&r, 15, 15), 0);
    assert_int_equal(red(&r, 11, 15), 255);
    assert_int_equal(red(&r, 0, 15), 255);
    assert_int_equal(red(&r, SIZE - 1, 15), 255);
    raster_free(&r);
}

/* Pieces of one filling leave no seam, and cover once where they lie over each other. */
static void pieces_join_without_a_seam(void **state)
{
    struct raster r = { 0 };
    const struct raster_shade half = {
        0, 0, { 255, 255, 255, 128 }, { 255, 255, 255, 128 }
    };

    (void)state;
    assert_true(raster_resize(&r, SIZE, SIZE));
    raster_contour(&r, (struct point[4]){ { 4, 4 }, { 17, 4 }, { 23, 30 }, { 4, 30 } },
                   4);
    raster_contour(
        &r, (struct point[4]){ { 17, 4 }, { 36, 4 }, { 36, 30 }, { 23, 30 } }, 4);
    add_rectangle(&r, (struct box){ 10, 10, 5, 5 }, false);
    raster_fill(&r, &half);
    for (int y = 4; y < 30; y++)
        for (int x = 4; x < 36; x++)
            assert_in_range(red(&r, x, y), 127, 129);
    raster_free(&r);
}

static void draw_text(struct canvas *c, const void *text)
{
    canvas_text(c, 0, 30, 24, FONT_REGULAR, CANVAS_LEFT, white, text);
}

static struct canvas *picture_of(const char *text)
{
    struct canvas *c = canvas_new();

    assert_non_null(c);
    assert_true(canvas_resize(c, SIZE, SIZE, SIZE, SIZE));
    canvas_paint(c, NULL, draw_text, text);
    return c;
}

static bool same_picture(const char *a, const char *b)
{
    struct canvas *left = picture_of(a), *right = picture_of(b);
    bool same = memcmp(canvas_picture(left)->pixels, canvas_picture(right)->pixels,
                       SIZE * SIZE * sizeof(uint32_t)) == 0;

    canvas_free(left);
    canvas_free(right);
    return same;
}

static void letters_are_found_in_the_table(void **state)
{
    static const char *const all[] = { "A", "é", "ß", "Ω", "я", "–", "−", "→", "×" };
    const size_t count = sizeof all / sizeof *all;

    (void)state;
    for (size_t k = 0; k < count; k++) {
        assert_false(same_picture(all[k], "\U0001F600")); /* which no font here has */
        assert_false(same_picture(all[k], ""));
        for (size_t n = 0; n < k; n++)
            assert_false(same_picture(all[k], all[n]));
    }
    assert_true(same_picture("\U0001F600", "漢"));
    assert_false(same_picture("漢", ""));
}

/* L stands on whole pixels: its foot is sharp, and as high as a capital's share. */
static void letters_stand_on_their_line(void **state)
{
    struct canvas *c = picture_of("L");
    const uint32_t *pixels = canvas_picture(c)->pixels;
    int top = 0;

    (void)state;
    while (top < SIZE && (pixels[top * SIZE + 3] & 255) < 128)
        top++;
    assert_int_equal(top, 30 - 17); /* 24 pixels by 0.729 em */
    assert_int_equal(pixels[29 * SIZE + 8] & 255, 255);
    assert_int_equal(pixels[30 * SIZE + 8] & 255, 0);
    canvas_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_cover_their_share),
        cmocka_unit_test(slopes_cover_their_share),
        cmocka_unit_test(reversed_contours_are_holes),
        cmocka_unit_test(pieces_join_without_a_seam),
        cmocka_unit_test(letters_are_found_in_the_table),
        cmocka_unit_test(letters_stand_on_their_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
