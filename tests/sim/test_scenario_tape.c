/* Tapes of scenarios: the same seed gives the same bytes, a replay gives the same
 * outputs, a changed output is found, and no bytes bring the replay down. */
#include "hal_sim/replay.h"
#include "scenario_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char script[] =
    "local m = meter { ct_primary = 200, system_voltage = 480 }\n"
    "fault(m, 'adc_noise', '20 codes')\n"
    "grid { volts_ll = 480 }\n"
    "load { amps = 50 + 20 * math.random(), pf = 0.8 }\n"
    "wait '2.5 s'\n"
    "m:read(1, 100)\n"
    "power(m, 'off')\n"
    "wait '0.3 s'\n"
    "power(m, 'on')\n"
    "wait '1.2 s'\n"
    "m:write(131, 300)\n";

struct tape {
    char *bytes;
    gsize size;
    char hash[TAPE_FILE_HASH];
};

static void record(uint64_t seed, struct tape *t)
{
    char *path = write_script(script, -1), *file = write_script("", 0);
    struct scenario_result r;

    scenario_run(&(struct scenario_options){ .path = path, .seed = seed, .tape = file },
                 &r);
    if (r.outcome != SCENARIO_PASSED)
        fail_msg("%s", r.message);
    assert_true(g_file_get_contents(file, &t->bytes, &t->size, NULL));
    memcpy(t->hash, r.tape_hash, sizeof t->hash);
    scenario_result_clear(&r);
    remove_script(file);
    remove_script(path);
}

/* Like metersim replay; -2 when a record is cut or none. */
static int replay(const uint8_t *bytes, size_t size)
{
    struct replay *r = g_new(struct replay, 1);
    struct tape_record *one = g_new(struct tape_record, 1);
    size_t at = TAPE_MAGIC_SIZE;
    int result = REPLAY_SAME;

    replay_start(r);
    while (result == REPLAY_SAME && at < size) {
        long length = tape_decode(one, bytes + at, size - at);
        result = length <= 0 ? -2 : (int)replay_record(r, one);
        at += length > 0 ? (size_t)length : 0;
    }
    if (result == REPLAY_SAME)
        result = replay_end(r);
    replay_free(r);
    g_free(one);
    g_free(r);
    return result;
}

static void the_seed_decides_the_bytes(void **state)
{
    struct tape a, b, other;

    (void)state;
    record(5, &a);
    record(5, &b);
    record(6, &other);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.bytes, b.bytes, a.size);
    assert_string_equal(a.hash, b.hash);
    assert_string_not_equal(a.hash, other.hash);
    char *hash =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)a.bytes,
                                    a.size - TAPE_END_SIZE); /* which holds it */
    assert_string_equal(a.hash, hash);
    g_free(hash);
    g_free(a.bytes);
    g_free(b.bytes);
    g_free(other.bytes);
}

static void a_replay_gives_the_same(void **state)
{
    struct tape t;

    (void)state;
    record(5, &t);
    assert_int_equal(replay((const uint8_t *)t.bytes, t.size), REPLAY_SAME);
    g_free(t.bytes);
}

/* Each output, with one bit of its data or its time changed. */
static void every_changed_output_is_found(void **state)
{
    struct tape t;
    uint8_t *bytes;
    int outputs = 0;

    (void)state;
    record(5, &t);
    bytes = (uint8_t *)t.bytes;
    for (size_t at = TAPE_MAGIC_SIZE; at < t.size;) {
        size_t size = bytes[at + 2] | (size_t)bytes[at + 3] << 8;
        if (bytes[at] >= TAPE_FIRST_OUTPUT && outputs++ % 4 == 0) {
            size_t spot = size ? at + TAPE_HEADER + size / 2 : at + 8;
            bytes[spot] ^= 1;
            assert_int_equal(replay(bytes, t.size), REPLAY_DIFFERS);
            bytes[spot] ^= 1;
        }
        at += TAPE_HEADER + size;
    }
    assert_true(outputs > 10);
    g_free(t.bytes);
}

static void a_missing_output_is_found(void **state)
{
    struct tape t;

    (void)state;
    record(5, &t);
    uint8_t *bytes = (uint8_t *)t.bytes;
    size_t at = TAPE_MAGIC_SIZE;
    while (bytes[at] != TAPE_ANSWER)
        at += TAPE_HEADER + (bytes[at + 2] | (size_t)bytes[at + 3] << 8);
    size_t size = TAPE_HEADER + (bytes[at + 2] | (size_t)bytes[at + 3] << 8);
    memmove(bytes + at, bytes + at + size, t.size - at - size);
    assert_int_equal(replay(bytes, t.size - size), REPLAY_DIFFERS);
    g_free(t.bytes);
}

static uint32_t next_random(uint32_t *state)
{
    return *state = *state * 1664525u + 1013904223u;
}

/* Bytes changed anywhere, tapes cut anywhere: an answer, and no more. */
static void garbage_does_no_harm(void **state)
{
    struct tape t;
    uint32_t random = 1;

    (void)state;
    record(5, &t);
    uint8_t *copy = g_malloc(t.size);
    for (int k = 0; k < 150; k++) {
        memcpy(copy, t.bytes, t.size);
        for (int n = 0; n < 1 + k % 4; n++)
            copy[next_random(&random) % (k % 2 ? t.size : 3000)] ^=
                (uint8_t)(1 << (k % 8));
        size_t size = k % 3 ? t.size : next_random(&random) % t.size;
        int result = replay(copy, size);
        assert_true(result >= -2 && result <= 1);
    }
    g_free(copy);
    g_free(t.bytes);
}

static void a_tape_wants_one_meter(void **state)
{
    static const char *const scripts[] = { "meter {} meter {}", "wait '1 s'" };
    static const char *const messages[] = { "a tape holds one meter",
                                            "makes no meter" };

    (void)state;
    for (int k = 0; k < 2; k++) {
        char *path = write_script(scripts[k], -1);
        struct scenario_result r;
        scenario_run(&(struct scenario_options){ .path = path, .tape = "-" }, &r);
        assert_int_equal(r.outcome, SCENARIO_MISUSED);
        assert_non_null(strstr(r.message, messages[k]));
        scenario_result_clear(&r);
        remove_script(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_seed_decides_the_bytes),
        cmocka_unit_test(a_replay_gives_the_same),
        cmocka_unit_test(every_changed_output_is_found),
        cmocka_unit_test(a_missing_output_is_found),
        cmocka_unit_test(garbage_does_no_harm),
        cmocka_unit_test(a_tape_wants_one_meter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
