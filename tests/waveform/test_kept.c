/* What a world keeps of grid and load is what it was given, however many harmonics. */
#include "tests/support/check.h"
#include "waveform/kept.h"
#include <string.h>

static struct random dice = { 21 };

static void draw(struct waveform_harmonics h[WAVEFORM_PHASES])
{
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        h[k].count = (int)random_range(&dice, 0, WAVEFORM_HARMONICS);
        for (int n = 0; n < h[k].count; n++)
            h[k].item[n] = (struct waveform_harmonic){ n, random_unit(&dice), 7 * n };
    }
}

static void assert_same(const struct waveform_harmonics a[WAVEFORM_PHASES],
                        const struct waveform_harmonics b[WAVEFORM_PHASES])
{
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        assert_int_equal(a[k].count, b[k].count);
        assert_memory_equal(a[k].item, b[k].item,
                            (size_t)a[k].count * sizeof *a[k].item);
    }
}

static void any_lists_come_back(void **state)
{
    struct kept_grid kept_g = { .hz = 0 };
    struct kept_load kept_l = { .ab = false };

    (void)state;
    for (int round = 0; round < 100; round++) {
        struct waveform_grid g = { .hz = round, .volts = { 1, 2, round } };
        struct waveform_load l = { .amps = { 3, round, 4 }, .ab = round % 2 };
        g.lost[round % 3] = true;
        draw(g.harmonics);
        draw(l.harmonics);
        kept_set_grid(&kept_g, &g);
        kept_set_load(&kept_l, &l);
        const struct waveform_grid grid = kept_grid(&kept_g);
        const struct waveform_load load = kept_load(&kept_l);
        assert_true(grid.hz == round && grid.volts[2] == round);
        assert_memory_equal(grid.lost, g.lost, sizeof g.lost);
        assert_true(load.amps[1] == round && load.ab == round % 2);
        assert_same(grid.harmonics, g.harmonics);
        assert_same(load.harmonics, l.harmonics);
    }
    kept_free(&kept_g.harmonics);
    kept_free(&kept_l.harmonics);
}

static void none_needs_no_memory(void **state)
{
    struct kept_load kept = { .ab = false };
    struct waveform_load load = { .harmonics = { { 0 }, { 1, { { 3, 4, 5 } } } } };

    (void)state;
    kept_set_load(&kept, &load);
    assert_non_null(kept.harmonics.item);
    load.harmonics[1].count = 0;
    kept_set_load(&kept, &load);
    assert_null(kept.harmonics.item);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_lists_come_back),
        cmocka_unit_test(none_needs_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
