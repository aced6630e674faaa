/* The tape of the served meter. See serve_tape.h. */
#include "sim/serve/serve_tape.h"
#include "sim/program/error.h"
#include "sim/record/tape_file.h"
#include <errno.h>
#include <stdio.h>

bool serve_tape_open(struct serve_tape *t, const char *path, GError **error)
{
    t->file = tape_file_open(path);
    if (!t->file)
        return error_set(error, "--tape %s: %s", path, g_strerror(errno));
    t->path = g_strdup(path);
    return true;
}

static void report(struct serve_tape *t, int number)
{
    if (number && !t->failed)
        error_warn("tape %s: %s; there will be none", t->path, g_strerror(number));
    t->failed |= number != 0;
}

void serve_tape_check(struct serve_tape *t)
{
    if (t->file)
        report(t, tape_file_error(t->file));
}

bool serve_tape_close(struct serve_tape *t, bool whole)
{
    char hash[TAPE_FILE_HASH];

    if (!t->file)
        return true;
    if (whole) {
        report(t, tape_file_close(t->file, hash));
        if (!t->failed)
            printf("tape %s sha256 %s\n", t->path, hash);
    } else {
        tape_file_drop(t->file);
    }
    g_free(t->path);
    return !t->failed;
}
