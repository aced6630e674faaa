/* Random keys at random times: nothing breaks, settings change only in the setup and by
 * its rules, and the outcome does not depend on how often the board looks. */
#include "core/screens.h"
#include "tests/support/panel.h"
#include "tests/support/settings.h"

enum { PRESSES = 1000 };

static struct panel p, q;

/* What may change where. */
static void check_step(const struct settings *before, uint32_t resets, unsigned screen)
{
    const struct screen *s = &screen_table[screen];
    const struct settings *now = &p.b.m.settings;

    for (int k = 0; k < SETTINGS; k++) {
        if (now->value[k] == before->value[k])
            continue;
        bool edited = s->kind == SCREEN_NUMBER || s->kind == SCREEN_LIST;
        assert_true(edited && s->group >= SCREEN_MAIN_GROUPS);
        assert_true(k == s->arg ||
                    (k == s->arg + 1 && strstr(setting_table[k].name, "password_low")));
        assert_true(config_in_range(p.b.m.model, (enum setting)k, now->value[k]));
    }
    if (p.b.m.energy.resets != resets)
        assert_int_equal(s->arg, COMMAND_CLEAR_ENERGY);
}

static void check_sane(void)
{
    assert_true(p.b.m.menu.screen < screen_count);
    assert_true(
        screen_shown(p.b.m.menu.screen, p.b.m.model, &p.b.m.config, p.b.m.alerts));
    panel_look(&p);
    assert_null(strchr(p.top, '?'));
    assert_null(strchr(p.bottom, '?'));
}

static void press_at_random(struct random *dice)
{
    unsigned keys = 1u << random_range(dice, 0, 3);
    uint64_t hold = random_range(dice, 1000, 400000);

    if (random_range(dice, 0, 2) == 0)
        keys = METER_KEY_SELECT; /* deeper */
    if (random_range(dice, 0, 9) == 0)
        keys |= random_range(dice, 0, 15);
    if (random_range(dice, 0, 99) == 0)
        hold = random_range(dice, 1000000, 11000000);
    panel_keys(&p, keys);
    panel_wait_us(&p, hold);
    panel_keys(&p, 0);
    panel_wait_us(&p, random_range(dice, 0, 99) == 0
                          ? 70000000
                          : random_range(dice, 1000, 500000));
}

static void run(struct random *dice, int presses, int *changes)
{
    for (int n = 0; n < presses; n++) {
        if (random_range(dice, 0, 49) == 0) { /* as someone who knows the way */
            panel_go(&p, random_range(dice, 0, 3) ? "SETUP" : "RESET");
            panel_type(&p, ">>>>>>");
        }
        struct settings before = p.b.m.settings;
        uint32_t resets = p.b.m.energy.resets;
        unsigned screen = p.b.m.menu.screen;
        bool held = false;
        press_at_random(dice);
        /* a key that repeats may have gone on by more than one screen */
        held = p.b.m.menu.screen != screen && screen_table[screen].kind == SCREEN_TITLE;
        if (!held)
            check_step(&before, resets, screen);
        *changes += memcmp(&before, &p.b.m.settings, sizeof before) != 0;
        check_sane();
    }
}

static void random_keys(void **state)
{
    (void)state;
    for (unsigned n = 0; model_at(n); n++)
        for (uint64_t seed = 1; seed <= 20; seed++) {
            struct random dice = { seed * 7919 };
            int changes = 0;
            panel_start(&p, model_at(n));
            run(&dice, PRESSES, &changes);
            struct settings kept = p.b.m.settings;
            panel_restart(&p);
            assert_memory_equal(&p.b.m.settings, &kept, sizeof kept);
        }
}

/* The presses do get somewhere: otherwise the tests above and below show nothing. */
static void random_keys_change_settings(void **state)
{
    struct random dice = { 99 };
    int changes = 0;

    (void)state;
    panel_start(&p, &model_s4100);
    run(&dice, 20 * PRESSES, &changes);
    assert_true(changes > 20);
    assert_true(p.b.m.energy.resets > 0);
}

static void a_password_keeps_them_out(void **state)
{
    struct random dice = { 3 };
    int changes = 0;

    (void)state;
    panel_start(&p, &model_s4100);
    struct settings s = p.b.m.settings;
    s.value[SETTING_SETUP_PASSWORD_LOW] = 58214;
    s.value[SETTING_RESET_PASSWORD_LOW] = 9999;
    assert_int_equal(apply_settings(&p.b.m, &s), 0);
    uint32_t writes = p.b.board.writes;
    run(&dice, 20 * PRESSES, &changes);
    assert_int_equal(changes, 0);
    assert_int_equal(p.b.m.energy.resets, 0);
    assert_int_equal(p.b.board.writes, writes);
}

static void held_for_long(void **state)
{
    (void)state;
    for (unsigned key = 1; key <= 8; key *= 2) {
        panel_start(&p, &model_s4100);
        for (int n = 0; n < 12; n++) {
            struct settings before = p.b.m.settings;
            uint32_t resets = p.b.m.energy.resets;
            unsigned screen = p.b.m.menu.screen;
            panel_hold(&p, key, 10000000);
            assert_memory_equal(&p.b.m.settings, &before, sizeof before);
            bool here = screen_table[screen].arg == COMMAND_CLEAR_ENERGY && key <= 2;
            assert_int_equal(p.b.m.energy.resets, resets + here); /* once */
            check_sane();
            panel_type(&p, ">");
        }
    }
}

/* p is looked at when it asks for it, q every 250 µs and told the same contacts again
 * each time: the same glass at every moment, the same meter at the end. */
static void compare_boards(bool silent)
{
    struct random dice = { 1234 };

    p.silent = q.silent = silent;
    for (int n = 0; n < PRESSES; n++) {
        unsigned down = random_range(&dice, 0, 2) ? random_range(&dice, 0, 15)
                                                  : (unsigned)METER_KEY_SELECT;
        panel_keys(&p, down);
        panel_keys(&q, down);
        uint64_t to_us = p.now_us + random_range(&dice, 1, 400000);
        if (random_range(&dice, 0, 199) == 0)
            to_us += 65000000;
        panel_wait_us(&p, to_us - p.now_us);
        for (uint64_t us = q.now_us - q.now_us % 250 + 250; us < to_us; us += 250) {
            panel_tick(&q, us);
            meter_keys(&q.b.m, down, us);
        }
        panel_tick(&q, to_us);
        q.now_us = to_us;
        assert_memory_equal(p.b.board.lcd, q.b.board.lcd, HAL_LCD_SIZE);
        assert_int_equal(p.b.board.lcd_bytes, q.b.board.lcd_bytes);
    }
    assert_memory_equal(&p.b.m.menu, &q.b.m.menu, sizeof p.b.m.menu);
    assert_memory_equal(p.b.board.nvm, q.b.board.nvm, sizeof p.b.board.nvm);
}

static void as_often_as_the_board_likes(void **state)
{
    (void)state;
    for (int silent = 0; silent < 2; silent++) {
        panel_start(&p, &model_s4100);
        panel_start(&q, &model_s4100);
        compare_boards(silent);
        assert_true(!silent == !p.b.m.seconds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_keys),
        cmocka_unit_test(random_keys_change_settings),
        cmocka_unit_test(a_password_keeps_them_out),
        cmocka_unit_test(held_for_long),
        cmocka_unit_test(as_often_as_the_board_likes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
