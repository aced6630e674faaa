/* What metersim serve says before it serves, and what becomes of a scenario that it
 * serves: hints that work, faults that stay, and misuse that is told before anything is
 * open. */
#include "tests/sim/console_fixture.h"
#include "tests/support/check.h"
#include "tests/support/modbus_client.h"

struct live {
    struct served served;
    struct asker asker;
    char *script;
};

static struct live live;

static void serve_script(const char *text)
{
    int fd = g_file_open_tmp("metersim_serve_XXXXXX.lua", &live.script, NULL);

    assert_true(fd >= 0);
    close(fd);
    assert_true(g_file_set_contents(live.script, text, -1, NULL));
    serve_start(&live.served, METERSIM, live.script);
    assert_true(asker_open(&live.asker, live.served.socket));
}

static void stop(int code)
{
    asker_close(&live.asker);
    assert_int_equal(serve_stop(&live.served), code);
    g_unlink(live.script);
    g_clear_pointer(&live.script, g_free);
}

static void expect_banner(const char *text)
{
    if (!strstr(live.served.banner->str, text))
        fail_msg("no '%s' in:\n%s", text, live.served.banner->str);
}

static bool unit_answers(int id)
{
    modbus_t *client = modbus_client_new(live.served.port);
    uint16_t word;

    assert_int_equal(modbus_connect(client), 0);
    modbus_set_slave(client, id);
    bool answered = modbus_read_registers(client, 130, 1, &word) == 1;
    modbus_close(client);
    modbus_free(client);
    return answered;
}

static void expect_hints(int tcp, int rtu)
{
    char hint[64];

    g_snprintf(hint, sizeof hint, "mbpoll -m tcp -p %d -a %d -r", live.served.port,
               tcp);
    expect_banner(hint);
    g_snprintf(hint, sizeof hint, "mbpoll -m rtu -b 19200 -P none -a %d -r", rtu);
    expect_banner(hint);
    assert_true(unit_answers(tcp));
}

static void hints_name_ids_that_answer(void **state)
{
    (void)state;
    serve_script("meter { address = 3 }\n");
    expect_banner("1 meter (unit 3, 0 or 255)");
    expect_hints(3, 3);
    assert_true(unit_answers(0) && unit_answers(255) && !unit_answers(1));
    stop(0);
    serve_script("meter { address = 9 } meter { address = 4 }\n");
    expect_banner("2 meters (unit ids 1 to 2)");
    expect_hints(1, 9);
    assert_true(unit_answers(2) && !unit_answers(9) && !unit_answers(4));
    stop(0);
}

/* The number that the console answers. */
static double value_of(const char *line)
{
    char *answer = ask(&live.asker, line);
    char *at = answer ? strstr(answer, "\"value\":") : NULL;

    if (!at)
        fail_msg("%s\n  answered %s", line, answer ? answer : "nothing");
    double x = g_ascii_strtod(at + 8, NULL);
    g_free(answer);
    return x;
}

static const char world[] =
    "local m = meter { ct_primary = 200, system_voltage = 480 }\n"
    "grid { volts_ll = 480 } load { amps = 80 }\n"
    "fault(m, 'ct_reversed', 'B')\n"
    "fault(m, 'ct_open', 'A', { duration = '30 min' })\n";

static void faults_of_a_script_stay(void **state)
{
    (void)state;
    serve_script(world);
    value_of("advance '4 s' return 1");
    assert_true(value_of("meters[1].kw_b") < -1);
    assert_true(value_of("meters[1].kw_a") == 0);
    value_of("advance '31 min' return 1");
    assert_true(value_of("meters[1].kw_b") < -1);
    assert_true(value_of("meters[1].kw_a") > 1);
    value_of("clear(meters[1]) advance '4 s' return 1");
    assert_true(value_of("meters[1].kw_b") > 1);
    stop(0);
}

static void a_script_that_fails_takes_them_back(void **state)
{
    char *text = g_strconcat(world, "wait '1 ms' expect(1, 2)\n", NULL);

    (void)state;
    serve_script(text);
    value_of("advance '4 s' return 1");
    assert_true(value_of("meters[1].kw_b") > 1);
    stop(1);
    g_free(text);
}

struct misuse {
    const char *options; /* between them: blanks */
    const char *message;
};

/* Exit code 2, the message, and not a word of what is served. */
static void expect_misuse(const struct misuse *m, char **environment)
{
    char *line = g_strdup_printf("%s serve %s", METERSIM, m->options);
    char **argv = g_strsplit(line, " ", -1), *out, *err;
    int status;

    assert_true(g_spawn_sync(NULL, argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &out,
                             &err, &status, NULL));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 2 || *out ||
        !strstr(err, m->message))
        fail_msg("%s\n  status %d\n  printed '%s'\n  and '%s'\n  not '%s'", line,
                 status, out, err, m->message);
    g_free(out);
    g_free(err);
    g_strfreev(argv);
    g_free(line);
}

static void misuse_is_told_before_the_banner(void **state)
{
    static const struct misuse cases[] = {
        { "--panel=foo", "window or text" },
        { "--rtu none --pcap-rtu x.pcap", "no RS-485 line" },
        { "--rtu none --rtu pty", "one or the other" },
        { "--rtu pty --rtu none", "one or the other" },
        { "--pcap x.pcap --pcap-rtu x.pcap", "both write" },
        { "--pcap x.pcap --pcap-rtu ./x.pcap", "both write" },
        { "--pcap - --pcap-rtu -", "both write" },
        { "--tcp 127.0.0.1:0 --rtu /dev/null", "--rtu /dev/null" },
        { "--tcp 127.0.0.1:0 --console /nonexist/s", "/nonexist/s" },
        { "--tcp 127.0.0.1:0 --metrics 192.0.2.1:9502", "--metrics" },
        { "--count 248 --tcp 127.0.0.1:65535", "more ports than there are" },
    };

    (void)state;
    for (size_t k = 0; k < COUNT_OF(cases); k++)
        expect_misuse(&cases[k], NULL);
    assert_false(g_file_test("x.pcap", G_FILE_TEST_EXISTS));
}

/* SDL draws for nobody where there is no display; that is not what was asked for. */
static void a_window_needs_a_display(void **state)
{
    static char *nothing[] = { NULL };

    (void)state;
    expect_misuse(
        &(struct misuse){ "--tcp 127.0.0.1:0 --rtu none --panel", "--panel=text" },
        nothing);
}

/* A file of no packets has 24 bytes; the banner and the rest are said on stderr. */
static void capture_to_stdout_until(int signal)
{
    char *argv[] = { METERSIM,    "serve", "--tcp",  "127.0.0.1:0", "--rtu", "none",
                     "--console", "none",  "--pcap", "-",           NULL };
    char line[256], file[256];
    int out, err, status;
    GPid pid;

    assert_true(g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                                         NULL, NULL, &pid, NULL, &out, &err, NULL));
    FILE *said = fdopen(err, "r");
    while (fgets(line, sizeof line, said) && strncmp(line, "Ctrl-C", 6))
        ;
    kill(pid, signal);
    waitpid(pid, &status, 0);
    assert_int_equal(status, 0);
    assert_int_equal(read(out, file, sizeof file), 24);
    assert_memory_equal(file, "\x4d\x3c\xb2\xa1", 4);
    fclose(said);
    close(out);
}

static void a_capture_has_standard_output_to_itself(void **state)
{
    (void)state;
    capture_to_stdout_until(SIGTERM);
}

static void every_usual_signal_ends_it(void **state)
{
    (void)state;
    capture_to_stdout_until(SIGINT);
    capture_to_stdout_until(SIGHUP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hints_name_ids_that_answer),
        cmocka_unit_test(faults_of_a_script_stay),
        cmocka_unit_test(a_script_that_fails_takes_them_back),
        cmocka_unit_test(a_capture_has_standard_output_to_itself),
        cmocka_unit_test(every_usual_signal_ends_it),
        cmocka_unit_test(misuse_is_told_before_the_banner),
        cmocka_unit_test(a_window_needs_a_display),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("serve", tests, NULL, NULL);
}
