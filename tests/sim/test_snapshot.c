/* Snapshots in files: meters that go on in another process as they would have gone on,
 * to the byte of their tape; 100 futures of one file; and no file that was cut, changed
 * in any byte, or made by another build is taken. save and restore in scripts:
 * tests/sim/language/save_restore.lua. */
#include "core/crc.h"
#include "scenario_fixture.h"
#include "sim/site/state_file.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char warm_up[] =
    "local m = meter { name = 'main', ct_primary = 200, system_voltage = 480 }\n"
    "fault(m, 'adc_noise', '20 codes')\n"
    "fault(m, 'ct_open', 'B', { duration = '6.3 s' })\n"
    "grid { volts_ll = 480, flicker = { hz = 8.8, percent = 2 } }\n"
    "load { amps = 80, pf = 0.92 }\n"
    "add_load('motor', { kw = 30, at = '4 s' })\n"
    "event('sag', { percent = 60, at = '5.5 s', duration = '2 s', ramp_in = '1 s' })\n"
    "wait '4.217 s'\n";

static const char goes_on[] = "wait '3 s'\n"
                              "m:read(1, 100)\n"
                              "load { amps = 20 }\n"
                              "power(m, 'off')\n"
                              "wait '0.3 s'\n"
                              "power(m, 'on')\n"
                              "wait '1.5 s'\n"
                              "expect(m.i_b > 1)\n"
                              "print(m.kwh_import, m:truth().kwh_import, now())\n";

struct bytes {
    char *byte;
    gsize size;
};

static struct bytes contents(char *path)
{
    struct bytes b;

    assert_true(g_file_get_contents(path, &b.byte, &b.size, NULL));
    remove_script(path);
    return b;
}

static char *temporary(void)
{
    return write_script("", 0);
}

/* Runs a script of two parts; the result is to be cleared. */
static void run(const char *first, const char *second, struct scenario_options o,
                struct scenario_result *r)
{
    char *text = g_strconcat(first, second, NULL), *path = write_script(text, -1);

    o.path = path;
    o.seed = o.seed ? o.seed : 1;
    scenario_run(&o, r);
    remove_script(path);
    g_free(text);
}

static void passes(const char *first, const char *second, struct scenario_options o,
                   char **log)
{
    struct scenario_result r;

    run(first, second, o, &r);
    if (r.outcome != SCENARIO_PASSED)
        fail_msg("%s", r.message);
    if (log)
        *log = g_strdup(r.log);
    scenario_result_clear(&r);
}

static void is_misuse(const char *text, struct scenario_options o, const char *message)
{
    struct scenario_result r;

    run(text, "", o, &r);
    assert_int_equal(r.outcome, SCENARIO_MISUSED);
    if (!strstr(r.message, message))
        fail_msg("%s\ninstead of: %s", r.message, message);
    scenario_result_clear(&r);
}

static char *warm_file(void)
{
    char *file = temporary();

    passes(warm_up, "", (struct scenario_options){ .save = file }, NULL);
    return file;
}

/* The tape of what follows the snapshot is the end of the tape of both in one. */
static void what_follows_is_the_same(void **state)
{
    char *file = warm_file(), *whole = temporary(), *part = temporary();
    char *log[2];

    (void)state;
    passes(warm_up, goes_on, (struct scenario_options){ .tape = whole }, &log[0]);
    passes("local m = meters.main assert(m == meters[1])", goes_on,
           (struct scenario_options){ .from = file, .tape = part }, &log[1]);
    assert_string_equal(log[0], log[1]);
    struct bytes a = contents(whole), b = contents(part);
    a.size -= TAPE_END_SIZE;
    gsize size = b.size - TAPE_MAGIC_SIZE - TAPE_END_SIZE;
    assert_true(size > 200000 && a.size > b.size);
    assert_memory_equal(a.byte + a.size - size, b.byte + TAPE_MAGIC_SIZE, size);
    g_free(a.byte);
    g_free(b.byte);
    g_free(log[0]);
    g_free(log[1]);
    remove_script(file);
}

/* The same scenario gives the same file; so does a snapshot of a snapshot. */
static void files_are_the_same_every_time(void **state)
{
    char *first = warm_file(), *second = warm_file(), *third = temporary();

    (void)state;
    passes("", "",
           (struct scenario_options){ .from = first, .save = third, .seed = 99 }, NULL);
    struct bytes a = contents(first), b = contents(second), c = contents(third);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.byte, b.byte, a.size);
    assert_int_equal(a.size, c.size);
    assert_memory_equal(a.byte, c.byte, a.size);
    g_free(a.byte);
    g_free(b.byte);
    g_free(c.byte);
}

/* Each draws its own load from its seed; the same seed has the same future. */
static void a_hundred_futures(void **state)
{
    static const char text[] = "local m = meters.main\n"
                               "expect(now(), 4.217)\n"
                               "clear(m) clear_loads() clear_events()\n"
                               "grid { flicker = {} , volts_ll = 480 }\n"
                               "local amps = math.random(10, 190)\n"
                               "load { amps = amps }\n"
                               "wait '3 s'\n"
                               "expect(m.i_avg, near(amps, '0.05 %'))\n"
                               "print(amps, m.kwh_import)\n";
    char *file = warm_file(), *log, *again;
    GHashTable *logs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct scenario_options o = { .from = file, .seed = seed };
        passes(text, "", o, &log);
        if (seed % 25 == 0) {
            passes(text, "", o, &again);
            assert_string_equal(log, again);
            g_free(again);
        }
        g_hash_table_add(logs, log);
    }
    assert_true(g_hash_table_size(logs) > 50);
    g_hash_table_unref(logs);
    remove_script(file);
}

/* Feeders, names and numbers, and a new meter beside those of the file. */
static void many_meters_come_back(void **state)
{
    char *file = temporary();

    (void)state;
    passes("local main = meter { name = 'main' }\n"
           "meters(3, { name = 'sub', feeder = main })\n"
           "meter { name = 'alone' }\n"
           "grid { volts_ll = 480 } load { amps = 10 } wait '3 s'",
           "", (struct scenario_options){ .save = file }, NULL);
    passes("expect(#meters, 5) expect(meters[3] == meters.sub2)\n"
           "expect(meters.main.i_a, near(40, '0.1 %'))\n"
           "load(meters.sub3, { amps = 20 })\n"
           "grid(meters.sub1, { volts_ll = 400 })\n"
           "local new = meters(2, { name = 'new' })\n"
           "wait '3 s'\n"
           "expect(meters.main.i_a, near(50, '0.1 %'))\n"
           "expect(meters.sub2.v_ab, near(400, '0.1 %'))\n"
           "expect(meters.alone.v_ab, near(480, '0.1 %'))\n"
           "expect(new[2].i_a, near(10, '0.1 %'))\n",
           "", (struct scenario_options){ .from = file }, NULL);
    is_misuse("wait '1 s'", (struct scenario_options){ .from = file, .tape = "-" },
              "has 5 meters, and a tape holds one");
    remove_script(file);
}

static void refused(const uint8_t *bytes, size_t size, const char *why)
{
    struct store state;
    const char *said = state_file_unpack(bytes, size, &state);

    if (!said || !strstr(said, why))
        fail_msg("%s\ninstead of: %s", said ? said : "taken", why);
}

/* Any bit of any byte: it is a small file of the real format, so that all are tried. */
static void every_changed_byte_is_found(void **state)
{
    uint8_t content[700];
    struct store small = { .byte = content, .size = sizeof content };
    size_t size;

    (void)state;
    for (size_t k = 0; k < sizeof content; k++)
        content[k] = (uint8_t)(k * 131);
    uint8_t *bytes = state_file_pack(&small, &size);
    struct store back;
    assert_null(state_file_unpack(bytes, size, &back));
    assert_int_equal(back.size, sizeof content);
    assert_memory_equal(back.from, content, sizeof content);
    for (size_t at = 0; at < size; at++)
        for (int change = 1; change < 256; change++) {
            bytes[at] ^= (uint8_t)change;
            refused(bytes, size, "is");
            bytes[at] ^= (uint8_t)change;
        }
    g_free(bytes);
}

/* And of a real one each byte once, every thousandth through the program's own way. */
static void a_damaged_snapshot_is_refused(void **state)
{
    char *file = warm_file(), *bad = temporary();
    struct bytes b = contents(file);

    (void)state;
    for (gsize at = 0; at < b.size; at++) {
        b.byte[at] ^= (char)(1 << at % 8);
        refused((const uint8_t *)b.byte, b.size, "is");
        if (at % 1000 == 0) {
            assert_true(g_file_set_contents(bad, b.byte, (gssize)b.size, NULL));
            is_misuse("wait '1 s'", (struct scenario_options){ .from = bad }, "--from");
        }
        b.byte[at] ^= (char)(1 << at % 8);
    }
    for (gsize size = 0; size < b.size; size += size < 64 ? 1 : 997) {
        char *part = g_memdup2(b.byte, size ? size : 1);
        refused((const uint8_t *)part, size, "is");
        g_free(part);
    }
    remove_script(bad);
    g_free(b.byte);
}

/* Puts the CRC right again, as another build would have it. */
static void sign(uint8_t *bytes, size_t size)
{
    uint32_t part[2] = { crc_ieee(bytes, STATE_FILE_HEADER - 4),
                         crc_ieee(bytes + STATE_FILE_HEADER,
                                  (uint32_t)(size - STATE_FILE_HEADER)) };
    uint8_t parts[8];

    for (int k = 0; k < 8; k++)
        parts[k] = (uint8_t)(part[k / 4] >> (8 * (k % 4)));
    uint32_t crc = crc_ieee(parts, sizeof parts);
    for (int k = 0; k < 4; k++)
        bytes[STATE_FILE_HEADER - 4 + k] = (uint8_t)(crc >> (8 * k));
}

static void other_builds_are_refused(void **state)
{
    static const struct {
        size_t at;
        const char *why;
    } fields[] = { { 0, "is no snapshot" },
                   { 16, "another version of the format" },
                   { 24, "another build" },
                   { 32, "its length is wrong" } };
    char *file = warm_file(), *bad = temporary();
    struct bytes b = contents(file);
    uint8_t *bytes = (uint8_t *)b.byte;

    (void)state;
    for (int k = 0; k < 4; k++) {
        bytes[fields[k].at] ^= 2;
        sign(bytes, b.size);
        refused(bytes, b.size, fields[k].why);
        assert_true(g_file_set_contents(bad, b.byte, (gssize)b.size, NULL));
        is_misuse("wait '1 s'", (struct scenario_options){ .from = bad },
                  fields[k].why);
        bytes[fields[k].at] ^= 2;
    }
    bytes[24] ^= 2;
    memcpy(bytes + 40, "0123456789ab", 13);
    sign(bytes, b.size);
    assert_true(g_file_set_contents(bad, b.byte, (gssize)b.size, NULL));
    is_misuse("wait '1 s'", (struct scenario_options){ .from = bad },
              "(0123456789ab, and this is ");
    bytes[24] ^= 2;
    /* a state that is shorter than it says within itself, with everything else right */
    gsize size = b.size - 100;
    for (int k = 0; k < 4; k++)
        bytes[32 + k] = (uint8_t)((size - STATE_FILE_HEADER) >> (8 * k));
    sign(bytes, size);
    assert_true(g_file_set_contents(bad, b.byte, (gssize)size, NULL));
    is_misuse("wait '1 s'", (struct scenario_options){ .from = bad },
              "cannot be restored");
    remove_script(bad);
    g_free(b.byte);
}

static void what_cannot_be_saved_is_said(void **state)
{
    char *file = temporary();
    const struct scenario_options save = { .save = file };
    struct scenario_result r;

    (void)state;
    g_unlink(file);
    is_misuse("wait '1 s'", save, "--save: the scenario makes no meter");
    is_misuse("meter {} line {} wait '1 s'", save,
              "--save: a line of RS-485 is in use");
    is_misuse("meter { name = 'x' }\n"
              "recording('" SOURCE_DIR "/recordings/sag_b_480v.cfg') wait '1 s'",
              save, "--save: a recording plays on x");
    run("meter {} wait '1 s' expect(1, 2)", "", save, &r);
    assert_int_equal(r.outcome, SCENARIO_FAILED);
    scenario_result_clear(&r);
    assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
    is_misuse("meter {} wait '1 s'",
              (struct scenario_options){ .save = "/nowhere/at/all.snap" }, "--save: ");
    is_misuse("wait '1 s'", (struct scenario_options){ .from = "/nowhere/at/all.snap" },
              "--from: ");
    is_misuse("wait '1 s'", (struct scenario_options){ .from = "/dev/zero" },
              "is no file of at most 1 GB");
    g_free(file);
}

/* The tape ends where time goes back, and counts nothing twice. */
static void a_tape_ends_at_a_restore(void **state)
{
    static const char begins[] = "local m = meter {} grid { volts_ll = 480 }\n"
                                 "load { amps = 10 } save 'x' wait '2 s'\n";
    char *plain = temporary(), *back = temporary();

    (void)state;
    passes(begins, "", (struct scenario_options){ .tape = plain }, NULL);
    passes(begins, "restore 'x' m:read(1) wait '5 s' expect(now(), 5)",
           (struct scenario_options){ .tape = back }, NULL);
    struct bytes a = contents(plain), b = contents(back);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.byte, b.byte, a.size);
    g_free(a.byte);
    g_free(b.byte);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_follows_is_the_same),
        cmocka_unit_test(files_are_the_same_every_time),
        cmocka_unit_test(a_hundred_futures),
        cmocka_unit_test(many_meters_come_back),
        cmocka_unit_test(every_changed_byte_is_found),
        cmocka_unit_test(a_damaged_snapshot_is_refused),
        cmocka_unit_test(other_builds_are_refused),
        cmocka_unit_test(what_cannot_be_saved_is_said),
        cmocka_unit_test(a_tape_ends_at_a_restore),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
