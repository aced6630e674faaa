/* Control power from the meter's terminals: which there are, the ride-through, and the
 * capacitor's last peak. */
#include "hal_sim/control.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void names_and_terminals(void **state)
{
    int terminal[2];

    (void)state;
    assert_string_equal(control_name(CONTROL_SEPARATE), "separate");
    assert_string_equal(control_name(CONTROL_CA), "C-A");
    assert_null(control_name(CONTROL_CA + 1));
    assert_null(control_name(-1));
    control_terminals(CONTROL_BN, terminal);
    assert_int_equal(terminal[0], 1);
    assert_int_equal(terminal[1], 3);
}

static void wirings_have_terminals(void **state)
{
    /* bit per control wiring, from CONTROL_SEPARATE on */
    static const unsigned fits[] = {
        [WAVEFORM_AN] = 0x03,  [WAVEFORM_AB] = 0x11,
        [WAVEFORM_ABN] = 0x17, [WAVEFORM_DELTA] = 0x71,
        [WAVEFORM_WYE] = 0x7F, [WAVEFORM_BN] = 0x03, /* terminals A and N */
        [WAVEFORM_CN] = 0x03
    };

    (void)state;
    for (int wiring = WAVEFORM_AN; wiring < WAVEFORM_WIRINGS; wiring++)
        for (int wired = CONTROL_SEPARATE; wired <= CONTROL_CA; wired++)
            assert_int_equal(
                control_fits((enum control_wiring)wired, (enum waveform_wiring)wiring),
                fits[wiring] >> wired & 1);
}

static void ride_through_by_the_square(void **state)
{
    (void)state;
    assert_int_equal(control_ride_ns(120, 100), 100000000);
    assert_int_equal(control_ride_ns(240, 100), 400000000);
    assert_int_equal(control_ride_ns(90, 100), 56250000);
    assert_int_equal(control_ride_ns(480, 100), 1000000000);
    assert_int_equal(control_ride_ns(120, 20), 20000000);
}

static void peaks_and_pauses(void **state)
{
    struct control c;

    (void)state;
    control_start(&c, CONTROL_AB, 1000);
    assert_int_equal(c.charged_ns, 1000);
    control_charge(&c, 300, 20000000, 30000000); /* a new cycle */
    control_charge(&c, 200, 31000000, 32000000); /* the same one */
    assert_true(c.peak == 300 && fabs(c.peak_before - 120 * sqrt(2)) < 1e-9);
    assert_int_equal(c.since_ns, 1000);
    control_charge(&c, 100, 40000000, 0); /* does not conduct */
    assert_int_equal(c.charged_ns, 32000000);
    assert_true(c.peak == 300);
    control_charge(&c, 250, 90000000, 99000000); /* after a pause */
    assert_true(c.peak == 250 && c.peak_before == 300);
    assert_int_equal(c.since_ns, 90000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_terminals),
        cmocka_unit_test(wirings_have_terminals),
        cmocka_unit_test(ride_through_by_the_square),
        cmocka_unit_test(peaks_and_pauses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
