/* Tapes of two builds: a changed output is found with its second, its register and the
 * inputs that precede it; a changed input is no fault of a build. */
#include "scenario_fixture.h"
#include "sim/bisect/records.h"
#include "sim/record/tape_stream.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char script[] = "local m = meter { ct_primary = 200 }\n"
                             "load { amps = 50 }\n"
                             "wait '1.5 s'\n"
                             "m:read(21, 2)\n"
                             "wait '1 s'\n"
                             "m:read(21, 4)\n"
                             "wait '1 s'\n";

static char *path;

static int record_tape(void **state)
{
    char *lua = write_script(script, -1);
    struct scenario_result r;

    (void)state;
    path = write_script("", 0);
    scenario_run(
        &(struct scenario_options){
            .path = lua, .seed = 1, .step_limit = 100000, .tape = path },
        &r);
    int wrong = r.outcome != SCENARIO_PASSED;
    scenario_result_clear(&r);
    remove_script(lua);
    return wrong;
}

static int remove_tape(void **state)
{
    (void)state;
    remove_script(path);
    return 0;
}

struct change {
    enum tape_kind kind;
    int n; /* of that kind, from 1 */
    size_t byte;
};

/* The tape with other outputs, as another build would have it. */
static char *changed_tape(const struct change *change, int changes)
{
    char *other = write_script("", 0), hash[TAPE_FILE_HASH];
    struct tape_stream *from = tape_stream_open(path, NULL);
    struct tape_file *to = tape_file_open(other);
    struct tape_record record;
    int seen[UINT8_MAX + 1] = { 0 };

    while (tape_stream_next(from, &record, NULL) == TAPE_STREAM_RECORD) {
        const int n = ++seen[record.kind];
        for (int k = 0; k < changes; k++)
            if (record.kind == change[k].kind && n == change[k].n)
                record.data[change[k].byte] ^= 1;
        if (record.kind != TAPE_END)
            tape_file_write(to, &record);
    }
    tape_stream_close(from);
    assert_int_equal(tape_file_close(to, hash), 0);
    return other;
}

/* The n-th record of that kind. */
static void compare_changed(enum tape_kind kind, int n, size_t byte,
                            struct records_difference *d)
{
    char *other = changed_tape(&(struct change){ kind, n, byte }, 1);

    assert_true(records_compare(path, other, RECORDS_ALL, d, NULL));
    remove_script(other);
}

static void test_same(void **state)
{
    struct records_difference d;

    (void)state;
    assert_true(records_compare(path, path, RECORDS_ALL, &d, NULL));
    assert_int_equal(d.part, RECORDS_SAME);
    assert_true(d.same > 200);
    compare_changed(TAPE_ANSWER, 0, 0, &d);
    assert_int_equal(d.part, RECORDS_SAME);
}

static void test_answer(void **state)
{
    struct records_difference d;

    (void)state;
    compare_changed(TAPE_ANSWER, 3, 3, &d); /* after that of a setting */
    assert_int_equal(d.part, RECORDS_OUTPUT);
    assert_int_equal(d.time_ns, 2500000000);
    assert_non_null(strstr(d.text, "'read 21..24'"));
    assert_non_null(strstr(d.text, "register 21 (kw_total) is "));
    assert_non_null(strstr(d.text, " in A, "));
    assert_non_null(strstr(d.text, " in B"));
    const struct input *last = &d.inputs.last[(d.inputs.count - 1) % INPUTS_LAST];
    assert_string_equal(last->text, "request: read 21..24");
}

static void test_energy(void **state)
{
    struct records_difference d;

    (void)state;
    compare_changed(TAPE_NVM_WRITE, 5, 20, &d);
    assert_int_equal(d.part, RECORDS_OUTPUT);
    assert_non_null(strstr(d.text, "NVM write ("));
}

/* A display that looks different from the first second on does not hide the register. */
static void test_kinds(void **state)
{
    static const struct change changes[] = { { TAPE_LCD, 1, 4 },
                                             { TAPE_ANSWER, 3, 3 } };
    struct records_difference d;
    char *other = changed_tape(changes, 2);

    (void)state;
    assert_true(records_compare(path, other, RECORDS_ALL, &d, NULL));
    assert_int_equal(d.kind, TAPE_LCD);
    assert_true(d.time_ns < 1000000000);
    assert_true(records_compare(path, other, TAPE_ANSWER, &d, NULL));
    assert_int_equal(d.part, RECORDS_OUTPUT);
    assert_int_equal(d.kind, TAPE_ANSWER);
    assert_int_equal(d.time_ns, 2500000000);
    assert_non_null(strstr(d.text, "register 21 (kw_total) is "));
    assert_true(records_compare(path, other, TAPE_NVM_WRITE, &d, NULL));
    assert_int_equal(d.part, RECORDS_SAME);
    remove_script(other);
}

static void test_inputs(void **state)
{
    struct records_difference d;

    (void)state;
    compare_changed(TAPE_SAMPLES, 100, 4, &d);
    assert_int_equal(d.part, RECORDS_INPUT);
    assert_string_equal(d.text, "samples of voltage A");
    compare_changed(TAPE_REQUEST, 3, 2, &d);
    assert_int_equal(d.part, RECORDS_INPUT);
    assert_string_equal(d.text, "A has request: read 21..24; B has request: read "
                                "22..25");
}

static void test_frames(void **state)
{
    struct inputs inputs = { .count = 0 };
    struct tape_record r = { .kind = TAPE_UART_BYTE, .size = 10, .data = { 0x11 } };

    (void)state;
    for (int k = 0; k < 200; k++) { /* longer than there is room */
        r.time_ns += 1000000;
        inputs_add(&inputs, &r);
    }
    assert_int_equal(inputs.count, 1);
    assert_int_equal(strncmp(inputs.last[0].text, "RS-485: 11 11 11", 16), 0);
    r.time_ns += 1000000000;
    inputs_add(&inputs, &r);
    assert_int_equal(inputs.count, 2);
    struct inputs other = inputs;
    assert_true(inputs_same(&inputs, &other));
    other.last[1].text[8] = '2';
    assert_false(inputs_same(&inputs, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),   cmocka_unit_test(test_answer),
        cmocka_unit_test(test_energy), cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_inputs), cmocka_unit_test(test_frames),
    };

    return cmocka_run_group_tests(tests, record_tape, remove_tape);
}
