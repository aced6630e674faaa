/* The whole meter: what is published when, contacts and LEDs, alerts from samples, and
 * what whole-cycle energy does to pulses and to demand. */
#include "core/records.h"
#include "tests/support/bench.h"

static struct bench b;

/* Single phase, 360 V and 100 A rated, 10 Wh per pulse: 36 kW is both the maximum power
 * and what closures of 500 ms keep up with. */
static void start_small(void)
{
    bench_start(&b, 10);
    bench_set(&b, 134, 360);
    bench_set(&b, 144, 10);
    assert_int_equal(bench_read(&b, 145), 500);
}

static struct waves single_phase(double hz, double amps)
{
    struct waves w = { .hz = hz, .ct_a = 100 };

    waves_set_phase(&w, 0, 360, 40, amps, 0);
    return w;
}

/* Registers 1 to 20 and 32 to 111 but those measured; the same as floats and in
 * SunSpec. */
static void check_no_reading(void)
{
    for (uint16_t reg = 21; reg <= 31; reg++) {
        assert_int_equal(bench_read(&b, reg), 0x8000);
        assert_int_equal(bench_read32(&b, (uint16_t)(277 + 2 * (reg - 21))),
                         0x7FC00000);
    }
    for (uint16_t reg = 91; reg <= 111; reg++)
        assert_int_equal(bench_read(&b, reg), 0x8000);
    for (uint16_t reg = 40072; reg <= 40106; reg++)
        if (reg != 40076 && reg != 40085 && reg != 40087 && reg != 40092 &&
            reg != 40097 && reg != 40102) /* scale factors */
            assert_int_equal(bench_read(&b, reg), 0x8000);
    for (uint16_t reg = 32; reg <= 37; reg++)
        assert_int_not_equal(bench_read(&b, reg), 0x8000);
    for (uint16_t reg = 1; reg <= 19; reg += 2)
        assert_int_not_equal(bench_read32(&b, reg), 0x80008000);
}

static void results_come_once_a_second(void **state)
{
    struct waves w;

    (void)state;
    waves_set_balanced(&w, 60, 277, 50, 30, 0);
    bench_start(&b, 40);
    for (int second = 0; second < 4; second++) {
        assert_int_equal(b.m.seconds, second);
        int64_t before[QUANTITIES];
        memcpy(before, b.m.reading, sizeof before);
        bench_feed(&b, &w, HAL_SAMPLE_RATE - 1);
        assert_memory_equal(before, b.m.reading, sizeof before);
        bench_feed(&b, &w, 1);
        assert_int_equal(b.m.seconds, second + 1);
    }
}

/* There is no reading yet, not a reading of 0; counters and maxima are known. */
static void before_the_first_second(void **state)
{
    (void)state;
    bench_start(&b, 40);
    check_no_reading();
    assert_int_equal(bench_read(&b, 146), 0);
    assert_true(b.board.output[HAL_ALARM_CONTACT]);
    assert_int_equal(b.board.baud, 19200);
    assert_int_equal(b.board.ct_range, HAL_CT_1V);
}

/* Closed (not energised) while a phase is lost; the red LED with it. */
static void alarm_contact_and_red_led(void **state)
{
    struct waves w;

    (void)state;
    waves_set_balanced(&w, 60, 277, 50, 30, 0);
    bench_start(&b, 40);
    bench_seconds(&b, &w, 2);
    assert_true(b.board.output[HAL_ALARM_CONTACT]);
    assert_false(b.board.output[HAL_LED_RED]);
    assert_int_equal(bench_read(&b, 146), 0);
    w.channel[1].count = 0;
    bench_seconds(&b, &w, 2);
    assert_int_equal(bench_read(&b, 146), 1 << 9);
    assert_false(b.board.output[HAL_ALARM_CONTACT]);
    assert_true(b.board.output[HAL_LED_RED]);
    w.channel[1].count = 1;
    bench_seconds(&b, &w, 2);
    assert_int_equal(bench_read(&b, 146), 0);
    assert_true(b.board.output[HAL_ALARM_CONTACT]);
    assert_false(b.board.output[HAL_LED_RED]);
}

/* Alerts that are no phase loss leave the contact alone. */
static void other_alerts_do_not_close_the_contact(void **state)
{
    struct waves w;

    (void)state;
    waves_set_balanced(&w, 60, 277, 50, 75, 0);
    bench_start(&b, 40);
    bench_seconds(&b, &w, 2);
    assert_int_equal(bench_read(&b, 146), 7 << 11);
    assert_true(b.board.output[HAL_ALARM_CONTACT]);
}

/* Over a power cycle, too. */
static void overrun_stays_until_an_energy_reset(void **state)
{
    struct waves w = single_phase(60, 105);

    (void)state;
    start_small();
    bench_seconds(&b, &w, 3);
    assert_true(bench_read(&b, 146) & 1 << 14);
    w = single_phase(60, 10);
    bench_seconds(&b, &w, 5);
    assert_true(bench_read(&b, 146) & 1 << 14);
    bench_power_up(&b);
    bench_seconds(&b, &w, 1);
    assert_true(bench_read(&b, 146) & 1 << 14);
    b.board.refuses = true; /* a reset that cannot be stored is none */
    assert_int_equal(bench_write(&b, 129, 30078), 4);
    b.board.refuses = false;
    bench_seconds(&b, &w, 1);
    assert_true(bench_read(&b, 146) & 1 << 14);
    for (int n = 0; n < 2; n++) {
        bench_set(&b, 129, 30078);
        bench_seconds(&b, &w, 1);
        assert_false(bench_read(&b, 146) & 1 << 14);
        bench_power_up(&b);
    }
    bench_seconds(&b, &w, 1);
    assert_false(bench_read(&b, 146) & 1 << 14);
}

/* Just below the capacity: whether a second holds 59 or 60 whole cycles must not ring.
 */
static void no_overrun_below_the_capacity(void **state)
{
    static const double hz[] = { 60, 59.7, 45.25, 50.5 };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(hz); k++) {
        struct waves w = single_phase(hz[k], 99.5);
        start_small();
        bench_seconds(&b, &w, 8);
        if (bench_read(&b, 146) & 1 << 14)
            fail_msg("overrun at 99.5 %% of the capacity, %.2f Hz", hz[k]);
    }
}

/* Demand over 10 s of constant power is that power. */
static void short_demand_is_the_power(void **state)
{
    static const double hz[] = { 60, 59.7, 45.25, 50.5 };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(hz); k++) {
        struct waves w = single_phase(hz[k], 50);
        start_small();
        bench_set(&b, 150, 10);
        bench_seconds(&b, &w, 20);
        assert_near(bench_reading(&b, Q_KW_DEMAND) / bench_reading(&b, Q_KW_TOTAL), 1,
                    5e-4L);
    }
}

/* Constant power, any frequency: closures at equal distances (36 kJ at 18 kW: 2 s). */
static void closures_at_constant_power_are_even(void **state)
{
    static const double hz[] = { 60, 59.7, 45.25 };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(hz); k++) {
        struct waves w = single_phase(hz[k], 50);
        uint64_t last = 0, least = UINT64_MAX, greatest = 0;
        start_small();
        bench_seconds(&b, &w, 4);
        while (b.sets < 24 * HAL_SAMPLE_RATE) {
            uint32_t before = b.board.closures;
            bench_feed(&b, &w, 2); /* 0.8 ms */
            if (b.board.closures == before)
                continue;
            uint64_t gap = b.board.closed_us - last;
            if (last && gap < least)
                least = gap;
            if (last && gap > greatest)
                greatest = gap;
            last = b.board.closed_us;
        }
        assert_near(least, 2e6L, 25000);
        assert_near(greatest, 2e6L, 25000);
    }
}

/* Commands of register 129 reach demand and act at the end of the second. */
static void demand_commands(void **state)
{
    struct waves w = single_phase(60, 50);

    (void)state;
    start_small();
    bench_set(&b, 150, 0);
    bench_seconds(&b, &w, 5);
    assert_int_equal(b.m.reading[Q_KW_DEMAND], 0);
    bench_set(&b, 129, 21211);
    assert_int_equal(b.m.reading[Q_KW_DEMAND], 0);
    bench_seconds(&b, &w, 1);
    /* 18 kW for six seconds but for what is not metered yet: two blocks and the half of
     * a ramp that the next second shares, 83 ms */
    assert_near(bench_reading(&b, Q_KW_DEMAND), 18000 * (6 - 1 / 12.0L) / 6, 18);
    assert_true(b.m.reading[Q_KW_DEMAND_MAX_IMPORT] == b.m.reading[Q_KW_DEMAND]);
    bench_set(&b, 129, 21212);
    bench_seconds(&b, &w, 1);
    assert_true(b.m.reading[Q_KW_DEMAND_MAX_IMPORT] == b.m.reading[Q_KW_DEMAND]);
    assert_int_equal(b.m.reading[Q_KW_DEMAND_MAX_EXPORT], 0);
}

static void a_new_system_type_starts_anew(void **state)
{
    struct waves w;
    int64_t x;

    (void)state;
    waves_set_balanced(&w, 60, 277, 50, 30, 0);
    bench_start(&b, 40);
    bench_seconds(&b, &w, 2);
    struct energy before = b.m.energy;
    bench_set(&b, 130, 10);
    assert_memory_equal(&b.m.energy, &before, sizeof before);
    assert_false(meter_reading(&b.m, Q_KW_B, &x));
    assert_false(meter_reading(&b.m, Q_KW_TOTAL, &x));
    bench_seconds(&b, &w, 3);
    assert_near(bench_reading(&b, Q_KW_TOTAL), 277 * 50 * cosl(PI / 6), 0.5L);
}

/* 0.6 s after power-up no second has told yet how cycles become energy: those before a
 * setting, a rating or a calibration wait for it, and none is lost. */
static void a_change_in_the_first_second_loses_no_energy(void **state)
{
    static const uint16_t regs[] = { 142, 131 };
    static const struct calibration c = { .gain_ppm = { 1000, 0, 0, -500, 0, 0 } };
    static struct bench early;
    struct waves w;

    (void)state;
    waves_set_balanced(&w, 60, 277, 50, 30, 0);
    for (int k = 0; k < 3; k++) {
        bench_start(&early, 40);
        bench_start(&b, 40);
        bench_feed(&b, &w, 1500);
        if (k < 2)
            bench_set(&early, regs[k], 30), bench_set(&b, regs[k], 30);
        else
            meter_calibrate(&early.m, &c), meter_calibrate(&b.m, &c);
        bench_feed(&b, &w, 3 * HAL_SAMPLE_RATE - 1500);
        bench_seconds(&early, &w, 3);
        assert_true(b.m.energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT] >
                    2900 * (k == 1 ? 3 : 10));
        assert_memory_equal(&b.m.energy, &early.m.energy, sizeof b.m.energy);
        assert_memory_equal(&b.m.pulse.channel, &early.m.pulse.channel,
                            sizeof b.m.pulse.channel);
    }
}

static void calibration_corrects_gain_and_angle(void **state)
{
    struct calibration c = { .gain_ppm = { 1000, -2000, 0, -500, 250, 3000 },
                             .phase_urad = { 3000, -1500, 0 } };
    struct nvm n = { .lost = 0 };
    struct waves w;

    (void)state;
    waves_set_balanced(&w, 60, 277, 50, 60, 0);
    fake_board_start(&b.board);
    assert_int_equal(nvm_save(&n, &b.board, NVM_CALIBRATION, &calibration_layout, &c),
                     0);
    bench_power_up(&b);
    bench_seconds(&b, &w, 3);
    for (int k = 0; k < 3; k++) {
        long double gv = 1 + c.gain_ppm[k] * 1e-6L, gi = 1 + c.gain_ppm[3 + k] * 1e-6L;
        long double s = 277.0L * gv * 50 * gi;
        long double lag = PI / 3 + c.phase_urad[k] * 1e-6L;
        assert_near(bench_reading(&b, Q_V_AN + k), 277 * gv, 277e-5L);
        assert_near(bench_reading(&b, Q_I_A + k), 50 * gi, 50e-5L);
        assert_near(bench_reading(&b, Q_KW_A + k), s * cosl(lag), s * 2e-5L);
        assert_near(bench_reading(&b, Q_KVAR_A + k), s * sinl(lag), s * 2e-5L);
    }
}

static void heart_and_wrench(void **state)
{
    struct waves w;

    (void)state;
    waves_set_balanced(&w, 60, 277, 50, 30, 0);
    bench_start(&b, 40);
    uint8_t last = b.board.lcd[0];
    for (int n = 0; n < 4; n++) {
        bench_seconds(&b, &w, 1);
        assert_int_not_equal(b.board.lcd[0], last);
        last = b.board.lcd[0];
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_come_once_a_second),
        cmocka_unit_test(before_the_first_second),
        cmocka_unit_test(alarm_contact_and_red_led),
        cmocka_unit_test(other_alerts_do_not_close_the_contact),
        cmocka_unit_test(overrun_stays_until_an_energy_reset),
        cmocka_unit_test(no_overrun_below_the_capacity),
        cmocka_unit_test(short_demand_is_the_power),
        cmocka_unit_test(closures_at_constant_power_are_even),
        cmocka_unit_test(demand_commands),
        cmocka_unit_test(a_new_system_type_starts_anew),
        cmocka_unit_test(a_change_in_the_first_second_loses_no_energy),
        cmocka_unit_test(calibration_corrects_gain_and_angle),
        cmocka_unit_test(heart_and_wrench),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
