/* Files that scripts may read. See allowed.h. A path is resolved, judged and opened, and
 * what is open is judged again, by the name that the kernel has for it: links that
 * change in between lead nowhere. */
#include "sim/program/allowed.h"
#include "sim/program/data.h"
#include "sim/program/error.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static GPtrArray *added; /* resolved; NULL: none */

bool allowed_add(char *const *folders, GError **error)
{
    for (; folders && *folders; folders++) {
        char *resolved = realpath(*folders, NULL);
        if (!resolved || !g_file_test(resolved, G_FILE_TEST_IS_DIR)) {
            free(resolved);
            return error_set(error, "--allow %s: no such folder", *folders);
        }
        if (!added)
            added = g_ptr_array_new();
        g_ptr_array_add(added, resolved);
    }
    return true;
}

static bool is_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    return !strncmp(path, folder, length) &&
           (path[length] == '/' || (length == 1 && *folder == '/'));
}

/* The folder is not resolved yet. */
static bool is_below_other(const char *path, const char *folder)
{
    char *resolved = folder ? realpath(folder, NULL) : NULL;
    bool below = resolved && is_below(path, resolved);

    free(resolved);
    return below;
}

/* Of a resolved path. */
static bool is_allowed(const char *folder, const char *path)
{
    g_autofree char *data = data_path("");
    bool allowed = is_below_other(path, folder) || is_below_other(path, data);

    for (guint k = 0; added && k < added->len; k++)
        allowed |= is_below(path, g_ptr_array_index(added, k));
    return allowed;
}

/* Tries a place. A path that may be read ends the search; of the others the first one
 * stays, for the message. */
static bool settle(const char *folder, const char *place, const char *name,
                   char **found)
{
    char *path = place ? g_build_filename(place, name, NULL) : NULL;
    char *resolved = path ? realpath(path, NULL) : NULL;
    bool allowed = resolved && is_allowed(folder, resolved);

    free(resolved);
    if (allowed || (!*found && path && g_file_test(path, G_FILE_TEST_EXISTS))) {
        g_free(*found);
        *found = path;
    } else {
        g_free(path);
    }
    return allowed;
}

char *allowed_find(const char *folder, const char *name)
{
    char *data = data_path(""), *found = NULL;
    bool absolute = g_path_is_absolute(name);
    bool settled = settle(folder, absolute ? "/" : folder, name, &found) || absolute;

    settled = settled || settle(folder, ".", name, &found);
    for (guint k = 0; !settled && added && k < added->len; k++)
        settled = settle(folder, g_ptr_array_index(added, k), name, &found);
    if (!settled)
        settle(folder, data, name, &found);
    g_free(data);
    return found;
}

/* The name that the kernel has for what is open; to be freed. */
static char *name_of(int fd)
{
    char link[40];

    g_snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    return g_file_read_link(link, NULL);
}

static bool check_open(int fd, const char *folder, const char *path, size_t size_max,
                       GError **error)
{
    g_autofree char *name = name_of(fd);
    bool inside = name && is_allowed(folder, name);
    struct stat at;

    if (!inside || fstat(fd, &at) != 0)
        return error_set(error, "%s: it has changed while it was opened", path);
    if (!S_ISREG(at.st_mode))
        return error_set(error,
                         "%s: not a regular file; scripts read no pipes, devices or "
                         "folders: copy what is to be read into a file",
                         path);
    if (at.st_size > (off_t)size_max)
        return error_set(error, "%s: %lld bytes, and a script reads at most %zu MB",
                         path, (long long)at.st_size, size_max >> 20);
    return true;
}

FILE *allowed_open(const char *folder, const char *path, size_t size_max,
                   GError **error)
{
    char *resolved = realpath(path, NULL);
    int fd = -1;

    if (!resolved) {
        error_set(error, "%s: %s", path, g_strerror(errno));
    } else if (!is_allowed(folder, resolved)) {
        error_set(error,
                  "%s: scripts read files below their own folder and the data folder "
                  "only; copy it there, or start with --allow FOLDER",
                  path);
    } else {
        fd = open(resolved, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (fd < 0)
            error_set(error, "%s: %s", path, g_strerror(errno));
    }
    free(resolved);
    if (fd >= 0 && check_open(fd, folder, path, size_max, error))
        return fdopen(fd, "rb");
    if (fd >= 0)
        close(fd);
    return NULL;
}
