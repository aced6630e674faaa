/* Debouncing and repeat of the keys, apart from the meter. */
#include "core/keys.h"
#include "tests/support/check.h"

enum { MS = 1000, MOST = 4096 };

static struct keys k;
static struct key_event event[MOST];
static int events;

static int fresh(void **state)
{
    (void)state;
    memset(&k, 0, sizeof k);
    events = 0;
    return 0;
}

static void take(uint64_t now_us)
{
    while (keys_next(&k, now_us, &event[events]))
        assert_true(++events < MOST);
}

static void contacts(unsigned down, uint64_t now_us)
{
    take(now_us);
    keys_contacts(&k, down, now_us);
}

static void a_press_after_rest(void **state)
{
    (void)state;
    contacts(METER_KEY_BACK, 5 * MS);
    take(25 * MS - 1);
    assert_int_equal(events, 0);
    assert_true(keys_deadline(&k) == 25 * MS);
    take(500 * MS);
    assert_int_equal(events, 1);
    assert_int_equal(event[0].key, METER_KEY_BACK);
    assert_false(event[0].repeat);
    assert_true(event[0].at_us == 25 * MS); /* however late one looks */
}

static void short_touches_are_none(void **state)
{
    (void)state;
    for (uint64_t ms = 0; ms < 1000; ms += 40) {
        contacts(METER_KEY_PLUS, ms * MS);
        contacts(0, ms * MS + 19999);
    }
    take(2000 * MS);
    assert_int_equal(events, 0);
    assert_true(keys_deadline(&k) == UINT64_MAX);
}

static void bouncing_is_one_press(void **state)
{
    uint64_t us = 0;

    (void)state;
    for (int n = 0; n < 21; n++) /* 15 ms going down */
        contacts(n % 2 ? 0 : METER_KEY_PLUS, us += 700);
    uint64_t down_us = us;
    us += 200 * MS;
    for (int n = 0; n < 21; n++) /* and up */
        contacts(n % 2 ? METER_KEY_PLUS : 0, us += 700);
    take(us + 5000 * MS);
    assert_int_equal(events, 1);
    assert_true(event[0].at_us == down_us + KEYS_DEBOUNCE_US);
}

static void repeats_until_stuck(void **state)
{
    (void)state;
    contacts(METER_KEY_PLUS, 0);
    take(60000 * MS);
    /* 0.6 s … 9.8 s after the press, 0.2 s apart */
    assert_int_equal(events, 1 + 47);
    for (int n = 1; n < events; n++) {
        assert_true(event[n].repeat);
        assert_int_equal(event[n].key, METER_KEY_PLUS);
        assert_true(event[n].at_us == (uint64_t)(20 + 600 + 200 * (n - 1)) * MS);
    }
    assert_true(keys_deadline(&k) == UINT64_MAX);
    /* it counts as up: the others are heard, and it when it comes back */
    contacts(METER_KEY_PLUS | METER_KEY_SELECT, 60000 * MS);
    contacts(METER_KEY_PLUS, 60100 * MS);
    contacts(0, 60200 * MS);
    contacts(METER_KEY_PLUS, 60300 * MS);
    contacts(0, 60400 * MS);
    take(70000 * MS);
    assert_int_equal(events, 48 + 2);
    assert_int_equal(event[48].key, METER_KEY_SELECT);
    assert_int_equal(event[49].key, METER_KEY_PLUS);
    assert_false(event[49].repeat);
}

static void one_key_at_a_time(void **state)
{
    (void)state;
    contacts(METER_KEY_PLUS, 0);
    contacts(METER_KEY_PLUS | METER_KEY_MINUS, 100 * MS);
    contacts(METER_KEY_MINUS, 200 * MS); /* still held: not a press of its own */
    contacts(0, 300 * MS);
    contacts(15, 400 * MS); /* all at the same instant: the first of them */
    contacts(0, 500 * MS);
    take(10000 * MS);
    assert_int_equal(events, 2);
    assert_int_equal(event[0].key, METER_KEY_PLUS);
    assert_int_equal(event[1].key, METER_KEY_PLUS);
    assert_true(event[1].at_us == 420 * MS);
}

/* Contacts told on every change, and every 100 µs: the same events to the
 * microsecond. */
static void as_often_as_the_board_likes(void **state)
{
    enum { CHANGES = 600 };
    static uint64_t at_us[CHANGES];
    static uint8_t down[CHANGES];
    static struct key_event first[MOST];
    struct random dice = { 0x5eed };
    uint64_t us = 0;

    (void)state;
    for (int n = 0; n < CHANGES; n++) {
        bool long_one = random_range(&dice, 0, 3) == 0;
        us += random_range(&dice, 1, long_one ? 900000 : 30000);
        at_us[n] = us;
        down[n] = (uint8_t)random_range(&dice, 0, 15);
        contacts(down[n], us);
    }
    uint64_t end_us = us + 20000 * MS;
    take(end_us);
    int count = events;
    assert_true(count > 100);
    memcpy(first, event, sizeof first);
    fresh(NULL);
    unsigned now = 0;
    int next = 0;
    for (us = 0; us <= end_us; us += 100) {
        for (; next < CHANGES && at_us[next] <= us; next++) {
            now = down[next];
            contacts(now, at_us[next]);
        }
        contacts(now, us);
    }
    assert_int_equal(events, count);
    for (int n = 0; n < count; n++) {
        assert_int_equal(event[n].key, first[n].key);
        assert_int_equal(event[n].repeat, first[n].repeat);
        assert_true(event[n].at_us == first[n].at_us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_press_after_rest, fresh),
        cmocka_unit_test_setup(short_touches_are_none, fresh),
        cmocka_unit_test_setup(bouncing_is_one_press, fresh),
        cmocka_unit_test_setup(repeats_until_stuck, fresh),
        cmocka_unit_test_setup(one_key_at_a_time, fresh),
        cmocka_unit_test_setup(as_often_as_the_board_likes, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
