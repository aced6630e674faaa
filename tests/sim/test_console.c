/* The console: answers, errors that end nothing, lock-step, what only its owner may do,
 * and clients that do not behave. */
#include "tests/sim/console_fixture.h"
#include "tests/support/check.h"
#include "tests/support/modbus_client.h"
#include <sys/stat.h>

static struct served served;
static struct asker asker;

static int start(void **state)
{
    (void)state;
    serve_start(&served, METERSIM, NULL);
    return asker_open(&asker, served.socket) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    asker_close(&asker);
    return serve_stop(&served);
}

static void expect_answer(const char *line, const char *part)
{
    char *answer = ask(&asker, line);

    if (!answer || !strstr(answer, part))
        fail_msg("%s\n  answered %s\n  without  %s", line, answer ? answer : "nothing",
                 part);
    g_free(answer);
}

/* The number after "value": in the answer. */
static double value_of(const char *line)
{
    char *answer = ask(&asker, line);
    char *at = answer ? strstr(answer, "\"value\":") : NULL;

    if (!at)
        fail_msg("%s\n  answered %s", line, answer ? answer : "nothing");
    double x = g_ascii_strtod(at + 8, NULL);
    g_free(answer);
    return x;
}

static void test_values(void **state)
{
    (void)state;
    expect_answer("1 + 1", "{\"ok\":true,\"value\":2,");
    expect_answer("'a', nil, false", "\"value\":[\"a\",null,false]");
    expect_answer("{ 1, { x = 2 } }",
                  "must be a request in JSON"); /* a brace begins JSON */
    expect_answer("return { 1, { x = 2 } }", "\"value\":[1,{\"x\":2}]");
    expect_answer("0/0", "\"value\":null");
    expect_answer("meters.meter1", "\"value\":\"meter1\"");
    expect_answer("meters[1].model", "\"value\":\"s4100\"");
    expect_answer("local t = {} t.t = t return t", "…");
    expect_answer("print", "\"value\":\"function\"");
    expect_answer("meters.meter1:read(131)", "\"value\":[200]");
}

static void test_globals_stay(void **state)
{
    (void)state;
    expect_answer("speed_of_light = 299792458", "{\"ok\":true,\"time\"");
    expect_answer("speed_of_light", "299792458");
    expect_answer("print('a', 1) print('b')", "\"printed\":\"a\\t1\\nb\\n\"");
}

/* What one client gets wrong is not gone for the others. */
static void test_what_all_share_is_read_only(void **state)
{
    static const char a_copy_of_pairs[] =
        "local _, t = pairs(meters) t.meter1 = nil error('a copy is not read-only')";
    static const char *const lines[] = {
        "meters = nil",
        "_G.meters = nil",
        "rawset(_G, 'meters', nil)",
        "meters.meter1 = nil",
        "meters[1] = 0",
        "meters[2] = meters[1]",
        "table.remove(meters)",
        "rawset(meters, 1, nil)",
        "expect = nil",
        "function hold() end",
        "_G = nil",
        "meter = print",
        "math.floor = nil",
        "string.format = nil",
        "rawset = nil",
        a_copy_of_pairs,
    };
    struct asker other;

    (void)state;
    for (gsize k = 0; k < G_N_ELEMENTS(lines); k++) {
        char *answer = ask(&asker, lines[k]);
        if (!answer || !strstr(answer, "\"ok\":false") ||
            (!strstr(answer, "read only") && !strstr(answer, "read-only")))
            fail_msg("%s\n  answered %s", lines[k], answer ? answer : "nothing");
        g_free(answer);
    }
    assert_true(asker_open(&other, served.socket));
    char *answer = ask(&other, "#meters, meters[1].name, meters.meter1:read(131), "
                               "math.floor(2.5), string.format('%d', 3), rawlen(_G)");
    assert_non_null(answer);
    assert_non_null(strstr(answer, "\"value\":[1,\"meter1\",[200],2,\"3\",0]"));
    g_free(answer);
    asker_close(&other);
    expect_answer("meters", "\"value\":{\"meter1\":\"meter1\",\"1\":\"meter1\"}");
    expect_answer("local t = {} for k in pairs(meters) do t[#t + 1] = k end return t",
                  "\"value\":[1,\"meter1\"]");
    expect_answer("for k, m in ipairs(meters) do print(k, m) end", "1\\tmeter1\\n");
    expect_answer("(line { meters = meters, name = 'shared' }):crc('01 03')",
                  "\"01 03 ");
    expect_answer("mine = 1 local is = {} for k in pairs(_G) do is[k] = true end "
                  "return is.mine and is.expect and is.math",
                  "\"value\":true");
    expect_answer("line { meters = 3 }", "expected a list of meters, found number");
    expect_answer("{\"complete\":\"meters.me\"}", "[\"meters.meter1\"]");
    expect_answer("{\"complete\":\"math.fl\"}", "[\"math.floor\"]");
    expect_answer("{\"complete\":\"eventu\"}", "[\"eventually\"]");
    expect_answer("read_only_names_are_few = true", "\"ok\":true");
    expect_answer("{\"complete\":\"read_only\"}", "[\"read_only_names_are_few\"]");
}

static void test_errors_end_nothing(void **state)
{
    (void)state;
    expect_answer("meters.meter1.kw_totla",
                  "no field 'kw_totla'; did you mean 'kw_total'");
    expect_answer("1 +", "\"ok\":false,\"error\":\"console:1:");
    expect_answer("error({})", "an error that is no text");
    expect_answer("while true do end", "steps without waiting");
    expect_answer("expect(1, 2)", "\"ok\":false");
    expect_answer("pcall(expect, 1, 2)", "\"ok\":false");
    expect_answer("os.exit()", "'os' is not available");
    expect_answer("case('x', function() end)", "\"ok\":false");
    expect_answer("meter { }", "\"ok\":false");
    expect_answer("local t = {} while true do t[#t + 1] = ('x'):rep(1e6) end",
                  "\"ok\":false");
    expect_answer("string.rep('x', 1e9)", "\"ok\":false");
    expect_answer("2 + 2", "\"value\":4");
}

static void test_syntax_errors_are_those_of_the_line(void **state)
{
    (void)state;
    expect_answer("1+", "near <eof>");
    expect_answer("1 + )", "near ')'");
    expect_answer("if if", "near 'if'");
    expect_answer("x = )", "near ')'");
    expect_answer("a b", "syntax error near 'b'");
}

/* Whatever bytes Lua has. */
static void test_answers_are_utf_8(void **state)
{
    static const char *const lines[] = {
        "print('a\\xff')",
        "return { ['\\xfe'] = '\\xc3' }",
        "error('\\xff')",
        "return 'a\\0b'",
        "odd = { ['k\\xff'] = 1 }",
        "{\"complete\":\"odd.\"}",
        "{\"id\":\"\\ud800\",\"lua\":\"1\"}",
    };

    (void)state;
    for (gsize k = 0; k < G_N_ELEMENTS(lines); k++) {
        char *answer = ask(&asker, lines[k]);
        if (!answer || !g_utf8_validate(answer, -1, NULL) ||
            !strstr(answer, "\"time\""))
            fail_msg("%s\n  answered %s", lines[k], answer ? answer : "nothing");
        g_free(answer);
    }
    expect_answer("print('a\\xff')", "\"printed\":\"a\xef\xbf\xbd\\n\"");
    expect_answer("return 'a\\0b'", "\"value\":\"a\xef\xbf\xbd"
                                    "b\"");
}

static void test_json(void **state)
{
    (void)state;
    expect_answer("{\"id\":\"a\",\"lua\":\"local x = 1\\nreturn x + 1\"}",
                  "\"value\":2,\"id\":\"a\"");
    expect_answer("{\"id\":[1,2],\"lua\":\"nonsense(\"}", "\"id\":[1,2]");
    expect_answer("{\"lua\":7}", "a request is");
    expect_answer("{\"lua\":", "\"ok\":false");
    expect_answer("{}", "a request is");
    expect_answer("{\"complete\":\"meters.meter1.kw_t\"}",
                  "\"value\":[\"meters.meter1.kw_total\"]");
    expect_answer("{\"complete\":\"meters.meter1:r\"}", "meters.meter1:read");
    expect_answer("{\"complete\":\"nothing.there.is\"}", "\"value\":[]");
    expect_answer("{\"complete\":\"adv\"}", "\"value\":[\"advance\"]");
}

/* Until simulated time is beyond that; a minute is a hang. */
static void comes_to(double s)
{
    for (int k = 0; k < 6000 && value_of("now()") <= s; k++)
        g_usleep(10000);
    assert_true(value_of("now()") > s);
}

static void test_a_picture(void **state)
{
    (void)state;
    expect_answer("picture()", "\"value\":\"iVBORw0KGgo"); /* a PNG's head */
    expect_answer("picture(meters[1], 'waves')", "\"value\":\"iVBORw0KGgo");
    expect_answer("picture('faces')", "the views are");
}

static void test_lock_step(void **state)
{
    (void)state;
    expect_answer("hold()", "\"ok\":true");
    double before = value_of("now()");
    g_usleep(50000);
    assert_true(value_of("now()") == before);
    expect_answer("advance '15 min'", "\"ok\":true");
    assert_float_equal(value_of("now()"), before + 900, 1e-9);
    expect_answer("wait '2 s'", "\"ok\":true"); /* held time goes on as far as asked */
    assert_float_equal(value_of("now()"), before + 902, 1e-9);
    expect_answer("go(10)", "\"ok\":true");
    comes_to(before + 902.5);
    expect_answer("go 'fast'", "\"ok\":false");
    expect_answer("advance '-1 s'", "\"ok\":false");
}

/* Until time has stood still for 50 ms; false: it goes on. */
static bool comes_to_rest(void)
{
    for (int k = 0; k < 100; k++) {
        double before = value_of("now()");
        g_usleep(50000);
        if (value_of("now()") == before)
            return true;
    }
    return false;
}

static void test_an_advance_can_be_ended(void **state)
{
    struct asker other, third;

    (void)state;
    expect_answer("hold()", "\"ok\":true");
    assert_true(asker_open(&other, served.socket));
    double before = value_of("now()");
    asker_send(&other, "advance '100000 h'\n");
    comes_to(before);
    expect_answer("hold()", "\"ok\":true");
    assert_true(comes_to_rest());
    asker_close(&other);
    assert_true(asker_open(&other, served.socket));
    assert_true(asker_open(&third, served.socket));
    before = value_of("now()");
    asker_send(&third, "advance '1 h' return 'an hour'\n");
    asker_send(&other, "advance '100000 h'\n");
    comes_to(before + 3600);
    asker_close(&other); /* the third has its hour all the same */
    char *answer = asker_answer(&third);
    assert_non_null(strstr(answer, "an hour"));
    g_free(answer);
    asker_close(&third);
    assert_true(comes_to_rest());
    expect_answer("go(10)", "\"ok\":true");
}

static void test_world_and_faults(void **state)
{
    (void)state;
    expect_answer("advance '3 s'", "\"ok\":true");
    double volts = value_of("meters.meter1.v_an");
    expect_answer("grid { hz = 50 }", "\"ok\":true"); /* volts stay */
    expect_answer("fault(meters.meter1, 'ct_reversed', 'B')", "\"ok\":true");
    expect_answer("advance '3 s'", "\"ok\":true");
    assert_float_equal(value_of("meters.meter1.v_an"), volts, 0.01);
    assert_float_equal(value_of("meters.meter1.freq"), 50, 0.001);
    assert_true(value_of("meters.meter1.kw_b") < -1);
    expect_answer("clear(meters.meter1)", "\"ok\":true");
    expect_answer("advance '3 s'", "\"ok\":true");
    assert_true(value_of("meters.meter1.kw_b") > 1);
}

static void test_watching(void **state)
{
    (void)state;
    expect_answer("always(function() return meters.meter1.kw_a > 0 end)",
                  "\"ok\":true");
    expect_answer("fault(meters.meter1, 'ct_reversed', 'A')", "\"ok\":true");
    expect_answer("advance '4 s'", "\"time\"");
    expect_answer("clear(meters.meter1) return 'well'", "well");
}

/* Each simulated minute is polled; none is missed, however fast time goes. */
static void test_lock_step_poll(void **state)
{
    modbus_t *client = modbus_client_new(served.port);
    uint16_t word[2];

    (void)state;
    assert_int_equal(modbus_connect(client), 0);
    uint32_t last = 0;
    for (int minute = 0; minute < 60; minute++) {
        expect_answer("advance '1 min'", "\"ok\":true");
        assert_int_equal(modbus_read_registers(client, 0, 2, word), 2);
        uint32_t energy = (uint32_t)word[0] << 16 | word[1];
        assert_true(energy > last);
        last = energy;
    }
    modbus_close(client);
    modbus_free(client);
}

static void test_only_its_owner(void **state)
{
    struct stat at;

    (void)state;
    assert_int_equal(stat(served.socket, &at), 0);
    assert_int_equal(at.st_mode & 0777, 0600);
}

static void test_pieces_and_pipelines(void **state)
{
    char *answer;

    (void)state;
    asker_send(&asker, "1 +");
    g_usleep(20000);
    asker_send(&asker, " 41\n'two'\nwait '10 ms'\n'three'\n");
    for (const char *const *part =
             (const char *const[]){ "42", "two", "\"ok\":true", "three", NULL };
         *part; part++) {
        answer = asker_answer(&asker);
        assert_non_null(answer);
        assert_non_null(strstr(answer, *part));
        g_free(answer);
    }
}

static void test_bad_clients(void **state)
{
    struct asker bad[20];
    GString *flood = g_string_new("");

    (void)state;
    for (int k = 0; k < 20; k++)
        asker_open(&bad[k], served.socket);
    for (int k = 0; k < 70000; k++)
        g_string_append_c(flood, 'x');
    asker_send(&bad[0], flood->str); /* a line without end */
    asker_send(&bad[1], "\xff\xfe\xc0\n");
    asker_send(&bad[2], "wait '1 h'\n"); /* and leaves */
    asker_close(&bad[2]);
    for (int k = 0; k < 20; k++) /* reads no answer */
        asker_send(&bad[3], "string.rep('x', 60000)\n");
    expect_answer("1 + 1", "\"value\":2");
    char *answer = asker_answer(&bad[0]);
    assert_non_null(strstr(answer, "65536"));
    g_free(answer);
    for (int k = 0; k < 20; k++)
        asker_close(&bad[k]);
    g_string_free(flood, TRUE);
    expect_answer("1 + 2", "\"value\":3");
}

/* A statement behind so many blanks that the line has `size` bytes. */
static char *line_of(gsize size, const char *statement)
{
    GString *line = g_string_sized_new(size);

    while (line->len < size - strlen(statement))
        g_string_append_c(line, ' ');
    g_string_append(line, statement);
    return g_string_free(line, FALSE);
}

/* Whatever a line that is too long ends with, it has one answer and does nothing. */
static void test_long_lines(void **state)
{
    static const gsize refused[] = { 65537, 66000, 69632, 70000, 140000, 300000 };
    char *line = line_of(65536, "tail = 'whole'");

    (void)state;
    expect_answer(line, "\"ok\":true");
    g_free(line);
    expect_answer("tail", "whole");
    for (gsize k = 0; k < G_N_ELEMENTS(refused); k++) {
        line = line_of(refused[k], "tail = 'torn'");
        expect_answer(line, "a line may have 65536 bytes at the most");
        g_free(line);
        expect_answer("tail", "whole");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_globals_stay),
        cmocka_unit_test(test_what_all_share_is_read_only),
        cmocka_unit_test(test_errors_end_nothing),
        cmocka_unit_test(test_syntax_errors_are_those_of_the_line),
        cmocka_unit_test(test_answers_are_utf_8),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_a_picture),
        cmocka_unit_test(test_a_picture),
        cmocka_unit_test(test_lock_step),
        cmocka_unit_test(test_an_advance_can_be_ended),
        cmocka_unit_test(test_world_and_faults),
        cmocka_unit_test(test_watching),
        cmocka_unit_test(test_lock_step_poll),
        cmocka_unit_test(test_only_its_owner),
        cmocka_unit_test(test_pieces_and_pipelines),
        cmocka_unit_test(test_bad_clients),
        cmocka_unit_test(test_long_lines),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("console", tests, start, stop);
}
