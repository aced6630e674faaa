/* Sessions of the page: the tape's hash, actions, texts. */
#include "page/session.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
/* After its needs. */
#include <cmocka.h>

static const char start[] =
    "s4100,40,200,480,1;0,grid,60,277.1,277.1,277.1;0,load,80,80,80,23.1";

static void hash_of(const char *message, char text[SHA256_TEXT])
{
    struct sha256 h;

    sha256_start(&h);
    sha256_add(&h, message, strlen(message));
    sha256_text(&h, text);
}

/* FIPS 180-4, the examples of NIST. */
static void test_sha256(void **state)
{
    char text[SHA256_TEXT], million[1000];
    struct sha256 h;

    (void)state;
    hash_of("abc", text);
    assert_string_equal(
        text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hash_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", text);
    assert_string_equal(
        text, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    memset(million, 'a', sizeof million);
    sha256_start(&h);
    for (int k = 0; k < 1000; k++)
        sha256_add(&h, million, sizeof million);
    sha256_text(&h, text);
    assert_string_equal(
        text, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static struct session *repeated(const char *text, int step_ms)
{
    struct session *s = session_new(text);

    assert_non_null(s);
    while (session_repeats(s))
        assert_int_equal(session_repeat(s, step_ms), ACTION_DONE);
    return s;
}

/* However time is cut into steps. */
static void test_steps_leave_no_trace(void **state)
{
    char text[400], once[SHA256_TEXT], often[SHA256_TEXT];

    (void)state;
    snprintf(text, sizeof text,
             "%s;1500,fault,clock_error,all,77;2017,keys,8;2111,keys,0;2500,power,0;"
             "2900,power,1;4321,mark",
             start);
    struct session *a = repeated(text, INT32_MAX), *b = repeated(text, 7);
    session_end(a, once);
    session_end(b, often);
    assert_string_equal(once, often);
    assert_string_equal(a->text.bytes, text);
    session_free(a);
    session_free(b);
}

/* What was done by hand is repeated by a copy. */
static void test_copy(void **state)
{
    char one[SHA256_TEXT], other[SHA256_TEXT];
    struct session *s = repeated(start, 1000);

    (void)state;
    session_advance(s, 1234);
    assert_int_equal(session_do(s, "fault,ct_reversed,AC,1"), ACTION_DONE);
    session_advance(s, 2000);
    assert_int_equal(session_do(s, "pdu,0300140001"), ACTION_DONE);
    assert_int_equal(s->answer.size, 4);
    session_advance(s, 2500);
    struct session *copy = session_copy(s);
    while (session_repeats(copy))
        assert_int_equal(session_repeat(copy, 100), ACTION_DONE);
    assert_int_equal(copy->now_ms, 2500);
    assert_int_equal(session_do(s, "mark"), ACTION_DONE);
    session_end(s, one);
    session_end(copy, other);
    assert_string_equal(one, other);
    session_free(copy);
    session_free(s);
}

static void test_what_cannot_be_done(void **state)
{
    static const struct {
        const char *action;
        enum action_error error;
    } rows[] = { { "", ACTION_UNKNOWN },
                 { "jump", ACTION_UNKNOWN },
                 { "clear,1", ACTION_UNKNOWN },
                 { "a,b,c,d,e,f,g,h,i,j", ACTION_UNKNOWN },
                 { "grid,60,277,277", ACTION_UNKNOWN },
                 { "grid,60,277,277,nan", ACTION_NUMBER },
                 { "grid,0,277,277,277", ACTION_NUMBER },
                 { "grid,60,277,277,0x10", ACTION_NUMBER },
                 { "load,1,2,3,\"", ACTION_NUMBER },
                 { "load,-1,2,3,0", ACTION_NUMBER },
                 { "keys,16", ACTION_NUMBER },
                 { "keys,1.5", ACTION_NUMBER },
                 { "power,2", ACTION_NUMBER },
                 { "pdu,", ACTION_NUMBER },
                 { "pdu,030", ACTION_NUMBER },
                 { "fault,nothing,A,1", ACTION_FAULT },
                 { "fault,ct_reversed,D,1", ACTION_FAULT },
                 { "fault,ct_reversed,,1", ACTION_FAULT },
                 { "fault,neutral_lost,A,1", ACTION_FAULT },
                 { "fault,ct_reversed,A,2", ACTION_NUMBER },
                 { "fault,rope_gap,A,2", ACTION_IDLE },
                 { "fault,gateway_late,all,2", ACTION_FAULT },
                 { "fault,gateway_answer_late,all,2", ACTION_IDLE },
                 { "fault,bus_bad_crc,all,1", ACTION_IDLE } };
    struct session *s = repeated(start, 1000);

    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        assert_int_equal(session_do(s, rows[k].action), rows[k].error);
    session_free(s);
    s = repeated("s4100,31,200,480,1", 1000);
    assert_int_equal(session_do(s, "load,1,2,4,0"), ACTION_CURRENTS);
    assert_int_equal(session_do(s, "load,2,2,4,0"), ACTION_DONE);
    session_free(s);
}

static void test_no_session(void **state)
{
    static const char *const heads[] = { "",
                                         "s4100",
                                         "s4100,40,200,480",
                                         "s9,40,200,480,1",
                                         "s4100,41,200,480,1",
                                         "s4100,40,0,480,1",
                                         "s4100,40,200,480,1x",
                                         "s4100,40,99999,480,1" };
    static const char *const tails[] = { ";",        ";1",      ";x,mark",
                                         ";-1,mark", ";1,jump", ";5,mark;4,mark" };
    char text[100];

    (void)state;
    for (size_t k = 0; k < sizeof heads / sizeof *heads; k++)
        assert_null(session_new(heads[k]));
    for (size_t k = 0; k < sizeof tails / sizeof *tails; k++) {
        snprintf(text, sizeof text, "s4100,40,200,480,1%s", tails[k]);
        struct session *s = session_new(text);
        assert_int_equal(session_repeat(s, 1000), ACTION_UNKNOWN);
        session_free(s);
    }
}

/* Every action as its verb. */
static void test_lua(void **state)
{
    static const char *const lines[] = {
        "--     metersim run FILE.lua --seed 1 --tape -\n",
        "-- tape - sha256 HASH\n",
        "local m = meter { model = \"s4100\", system_type = 40, ct_primary = 200, "
        "system_voltage = 480 }\n",
        "grid { hz = 60, volts = { 277.1, 277.1, 277.1 }, degrees = { 0, -120, 120 } "
        "}\n",
        "load { amps = { 80, 80, 80 }, lag_degrees = 23.1 }\n",
        "wait(0.040)\nkeys(m, \"+ select\")\n",
        "wait(1.001)\nkeys(m, \"\")\nfault(m, \"ct_reversed\", \"AC\", 1)\n",
        "fault(m, \"adc_noise\", 12.5)\nclear(m)\npower(m, \"off\")\n",
        "pcall(m.request, m, \"0300140001\")\nwait(0.959)\n"
    };
    struct text lua = { 0 };
    char text[400];

    (void)state;
    snprintf(
        text, sizeof text,
        "%s;40,keys,9;1041,keys,0;1041,fault,ct_reversed,AC,1;1041,fault,adc_noise,"
        "all,12.5;1041,clear;1041,power,0;1041,pdu,0300140001;2000,mark",
        start);
    struct session *s = repeated(text, 1000);
    session_print_lua(s, "HASH", &lua);
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++)
        if (!strstr(lua.bytes, lines[k]))
            fail_msg("%s\nis not in\n%s", lines[k], lua.bytes);
    text_free(&lua);
    session_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256),     cmocka_unit_test(test_steps_leave_no_trace),
        cmocka_unit_test(test_copy),       cmocka_unit_test(test_what_cannot_be_done),
        cmocka_unit_test(test_no_session), cmocka_unit_test(test_lua),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
