/* Who is served while a script computes: others are, in the midst of a single call that
 * never ends, unless it has the plant. All waiting is for an event. */
#include "lines_fixture.h"
#include "sim/plant/others.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { HANG_US = 60000000, MORE = 5, QUIET_US = 20000 };

static int served; /* atomic: calls of count */
static bool go_on;

static bool count(void *user)
{
    (void)user;
    g_atomic_int_inc(&served);
    return go_on;
}

/* Returns when others have been served so often, or are taken to be never. */
static bool are_served(int more)
{
    const int from = g_atomic_int_get(&served);
    const gint64 end_us = g_get_monotonic_time() + HANG_US;

    while (g_atomic_int_get(&served) < from + more)
        if (g_get_monotonic_time() > end_us)
            return false;
    return true;
}

/* In so long a time as they would be served twenty times. */
static bool are_left_alone(void)
{
    const int from = g_atomic_int_get(&served);

    g_usleep(QUIET_US);
    return g_atomic_int_get(&served) == from;
}

static struct others *open_others(void)
{
    go_on = true;
    return others_new(count, NULL);
}

static void a_call_that_never_ends(void **state)
{
    struct others *o = open_others();

    (void)state;
    assert_true(are_left_alone()); /* the program has the plant */
    for (int n = 0; n < 3; n++) {
        assert_true(others_begin(o));
        assert_false(others_begin(o));
        assert_true(are_served(MORE));
        others_end(o);
        assert_true(are_left_alone());
    }
    others_free(o);
}

static void calls_that_touch_the_plant(void **state)
{
    struct others *o = open_others();

    (void)state;
    assert_true(others_begin(o));
    others_enter(o);
    others_enter(o);
    assert_true(are_left_alone());
    others_leave(o);
    assert_true(are_left_alone());
    others_leave(o);
    assert_true(are_served(MORE));
    others_hold(o);
    assert_true(are_left_alone());
    others_release(o);
    assert_true(are_served(MORE));
    others_end(o);
    others_free(o);
}

/* As an error does, which passes by all ends of calls. */
static void calls_that_are_jumped_over(void **state)
{
    struct others *o = open_others();

    (void)state;
    assert_true(others_begin(o));
    others_enter(o);
    const int depth = others_depth(o);
    others_enter(o);
    others_enter(o);
    others_return_to(o, depth);
    assert_true(are_left_alone());
    others_leave(o);
    assert_true(are_served(MORE));
    others_enter(o);
    others_enter(o);
    others_end(o);
    assert_true(others_begin(o));
    assert_true(are_served(MORE));
    others_end(o);
    others_free(o);
}

/* A program that takes the plant again at once, always, keeps nobody waiting. */
static void calls_without_a_pause(void **state)
{
    struct others *o = open_others();
    const int from = g_atomic_int_get(&served);
    const gint64 end_us = g_get_monotonic_time() + HANG_US;

    (void)state;
    assert_true(others_begin(o));
    while (g_atomic_int_get(&served) < from + MORE && g_get_monotonic_time() < end_us) {
        others_enter(o);
        others_leave(o);
    }
    others_end(o);
    assert_true(g_atomic_int_get(&served) >= from + MORE);
    others_free(o);
}

static void wait_for_others(void *user)
{
    *(bool *)user = are_served(MORE);
}

static void work_in_the_midst_of_a_call(void **state)
{
    struct others *o = open_others();
    bool were_served = false;

    (void)state;
    others_without(o, wait_for_others, &were_served); /* outside of a computation */
    assert_true(were_served);
    assert_true(others_begin(o));
    others_enter(o);
    others_without(o, wait_for_others, &were_served);
    assert_true(were_served);
    assert_true(are_left_alone());
    others_leave(o);
    others_end(o);
    others_free(o);
}

static void note_call(void *user)
{
    *(bool *)user = true;
}

static void nobody_is_there(void **state)
{
    bool is_called = false;

    (void)state;
    assert_false(others_begin(NULL));
    others_enter(NULL);
    others_hold(NULL);
    others_release(NULL);
    others_serve(NULL);
    others_were_served(NULL);
    others_leave(NULL);
    others_end(NULL);
    assert_int_equal(others_depth(NULL), 0);
    assert_false(others_stopped(NULL));
    others_without(NULL, note_call, &is_called);
    assert_true(is_called);
    others_free(NULL);
}

/* Called while a line's values become text. */
static void answer_slowly(void *user, const char *error, lua_State *L, int first,
                          int values)
{
    (void)L;
    (void)first;
    assert_null(error);
    assert_int_equal(values, 1);
    *(bool *)user = are_served(MORE);
}

static void an_answer_is_made_beside_others(void **state)
{
    struct lines l;
    bool were_served = false;

    (void)state;
    go_on = true;
    lines_open_with(&l, NULL, count, NULL);
    script_console_run(l.console, "return 1", answer_slowly, &were_served);
    assert_true(were_served);
    lines_close(&l);
}

static void a_program_that_ends(void **state)
{
    struct lines l;

    (void)state;
    go_on = false;
    lines_open_with(&l, NULL, count, NULL);
    lines_run(&l, "while true do end");
    assert_string_equal(l.error->str, "console:1: the program ends");
    lines_close(&l);
}

static int ask_the_meter(struct sim *sim)
{
    static const uint8_t request[] = { 3, 0, 0, 0, 2 };
    uint8_t answer[256];

    return unit_request(sim_unit(sim, 0), request, sizeof request, answer);
}

static bool count_and_ask(void *user)
{
    if (ask_the_meter(((struct lines *)user)->sim) > 0)
        g_atomic_int_inc(&served);
    return true;
}

/* The meter is polled while a line computes, and verbs of the line use the meter. What
 * the line wants to be called before a poll is, but not in the midst of itself. */
static void polls_between_the_steps_of_a_line(void **state)
{
    const int from = g_atomic_int_get(&served);
    struct lines l;

    (void)state;
    lines_open_with(&l, NULL, count_and_ask, &l);
    lines_run(&l, "called = 0 on_poll(meters.meter1, 1, function() called = called + 1 "
                  "end)");
    assert_string_equal(l.error->str, "");
    lines_run(&l, "while called == 0 do local x = meters.meter1.kw_total end");
    assert_non_null(strstr(l.error->str, "steps without waiting"));
    assert_true(g_atomic_int_get(&served) > from);
    assert_true(ask_the_meter(l.sim) > 0);
    lines_run(&l, "return called");
    assert_int_equal(json_node_get_int(l.value), 1);
    lines_close(&l);
}

/* What happens while meters go on to an event. */
struct changing {
    struct lines lines;
    uint64_t cancelled;
    int calls, late_calls;
};

static void note_event(void *user)
{
    ++*(int *)user;
}

static bool change_events(void *user)
{
    struct changing *c = user;

    if (c->cancelled)
        sim_cancel(c->lines.sim, c->cancelled);
    if (c->cancelled)
        sim_at(c->lines.sim, sim_now(c->lines.sim), note_event, &c->late_calls);
    c->cancelled = 0;
    return true;
}

/* Others are served between the meters of a step: the event at its end is cancelled by
 * one of them, and another one comes before it. */
static void events_that_change_on_the_way(void **state)
{
    struct changing c = { .calls = 0 };

    (void)state;
    lines_open_with(&c.lines, NULL, change_events, &c);
    c.cancelled = sim_at(c.lines.sim, 1000000000, note_event, &c.calls);
    sim_run(c.lines.sim, 2000000000);
    assert_int_equal(c.cancelled, 0); /* it was served */
    assert_int_equal(c.calls, 0);
    assert_int_equal(c.late_calls, 1);
    assert_int_equal(sim_now(c.lines.sim), 2000000000);
    lines_close(&c.lines);
}

/* More often than between calls: a picture is drawn without the plant. */
static void pictures_are_drawn_beside_others(void **state)
{
    const gint64 end_us = g_get_monotonic_time() + HANG_US;
    const int pictures = 7;
    struct lines l;
    int from;

    (void)state;
    go_on = true;
    lines_open_with(&l, NULL, count, NULL);
    do {
        assert_true(g_get_monotonic_time() < end_us);
        from = g_atomic_int_get(&served);
        lines_run(&l, "for k = 1, 7 do picture() end");
        assert_string_equal(l.error->str, "");
    } while (g_atomic_int_get(&served) - from < 3 * pictures);
    lines_close(&l);
}

static void again(void *user)
{
    sim_at(user, sim_now(user), again, user);
}

/* Of one instant, until the program ends. */
static void events_without_end(void **state)
{
    struct lines l;

    (void)state;
    go_on = false;
    lines_open_with(&l, NULL, count, NULL);
    again(l.sim);
    sim_run(l.sim, 1000000000);
    assert_int_equal(sim_now(l.sim), 0);
    lines_close(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_never_ends),
        cmocka_unit_test(calls_that_touch_the_plant),
        cmocka_unit_test(calls_that_are_jumped_over),
        cmocka_unit_test(calls_without_a_pause),
        cmocka_unit_test(work_in_the_midst_of_a_call),
        cmocka_unit_test(nobody_is_there),
        cmocka_unit_test(an_answer_is_made_beside_others),
        cmocka_unit_test(a_program_that_ends),
        cmocka_unit_test(polls_between_the_steps_of_a_line),
        cmocka_unit_test(events_that_change_on_the_way),
        cmocka_unit_test(pictures_are_drawn_beside_others),
        cmocka_unit_test(events_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
