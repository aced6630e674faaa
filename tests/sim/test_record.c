/* Records of scenarios: the waves give the readings back, nothing that is somebody
 * else's is touched, names are safe, a full disk is told, and looking changes
 * nothing. */
#include "scenario_fixture.h"
#include "sim/plant/demo.h"
#include "sim/program/csv.h"
#include "sim/record/record_folder.h"
#include "waveform/recording.h"
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

static const char script[] =
    "local m = meter { ct_primary = 200, pt_ratio = 4, system_voltage = 2400 }\n"
    "watch(m, 131, 'u16', 'CT, \"primary\"')\n"
    "grid { volts_ll = 2000, harmonics = { { 5, 4 } } }\n"
    "load { amps = { 120, 90, 60 }, pf = 0.8, harmonics = { { 7, 10 } } }\n"
    "wait '10 s'\n"
    "load { amps = 0 }\n"
    "wait '2 s'\n"
    "print('a line')\n"
    "expect(m.kw_total, 0)\n";

static char *new_folder(void)
{
    return g_dir_make_tmp("metersim-XXXXXX", NULL);
}

static void remove_folder(char *folder)
{
    char *quoted = g_shell_quote(folder);
    char *command = g_strdup_printf("rm -r -- %s", quoted);

    assert_int_equal(system(command), 0);
    g_free(command);
    g_free(quoted);
    g_free(folder);
}

static void record(const char *text, const char *folder, struct scenario_result *r)
{
    char *path = write_script(text, -1);

    scenario_run(&(struct scenario_options){ .path = path,
                                             .seed = 1,
                                             .tape = "-",
                                             .record = folder,
                                             .record_to_s = 600 },
                 r);
    remove_script(path);
}

static void record_well(const char *text, const char *folder)
{
    struct scenario_result r;

    record(text, folder, &r);
    if (r.outcome != SCENARIO_PASSED)
        fail_msg("%s", r.message);
    scenario_result_clear(&r);
}

static char *content(const char *folder, const char *name)
{
    char *path = g_build_filename(folder, name, NULL), *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        fail_msg("no %s", path);
    g_free(path);
    return text;
}

/* Of readings.csv, in the row of that second. */
static double recorded(const struct csv *c, int second, enum quantity q)
{
    int column = csv_column(c, quantity_table[q].name);
    return g_ascii_strtod(csv_cell(c, second - 1, column).text, NULL);
}

static double shown(const struct unit *u, enum quantity q)
{
    int64_t x;

    assert_true(unit_reading(u, q, &x));
    return (double)x / (double)quantity_ten(quantity_decimals(
                           (enum quantity_unit)quantity_table[q].unit));
}

static struct recording *read_waves(const char *folder)
{
    char *path = g_build_filename(folder, "meter1", "waves.cfg", NULL);
    struct comtrade_error error;
    struct comtrade *file = comtrade_read(path, &error);

    if (!file)
        fail_msg("%s", error.text);
    assert_string_equal(file->warning, "");
    assert_int_equal(file->count, 12 * 2520);
    const struct recording_options options = { .hz = 60, .at_end = RECORDING_END_DEAD };
    struct recording *r = recording_from_comtrade(file, &options, &error);
    if (!r)
        fail_msg("%s", error.text);
    comtrade_free(file);
    g_free(path);
    return r;
}

/* 50 ppm of each reading, but 200 ppm of energy: the last cycle is cut. */
static void waves_give_the_readings_back(void **state)
{
    static const enum quantity steady[] = { Q_V_AN, Q_V_BN,       Q_V_CN, Q_I_A,
                                            Q_I_B,  Q_I_C,        Q_KW_A, Q_KW_B,
                                            Q_KW_C, Q_KVAR_TOTAL, Q_FREQ };
    struct demo demo = { .model = model_find("s4100"),
                         .system_type = 40,
                         .ct_primary_a = 200,
                         .pt_ratio = 4,
                         .volts_ll = 2400,
                         .hz = 60,
                         .pf = 1 };
    char *folder = new_folder();

    (void)state;
    record_well(script, folder);
    char *text = content(folder, "meter1/readings.csv");
    struct csv *c = csv_parse("readings.csv", text, NULL);
    assert_int_equal(c->rows, 12);
    struct recording *r = read_waves(folder);
    struct unit *u = demo_unit(&demo, 0);
    waveform_play(u->world, r);
    unit_advance(u, INT64_C(8000000000));
    for (size_t k = 0; k < G_N_ELEMENTS(steady); k++) {
        double was = recorded(c, 8, steady[k]), is = shown(u, steady[k]);
        if (fabs(is - was) > 50e-6 * fabs(was) || was == 0)
            fail_msg("%s: %.9g recorded, %.9g played back",
                     quantity_table[steady[k]].name, was, is);
    }
    unit_advance(u, INT64_C(14000000000));
    double was = recorded(c, 12, Q_KWH_IMPORT), is = shown(u, Q_KWH_IMPORT);
    assert_true(was > 0.5);
    if (fabs(is - was) > 200e-6 * was)
        fail_msg("energy: %.9g recorded, %.9g played back", was, is);
    unit_free(u);
    recording_free(r);
    csv_free(c);
    g_free(text);
    remove_folder(folder);
}

/* Every bit of register 146 has its words. */
static void alerts_are_named(void **state)
{
    char *folder = new_folder();

    (void)state;
    record_well("local m = meter {} wait '2 s' fault(m, 'nvm_silent') wait '3 s'\n",
                folder);
    char *events = content(folder, "events.csv");
    assert_non_null(strstr(events, "fault inside the meter on (bit 7 of 146)\n"));
    g_free(events);
    remove_folder(folder);
}

static void events_and_registers_are_there(void **state)
{
    char *folder = new_folder();

    (void)state;
    record_well(script, folder);
    char *events = content(folder, "events.csv");
    assert_non_null(strstr(events, "\n0.000,power,meter1,,power comes\n"));
    assert_non_null(strstr(events, "\n10.000,world,,6,load { amps = 0 }\n"));
    assert_non_null(strstr(events, "\n12.000,log,,,a line\n"));
    assert_non_null(strstr(events, "\n12.000,passed,,9,\"expect(m.kw_total, 0)\"\n"));
    char *registers = content(folder, "meter1/registers.csv");
    assert_non_null(strstr(registers, "\n3.000,131,\"CT, \"\"primary\"\"\",200\n"));
    char *lcd = content(folder, "meter1/lcd.csv");
    assert_non_null(strstr(lcd, "\n0.000,3 A  , ----,,"));
    assert_non_null(strstr(lcd, ",heart,01"));
    g_free(events);
    g_free(registers);
    g_free(lcd);
    remove_folder(folder);
}

/* A pcap of link type 252, little-endian: headers of 24 and 16 bytes; the packet is
 * what names the dissector (16 bytes) and the frame. */
static void traffic_is_captured(void **state)
{
    static const uint8_t request[] = { 1, 3, 0, 130, 0, 1, 0x24, 0x22 };
    char *folder = new_folder(), *bytes;
    gsize size;

    (void)state;
    record_well("local m = meter { }\nwait '1 s'\nm:read(131)\n", folder);
    char *path = g_build_filename(folder, "meter1", "traffic.pcap", NULL);
    assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    assert_int_equal(bytes[20] & 255, 252);
    size_t last = 16 + 16 + 7; /* the answer: 01 03 02 00 64 and CRC */
    assert_true(size >= 24 + last + 16 + 16 + sizeof request);
    assert_memory_equal(bytes + size - last - sizeof request, request, sizeof request);
    assert_memory_equal(bytes + size - 7, "\x01\x03\x02\x00\x64", 5);
    g_free(bytes);
    g_free(path);
    remove_folder(folder);
}

static void looking_changes_nothing(void **state)
{
    struct scenario_result with, without;
    char *folder = new_folder();

    (void)state;
    record(script, folder, &with);
    record(script, NULL, &without);
    assert_string_equal(with.tape_hash, without.tape_hash);
    scenario_result_clear(&with);
    scenario_result_clear(&without);
    remove_folder(folder);
}

static void a_pause_begins_a_new_file(void **state)
{
    char *folder = new_folder();

    (void)state;
    record_well("local m = meter { }\ngrid { volts_ll = 480 }\nwait '1 s'\n"
                "power(m, 'off')\nwait '1 s'\npower(m, 'on')\nwait '1 s'\n"
                "m:write(131, 300)\nwait '0.5 s'\n",
                folder);
    char *second = content(folder, "meter1/waves-2.cfg");
    char *third = content(folder, "meter1/waves-3.cfg");
    assert_non_null(strstr(second, "\r\n2520,2520\r\n01/01/2000,00:00:02.000"));
    assert_non_null(strstr(third, "\r\n2520,1260\r\n01/01/2000,00:00:03.000"));
    g_free(second);
    g_free(third);
    remove_folder(folder);
}

/* An earlier record goes, anything else stays. */
static void only_records_are_replaced(void **state)
{
    char *folder = new_folder();
    char *foreign = g_build_filename(folder, "thesis.txt", NULL);
    struct scenario_result r;

    (void)state;
    assert_true(g_file_set_contents(foreign, "years of work", -1, NULL));
    record(script, folder, &r);
    assert_int_equal(r.outcome, SCENARIO_MISUSED);
    assert_non_null(strstr(r.message, "holds something that is no record"));
    scenario_result_clear(&r);
    g_unlink(foreign);
    record_well("local m = meter { name = 'other' }\nwait '1 s'\n", folder);
    assert_true(g_file_set_contents(foreign, "years of work", -1, NULL));
    record_well(script, folder);
    char *text = content(folder, "thesis.txt");
    assert_string_equal(text, "years of work");
    char *other = g_build_filename(folder, "other", NULL);
    assert_false(g_file_test(other, G_FILE_TEST_EXISTS));
    g_free(other);
    g_free(text);
    g_free(foreign);
    remove_folder(folder);
}

static void names_are_safe(void **state)
{
    GHashTable *taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    static const char *const cases[][2] = {
        { "meter1", "meter1" },
        { "Meter1", "Meter1-2" },
        { "../../etc", "_._.._etc" },
        { "..", "_." },
        { "", "_" },
        { "a/b c", "a_b_c" },
        { "-rf", "_rf" },
        { "z\303\251ro", "z__ro" },
        { "..", "_.-2" },
    };

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(cases); k++) {
        char *name = record_folder_name(cases[k][0], taken);
        assert_string_equal(name, cases[k][1]);
        g_free(name);
    }
    g_hash_table_unref(taken);
}

static void a_full_disk_is_told(void **state)
{
    char *folder = new_folder();
    struct rlimit before, small;
    struct scenario_result r;

    (void)state;
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 100000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    record(script, folder, &r);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(r.outcome, SCENARIO_MISUSED);
    assert_non_null(strstr(r.message, "waves.dat: File too large"));
    scenario_result_clear(&r);
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waves_give_the_readings_back),
        cmocka_unit_test(alerts_are_named),
        cmocka_unit_test(events_and_registers_are_there),
        cmocka_unit_test(traffic_is_captured),
        cmocka_unit_test(looking_changes_nothing),
        cmocka_unit_test(a_pause_begins_a_new_file),
        cmocka_unit_test(only_records_are_replaced),
        cmocka_unit_test(names_are_safe),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
