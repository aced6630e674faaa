/* A session of 50 lines in which the N-th allocation of Lua fails, for every N: each
 * line is answered, and the next ones are. Lua collects its garbage and tries once more
 * before it gives up, so the allocation fails from N on until the line has ended. */
#include "lines_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *const session[] = {
    "1 + 1",
    "'a', nil, false",
    "x = { 1, 2, { a = 'b' } }",
    "return x",
    "return { ['a long key, made at run time ' .. 1] = 1, [2.5] = 3, [true] = 1 }",
    "x.y.z",
    "1 +",
    "error('x')",
    "error({})",
    "error(42)",
    "error(4.25)",
    "meters.meter1",
    "meters.meter1.kw_total",
    "meters.meter1.kw_totla",
    "meters.meter1:read(131)",
    "meters.meter1:try_read(9999)",
    "meters.meter1:truth()",
    "meters",
    "print('a', 1, {})",
    "expect(1, 2)",
    "pcall(expect, 1, 2)",
    "expect(meters.meter1.volts_a, near(277, '1 %'))",
    "within('0 s', function() return false end)",
    "string.format('%s %d', {}, 3)",
    "('a=b'):gsub('(%w)=(%w)', '%2=%1')",
    "('abc'):find('b', 1, true)",
    "for w in ('a b c'):gmatch('%a') do y = w end",
    "table.concat({ 1, 2, 3 }, ',')",
    "table.unpack({ 1, 2, 3 })",
    "table.sort({ 3, 1, 2 })",
    "for k, v in pairs({ a = 1, b = 2 }) do y = k .. v end",
    "fault(meters.meter1, 'ct_reversed', 'B')",
    "clear(meters.meter1)",
    "grid { volts_ll = '480 V' }",
    "load { amps = '50 A', pf = '0.9 lag' }",
    "add_load('resistive', { amps = 10 })",
    "clear_loads()",
    "event('sag', { duration = '1 s', at = '2 s' })",
    "clear_events()",
    "after('1 s', function() y = 1 end)",
    "every('1 s', function() y = 1 end)",
    "when(function() return true end, function() y = 2 end)",
    "always(function() return true end)",
    "eventually(function() return false end)",
    "wait '1 s'",
    "advance '1 s'",
    "line { baud = 9600 }",
    "watch(meters.meter1, 131)",
    "setmetatable({}, { __index = function(t, k) return k end }).abc",
    "collectgarbage()",
};

/* The sandbox's allocator, and what stands before it. */
static struct {
    lua_Alloc allocate;
    void *user;
    long count, fail_at; /* fail_at 0: never */
    bool failing;
} memory;

static void *failing(void *user, void *block, size_t old_size, size_t new_size)
{
    bool grows = new_size > 0 && (!block || new_size > old_size);

    if (grows && ++memory.count == memory.fail_at)
        memory.failing = true;
    if (grows && memory.failing)
        return NULL;
    return memory.allocate(user, block, old_size, new_size);
}

static void run_line(struct lines *l, const char *line)
{
    lines_run(l, line);
    memory.failing = false;
    bool may_wait =
        strstr(line, "wait") || strstr(line, "advance") || strstr(line, "within");
    if (!l->answered && !may_wait)
        fail_msg("%s is not answered", line);
    if (l->value)
        free(json_to_string(l->value, FALSE));
}

/* How many allocations there were. */
static long run_session(long fail_at)
{
    struct lines l;

    lines_open(&l);
    lines_run(&l, "1");
    memory.allocate = lua_getallocf(l.L, &memory.user);
    memory.count = 0;
    memory.fail_at = fail_at;
    memory.failing = false;
    lua_setallocf(l.L, failing, memory.user);
    for (size_t k = 0; k < G_N_ELEMENTS(session); k++)
        run_line(&l, session[k]);
    sim_run(l.sim, sim_now(l.sim) + 100000000);
    memory.failing = false;
    memory.fail_at = 0;
    run_line(&l, "6 * 7");
    if (*l.error->str || !l.value || json_node_get_int(l.value) != 42)
        fail_msg("allocation %ld: %s", fail_at, l.error->str);
    lines_close(&l);
    return memory.count;
}

static void every_allocation_may_fail(void **state)
{
    long count = run_session(0);

    (void)state;
    assert_int_equal(G_N_ELEMENTS(session), 50);
    assert_true(count > 1000);
    for (long n = 1; n <= count; n++)
        run_session(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
