/* Result files. See output.h. */
#include "sim/program/output.h"
#include "sim/program/error.h"
#include "sim/program/output_file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 40 };

bool output_write(const char *path, const GString *text, GError **error)
{
    struct output_file o;
    int number = 0;

    if (!output_file_open(&o, path)) {
        number = errno;
    } else if (fwrite(text->str, 1, text->len, o.file) != text->len) {
        number = errno;
        output_file_abandon(&o);
    } else {
        number = output_file_commit(&o);
    }
    return number == 0 || error_set(error, "%s: %s", path, g_strerror(number));
}

/* Of a killed run a part may be there, which is replaced. A link that leads nowhere
 * leads to a new file. */
static int try_part(const char *path)
{
    g_autofree char *part = output_file_part(path);

    if (!part)
        return 0;
    bool there = access(part, F_OK) == 0;
    int fd = open(part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    int error = fd < 0 ? errno : 0;
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && !there)
        unlink(part);
    return error;
}

/* Devices and pipes are not opened: that alone may do something. */
static int try_file(const char *path)
{
    struct stat there;

    if (stat(path, &there))
        return errno == ENOENT ? try_part(path) : errno;
    if (S_ISDIR(there.st_mode))
        return EISDIR;
    if (S_ISSOCK(there.st_mode))
        return ENXIO;
    if (!S_ISREG(there.st_mode))
        return access(path, W_OK) ? errno : 0;
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    close(fd);
    return try_part(path);
}

static int try_folder(const char *path)
{
    struct stat there;

    if (stat(path, &there) == 0)
        return !S_ISDIR(there.st_mode)          ? ENOTDIR
               : access(path, W_OK | X_OK) != 0 ? errno
                                                : 0;
    if (errno != ENOENT || mkdir(path, 0777))
        return errno;
    rmdir(path);
    return 0;
}

static bool check(const char *option, const char *path, int (*try)(const char *path),
                  GError **error)
{
    if (!path)
        return true;
    if (!strcmp(path, "-"))
        return error_set(error,
                         "%s: '-' is no name here; write /dev/stdout for standard "
                         "output, ./- for a file of that name",
                         option);
    int number = try(path);
    return number == 0 ||
           error_set(error,
                     "%s: '%s' cannot be written: %s; name a place that can "
                     "(missing folders are not made)",
                     option, path, g_strerror(number));
}

bool output_check(const char *option, const char *path, GError **error)
{
    return check(option, path, try_file, error);
}

bool output_check_folder(const char *option, const char *path, GError **error)
{
    return check(option, path, try_folder, error);
}

/* In the folder, wherever that is. */
static char *canonical_new(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path),
                    *base = g_path_get_basename(path);
    char *real = realpath(folder, NULL);
    char *name = g_build_filename(real ? real : folder, base, NULL);

    free(real);
    return name;
}

/* What is not there may be a link that leads nowhere yet. */
static char *canonical(const char *path, int links)
{
    char *real = realpath(path, NULL);
    g_autofree char *target = real || !links ? NULL : g_file_read_link(path, NULL);
    char *name;

    if (real)
        name = g_strdup(real);
    else if (!target)
        name = canonical_new(path);
    else {
        g_autofree char *folder = g_path_get_dirname(path);
        g_autofree char *next = g_path_is_absolute(target)
                                    ? g_strdup(target)
                                    : g_build_filename(folder, target, NULL);
        name = canonical(next, links - 1);
    }
    free(real);
    return name;
}

char *output_canonical(const char *path)
{
    size_t size = strlen(path);

    while (size > 1 && path[size - 1] == '/')
        size--;
    g_autofree char *name = g_strndup(path, size);

    return canonical(name, LINKS_MAX);
}

bool output_same(const char *a, const char *b)
{
    struct stat x, y;

    if (stat(a, &x) == 0 && stat(b, &y) == 0)
        return (S_ISREG(x.st_mode) || S_ISDIR(x.st_mode)) && x.st_dev == y.st_dev &&
               x.st_ino == y.st_ino;
    g_autofree char *first = output_canonical(a), *second = output_canonical(b);

    return !strcmp(first, second);
}
