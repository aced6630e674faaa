/* The verb screenshot: pictures go into the one folder that was named, and nowhere
 * else; a script cannot tell whether there is a folder. */
#include "scenario_fixture.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

static const char script[] = "local m = meter { }\n"
                             "grid { volts_ll = 480 }\n"
                             "wait '2 s'\n"
                             "screenshot 'first.png'\n"
                             "press(m, '-')\n"
                             "screenshot(m, 'second.png', 'waves')\n"
                             "expect(m.lcd.top, 'ENRGY')\n";

static char *base; /* a folder of the test's own */

static int make_folder(void **state)
{
    (void)state;
    base = g_dir_make_tmp("metersim-XXXXXX", NULL);
    return base ? 0 : -1;
}

static int remove_folder(void **state)
{
    char *command = g_strdup_printf("rm -r -- '%s'", base);

    (void)state;
    int code = system(command);
    g_free(command);
    g_free(base);
    return code;
}

static char *in_base(const char *name)
{
    return g_build_filename(base, name, NULL);
}

/* record, screenshots: names in the test's folder, or NULL. */
static void run(const char *text, const char *record, const char *screenshots,
                struct scenario_result *r)
{
    char *path = write_script(text, -1);
    char *a = record ? in_base(record) : NULL;
    char *b = screenshots ? in_base(screenshots) : NULL;

    scenario_run(&(struct scenario_options){ .path = path,
                                             .seed = 1,
                                             .tape = "-",
                                             .record = a,
                                             .record_to_s = 600,
                                             .screenshots = b },
                 r);
    g_free(a);
    g_free(b);
    remove_script(path);
}

static void run_well(const char *text, const char *record, const char *screenshots,
                     struct scenario_result *r)
{
    run(text, record, screenshots, r);
    if (r->outcome != SCENARIO_PASSED)
        fail_msg("%s", r->message);
}

/* A PNG of this size, by its IHDR (RFC 2083, 4.1.1). */
static void expect_png(const char *name, int width, int height)
{
    const char head[] = { '\x89',
                          'P',
                          'N',
                          'G',
                          '\r',
                          '\n',
                          '\x1A',
                          '\n',
                          0,
                          0,
                          0,
                          '\r',
                          'I',
                          'H',
                          'D',
                          'R',
                          0,
                          0,
                          (char)(width >> 8),
                          (char)width,
                          0,
                          0,
                          (char)(height >> 8),
                          (char)height };
    char *path = in_base(name), *bytes;
    gsize size;

    if (!g_file_get_contents(path, &bytes, &size, NULL))
        fail_msg("no %s", path);
    assert_true(size > 10000);
    assert_memory_equal(bytes, head, sizeof head);
    g_free(bytes);
    g_free(path);
}

static void expect_picture(const char *name)
{
    expect_png(name, 900, 600);
}

static int count_files(const char *name)
{
    char *path = in_base(name);
    GDir *dir = g_dir_open(path, 0, NULL);
    int count = 0;

    while (dir && g_dir_read_name(dir))
        count++;
    if (dir)
        g_dir_close(dir);
    g_free(path);
    return count;
}

static void pictures_go_into_the_record(void **state)
{
    struct scenario_result r;

    (void)state;
    run_well("local m = meter { name = 'screenshots' }\nwait '1 s'\n"
             "screenshot 'old.png'\nexpect(true)\n",
             "rec", NULL, &r);
    scenario_result_clear(&r);
    expect_picture("rec/screenshots/old.png");
    run_well(script, "rec", NULL, &r); /* the earlier record goes */
    assert_null(r.notice);
    scenario_result_clear(&r);
    expect_picture("rec/screenshots/first.png");
    expect_picture("rec/screenshots/second.png");
    assert_int_equal(count_files("rec/screenshots"), 2);
}

static void or_where_they_are_wanted(void **state)
{
    struct scenario_result r;

    (void)state;
    run_well(script, "rec", "pictures/here", &r);
    scenario_result_clear(&r);
    expect_picture("pictures/here/second.png");
    assert_int_equal(count_files("pictures/here"), 2);
    assert_int_equal(count_files("rec/screenshots"), 0);
}

static void without_a_folder_they_are_counted(void **state)
{
    struct scenario_result with, without;

    (void)state;
    run_well(script, NULL, "pictures", &with);
    run_well(script, NULL, NULL, &without);
    assert_non_null(strstr(without.notice, "2 screenshots not taken"));
    assert_string_equal(with.tape_hash, without.tape_hash);
    assert_string_equal(with.log, without.log);
    scenario_result_clear(&with);
    scenario_result_clear(&without);
}

static void a_case_takes_none(void **state)
{
    struct scenario_result r;

    (void)state;
    run_well("meter { }\nwait '1 s'\nexpect(true)\n"
             "case 'a' (function() screenshot 'a.png' expect(true) end)\n",
             NULL, "pictures", &r);
    const struct scenario_case *c = g_ptr_array_index(r.cases, 0);
    assert_non_null(strstr(c->result.notice, "1 screenshot not taken: a case"));
    assert_int_equal(count_files("pictures"), 0);
    scenario_result_clear(&r);
}

static void expect_misuse(const char *text, const char *screenshots,
                          const char *message)
{
    struct scenario_result r;

    run(text, NULL, screenshots, &r);
    assert_int_equal(r.outcome, SCENARIO_MISUSED);
    if (!strstr(r.message, message))
        fail_msg("'%s' is not in: %s", message, r.message);
    scenario_result_clear(&r);
}

/* Fronts of 336 x 226 with gaps of 8. */
static void a_film_has_a_picture_for_each_call(void **state)
{
    struct scenario_result r;

    (void)state;
    run_well("local m = meter { }\ngrid { volts_ll = 480 }\n"
             "for _ = 1, 3 do wait '1 s' screenshot('film.png', 'film') end\n"
             "screenshot(m, 'other.png', 'film')\nexpect(true)\n",
             NULL, "pictures", &r);
    scenario_result_clear(&r);
    expect_png("pictures/film.png", 3 * 336 + 2 * 8, 226);
    expect_png("pictures/other.png", 336, 226);
    expect_misuse("meter { }\n"
                  "for _ = 1, 13 do wait '1 ms' screenshot('film.png', 'film') end\n",
                  NULL, "at most 12 pictures");
}

static void names_are_plain(void **state)
{
    static const char *const names[] = { "../x.png", "/tmp/x.png", "a/x.png",  "x",
                                         ".png",     "-x.png",     "x.png\\0", "ä.png",
                                         "x.png\\n", "x.jpg",      "x.PNG" };

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(names); k++) {
        char *text = g_strdup_printf("meter { }\nscreenshot \"%s\"\n", names[k]);
        expect_misuse(text, "pictures", "screenshot: ");
        g_free(text);
    }
    assert_int_equal(count_files("pictures"), 0);
    expect_misuse("screenshot 'x.png'", "pictures", "no meter yet");
    expect_misuse("meter { }\nscreenshot('x.png', 'wave')", "pictures", "views are");
    expect_misuse("meter { }\nwhile true do screenshot 'x.png' end", NULL,
                  "without waiting");
}

static void links_are_not_followed(void **state)
{
    char *target = in_base("target"), *folder = in_base("pictures");
    char *link = in_base("pictures/first.png"), *text;

    (void)state;
    g_mkdir(folder, 0777);
    assert_true(g_file_set_contents(target, "mine", -1, NULL));
    assert_int_equal(symlink(target, link), 0);
    expect_misuse(script, "pictures", "something else of that name");
    assert_true(g_file_get_contents(target, &text, NULL, NULL));
    assert_string_equal(text, "mine");
    g_free(text);
    g_free(link);
    g_free(folder);
    g_free(target);
}

static void what_cannot_be_written_is_told(void **state)
{
    const struct rlimit small = { 4096, RLIM_INFINITY };
    struct rlimit before;
    char *file = in_base("file");

    (void)state;
    assert_true(g_file_set_contents(file, "mine", -1, NULL));
    expect_misuse(script, "file", "file");
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    setrlimit(RLIMIT_FSIZE, &small);
    expect_misuse(script, "pictures", "File too large");
    setrlimit(RLIMIT_FSIZE, &before);
    g_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pictures_go_into_the_record, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(or_where_they_are_wanted, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(without_a_folder_they_are_counted, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_case_takes_none, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_film_has_a_picture_for_each_call, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(names_are_plain, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(links_are_not_followed, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(what_cannot_be_written_is_told, make_folder,
                                        remove_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
