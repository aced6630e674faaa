/* Loads as samples: their energies against the truth, the heap, the own exponential. */
#include "tests/waveform/load_fixture.h"

/* What a meter adds up, sample by sample, against the truth: within 0.005 % of 10 s
 * with a sag, a motor's start and a drive. */
static void test_energy_is_what_samples_add_up_to(void **state)
{
    (void)state;
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    struct waveform *w = new_world(WAVEFORM_WYE);
    struct waveform_event sag = event_defaults(WAVEFORM_EVENT_SAG);
    struct waveform_load_spec motor = load_of(WAVEFORM_LOAD_MOTOR, 10);
    struct waveform_load_spec drive = load_of(WAVEFORM_LOAD_DRIVE_6, 20);
    double sum = 0;
    /* of 42 samples a cycle the orders 41 and 43 would stand still on the fundamental
     */
    drive.orders = 40;
    sag.at_s = 3.0123;
    sag.ramp_in_s = 0.03;
    sag.duration_s = 1.5;
    motor.at_s = 1.0777;
    add(w, drive);
    add(w, load_of(WAVEFORM_LOAD_RESISTOR, 15));
    add(w, motor);
    assert_int_equal(waveform_add_event(w, &sag), 0);
    for (int block = 0; block < 600; block++) {
        waveform_fill(w, WAVEFORM_BLOCK, x);
        for (int n = 0; n < WAVEFORM_BLOCK; n++)
            for (int k = 0; k < 3; k++)
                sum += x[k][n] * x[3 + k][n] / RATE / 3600;
    }
    waveform_truth(w, &t);
    assert_near(t.wh_import_total, sum, 5e-5 * sum);
    waveform_free(w);
}

static void test_fill_does_not_allocate(void **state)
{
    (void)state;
    struct waveform *w = new_world(WAVEFORM_WYE);
    struct waveform_event sag = event_defaults(WAVEFORM_EVENT_SAG);
    struct waveform_event hit = event_defaults(WAVEFORM_EVENT_CAPACITOR);
    sag.at_s = hit.at_s = 0.1;
    sag.ramp_in_s = 0.02;
    add(w, load_of(WAVEFORM_LOAD_MOTOR, 10));
    add(w, load_of(WAVEFORM_LOAD_DRIVE_6, 10));
    assert_int_equal(waveform_add_event(w, &sag), 0);
    assert_int_equal(waveform_add_event(w, &hit), 0);
    struct mallinfo2 before = mallinfo2();
    fill_samples(w, RATE);
    struct mallinfo2 after = mallinfo2();
    assert_true(after.uordblks == before.uordblks && after.hblkhd == before.hblkhd);
    waveform_free(w);
}

static void test_the_own_exponential(void **state)
{
    (void)state;
    for (int n = 0; n < 7000; n++) {
        double x = n * 0.1 + 0.0123 * (n % 7), own = load_drive_decay(x);
        assert_near(own, exp(-x), 2e-15 * exp(-x));
    }
    assert_true(load_drive_decay(0) == 1 && load_drive_decay(1000) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_energy_is_what_samples_add_up_to),
        cmocka_unit_test(test_fill_does_not_allocate),
        cmocka_unit_test(test_the_own_exponential),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
