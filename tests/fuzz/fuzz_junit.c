/* libFuzzer target of junit-merge: two files, which a zero byte parts. Whatever stands in
 * them, they are refused with a message that names a file and nothing is written, or they
 * are merged; and what was merged is merged again to the same bytes, with the same exit
 * code. */
#include "sim/program/commands.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { PATH = 64 };

static char first[PATH], second[PATH], out[PATH], again[PATH];

static void require(bool kept)
{
    if (!kept)
        abort();
}

static void name_files(void)
{
    const char *folder =
        g_file_test("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : "/tmp";
    char *const path[] = { first, second, out, again };

    for (int k = 0; k < 4; k++)
        g_snprintf(path[k], PATH, "%s/metersim-fuzz-%d-%d.xml", folder, (int)getpid(),
                   k);
}

static void put(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "w");

    require(file != NULL && fwrite(bytes, 1, size, file) == size);
    require(fclose(file) == 0);
}

static int merge(const char *a, const char *b, const char *to, GError **error)
{
    char *argv[] = { "junit-merge",         "-o",
                     (char *)(uintptr_t)to, (char *)(uintptr_t)a,
                     (char *)(uintptr_t)b,  NULL };

    return command_junit_merge(b ? 5 : 4, argv, error);
}

static char *contents(const char *path)
{
    char *text = NULL;

    require(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static void check_again(int code)
{
    require(merge(out, NULL, again, NULL) == code);
    char *one = contents(out), *two = contents(again);
    require(!strcmp(one, two));
    g_free(one);
    g_free(two);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const uint8_t *zero = size ? memchr(bytes, 0, size) : NULL;
    const size_t half = zero ? (size_t)(zero - bytes) : size;
    GError *error = NULL;

    if (!*first)
        name_files();
    g_unlink(out);
    put(first, bytes, half);
    if (zero)
        put(second, zero + 1, size - half - 1);
    const int code = merge(first, zero ? second : NULL, out, &error);
    require(code >= 0 && code <= 2);
    require((error == NULL) == g_file_test(out, G_FILE_TEST_EXISTS));
    if (error)
        require(code == 2 && *error->message);
    else
        check_again(code);
    g_clear_error(&error);
    return 0;
}
