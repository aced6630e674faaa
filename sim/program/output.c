/* Result files. See output.h. */
#include "sim/program/output.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

bool output_write(const char *path, const GString *text, GError **error)
{
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(text->str, 1, text->len, file) == text->len;
    int number = errno;

    if (file && fclose(file) != 0 && written) {
        number = errno;
        written = false;
    }
    if (!written)
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(number), "%s: %s",
                    path, g_strerror(number));
    return written;
}

/* A link that led nowhere has led to a new file: that one goes, not the link. */
static int try_new_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

    if (fd < 0)
        return errno;
    char *real = realpath(path, NULL);
    close(fd);
    if (real)
        unlink(real);
    free(real);
    return 0;
}

/* Devices and pipes are not opened: that alone may do something. */
static int try_file(const char *path)
{
    struct stat there;

    if (stat(path, &there))
        return errno == ENOENT ? try_new_file(path) : errno;
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
    return 0;
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

static bool tell(const char *name, const char *option, const char *path, int number)
{
    if (number)
        fprintf(stderr,
                "metersim %s: %s: '%s' cannot be written: %s; name a place that can "
                "(missing folders are not made)\n",
                name, option, path, g_strerror(number));
    return number == 0;
}

bool output_check(const char *name, const char *option, const char *path)
{
    return !path || tell(name, option, path, try_file(path));
}

bool output_check_folder(const char *name, const char *option, const char *path)
{
    return !path || tell(name, option, path, try_folder(path));
}
