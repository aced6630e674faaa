/* Files that a script reads. See script_file.h. */
#include "sim/script/script_file.h"
#include "sim/program/allowed.h"
#include <errno.h>

char *script_file_find(const struct script *s, const char *name)
{
    char *path = allowed_find(s->folder, name);

    return path ? path : g_strdup(name);
}

FILE *script_file_open(void *user, const char *path)
{
    struct script_file *f = user;
    GError *error = NULL;

    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        errno = ENOENT;
        return NULL;
    }
    FILE *file = allowed_open(f->folder, path, f->size_max, &error);
    if (!file) {
        g_free(f->problem);
        f->problem = g_strdup(error->message);
        g_error_free(error);
        errno = EACCES;
    }
    return file;
}

void script_file_work(struct script *s, void (*work)(void *user), void *user)
{
    others_without(s->sandbox.others, work, user);
}
