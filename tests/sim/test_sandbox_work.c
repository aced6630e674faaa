/* Every function that a script can reach, called with the worst arguments that the
 * types allow: each call ends by itself or by the limit of steps, none by the limit of
 * the processor's time. The list of functions is made by going through the globals and
 * the tables of methods, so a new one is called, too. And what runs at one instant
 * without being called: handlers of errors, triggers. */
#include "lines_fixture.h"
#include "sim/script/script_verbs.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* Far above what the steps of a line take, far below "for good". */
enum { LINE_MS = 3000, LISTS_OF_FOUR = 10, ANSWER_BYTES_MAX = 30 << 20 };

/* Globals that stand for arguments. */
static const char prelude[] =
    "E = '' S = ('x'):rep(1 << 20) D = ('0'):rep(1 << 20) H = 1 << 62 N = "
    "math.mininteger "
    "U = '\\u{10ffff}' .. ('\\x80'):rep(1 << 19) "
    "L = setmetatable({}, { __len = function() return 1 << 62 end, "
    "__index = function() return '' end }) T = {} for k = 1, 20000 do T[k] = k end "
    "P = ('a-'):rep(2000) F = function() while true do end end M = meters.meter1";

/* Objects, and the iterators that functions give. */
static const char objects[] =
    "B = line { meters = { M } } G = gateway { line = B } R = M:read(130, 10) "
    "Q = B:poll { id = 1, register = 130, every = '1 s' } A = near(1, 0.1) "
    "I1 = pairs(T) I2 = ipairs(L) I3 = ('a-'):rep(9):gmatch('(.-)-') I4 = "
    "utf8.codes(U)";

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

static void add_methods(const char *object, const struct verb *rows)
{
    for (; rows->name; rows++)
        g_ptr_array_add(found, g_strdup_printf("%s%s", object, rows->name));
}

/* "string.rep", "wait", "M.read" … */
static GPtrArray *functions(void)
{
    static const char list[] =
        "local names, seen = {}, {} local function visit(path, value) "
        "local open = getmetatable(value) ~= nil and getmetatable(value) ~= 'locked' "
        "if open then error(path .. ': a metatable can be reached') end "
        "if seen[value] then return end "
        "if type(value) == 'function' then names[#names + 1] = path end "
        "local listed, following, fields = pcall(pairs, value) "
        "if not listed or type(value) == 'string' then return end seen[value] = true "
        "for field, inner in following, fields do "
        "if type(field) == 'number' then visit(path .. '[' .. field .. ']', inner) "
        "elseif not field:find('^%u$') then "
        "visit(path == '' and field or path .. '.' .. field, inner) end end end "
        "visit('', _G) return names";

    found = g_ptr_array_new_with_free_func(g_free);
    script_console_run(under.console, list, on_names, NULL);
    add_methods("M.", script_all_words.meter_methods);
    return found;
}

/* Of objects that the prelude makes. */
static GPtrArray *methods(void)
{
    static const char *const others[] = { "Q:stop", "I1", "I2", "I3", "I4" };

    found = g_ptr_array_new_with_free_func(g_free);
    add_methods("B:", script_all_words.line_methods);
    add_methods("G:", script_all_words.gateway_methods);
    for (gsize k = 0; k < G_N_ELEMENTS(others); k++)
        g_ptr_array_add(found, g_strdup(others[k]));
    return found;
}

static void call(const char *function, const char *arguments)
{
    char *line = g_strdup_printf("%s(%s)", function, arguments);

    run(line);
    g_free(line);
}

static const char *any(GRand *random)
{
    return values[g_rand_int_range(random, 0, G_N_ELEMENTS(values))];
}

static void call_with_four(const char *name, GRand *random)
{
    for (int k = 0; k < LISTS_OF_FOUR; k++) {
        char *four = g_strdup_printf("%s, %s, %s, %s", any(random), any(random),
                                     any(random), any(random));
        call(name, four);
        g_free(four);
    }
}

static void call_with_two(const char *name)
{
    for (gsize a = 0; a < G_N_ELEMENTS(values); a++)
        for (gsize b = 0; b < G_N_ELEMENTS(values); b++) {
            char *two = g_strdup_printf("%s, %s", values[a], values[b]);
            call(name, two);
            g_free(two);
        }
}

static void call_with_one(const char *name)
{
    call(name, "");
    for (gsize a = 0; a < G_N_ELEMENTS(values); a++)
        call(name, values[a]);
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
        call_with_one(name);
        call_with_two(name);
        call_with_four(name, random);
    }
    g_rand_free(random);
    g_ptr_array_unref(names);
}

/* The calls before have left lines and gateways, of which there may be so many. */
static void open_anew(void)
{
    lines_close(&under);
    lines_open(&under);
    run(prelude);
    run(objects);
    assert_string_equal(under.error->str, "");
}

static void methods_end(void **state)
{
    GPtrArray *names = methods();
    GRand *random = g_rand_new_with_seed(2);

    (void)state;
    for (guint n = 0; n < names->len; n++) {
        const char *name = g_ptr_array_index(names, n);
        open_anew();
        call_with_one(name);
        call_with_four(name, random);
    }
    g_rand_free(random);
    g_ptr_array_unref(names);
}

/* Operators and fields, of objects, too. */
static void operators_end(void **state)
{
    static const char *const operators[] = { "X + Y",  "X // Y",      "X ^ Y",
                                             "X << Y", "X .. Y",      "X == Y",
                                             "X < Y",  "X <= Y",      "#X",
                                             "-X",     "~X",          "X[Y]",
                                             "X(Y)",   "tostring(X)", "X[Y] = X" };
    static const char *const more[] = { "B", "G", "Q", "A", "R", "meters", "_G" };
    const gsize n = G_N_ELEMENTS(values);
    GRand *random = g_rand_new_with_seed(3);

    (void)state;
    open_anew();
    for (gsize a = 0; a < n + G_N_ELEMENTS(more); a++)
        for (gsize k = 0; k < G_N_ELEMENTS(operators); k++) {
            char *line = g_strdup_printf("X, Y = %s, %s",
                                         a < n ? values[a] : more[a - n], any(random));
            run(line);
            run(operators[k]);
            g_free(line);
        }
    g_rand_free(random);
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

static bool serve_nobody(void *user)
{
    (void)user;
    return true;
}

/* Each handler of an error opens two more: in the midst of a server, where a line has
 * so much time of the processor at the most. */
static void handlers_end(void **state)
{
    static const char setup[] =
        "mt = {} function f() local a <close> = setmetatable({}, mt) "
        "local b <close> = setmetatable({}, mt) if endless then while true do end end "
        "error() end";
    static const char *const lines[] = {
        "endless = true mt.__close = f pcall(f)",
        "endless = false mt.__close = function() pcall(f) f() end pcall(f)",
        "table.sort({ 1, 2 }, function() pcall(f) end)",
        "('x'):gsub('x', function() pcall(f) end)",
    };
    struct lines l;

    (void)state;
    lines_open_with(&l, NULL, serve_nobody, NULL);
    lines_run(&l, setup);
    for (gsize k = 0; k < G_N_ELEMENTS(lines); k++) {
        lines_run(&l, lines[k]);
        assert_true(l.answered);
        if (!strstr(l.error->str, "steps without") &&
            !strstr(l.error->str, "time limit"))
            fail_msg("%s\n  %s", lines[k], l.error->str);
    }
    lines_run(&l, "mt.__close = print setmetatable(mt, mt)");
    /* Of what is stopped not even a handler of C's is called. */
    lines_run(&l, "pcall(function() local a <close> = mt error() end)");
    assert_int_equal(l.printed, 1);
    lines_run(&l, "pcall(function() local a <close> = mt while true do end end)");
    assert_int_equal(l.printed, 1);
    lines_run(&l, "1 + 1");
    assert_string_equal(l.error->str, "");
    lines_close(&l);
}

static void run_to(double s)
{
    sim_run(under.sim, sim_now(under.sim) + (int64_t)(s * 1e9));
    run("1 + 1");
    assert_string_equal(under.error->str, "");
}

/* What begins itself again at the same instant ends, and time goes on; what fails again
 * and again leaves nothing behind that hinders the next line. */
static void triggers_end(void **state)
{
    static const char *const lines[] = {
        "function again() after('0 s', again) end again()",
        "function again() for k = 1, 2 do pcall(after, '0 s', again) end end again()",
        "function again() when(function() return true end, again) end again()",
        "for i = 1, 3 do after('1 s', function() error('at one instant') end) end",
        "every('1 ms', function() error('more often than there may be tasks') end)",
    };

    (void)state;
    for (gsize k = 0; k < G_N_ELEMENTS(lines); k++) {
        open_anew();
        run(lines[k]);
        assert_string_equal(under.error->str, "");
        run_to(12);
    }
}

/* One long string in many places of an answer. */
static void answers_are_bounded(void **state)
{
    static const char *const lines[] = {
        "local t = {} for k = 1, 100 do t[k] = S end return t",
        "local t = {} for k = 1, 100 do t[k] = S end return table.unpack(t)",
        "local t = {} for k = 1, 100 do t['k' .. k] = S end return t",
        "local t = {} for k = 1, 20 do t[S:sub(9) .. k] = k end return t, t, t",
        "return ('\1'):rep(1 << 20), S, S, S, S, S",
    };

    (void)state;
    open_anew();
    for (gsize k = 0; k < G_N_ELEMENTS(lines); k++) {
        run(lines[k]);
        assert_string_equal(under.error->str, "");
        char *text = json_to_string(under.value, FALSE);
        if (strlen(text) > ANSWER_BYTES_MAX)
            fail_msg("%s\n  answers with %zu bytes", lines[k], strlen(text));
        assert_true(k == 3 || strlen(text) > 1 << 20); /* what has room is there */
        g_free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handlers_end),        cmocka_unit_test(triggers_end),
        cmocka_unit_test(answers_are_bounded), cmocka_unit_test(methods_end),
        cmocka_unit_test(operators_end),       cmocka_unit_test(lines_that_hung_end),
        cmocka_unit_test(worst_arguments_end),
    };

    return cmocka_run_group_tests(tests, open_console, close_console);
}
