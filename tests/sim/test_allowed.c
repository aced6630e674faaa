/* Which files a script may read: refused and read, by allowed.h and by the verbs. */
#include "lines_fixture.h"
#include "sim/program/allowed.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { SIZE_MAX_KB = 4 };

/* own/ is the script's folder, other/ is not allowed, more/ is by --allow. */
static char *top, *own, *other, *more;

static char *path_of(const char *folder, const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static void put(const char *folder, const char *name, const char *text)
{
    char *path = path_of(folder, name);

    assert_true(g_file_set_contents(path, text, -1, NULL));
    g_free(path);
}

static void link_to(const char *name, const char *target)
{
    char *path = path_of(own, name);

    assert_int_equal(symlink(target, path), 0);
    g_free(path);
}

static char *make_folder(const char *name)
{
    char *path = path_of(top, name);

    assert_int_equal(g_mkdir(path, 0700), 0);
    return path;
}

static int make_files(void **state)
{
    char *path, big[SIZE_MAX_KB * 1024 + 2];

    (void)state;
    top = g_dir_make_tmp("metersim-allowed-XXXXXX", NULL);
    own = make_folder("own");
    other = make_folder("own_but_longer");
    more = make_folder("more");
    put(own, "good", "text");
    put(other, "secret", "text");
    path = path_of(other, "recordings");
    assert_int_equal(g_mkdir(path, 0700), 0);
    put(path, "sag_b_480v.cfg", "text");
    g_free(path);
    put(more, "far.csv", "time,amps\n0,7\n");
    put(own, "day.csv", "time,amps\n0,7\n");
    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    put(own, "big", big);
    path = path_of(own, "pipe.csv");
    assert_int_equal(mkfifo(path, 0600), 0);
    g_free(path);
    path = path_of(own, "folder.csv");
    assert_int_equal(g_mkdir(path, 0700), 0);
    g_free(path);
    link_to("inward", "good");
    link_to("outward.csv", "../own_but_longer/secret");
    link_to("zero.csv", "/dev/zero");
    link_to("out", "../own_but_longer");
    link_to("pipe.cfg", "pipe.csv");
    link_to("endless", "endless");
    return 0;
}

static int remove_files(void **state)
{
    char *argv[] = { "rm", "-rf", top, NULL };

    (void)state;
    g_free(own);
    g_free(other);
    g_free(more);
    g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(top);
    return 0;
}

/* NULL: it is opened; else a part of why it is not. */
static void expect_open(const char *name, const char *why)
{
    char *path = g_path_is_absolute(name) ? g_strdup(name) : path_of(own, name);
    GError *error = NULL;
    FILE *file = allowed_open(own, path, SIZE_MAX_KB * 1024, &error);

    if (!why != !error || (why && !strstr(error->message, why)))
        fail_msg("%s: %s", name, error ? error->message : "is opened");
    if (file)
        fclose(file);
    g_clear_error(&error);
    g_free(path);
}

static void only_regular_files_inside(void **state)
{
    (void)state;
    expect_open("good", NULL);
    expect_open("inward", NULL);
    expect_open("../own/good", NULL);
    expect_open(SOURCE_DIR "/recordings/sag_b_480v.cfg", NULL); /* data folder */
    expect_open("nothing", "No such file");
    expect_open("endless", "symbolic links");
    expect_open("../own_but_longer/secret", "--allow");
    expect_open("out/secret", "--allow");
    expect_open("outward.csv", "--allow");
    expect_open("/etc/passwd", "--allow");
    expect_open("/proc/self/status", "--allow");
    expect_open("/proc/self/root/etc/passwd", "--allow");
    expect_open("/dev/zero", "--allow");
    expect_open("zero.csv", "--allow");
    expect_open("pipe.csv", "not a regular file");
    expect_open("pipe.cfg", "not a regular file");
    expect_open("folder.csv", "not a regular file");
    expect_open("big", "a script reads at most");
}

static struct lines console;

static void expect_line(const char *line, const char *error)
{
    lines_run(&console, line);
    if (!console.answered || !strstr(console.error->str, error) ||
        (!*error && *console.error->str))
        fail_msg("%s\n  %s", line, console.error->str);
}

/* Its relative paths begin in the folder that it was given. */
static void lines_of_a_console(void **state)
{
    (void)state;
    lines_open_in(&console, own);
    expect_line("add_load('profile', { file = 'day.csv' })", "");
    expect_line("clear_loads()", "");
    expect_line("add_load('profile', { file = 'zero.csv' })", "--allow");
    expect_line("add_load('profile', { file = 'pipe.csv' })", "not a regular file");
    expect_line("add_load('profile', { file = '/etc/passwd' })", "--allow");
    expect_line("add_load('profile', { file = 'nothing.csv' })",
                "nothing.csv: No such file");
    expect_line("recording('pipe.cfg')", "not a regular file");
    expect_line("recording('pipe.csv')", "not a regular file");
    expect_line("recording('zero.csv')", "--allow");
    expect_line("recording('/dev/zero')", "expected a file named");
    expect_line("recording('recordings/sag_b_480v.cfg')", ""); /* of the data folder */
    expect_line("stop_recording()", "");
    assert_int_equal(g_chdir(other), 0); /* what may not be read hides nothing */
    expect_line("recording('recordings/sag_b_480v.cfg')", "");
    expect_line("stop_recording()", "");
    expect_line("add_load('profile', { file = 'secret' })", "--allow");
    assert_int_equal(g_chdir("/"), 0);
    expect_line(
        "recording('recordings/sag_b_480v.cfg', { before = '1 h', after = '1 h' "
        "})",
        "too long");
    expect_line("add_load('profile', { file = 'far.csv' })", "No such file");
    lines_close(&console);
}

static void a_folder_more(void **state)
{
    char *folders[] = { more, NULL }, *none[] = { "/no/such/folder", NULL };
    GError *error = NULL;

    (void)state;
    assert_false(allowed_add(none, &error));
    assert_non_null(strstr(error->message, "--allow /no/such/folder: no such folder"));
    g_clear_error(&error);
    assert_true(allowed_add(folders, &error));
    lines_open_in(&console, own);
    expect_line("add_load('profile', { file = 'far.csv' })", "");
    expect_line("add_load('profile', { file = '../more/far.csv' })", "");
    expect_line("add_load('profile', { file = '/etc/passwd' })", "--allow");
    lines_close(&console);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_regular_files_inside),
        cmocka_unit_test(lines_of_a_console),
        cmocka_unit_test(a_folder_more),
    };

    return cmocka_run_group_tests(tests, make_files, remove_files);
}
