/* Result files that appear whole. See output_file.h. rename(2) replaces FILE at once;
 * flock(2) keeps two processes from writing one part. */
#include "sim/program/output_file.h"
#include "sim/program/output.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Another name of standard output leads to the file that a shell has opened for it. */
static bool is_in_place(const char *path)
{
    struct stat there, own;

    if (g_str_has_prefix(path, "/dev/fd/") || g_str_has_prefix(path, "/dev/std") ||
        g_str_has_prefix(path, "/proc/"))
        return true;
    if (stat(path, &there))
        return false;
    if (!S_ISREG(there.st_mode))
        return true;
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fstat(fd, &own) == 0 && is_same(&there, &own))
            return true;
    return false;
}

char *output_file_part(const char *path)
{
    if (is_in_place(path))
        return NULL;
    g_autofree char *target = output_canonical(path);

    return g_strconcat(target, OUTPUT_PART, NULL);
}

/* -1 with errno. Another process may rename the part between open and lock: then it is
 * busy, too. */
static int open_part(const char *part)
{
    struct stat own, there;
    int fd = open(part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);

    if (fd < 0)
        return -1;
    bool ours = flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &own) == 0 &&
                S_ISREG(own.st_mode) && lstat(part, &there) == 0 &&
                is_same(&own, &there);
    if (ours && ftruncate(fd, 0) == 0)
        return fd;
    int error = ours ? errno : EBUSY;
    close(fd);
    errno = error;
    return -1;
}

bool output_file_open(struct output_file *o, const char *path)
{
    struct stat there;

    *o = (struct output_file){ .part = output_file_part(path) };
    if (!o->part) {
        o->file = fopen(path, "wb");
        return o->file != NULL;
    }
    o->path = g_strndup(o->part, strlen(o->part) - strlen(OUTPUT_PART));
    int fd = open_part(o->part);
    bool opened = fd >= 0 && (stat(o->path, &there) != 0 ||
                              fchmod(fd, there.st_mode & 07777) == 0);
    o->file = opened ? fdopen(fd, "wb") : NULL;
    if (o->file)
        return true;
    int error = errno;
    output_file_leave(o);
    errno = error;
    return false;
}

void output_file_leave(struct output_file *o)
{
    if (o->file)
        fclose(o->file);
    g_free(o->path);
    g_free(o->part);
    *o = (struct output_file){ NULL, NULL, NULL };
}

void output_file_abandon(struct output_file *o)
{
    if (o->part)
        unlink(o->part);
    output_file_leave(o);
}

int output_file_commit(struct output_file *o)
{
    bool good = !ferror(o->file) && fflush(o->file) == 0;

    if (good && o->part)
        good = rename(o->part, o->path) == 0;
    int error = good ? 0 : errno ? errno : EIO;
    if (good)
        output_file_leave(o);
    else
        output_file_abandon(o);
    return error;
}
