/* Saved state that no unit could have left, though every byte is there: it is refused,
 * or what comes of it runs on within all bounds. Each word of a state is made wrong in
 * turn, a sample of the fuzz target's edits; under the sanitizers nothing is found. */
#include "core/menu_state.h"
#include "core/meter_state.h"
#include "hal_sim/device_core.h"
#include "tests/hal_sim/reel.h"
#include "waveform/base/store.h"
#include "waveform/event.h"
#include "waveform/load_kind.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORD = 4 };

static const int64_t second_ns = 1000000000;

/* In the midst of what a unit may do. */
static struct unit *make(void)
{
    const struct unit_options o = reel_unit(9);
    struct unit *u = unit_new(&o, 0);
    struct waveform_event sag = event_defaults(WAVEFORM_EVENT_SAG);
    struct waveform_load_spec motor = load_defaults(WAVEFORM_LOAD_MOTOR);
    struct waveform_grid grid = { .hz = 60 };

    for (int k = 0; k < 3; k++) {
        grid.volts[k] = 277;
        grid.degrees[k] = -120 * k;
    }
    unit_set_grid(u, &grid);
    unit_power(u, true);
    sag.duration_s = 2;
    sag.ramp_in_s = 1;
    motor.kw = 30;
    unit_advance(u, 3 * second_ns / 2);
    assert_int_equal(waveform_add_event(u->world, &sag), 0);
    assert_int_equal(waveform_add_load(u->world, &motor), 0);
    unit_set_fault(u, FAULT_ADC_NOISE, -1, 20);
    unit_set_fault(u, FAULT_VOLTAGE_SHIFT, 2, -8); /* the grid as asked for is kept */
    unit_set_fault(u, FAULT_CT_CLASS, -1, 0.5);
    unit_keys(u, METER_KEY_PLUS);
    unit_advance(u, 2 * second_ns + 7000000);
    return u;
}

static bool is_refused(const struct store *saved)
{
    struct store from = store_load(saved->byte, saved->size);
    struct unit *u = unit_new_restored(&from, &(struct unit_options){ .sink = NULL });

    if (u)
        unit_free(u);
    return !u;
}

static void each_word_is_checked(void **state)
{
    static const uint32_t words[] = { UINT32_MAX, INT32_MAX, 0x7FF00000 };
    static const uint8_t request[] = { 3, 0, 0, 0, 100 };
    struct unit *u = make();
    struct store saved = { .loading = false };
    uint8_t answer[METER_PDU_MAX];
    int refused = 0, accepted = 0;

    (void)state;
    assert_int_equal(unit_save(u, &saved), 0);
    for (size_t at = 0; at + WORD <= saved.size; at += WORD) {
        uint8_t was[WORD];
        memcpy(was, saved.byte + at, WORD);
        memcpy(saved.byte + at, &words[at % 3], WORD);
        struct store from = store_load(saved.byte, saved.size);
        struct unit *other =
            unit_new_restored(&from, &(struct unit_options){ .sink = NULL });
        refused += other == NULL;
        if (other) {
            accepted++;
            unit_advance(other, other->now_ns + second_ns / 20);
            unit_request(other, request, sizeof request, answer);
            unit_free(other);
        }
        memcpy(saved.byte + at, was, WORD);
    }
    assert_true(refused > 900 && accepted > 900);
    assert_false(is_refused(&saved));
    store_free(&saved);
    unit_free(u);
}

/* One number of a unit, or of the firmware behind it. */
enum flaw {
    LATE_UNIT,
    AHEAD_OF_SAMPLES,
    LATE_METER,
    NO_DEVICE,
    FAULT_BEYOND,
    FAULT_NAN,
    GRID_WITHOUT_HZ,
    KEYS_UNKNOWN,
    PERIOD_OVERRUN,
    BLOCK_OVERRUN,
    FRAME_OVERRUN,
    SCREEN_UNKNOWN,
    SETTING_BEYOND,
    ENERGY_BEYOND,
    FLAWS
};

static void spoil_meter(struct meter *m, enum flaw flaw)
{
    if (flaw == BLOCK_OVERRUN)
        m->metering.acquire.fill = BLOCK;
    else if (flaw == FRAME_OVERRUN)
        m->rtu.length = RTU_FRAME_MAX + 1;
    else if (flaw == SCREEN_UNKNOWN)
        m->menu.screen = UINT8_MAX;
    else if (flaw == SETTING_BEYOND)
        m->settings.value[SETTING_ADDRESS] = 255;
    else if (flaw == ENERGY_BEYOND)
        m->energy.mwh[0][0] = UINT64_MAX;
    else if (flaw == NO_DEVICE)
        m->model = NULL;
}

static void spoil(struct unit *u, enum flaw flaw)
{
    if (flaw == LATE_UNIT)
        u->now_ns -= second_ns;
    else if (flaw == AHEAD_OF_SAMPLES)
        u->clock_count += 1000;
    else if (flaw == LATE_METER)
        u->power_on_ns = -3600 * second_ns;
    else if (flaw == FAULT_BEYOND)
        unit_own_faults(u)->value[FAULT_PHASE_LOSS][0] = 1e9;
    else if (flaw == FAULT_NAN)
        unit_own_faults(u)->value[FAULT_CT_OPEN][0] = NAN;
    else if (flaw == GRID_WITHOUT_HZ)
        u->asked->grid.hz = 0;
    else if (flaw == KEYS_UNKNOWN)
        u->contacts.pressed = UINT8_MAX;
    else if (flaw == PERIOD_OVERRUN)
        u->sensors.error[0].count = CT_CLASS_PERIOD;
    else
        spoil_meter(device_core_meter(u->device), flaw);
}

static void what_no_unit_has_is_refused(void **state)
{
    (void)state;
    for (int flaw = 0; flaw < FLAWS; flaw++) {
        struct unit *u = make();
        struct store saved = { .loading = false }, good = saved;
        assert_int_equal(unit_save(u, &good), 0);
        assert_false(is_refused(&good));
        spoil(u, (enum flaw)flaw);
        /* What is seen when it is saved is as well. */
        if (unit_save(u, &saved) == 0 && !is_refused(&saved))
            fail_msg("flaw %d is accepted", flaw);
        store_free(&saved);
        store_free(&good);
        device_core_meter(u->device)->model = u->model;
        unit_free(u);
    }
}

/* Codes of a converter whose limits are of no sense. */
static void codes_lie_in_their_range(void **state)
{
    static const double worst[] = { 1e15, -1e15, NAN };
    static double x[HAL_CHANNELS][WAVEFORM_BLOCK];
    static int32_t codes[HAL_CHANNELS][WAVEFORM_BLOCK];
    uint64_t noise = 1;

    (void)state;
    for (int n = 0; n < 9; n++) {
        struct adc a = { .noise_codes = n % 2 };
        for (int ch = 0; ch < HAL_CHANNELS; ch++) {
            a.clip[ch] = worst[n % 3];
            a.offset[ch] = worst[n / 3];
            for (int t = 0; t < WAVEFORM_BLOCK; t++)
                x[ch][t] = worst[(n + t) % 3];
        }
        adc_convert(&a, &noise, WAVEFORM_BLOCK, x, codes);
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            for (int t = 0; t < WAVEFORM_BLOCK; t++)
                assert_in_range(codes[ch][t] + HAL_CODES, 0, 2 * HAL_CODES - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_word_is_checked),
        cmocka_unit_test(what_no_unit_has_is_refused),
        cmocka_unit_test(codes_lie_in_their_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
