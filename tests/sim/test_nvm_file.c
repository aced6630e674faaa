/* The file of `serve --nvm` in somebody else's hands: nothing of what the other has put
 * there is written over, with inotify and where the host has none left. */
#include "sim/plant/nvm_file.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { SERIAL = 7, OWN_AT = 100, FOREIGN_AT = 2000 };

/* The linker turns the program's calls here (CMakeLists.txt). */
static bool instances_left = true, watches_left = true;

int __real_inotify_init1(int flags);
int __real_inotify_add_watch(int fd, const char *path, uint32_t mask);
int __wrap_inotify_init1(int flags);
int __wrap_inotify_add_watch(int fd, const char *path, uint32_t mask);

int __wrap_inotify_init1(int flags)
{
    errno = EMFILE;
    return instances_left ? __real_inotify_init1(flags) : -1;
}

int __wrap_inotify_add_watch(int fd, const char *path, uint32_t mask)
{
    errno = ENOSPC;
    return watches_left ? __real_inotify_add_watch(fd, path, mask) : -1;
}

struct open_file {
    char *folder, *path;
    struct nvm_file *file;
    const struct board_nvm *nvm;
};

static struct open_file open_file(void)
{
    struct open_file o = { .folder = g_dir_make_tmp("metersim-nvm-XXXXXX", NULL) };

    o.path = g_build_filename(o.folder, "meter.nvm", NULL);
    o.file = nvm_file_open(o.path, NULL);
    assert_non_null(o.file);
    o.nvm = nvm_file_next(o.file, SERIAL, NULL);
    assert_non_null(o.nvm);
    return o;
}

static void close_file(struct open_file *o)
{
    char *copy = g_strconcat(o->path, ".1", NULL);

    assert_true(nvm_file_close(o->file, NULL));
    g_unlink(o->path);
    g_unlink(copy);
    assert_int_equal(g_rmdir(o->folder), 0);
    g_free(copy);
    g_free(o->path);
    g_free(o->folder);
}

/* As the board does: the file hears of it first. */
static void write_own(const struct open_file *o, uint8_t value)
{
    o->nvm->changed(o->nvm->user, OWN_AT, &value, 1);
    o->nvm->memory[OWN_AT] = value;
}

static int byte_of(const char *path, off_t at)
{
    uint8_t byte;
    int fd = open(path, O_RDONLY);

    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, NVM_FILE_HEADER + at), 1);
    close(fd);
    return byte;
}

/* Somebody writes a byte and has the file open still. */
static int write_foreign(const char *path, uint8_t value)
{
    int fd = open(path, O_RDWR);

    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, &value, 1, NVM_FILE_HEADER + FOREIGN_AT), 1);
    return fd;
}

static void check_foreign_stays(void)
{
    struct open_file o = open_file();
    char *copy = g_strconcat(o.path, ".1", NULL);
    GError *error = NULL;

    write_own(&o, 1);
    assert_int_equal(byte_of(o.path, OWN_AT), 1);
    assert_true(nvm_file_check(o.file, NULL));

    int fd = write_foreign(o.path, 'X');
    write_own(&o, 2);
    write_own(&o, 3);
    assert_int_equal(byte_of(o.path, OWN_AT), 1);
    assert_int_equal(byte_of(o.path, FOREIGN_AT), 'X');

    assert_false(nvm_file_check(o.file, &error));
    assert_non_null(strstr(error->message, "it was overwritten"));
    assert_int_equal(byte_of(copy, OWN_AT), 3);
    assert_int_equal(byte_of(copy, FOREIGN_AT), 0);
    write_own(&o, 4);
    assert_int_equal(byte_of(copy, OWN_AT), 4);
    assert_int_equal(byte_of(o.path, OWN_AT), 1);
    close(fd);
    g_error_free(error);
    g_free(copy);
    close_file(&o);
}

static void foreign_bytes_stay(void **state)
{
    (void)state;
    check_foreign_stays();
}

static void foreign_bytes_stay_without_inotify(void **state)
{
    (void)state;
    instances_left = false;
    check_foreign_stays();
    instances_left = true;
}

static void foreign_bytes_stay_without_a_watch(void **state)
{
    (void)state;
    watches_left = false;
    check_foreign_stays();
    watches_left = true;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(foreign_bytes_stay),
        cmocka_unit_test(foreign_bytes_stay_without_inotify),
        cmocka_unit_test(foreign_bytes_stay_without_a_watch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
