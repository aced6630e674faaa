/* Every function that a script can reach, called with the worst arguments that the
 * types allow: each call ends by itself or by the limit of steps, none by the limit of
 * the processor's time. The list of functions is made by going through the globals, so
 * a new one is called, too. */
#include "lines_fixture.h"
#include "sim/script/script_verbs.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* Far above what the steps of a line take, far below "for good". */
enum { LINE_MS = 3000, LISTS_OF_FOUR = 10 };

/* Globals that stand for arguments. */
static const char prelude[] =
    "E = '' S = ('x'):rep(1 << 20) D = ('0'):rep(1 << 20) H = 1 << 62 N = "
    "math.mininteger "
    "U = '\\u{10ffff}' .. ('\\x80'):rep(1 << 19) "
    "L = setmetatable({}, { __len = function() return 1 << 62 end, "
    "__index = function() return '' end }) T = {} for k = 1, 20000 do T[k] = k end "
    "P = ('a-'):rep(2000) F = function() while true do end end M = meters.meter1";

static const char *const values[] = { "nil", "E", "S", "D", "H", "-H", "N",    "1",
                                      "L",   "T", "P", "F", "U", "M",  "'all'" };

static struct lines under;

static double processor_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void run(const char *line)
{
    double start = processor_ms();

    lines_run(&under, line);
    double ms = processor_ms() - start;
    if (ms > LINE_MS || strstr(under.error->str, "time limit"))
        fail_msg("%s\n  took %.0f ms: %s", line, ms, under.error->str);
}

static int open_console(void **state)
{
    (void)state;
    lines_open(&under);
    run(prelude);
    assert_string_equal(under.error->str, "");
    return 0;
}

static int close_console(void **state)
{
    (void)state;
    lines_close(&under);
    return 0;
}

static GPtrArray *found;

static void on_names(void *user, const char *error, lua_State *L, int first, int count)
{
    (void)user;
    if (error)
        fail_msg("%s", error);
    assert_int_equal(count, 1);
    for (lua_pushnil(L); lua_next(L, first); lua_pop(L, 1))
        g_ptr_array_add(found, g_strdup(lua_tostring(L, -1)));
}

/* "string.rep", "wait", "M.read" … */
static GPtrArray *functions(void)
{
    static const char list[] =
        "local names = {} for name, value in pairs(_G) do "
        "if type(value) == 'function' then names[#names + 1] = name end "
        "local listed, following, fields = pcall(pairs, value) "
        "if listed and value ~= _G then for field, call in following, fields do "
        "if type(call) == 'function' then names[#names + 1] = name .. '.' .. field end "
        "end end end return names";

    found = g_ptr_array_new_with_free_func(g_free);
    script_console_run(under.console, list, on_names, NULL);
    for (const struct verb *row = script_all_words.meter_methods; row->name; row++)
        g_ptr_array_add(found, g_strdup_printf("M.%s", row->name));
    return found;
}

static void call(const char *function, const char *arguments)
{
    char *line = g_strdup_printf("%s(%s)", function, arguments);

    run(line);
    g_free(line);
}

static void worst_arguments_end(void **state)
{
    run(prelude);
    GPtrArray *names = functions();
    GRand *random = g_rand_new_with_seed(1);

    (void)state;
    assert_true(names->len > 100); /* a list that is empty proves nothing */
    for (guint n = 0; n < names->len; n++) {
        const char *name = g_ptr_array_index(names, n);
        run(prelude); /* calls before may have filled its tables */
        call(name, "");
        for (gsize a = 0; a < G_N_ELEMENTS(values); a++) {
            call(name, values[a]);
            for (gsize b = 0; b < G_N_ELEMENTS(values); b++) {
                char *two = g_strdup_printf("%s, %s", values[a], values[b]);
                call(name, two);
                g_free(two);
            }
        }
        for (int k = 0; k < LISTS_OF_FOUR; k++) {
            const char *v[4];
            for (int i = 0; i < 4; i++)
                v[i] = values[g_rand_int_range(random, 0, G_N_ELEMENTS(values))];
            char *four = g_strdup_printf("%s, %s, %s, %s", v[0], v[1], v[2], v[3]);
            call(name, four);
            g_free(four);
        }
    }
    g_rand_free(random);
    g_ptr_array_unref(names);
}

/* Those that hung a server, and their kin. */
static void lines_that_hung_end(void **state)
{
    static const struct {
        const char *line, *error;
    } lines[] = {
        { "string.rep('', 1 << 62)", "" },
        { "table.move({}, 1, 1 << 62, 2)", "steps without waiting" },
        { "for i = 1, 200000 do string.rep('x', 1000000) end",
          "steps without waiting" },
        { "for i = 1, 200000 do string.rep('x', 30000000) end",
          "string of more than 1 MB" },
        { "table.insert(L, 1, 1)", "steps without waiting" },
        { "table.remove(L, 1)", "steps without waiting" },
        { "table.concat(L)", "steps without waiting" },
        { "table.concat(L, '', 1, 1 << 40)", "steps without waiting" },
        { "table.unpack(L)", "too many results" },
        { "table.sort(L)", "at most 100" },
        { "while true do pcall(string.pack, 'c1000000000', '') end",
          "steps without waiting" },
        { "while true do tonumber(D) end", "steps without waiting" },
        { "while true do local s = S .. '' end", "steps without waiting" },
        { "while true do utf8.len(S) end", "steps without waiting" },
        { "while true do utf8.offset(S, 1 << 19) end", "steps without waiting" },
        { "while true do pcall(utf8.codes(U), U, 1) end", "steps without waiting" },
        { "while true do ('x'):gsub('x', S) end", "steps without waiting" },
        { "while true do ('x'):find('[' .. S:sub(1, 9999) .. ']') end",
          "steps without waiting" },
        { "while true do for k in pairs(T) do end end", "steps without waiting" },
        { "while true do rawequal(S, ('x'):rep(1 << 20)) end",
          "steps without waiting" },
        { "while true do math.max(table.unpack(T)) end", "steps without waiting" },
        { "while true do select('#', table.unpack(T)) end", "steps without waiting" },
        { "while true do print(S) end", "steps without waiting" },
    };

    (void)state;
    for (gsize k = 0; k < G_N_ELEMENTS(lines); k++) {
        run(lines[k].line);
        if (!under.answered || !strstr(under.error->str, lines[k].error))
            fail_msg("%s\n  %s", lines[k].line, under.error->str);
    }
    run("1 + 1");
    assert_string_equal(under.error->str, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_hung_end),
        cmocka_unit_test(worst_arguments_end),
    };

    return cmocka_run_group_tests(tests, open_console, close_console);
}
