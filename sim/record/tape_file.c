/* A tape to a file and a hash. See tape_file.h. The hash is of all but the end mark,
 * which holds it. */
#include "sim/record/tape_file.h"
#include "sim/program/output_file.h"
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct tape_file {
    struct output_file out; /* file NULL: only the hash */
    GChecksum *hash;
    int error;
    bool ended;
    gsize size;
    int64_t last_ns;
};

static void put(struct tape_file *t, const void *bytes, size_t size)
{
    g_checksum_update(t->hash, bytes, (gssize)size);
    t->size += size;
    if (t->out.file && !t->error && fwrite(bytes, 1, size, t->out.file) != size)
        t->error = errno ? errno : EIO;
}

struct tape_file *tape_file_open(const char *path)
{
    struct tape_file *t = g_new0(struct tape_file, 1);

    if (strcmp(path, "-") && !output_file_open(&t->out, path)) {
        g_free(t);
        return NULL;
    }
    t->hash = g_checksum_new(G_CHECKSUM_SHA256);
    put(t, TAPE_MAGIC, TAPE_MAGIC_SIZE);
    return t;
}

void tape_file_write(void *user, const struct tape_record *record)
{
    uint8_t bytes[TAPE_HEADER + TAPE_DATA_MAX];
    struct tape_file *t = user;

    if (t->ended)
        return;
    t->last_ns = record->time_ns;
    put(t, bytes, tape_encode(record, bytes));
}

/* What the other process has written so far: it was flushed before the fork. */
static bool copy(int from, FILE *to, gsize size)
{
    uint8_t bytes[65536];
    gsize done = 0;

    while (done < size) {
        ssize_t n = pread(from, bytes, MIN(sizeof bytes, size - done), (off_t)done);
        if (n <= 0 || fwrite(bytes, 1, (size_t)n, to) != (size_t)n)
            return false;
        done += (gsize)n;
    }
    return true;
}

void tape_file_branch(struct tape_file *t, const char *to)
{
    struct output_file before = t->out;

    if (!before.file)
        return;
    if (!output_file_open(&t->out, to) ||
        !copy(fileno(before.file), t->out.file, t->size))
        t->error = errno ? errno : EIO;
    output_file_leave(&before);
}

void tape_file_end(struct tape_file *t)
{
    t->ended = true;
}

int tape_file_error(const struct tape_file *t)
{
    return t->error;
}

static void put_end(struct tape_file *t)
{
    struct tape_record end = { .time_ns = t->last_ns };
    uint8_t bytes[TAPE_HEADER + TAPE_DATA_MAX] = { 0 },
                                digest[TAPE_END_SIZE - TAPE_HEADER];
    GChecksum *so_far = g_checksum_copy(t->hash);
    gsize size = sizeof digest;

    g_checksum_get_digest(so_far, digest, &size);
    g_checksum_free(so_far);
    tape_make(&end, TAPE_END, NULL, digest, sizeof digest);
    if (fwrite(bytes, 1, tape_encode(&end, bytes), t->out.file) != TAPE_END_SIZE)
        t->error = errno ? errno : EIO;
}

static void free_tape(struct tape_file *t)
{
    g_checksum_free(t->hash);
    g_free(t);
}

int tape_file_close(struct tape_file *t, char hash[TAPE_FILE_HASH])
{
    if (t->out.file && !t->error)
        put_end(t);
    int error = t->error;
    if (t->out.file && !error)
        error = output_file_commit(&t->out);
    else
        output_file_abandon(&t->out);
    g_strlcpy(hash, error ? "" : g_checksum_get_string(t->hash), TAPE_FILE_HASH);
    free_tape(t);
    return error;
}

void tape_file_drop(struct tape_file *t)
{
    output_file_abandon(&t->out);
    free_tape(t);
}
