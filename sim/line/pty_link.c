/* Links to ptys. See pty_link.h. */
#include "sim/line/pty_link.h"
#include "sim/program/error.h"
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PTYS "/dev/pts/"

enum { NAME_BYTES = 64 };

struct pty_link {
    char *link, *lock, *pty;
    int fd; /* of the lock file, locked; −1: another has it */
};

/* --- the lock --- */

static char *lock_of(const char *link)
{
    return g_strconcat(link, ".lock", NULL);
}

/* A server that ends removes its lock file: one that is no longer there locks
 * nothing. */
static bool is_at(int fd, const char *path)
{
    struct stat opened, there;

    return fstat(fd, &opened) == 0 && lstat(path, &there) == 0 &&
           opened.st_dev == there.st_dev && opened.st_ino == there.st_ino;
}

/* A locked descriptor; −1: errno, EAGAIN when another server has it. */
static int acquire_lock(const char *path)
{
    const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    struct flock all = { .l_type = F_WRLCK };

    for (;;) {
        int fd = open(path, flags, 0600);
        bool locked = fd >= 0 && fcntl(fd, F_OFD_SETLK, &all) == 0;
        if (fd < 0 || (locked && is_at(fd, path)))
            return fd;
        int reason = errno;
        close(fd);
        errno = reason;
        if (!locked)
            return -1;
    }
}

/* What the lock file says of its server's pty; "": nothing. */
static void read_name(int fd, char name[NAME_BYTES])
{
    ssize_t size = pread(fd, name, NAME_BYTES - 1, 0);

    name[MAX(size, 0)] = '\0';
}

static bool write_name(int fd, const char *name)
{
    size_t size = strlen(name);

    return ftruncate(fd, 0) == 0 && pwrite(fd, name, size, 0) == (ssize_t)size;
}

/* --- the link --- */

static bool points_to(const char *link, const char *pty)
{
    g_autofree char *to = g_file_read_link(link, NULL);

    return to && !strcmp(to, pty);
}

static bool is_gone(const char *pty)
{
    struct stat is;

    return g_str_has_prefix(pty, PTYS) && stat(pty, &is) && errno == ENOENT;
}

/* With the lock taken: no server lives. A link that leads nowhere is nobody's use. */
static bool may_replace(const struct pty_link *l)
{
    char name[NAME_BYTES];
    g_autofree char *to = g_file_read_link(l->link, NULL);

    read_name(l->fd, name);
    return to && (is_gone(to) || !strcmp(to, name));
}

static bool fail(GError **error, const char *what, const char *why)
{
    error_set(error, "%s: %s", what, why);
    return false;
}

static bool lock(struct pty_link *l, GError **error)
{
    l->fd = acquire_lock(l->lock);
    if (l->fd >= 0)
        return true;
    if (errno != EAGAIN)
        return fail(error, l->lock, strerror(errno));
    return fail(error, l->link,
                "another metersim serve, which is running, has this name; end it, or "
                "serve on another --tcp port");
}

/* The lock file names the pty before there is a link to it. */
static bool make(struct pty_link *l, GError **error)
{
    if (may_replace(l))
        unlink(l->link);
    if (!write_name(l->fd, l->pty))
        return fail(error, l->lock, strerror(errno));
    if (symlink(l->pty, l->link) == 0)
        return true;
    return fail(error, l->link,
                errno == EEXIST ? "this is there already, and is no link of an ended "
                                  "metersim serve; remove it, or serve on another "
                                  "--tcp port"
                                : strerror(errno));
}

/* The lock file goes while it is locked; another server's stays. */
static void free_link(struct pty_link *l)
{
    if (l->fd >= 0) {
        unlink(l->lock);
        close(l->fd);
    }
    g_free(l->link);
    g_free(l->lock);
    g_free(l->pty);
    g_free(l);
}

struct pty_link *pty_link_make(const char *link, const char *pty, GError **error)
{
    struct pty_link *l = g_new0(struct pty_link, 1);
    g_autofree char *folder = g_path_get_dirname(link);

    g_mkdir_with_parents(folder, 0700);
    *l = (struct pty_link){ g_strdup(link), lock_of(link), g_strdup(pty), -1 };
    if (lock(l, error) && make(l, error))
        return l;
    free_link(l);
    return NULL;
}

void pty_link_remove(struct pty_link *l)
{
    if (!l)
        return;
    if (points_to(l->link, l->pty))
        unlink(l->link);
    free_link(l);
}

/* Asks, and takes nothing: a server may be about to start. */
static bool is_unlocked(int fd)
{
    struct flock all = { .l_type = F_RDLCK };

    return fcntl(fd, F_OFD_GETLK, &all) == 0 && all.l_type == F_UNLCK;
}

static bool has_ended(const char *link, const char *pty)
{
    char name[NAME_BYTES], *lock = lock_of(link);
    int fd = open(lock, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    g_free(lock);
    if (fd < 0)
        return false;
    read_name(fd, name);
    bool ended = !strcmp(name, pty) && is_unlocked(fd);
    close(fd);
    return ended;
}

bool pty_link_is_dead(const char *path)
{
    g_autofree char *to = g_file_read_link(path, NULL);

    return to ? is_gone(to) || has_ended(path, to) : is_gone(path);
}
