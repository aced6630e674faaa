/* A unit: exact sample times, the same results for any cuts of time, its tape replayed
 * into a bare meter, power, and what a change of CT range does. */
#include "hal_sim/device_core.h"
#include "hal_sim/unit_ahead.h"
#include "tests/hal_sim/reel.h"

static const int64_t second_ns = 1000000000;

static struct reel reels[3];

static struct unit *make(int reel, uint64_t seed)
{
    struct unit_options o = reel_unit(seed);

    if (reel >= 0) {
        reels[reel].size = 0;
        o.sink = reel_keep;
        o.sink_user = &reels[reel];
    }
    return unit_new(&o, 0);
}

static void set_world(struct unit *u, double hz, double amps)
{
    struct waveform_grid grid = { .hz = hz };
    struct waveform_load load = { .ab = false };

    for (int k = 0; k < 3; k++) {
        grid.volts[k] = 277;
        grid.degrees[k] = -120 * k;
        load.amps[k] = amps;
        load.lag_degrees[k] = 25;
    }
    waveform_set_grid(u->world, &grid);
    waveform_set_load(u->world, &load);
}

static int write_register(struct unit *u, uint16_t reg, uint16_t value)
{
    const uint8_t request[] = { 6, (uint8_t)((reg - 1) >> 8), (uint8_t)(reg - 1),
                                (uint8_t)(value >> 8), (uint8_t)value };
    uint8_t answer[METER_PDU_MAX];

    assert_true(unit_request(u, request, 5, answer) >= 2);
    return answer[0] & 0x80 ? answer[1] : 0;
}

static double reading(const struct unit *u, enum quantity q)
{
    int64_t x;

    assert_true(unit_reading(u, q, &x));
    return (double)x * 1e-6;
}

/* Samples at or before t on a grid of 2520·(1 + ppm) a second from 0: floor(t · rate),
 * where a sample of fractional time belongs to the nanosecond in which it falls. */
static int64_t samples_by(int64_t t_ns, int64_t rate_ppb)
{
    s128 rate = (s128)2520 * (1000000000 + rate_ppb),
         unit = (s128)1000000000 * 1000000000;
    s128 n =
        ((s128)(t_ns + 1) * rate + unit - 1) / unit - 1; /* last with n/rate < t+1 */

    return (int64_t)n;
}

/* 1000 s in random cuts; an unpowered unit's samples only pass the world by. */
static void sample_times_are_exact(void **state)
{
    static const int ppm[] = { 0, 50, -50, 10000 };
    struct random dice = { 20 };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(ppm); k++) {
        struct unit *u = make(-1, 1);
        int64_t now = 0;
        unit_set_fault(u, FAULT_CLOCK_ERROR, -1, ppm[k]);
        while (now < 1000 * second_ns) {
            now += (int64_t)random_range(&dice, 1, UINT32_MAX / 2);
            now = now < 1000 * second_ns ? now : 1000 * second_ns;
            unit_advance(u, now);
            assert_true(u->now_ns == now);
            assert_true(u->clock_count == samples_by(now, ppm[k] * 1000));
        }
        assert_int_equal(u->clock_count, 2520000 + 2520 * ppm[k] / 1000);
        unit_free(u);
    }
}

/* A change of the clock's error in mid-flight drops and repeats no sample. */
static void clock_changes_lose_no_sample(void **state)
{
    struct unit *u = make(-1, 1);
    int64_t total = 0;

    (void)state;
    for (int k = 0; k < 100; k++) {
        unit_advance(u, (k + 1) * second_ns + k * 1234567);
        total += u->clock_count;
        unit_set_fault(u, FAULT_CLOCK_ERROR, -1, k & 1 ? 0 : 5000);
    }
    /* half of the time at 2520, half at 2532.6 a second */
    double all = 100 + 99 * 0.001234567, fast = 50 * 1.001234567;
    assert_near((double)total, all * 2520 + fast * 12.6, 1.5);
    unit_free(u);
}

/* Powered: every sample reaches the meter, once, as the tape shows. */
static void samples_reach_the_meter(void **state)
{
    struct tape_record record;
    struct unit *u = make(0, 1);
    int64_t count = 0;

    (void)state;
    unit_power(u, true);
    unit_advance(u, 3 * second_ns);
    for (size_t at = 0; reel_next(&reels[0], &at, &record);)
        if (record.kind == TAPE_SAMPLES)
            count += record.size / 24;
    assert_int_equal(count, 3 * 2520);
    assert_int_equal(unit_seconds(u), 3);
    unit_free(u);
}

static void live_a_little(struct unit *u, struct random *cuts)
{
    static const int64_t end = 7;

    set_world(u, 59.7, 90);
    unit_set_fault(u, FAULT_ADC_NOISE, -1, 12);
    unit_power(u, true);
    assert_int_equal(write_register(u, 144, 10), 0);
    for (int64_t now = 0; now < end * second_ns;) {
        now += cuts ? (int64_t)random_range(cuts, 1, 30000000) : second_ns;
        for (int64_t event = 1; event < end; event++) /* events stay where they are */
            if (u->now_ns < event * second_ns && now > event * second_ns)
                now = event * second_ns;
        now = now < end * second_ns ? now : end * second_ns;
        unit_advance(u, now);
        if (now == 4 * second_ns)
            unit_set_fault(u, FAULT_PHASE_LOSS, 1, 1);
        if (now == 5 * second_ns)
            assert_int_equal(write_register(u, 131, 90), 0);
    }
}

/* The next output record of a tape, or false. */
static bool next_output(const struct reel *reel, size_t *at, struct tape_record *record)
{
    while (reel_next(reel, at, record))
        if (record->kind >= TAPE_FIRST_OUTPUT)
            return true;
    return false;
}

static int compare_outputs(const struct reel *a, const struct reel *b)
{
    static struct tape_record x, y;
    size_t at_a = 0, at_b = 0;
    int count = 0;

    while (next_output(a, &at_a, &x)) {
        assert_true(next_output(b, &at_b, &y));
        if (x.kind != y.kind || x.size != y.size || x.time_ns != y.time_ns ||
            memcmp(x.data, y.data, x.size))
            fail_msg("output %d: %s at %lld ns, %s at %lld ns", count,
                     tape_kind_name(x.kind), (long long)x.time_ns,
                     tape_kind_name(y.kind), (long long)y.time_ns);
        count++;
    }
    assert_false(next_output(b, &at_b, &y));
    return count;
}

static void cuts_of_time_do_not_matter(void **state)
{
    struct random dice = { 21 };
    struct unit *a = make(0, 5), *b = make(1, 5);

    (void)state;
    live_a_little(a, NULL);
    live_a_little(b, &dice);
    assert_memory_equal(device_core_meter(a->device)->reading,
                        device_core_meter(b->device)->reading,
                        sizeof device_core_meter(a->device)->reading);
    assert_memory_equal(&device_core_meter(a->device)->energy,
                        &device_core_meter(b->device)->energy,
                        sizeof device_core_meter(a->device)->energy);
    assert_int_equal(unit_alerts(a), unit_alerts(b));
    assert_true(a->hal.output_edges[HAL_ENERGY_CONTACT] > 6);
    assert_true(compare_outputs(&reels[0], &reels[1]) > 20);
    unit_free(a);
    unit_free(b);
}

/* Samples of one record into the meter's own layout. */
static void replay_samples(struct meter *m, const struct tape_record *record)
{
    int32_t x[HAL_CHANNELS][BLOCK];
    uint32_t count = record->size / 24u;

    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        memcpy(x[ch], record->data + (size_t)ch * count * 4, count * 4);
    meter_samples(m, (const int32_t(*)[BLOCK])x, count);
}

static uint64_t little_endian(const uint8_t *at, int bytes)
{
    uint64_t x = 0;

    while (bytes--)
        x = x << 8 | at[bytes];
    return x;
}

static void replay_record(struct meter *m, struct hal *h, const struct tape_record *r)
{
    uint8_t answer[METER_PDU_MAX];

    h->now_ns = r->time_ns;
    if (r->kind == TAPE_POWER_UP)
        meter_start(m, h, &model_s4100);
    else if (r->kind == TAPE_NVM_PAGE)
        board_nvm_poke(h, (uint32_t)little_endian(r->data, 4), r->data + 4,
                       r->size - 4u);
    else if (r->kind == TAPE_SAMPLES)
        replay_samples(m, r);
    else if (r->kind == TAPE_POWER_DOWN)
        board_power_down(h);
    if (r->kind == TAPE_PASS) {
        meter_tick(m, little_endian(r->data, 8));
        meter_poll(m);
    }
    if (r->kind == TAPE_REQUEST) {
        int size = meter_request(m, r->data, r->size, answer);
        board_tape(h, TAPE_ANSWER, NULL, answer, (size_t)size);
    }
}

/* The inputs of a tape, fed to a bare meter, give its outputs byte for byte. */
/* Every line of the next unit is asked for once, and it changes nothing. */
static void the_next_unit_comes_along(void **state)
{
    struct unit *u = make(0, 3), *alone = make(1, 3), *next = make(-1, 4);
    const size_t bytes = next->device->kind->bytes;
    struct unit_ahead ahead = unit_ahead(next, bytes);
    size_t fetches = 0;

    (void)state;
    for (; ahead.unit || ahead.at < ahead.end; fetches++)
        unit_ahead_fetch(&ahead);
    const size_t lines = (sizeof *next + AHEAD_LINE - 1) / AHEAD_LINE +
                         (bytes + AHEAD_LINE - 1) / AHEAD_LINE;
    assert_true(bytes > sizeof(struct meter));
    assert_int_equal(fetches, (lines + AHEAD_AT_ONCE - 1) / AHEAD_AT_ONCE);
    unit_power(u, true);
    unit_power(alone, true);
    unit_advance_with(u, 3 * second_ns, next);
    unit_advance(alone, 3 * second_ns);
    assert_int_equal(reels[0].size, reels[1].size);
    assert_memory_equal(reels[0].bytes, reels[1].bytes, reels[0].size);
    unit_free(u);
    unit_free(alone);
    unit_free(next);
}

static void a_tape_replays(void **state)
{
    static struct meter m;
    static struct hal h;
    static struct tape_record record;
    struct unit *u = make(0, 9);

    (void)state;
    live_a_little(u, NULL);
    unit_power(u, false);
    unit_advance(u, 8 * second_ns);
    unit_power(u, true);
    unit_advance(u, 10 * second_ns);
    unit_free(u);
    board_start(&h, 1234567);
    reels[2].size = 0;
    h.sink = reel_keep;
    h.sink_user = &reels[2];
    for (size_t at = 0; reel_next(&reels[0], &at, &record);)
        replay_record(&m, &h, &record);
    assert_true(compare_outputs(&reels[0], &reels[2]) > 20);
    board_free(&h);
}

static void the_world_is_metered(void **state)
{
    struct unit *u = make(-1, 1);

    (void)state;
    set_world(u, 60, 50);
    unit_power(u, true);
    unit_advance(u, 4 * second_ns);
    assert_near(reading(u, Q_V_AN), 277, 277 * 1e-5);
    assert_near(reading(u, Q_I_C), 50, 50 * 1e-5);
    assert_near(reading(u, Q_KW_TOTAL), 3 * 277 * 50 * cos(25 * (double)PI / 180), 2);
    unit_set_fault(u, FAULT_CT_REVERSED, 1, 1);
    unit_advance(u, 6 * second_ns);
    assert_near(reading(u, Q_KW_B), -277 * 50 * cos(25 * (double)PI / 180), 1);
    unit_set_fault(u, FAULT_PHASE_LOSS, 2, 1);
    unit_advance(u, 8 * second_ns);
    assert_near(reading(u, Q_V_CN), 0, 0.01);
    assert_true(unit_alerts(u) & 1 << 10);
    unit_free(u);
}

/* A current twice as high as the front end can take reads at its limit, not above. */
static void overload_is_clipped(void **state)
{
    struct unit *u = make(-1, 1);

    (void)state;
    set_world(u, 60, 1000);
    unit_power(u, true);
    unit_advance(u, 3 * second_ns);
    assert_true(reading(u, Q_I_A) > 120 && reading(u, Q_I_A) < 120 * sqrt(2) + 0.1);
    assert_true(unit_alerts(u) & 1 << 3);
    unit_free(u);
}

/* Register 132 moves the input divider: 3 on a 1-V CT reads three times as much, and
 * back on 1 all is as before. */
static void the_ct_range_goes_there_and_back(void **state)
{
    struct unit *u = make(-1, 1);

    (void)state;
    set_world(u, 60, 20);
    unit_power(u, true);
    unit_advance(u, 2 * second_ns);
    assert_near(reading(u, Q_I_A), 20, 0.001);
    assert_int_equal(write_register(u, 132, 3), 0);
    unit_advance(u, 4 * second_ns);
    assert_near(reading(u, Q_I_A), 60, 0.003);
    assert_int_equal(write_register(u, 132, 1), 0);
    unit_advance(u, 6 * second_ns);
    assert_near(reading(u, Q_I_A), 20, 0.001);
    unit_free(u);
}

static void a_power_cycle_keeps_energy_and_settings(void **state)
{
    struct unit *u = make(-1, 1);

    (void)state;
    set_world(u, 60, 80);
    unit_power(u, true);
    assert_int_equal(write_register(u, 143, 44), 0);
    unit_advance(u, 5 * second_ns);
    struct energy energy = device_core_meter(u->device)->energy;
    assert_true(energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT] > 50000);
    unit_power(u, false);
    assert_false(u->hal.output[HAL_ALARM_CONTACT]); /* closed: no control power */
    uint8_t request[] = { 3, 0, 0, 0, 1 }, answer[METER_PDU_MAX];
    assert_int_equal(unit_request(u, request, 5, answer), 0);
    unit_advance(u, 9 * second_ns);
    unit_power(u, true);
    assert_memory_equal(&device_core_meter(u->device)->energy, &energy, sizeof energy);
    assert_int_equal(unit_setting(u, SETTING_PLOSS_IMBAL), 44);
    assert_int_equal(device_core_meter(u->device)->counters.power_ups, 2);
    unit_free(u);
}

/* The supply may be away for 100 ms. */
static void ride_through(void **state)
{
    struct unit *u = make(-1, 1);

    (void)state;
    unit_power(u, true);
    unit_advance(u, second_ns);
    unit_supply(u, false);
    unit_advance(u, second_ns + 99000000);
    assert_true(u->powered);
    unit_supply(u, true);
    unit_advance(u, 2 * second_ns);
    assert_true(u->powered);
    assert_int_equal(device_core_meter(u->device)->counters.power_ups, 1);
    unit_supply(u, false);
    unit_advance(u, 2 * second_ns + 101000000);
    assert_false(u->powered);
    unit_supply(u, true);
    assert_true(u->powered);
    assert_int_equal(device_core_meter(u->device)->counters.power_ups, 2);
    unit_free(u);
}

/* The switches are of the meter's profile (docs/decisions.md, Settings), not of its
 * RAM. */
static void options_survive_a_power_cycle(void **state)
{
    struct unit *u = make(-1, 1);

    (void)state;
    unit_power(u, true);
    unit_set_option(u, UNIT_FILL_WORD, 0x8000);
    unit_set_option(u, UNIT_PHASE_LOSS_RULE, PHASE_LOSS_DROP_PERCENT);
    unit_set_option(u, UNIT_IMBALANCE_RULE, IMBALANCE_FROM_AVERAGE);
    unit_power(u, false);
    unit_power(u, true);
    assert_int_equal(device_core_meter(u->device)->fill_word, 0x8000);
    assert_int_equal(device_core_meter(u->device)->rules.phase_loss,
                     PHASE_LOSS_DROP_PERCENT);
    assert_int_equal(device_core_meter(u->device)->rules.imbalance,
                     IMBALANCE_FROM_AVERAGE);
    unit_free(u);
}

static void wiring_of_system_types(void **state)
{
    (void)state;
    assert_int_equal(unit_wiring_of(10), WAVEFORM_AN);
    assert_int_equal(unit_wiring_of(11), WAVEFORM_AB);
    assert_int_equal(unit_wiring_of(12), WAVEFORM_ABN);
    assert_int_equal(unit_wiring_of(31), WAVEFORM_DELTA);
    assert_int_equal(unit_wiring_of(40), WAVEFORM_WYE);
}

/* By the names of scenarios and of the manual's diagrams. */
static void names_of_wirings(void **state)
{
    static const char *const expected[] = { "A-N", "A-B", "A-B-N", "delta",
                                            "wye", "B-N", "C-N" };

    (void)state;
    assert_int_equal(COUNT_OF(expected), WAVEFORM_WIRINGS);
    for (int k = 0; k < WAVEFORM_WIRINGS; k++)
        assert_string_equal(wiring_table[k].name, expected[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sample_times_are_exact),
        cmocka_unit_test(clock_changes_lose_no_sample),
        cmocka_unit_test(samples_reach_the_meter),
        cmocka_unit_test(cuts_of_time_do_not_matter),
        cmocka_unit_test(the_next_unit_comes_along),
        cmocka_unit_test(a_tape_replays),
        cmocka_unit_test(the_world_is_metered),
        cmocka_unit_test(overload_is_clipped),
        cmocka_unit_test(the_ct_range_goes_there_and_back),
        cmocka_unit_test(a_power_cycle_keeps_energy_and_settings),
        cmocka_unit_test(ride_through),
        cmocka_unit_test(options_survive_a_power_cycle),
        cmocka_unit_test(wiring_of_system_types),
        cmocka_unit_test(names_of_wirings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
