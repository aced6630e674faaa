/* A unit kept as bytes and put back, into itself and into another one: what follows is
 * to the bit what followed the first time, from any moment (in a block, in a ramp, in
 * the dark), with whatever hangs on the world and with every fault. */
#include "hal_sim/device_core.h"
#include "tests/hal_sim/reel.h"
#include "waveform/base/store.h"
#include "waveform/load_kind.h"
#include "waveform/profile.h"
#include "waveform/recording.h"
#include "waveform/waveform_parts.h"
#include <stdlib.h>
#include <string.h>

enum { PROFILE_POINT_COUNT = 4 };
static const int64_t second_ns = 1000000000, later_ns = 2300000000;

static struct reel reels[2];

static struct unit *make(uint64_t seed)
{
    const struct unit_options o = reel_unit(seed);
    struct unit *u = unit_new(&o, 0);
    struct waveform_grid grid = { .hz = 60.3 };
    struct waveform_load load = { .ab = false };

    for (int k = 0; k < 3; k++) {
        grid.volts[k] = 277;
        grid.degrees[k] = -120 * k;
        grid.harmonics[k] = (struct waveform_harmonics){ 1, { { 5, 4, 30 } } };
        load.amps[k] = 40 + k;
        load.lag_degrees[k] = 25;
    }
    unit_set_grid(u, &grid);
    waveform_set_load(u->world, &load);
    unit_power(u, true);
    unit_advance(u, second_ns);
    return u;
}

/* A request every 0.3 s, all registers of the readings; power goes and comes. */
static void go_on(struct unit *u, struct reel *reel)
{
    static const uint8_t request[] = { 3, 0, 0, 0, 100 };
    uint8_t answer[METER_PDU_MAX];
    const int64_t start_ns = u->now_ns;

    reel->size = 0;
    u->hal.sink = reel_keep;
    u->hal.sink_user = reel;
    for (int64_t t = 300000000; t < later_ns; t += 300000000) {
        unit_advance(u, start_ns + t);
        unit_request(u, request, sizeof request, answer);
        if (t == 1500000000)
            unit_power(u, !u->powered);
    }
    unit_power(u, true);
    unit_advance(u, start_ns + later_ns);
    u->hal.sink = NULL;
}

static void assert_same_nvm(const struct unit *a, const struct unit *b)
{
    for (unsigned page = 0; page < BOARD_PAGES; page++) {
        uint8_t x[BOARD_PAGE], y[BOARD_PAGE];
        assert_int_equal(board_nvm_has_page(&a->hal, page),
                         board_nvm_has_page(&b->hal, page));
        board_nvm_peek(&a->hal, page * BOARD_PAGE, x, BOARD_PAGE);
        board_nvm_peek(&b->hal, page * BOARD_PAGE, y, BOARD_PAGE);
        assert_memory_equal(x, y, BOARD_PAGE);
    }
}

static void assert_same_truth(const struct unit *a, const struct unit *b)
{
    struct waveform_truth x, y;

    memset(&x, 0, sizeof x);
    memset(&y, 0, sizeof y);
    waveform_truth(a->world, &x);
    waveform_truth(b->world, &y);
    assert_memory_equal(&x, &y, sizeof x);
}

static void assert_same_reels(void)
{
    assert_true(reels[0].size > 40000);
    assert_int_equal(reels[0].size, reels[1].size);
    assert_memory_equal(reels[0].bytes, reels[1].bytes, reels[0].size);
}

/* Saved now; the unit goes on; put back into it and into a new one, which go on so,
 * too; saved again after the way back the bytes are those that they were. */
static void check(struct unit *u)
{
    struct store saved = { .loading = false }, again = { .loading = false };

    assert_int_equal(unit_save(u, &saved), 0);
    struct store first = store_load(saved.byte, saved.size), second = first;
    go_on(u, &reels[0]);
    struct unit *other =
        unit_new_restored(&first, &(struct unit_options){ .sink = NULL });
    assert_non_null(other);
    assert_true(store_loaded(&first));
    go_on(other, &reels[1]);
    assert_same_reels();
    assert_same_nvm(u, other);
    assert_same_truth(u, other);
    assert_int_equal(unit_restore(u, &second), 0);
    assert_true(store_loaded(&second));
    assert_int_equal(unit_save(u, &again), 0);
    assert_int_equal(again.size, saved.size);
    assert_memory_equal(again.byte, saved.byte, saved.size);
    go_on(u, &reels[1]);
    assert_same_reels();
    assert_same_truth(u, other);
    unit_free(other);
    store_free(&saved);
    store_free(&again);
}

/* Moments that fall anywhere in blocks of 42 samples, and between samples. */
static void at_any_moment(void **state)
{
    struct unit *u = make(5);

    (void)state;
    unit_set_fault(u, FAULT_ADC_NOISE, -1, 20);
    for (int k = 0; k < 6; k++) {
        unit_advance(u, u->now_ns + 17 * k * 396825 + 1234567);
        check(u);
    }
    unit_free(u);
}

static void without_power(void **state)
{
    struct unit *u = make(5);

    (void)state;
    unit_power(u, false);
    unit_advance(u, u->now_ns + 12345678);
    check(u);
    unit_free(u);
}

/* A less B of 660 V is above the full scale of one channel. */
static void at_the_highest_nominal_voltage(void **state)
{
    struct unit_factory factory = { .given = { [SETTING_SYSTEM_TYPE] = true },
                                    .value = { [SETTING_SYSTEM_TYPE] = 11 } };
    struct unit *u = make(5);
    struct waveform_grid grid = unit_grid(u);

    (void)state;
    for (int k = 0; k < 3; k++)
        grid.volts[k] = 381.05;
    unit_set_grid(u, &grid);
    unit_power(u, false);
    assert_int_equal(unit_program(u, &factory), UNIT_PROGRAMMED);
    unit_power(u, true);
    unit_advance(u, u->now_ns + 2 * second_ns);
    check(u);
    unit_free(u);
}

/* Between the loss of supply and the end of the ride through it. */
static void while_it_rides_through(void **state)
{
    struct unit *u = make(5);

    (void)state;
    unit_supply(u, false);
    unit_advance(u, u->now_ns + 50000000);
    assert_true(u->powered);
    check(u);
    unit_free(u);
}

static void with_every_fault(void **state)
{
    struct unit *u = make(9);

    (void)state;
    for (int id = 0; id < FAULTS; id++) {
        const struct fault_row *row = &fault_table[id];
        if (id == FAULT_SUPPLY_LOSS)
            continue;
        unit_set_fault(u, (enum fault_id)id, row->per_phase ? 1 : -1, row->usual);
        unit_advance(u, u->now_ns + 98765432);
        if (!unit_board_is_mute(u)) /* without samples a tape is short */
            check(u);
        unit_set_fault(u, (enum fault_id)id, row->per_phase ? 1 : -1, row->neutral);
    }
    unit_free(u);
}

/* Faults that carry a state from sample to sample, all at once. */
static void with_iron_and_classes(void **state)
{
    struct unit *u = make(9);

    (void)state;
    unit_set_fault(u, FAULT_CT_SATURATION, 0, 0.5);
    unit_set_fault(u, FAULT_CT_REMANENCE, 0, 60);
    unit_set_fault(u, FAULT_CT_CLASS, 1, -0.5);
    unit_set_fault(u, FAULT_CLOCK_ERROR, -1, 120);
    unit_set_fault(u, FAULT_ADC_LOST, -1, 1000);
    unit_set_fault(u, FAULT_SUPPLY_DIPS, -1, 40);
    unit_set_fault(u, FAULT_VOLTAGE_SHIFT, 2, -8);
    unit_advance(u, u->now_ns + 765432100);
    assert_true(u->sensors.saturating && u->sensors.classed && u->asked);
    check(u);
    unit_free(u);
}

static void add_event(struct unit *u, enum waveform_event_kind kind, double at_s)
{
    struct waveform_event event = event_defaults(kind);

    event.at_s = at_s;
    assert_int_equal(waveform_add_event(u->world, &event), 0);
}

/* Each kind under way, with others that wait. */
static void with_every_event(void **state)
{
    (void)state;
    for (int kind = 0; kind < WAVEFORM_EVENTS; kind++) {
        struct unit *u = make(3);
        add_event(u, (enum waveform_event_kind)kind, 0.1);
        add_event(u, WAVEFORM_EVENT_SAG, 0.7);
        add_event(u, WAVEFORM_EVENT_IMPULSE, 0.9);
        unit_advance(u, u->now_ns + 123456789);
        check(u);
        unit_free(u);
    }
}

static void with_trouble(void **state)
{
    struct waveform_disturbance disturbance = { .loss = { [1] =
                                                              WAVEFORM_LOSS_FLOATING },
                                                .neutral_open = true,
                                                .flicker_hz = 8.8,
                                                .flicker_percent = 3,
                                                .notch_percent = 20,
                                                .notch_width_degrees = 5,
                                                .notch_orders = 50 };
    struct unit *u = make(3);

    (void)state;
    struct waveform_grid grid = unit_grid(u);
    grid.lost[1] = true;
    unit_set_grid(u, &grid);
    assert_int_equal(unit_set_disturbance(u, &disturbance), 0);
    unit_advance(u, u->now_ns + 333333333);
    check(u);
    unit_free(u);
}

static struct profile *new_profile(void)
{
    struct profile *p = calloc(1, sizeof *p);

    assert_non_null(p);
    p->count = PROFILE_POINT_COUNT;
    p->point = calloc(PROFILE_POINT_COUNT, sizeof *p->point);
    assert_non_null(p->point);
    for (int n = 0; n < PROFILE_POINT_COUNT; n++) {
        p->point[n].seconds = 0.8 * n;
        for (int k = 0; k < 3; k++) {
            p->point[n].re[k] = 5 + 3 * n + k;
            p->point[n].im[k] = n - 2;
        }
    }
    return p;
}

/* All kinds, in a sag that ramps; the profile is freed before the bytes are used. */
static void with_every_load(void **state)
{
    (void)state;
    for (int kind = 0; kind < WAVEFORM_LOAD_KINDS; kind++) {
        struct unit *u = make(3);
        struct waveform_load_spec spec = load_defaults((enum waveform_load_kind)kind);
        struct waveform_event sag = event_defaults(WAVEFORM_EVENT_SAG);
        struct profile *profile = new_profile();
        struct store saved = { .loading = false };

        if (kind == WAVEFORM_LOAD_PROFILE)
            spec.profile = profile;
        else
            spec.amps = 10;
        assert_int_equal(waveform_add_load(u->world, &spec), 0);
        sag.ramp_in_s = 3;
        sag.duration_s = 5;
        sag.phases = 2;
        assert_int_equal(waveform_add_event(u->world, &sag), 0);
        unit_set_fault(u, FAULT_KEY_BOUNCE, -1, 500); /* a button in mid-air */
        unit_keys(u, METER_KEY_MINUS);
        unit_advance(u, u->now_ns + 456789123);
        check(u);
        assert_int_equal(unit_save(u, &saved), 0);
        struct store bytes = store_load(saved.byte, saved.size);
        unit_free(u);
        profile_free(profile);
        u = unit_new_restored(&bytes, &(struct unit_options){ .sink = NULL });
        assert_non_null(u);
        check(u);
        waveform_clear_loads(u->world);
        unit_advance(u, u->now_ns + 98765432);
        check(u);
        unit_free(u);
        store_free(&saved);
    }
}

/* FRAM that outlives the unit takes the content, pages that were never written too. */
static void lent_fram_takes_the_content(void **state)
{
    static uint8_t fram[HAL_NVM_SIZE];
    const struct board_nvm nvm = { .memory = fram };
    const struct unit_options o = { .model = &model_s4100,
                                    .ct_primary_a = 100,
                                    .ct_output_v = 1,
                                    .pt_ratio = 1,
                                    .nvm = &nvm };
    struct unit *u = make(5), *other = unit_new(&o, 0);
    struct store saved = { .loading = false };

    (void)state;
    memset(fram, 0x55, sizeof fram);
    assert_int_equal(unit_save(u, &saved), 0);
    struct store bytes = store_load(saved.byte, saved.size);
    assert_int_equal(unit_restore(other, &bytes), 0);
    for (unsigned page = 0; page < BOARD_PAGES; page++) {
        uint8_t content[BOARD_PAGE];
        board_nvm_peek(&u->hal, page * BOARD_PAGE, content, BOARD_PAGE);
        assert_memory_equal(&fram[page * BOARD_PAGE], content, BOARD_PAGE);
    }
    go_on(u, &reels[0]);
    go_on(other, &reels[1]);
    store_free(&saved);
    unit_free(other);
    unit_free(u);
}

/* What is added to one of these must be added to what keeps it (unit_save.c,
 * waveform_save.c, motion_save.c), or be known not to matter; then here. */
static void every_field_is_known(void **state)
{
    (void)state;
    assert_int_equal(sizeof(struct hal), 192);
    assert_int_equal(sizeof(struct unit) - sizeof(struct hal) - sizeof(struct sensors),
                     336);
    assert_int_equal(sizeof(struct sensors), 1136);
    assert_int_equal(sizeof(struct waveform), 1384);
    assert_int_equal(sizeof(struct motion), 7216);
    assert_int_equal(sizeof(struct event), 192);
    assert_int_equal(sizeof(struct load_part), 408);
    assert_int_equal(sizeof(struct motion_layer), 104);
}

/* No word of the firmware's state is an address: of the unit, of a table of the
 * program, of a function. */
static void the_image_holds_no_pointers(void **state)
{
    struct unit *u = make(5);
    struct meter *m = device_core_meter(u->device);
    const uintptr_t near[] = { (uintptr_t)u, (uintptr_t)u->device, (uintptr_t)u->model,
                               (uintptr_t)unit_save, (uintptr_t)setting_table };
    uintptr_t word;

    (void)state;
    for (size_t at = 0; at + sizeof word <= sizeof *m; at += sizeof word) {
        memcpy(&word, (const char *)m + at, sizeof word);
        if (at == offsetof(struct meter, hal) || at == offsetof(struct meter, model)) {
            assert_true(word == (uintptr_t)&u->hal || word == (uintptr_t)u->model);
            continue;
        }
        for (size_t k = 0; k < sizeof near / sizeof *near; k++)
            assert_true(word - near[k] + (1 << 20) > 2 << 20);
    }
    unit_free(u);
}

/* Cut anywhere, the bytes are refused, and nothing is read beyond their end. */
static void cut_bytes_are_refused(void **state)
{
    struct unit *u = make(5);
    struct store saved = { .loading = false };

    (void)state;
    assert_int_equal(unit_save(u, &saved), 0);
    for (size_t size = 0; size < saved.size; size += 1 + size / 7) {
        uint8_t *part = malloc(size + 1);
        assert_non_null(part);
        memcpy(part, saved.byte, size);
        struct store bytes = store_load(part, size);
        assert_null(unit_new_restored(&bytes, &(struct unit_options){ .sink = NULL }));
        free(part);
    }
    store_free(&saved);
    unit_free(u);
}

static void a_recording_is_not_kept(void **state)
{
    struct unit *u = make(5);
    double x[42] = { 0 };
    const struct recording r = {
        .samples_per_s = 2520, .hz = 60, .count = 42, .x = { x, x, x, x, x, x }
    };
    struct store saved = { .loading = false };

    (void)state;
    waveform_play(u->world, &r);
    assert_int_equal(unit_save(u, &saved), -1);
    waveform_play(u->world, NULL);
    store_free(&saved);
    assert_int_equal(unit_save(u, &saved), 0);
    store_free(&saved);
    unit_free(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_any_moment),
        cmocka_unit_test(without_power),
        cmocka_unit_test(at_the_highest_nominal_voltage),
        cmocka_unit_test(while_it_rides_through),
        cmocka_unit_test(with_every_fault),
        cmocka_unit_test(with_iron_and_classes),
        cmocka_unit_test(with_every_event),
        cmocka_unit_test(with_trouble),
        cmocka_unit_test(with_every_load),
        cmocka_unit_test(lent_fram_takes_the_content),
        cmocka_unit_test(every_field_is_known),
        cmocka_unit_test(the_image_holds_no_pointers),
        cmocka_unit_test(cut_bytes_are_refused),
        cmocka_unit_test(a_recording_is_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
