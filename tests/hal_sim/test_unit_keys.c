/* The panel's way through the board: contacts that bounce or stick, dead segments, the
 * tape of key presses and its replay. */
#include "core/screens.h"
#include "hal_sim/device_core.h"
#include "hal_sim/glass_text.h"
#include "hal_sim/replay.h"
#include "tests/hal_sim/reel.h"

enum { MS = 1000000 };

static struct unit *u;
static struct reel tape;
static int key_records;

static void keep(void *user, const struct tape_record *record)
{
    (void)user;
    reel_keep(&tape, record);
    key_records += record->kind == TAPE_KEYS;
}

static int start(void **state)
{
    (void)state;
    tape.size = 0;
    key_records = 0;
    struct unit_options o = reel_unit(0);
    o.serial_number = 88888; /* shown, it lights every segment of a digit */
    o.sink = keep;
    u = unit_new(&o, 0);
    unit_power(u, true);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    unit_free(u);
    return 0;
}

static void advance(int ms)
{
    unit_advance(u, u->now_ns + (int64_t)ms * MS);
}

static void press(unsigned keys)
{
    unit_keys(u, keys);
    advance(100);
    unit_keys(u, 0);
    advance(100);
}

static void expect_top(const char *top)
{
    struct glass_text text;
    uint8_t memory[HAL_LCD_SIZE];

    unit_glass(u, memory);
    glass_read(memory, &text);
    assert_memory_equal(text.top, top, strlen(top));
}

static void a_press_is_two_changes(void **state)
{
    (void)state;
    advance(50);
    press(METER_KEY_MINUS);
    expect_top("ENRGY");
    assert_int_equal(key_records, 2);
    unit_keys(u, 0); /* nothing changes */
    assert_int_equal(key_records, 2);
}

/* 15 ms of bouncing, a change every 0.7 ms, down and up: one press. 30 ms of it at the
 * end of a short press, as well. */
static void bouncing_contacts(void **state)
{
    (void)state;
    unit_set_fault(u, FAULT_KEY_BOUNCE, -1, 15);
    press(METER_KEY_MINUS);
    expect_top("ENRGY");
    assert_in_range(key_records, 30, 60);
    unit_set_fault(u, FAULT_KEY_BOUNCE, -1, 30);
    press(METER_KEY_MINUS);
    expect_top("ALERT");
    unit_set_fault(u, FAULT_KEY_BOUNCE, -1, 0);
    press(METER_KEY_MINUS);
    expect_top("INFO");
    /* it comes late by as much, and not before */
    unit_set_fault(u, FAULT_KEY_BOUNCE, -1, 40);
    unit_keys(u, METER_KEY_MINUS);
    advance(58);
    expect_top("INFO");
    advance(4);
    expect_top("RESET");
}

static void a_stuck_key(void **state)
{
    (void)state;
    unit_set_fault(u, FAULT_KEY_STUCK, -1, 2); /* minus */
    advance(30);
    expect_top("ENRGY");
    press(METER_KEY_PLUS); /* not heard: another one is held */
    expect_top("ENRGY");
    advance(12000);
    struct menu menu = device_core_meter(u->device)->menu;
    press(METER_KEY_SELECT); /* heard again */
    assert_int_equal(device_core_meter(u->device)->menu.screen, menu.screen + 1);
    unit_power(u, false); /* over a power cycle */
    advance(100);
    unit_power(u, true);
    advance(30);
    expect_top("ENRGY");
    unit_set_fault(u, FAULT_KEY_STUCK, -1, 0);
    advance(100);
    press(METER_KEY_PLUS);
    expect_top("3PHAS");
}

static void a_dead_segment(void **state)
{
    struct glass_text text;
    uint8_t memory[HAL_LCD_SIZE];

    (void)state;
    press(METER_KEY_MINUS);
    press(METER_KEY_MINUS);
    press(METER_KEY_MINUS); /* INFO */
    for (int k = 0; k < 4; k++)
        press(METER_KEY_SELECT);
    unit_set_fault(u, FAULT_LCD_SEGMENT_DEAD, -1,
                   fault_table[FAULT_LCD_SEGMENT_DEAD].usual);
    unit_glass(u, memory);
    glass_read(memory, &text);
    assert_string_equal(text.bottom, "88880");
    glass_read(u->hal.lcd, &text); /* the firmware wrote it */
    assert_string_equal(text.bottom, "88888");
    unit_set_fault(u, FAULT_LCD_SEGMENT_DEAD, -1, GLASS_BITS);
    unit_glass(u, memory);
    assert_memory_equal(memory, u->hal.lcd, sizeof memory);
}

/* A contact of the CT's input range that the panel has set reaches the sensors. */
static void the_panel_sets_the_input_range(void **state)
{
    (void)state;
    while (device_core_meter(u->device)->menu.screen != screen_title(GROUP_SETUP))
        press(METER_KEY_PLUS);
    for (int k = 0; k < 6; k++)
        press(METER_KEY_SELECT);
    press(METER_KEY_MINUS);
    press(METER_KEY_SELECT);
    expect_top("CT V");
    press(METER_KEY_PLUS);
    press(METER_KEY_SELECT);
    assert_int_equal(u->hal.ct_range, HAL_CT_THIRD_V);
    assert_int_equal(u->sensors.range, HAL_CT_THIRD_V);
}

static enum replay_result replay_all(struct replay *r)
{
    struct tape_record record;
    enum replay_result result = REPLAY_SAME;

    replay_start(r);
    for (size_t at = 0; result == REPLAY_SAME && reel_next(&tape, &at, &record);)
        result = replay_record(r, &record);
    return result == REPLAY_SAME ? replay_end(r) : result;
}

static void replayed(void **state)
{
    struct random dice = { 11 };
    struct replay r;

    (void)state;
    unit_set_fault(u, FAULT_KEY_BOUNCE, -1, 3);
    for (int n = 0; n < 200; n++) {
        unit_keys(u, random_range(&dice, 0, 15));
        unit_advance(u, u->now_ns + random_range(&dice, 1, 300 * MS));
    }
    assert_int_equal(replay_all(&r), REPLAY_SAME);
    assert_true(r.outputs > 100);
    replay_free(&r);
    /* without the presses it is another one */
    struct tape_record record;
    for (size_t at = 0; reel_next(&tape, &at, &record);)
        if (record.kind == TAPE_KEYS)
            tape.bytes[at - record.size] = 0;
    assert_int_equal(replay_all(&r), REPLAY_DIFFERS);
    replay_free(&r);
}

/* Bytes that are no keys. */
static void wrong_records(void **state)
{
    static const struct {
        uint16_t size;
        uint8_t data[12];
    } wrong[] = {
        { 8, { 1 } },    { 10, { 1 } },
        { 9, { 16 } },   { 9, { 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF } },
        { 9, { 1, 0 } }, /* before the turns that were */
    };

    (void)state;
    advance(50);
    for (size_t k = 0; k < COUNT_OF(wrong); k++) {
        struct tape_record record = { .kind = TAPE_KEYS,
                                      .size = wrong[k].size,
                                      .time_ns = u->now_ns };
        struct replay r;
        assert_int_equal(replay_all(&r), REPLAY_SAME);
        memcpy(record.data, wrong[k].data, wrong[k].size);
        assert_int_equal(replay_record(&r, &record), REPLAY_INVALID);
        replay_free(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_press_is_two_changes, start, finish),
        cmocka_unit_test_setup_teardown(bouncing_contacts, start, finish),
        cmocka_unit_test_setup_teardown(a_stuck_key, start, finish),
        cmocka_unit_test_setup_teardown(a_dead_segment, start, finish),
        cmocka_unit_test_setup_teardown(the_panel_sets_the_input_range, start, finish),
        cmocka_unit_test_setup_teardown(replayed, start, finish),
        cmocka_unit_test_setup_teardown(wrong_records, start, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
