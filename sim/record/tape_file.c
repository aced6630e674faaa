/* A tape to a file and a hash. See tape_file.h. */
#include "sim/record/tape_file.h"
#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct tape_file {
    FILE *file; /* NULL: only the hash */
    GChecksum *hash;
    int error;
    bool ended;
    gsize size;
};

static void put(struct tape_file *t, const void *bytes, size_t size)
{
    g_checksum_update(t->hash, bytes, (gssize)size);
    t->size += size;
    if (t->file && !t->error && fwrite(bytes, 1, size, t->file) != size)
        t->error = errno ? errno : EIO;
}

struct tape_file *tape_file_open(const char *path)
{
    FILE *file = NULL;

    if (strcmp(path, "-")) {
        file = fopen(path, "wb");
        if (!file)
            return NULL;
    }
    struct tape_file *t = g_new0(struct tape_file, 1);
    t->file = file;
    t->hash = g_checksum_new(G_CHECKSUM_SHA256);
    put(t, TAPE_MAGIC, TAPE_MAGIC_SIZE);
    return t;
}

void tape_file_write(void *user, const struct tape_record *record)
{
    uint8_t bytes[TAPE_HEADER + TAPE_DATA_MAX];
    struct tape_file *t = user;

    if (!t->ended)
        put(t, bytes, tape_encode(record, bytes));
}

void tape_file_branch(struct tape_file *t, const char *from, const char *to)
{
    char *bytes = NULL;
    gsize size = 0;

    if (!t->file)
        return;
    fclose(t->file); /* holds nothing: it was flushed before the fork */
    t->file = fopen(to, "wb");
    if (!t->file || !g_file_get_contents(from, &bytes, &size, NULL) || size < t->size ||
        fwrite(bytes, 1, t->size, t->file) != t->size)
        t->error = errno ? errno : EIO;
    g_free(bytes);
}

void tape_file_end(struct tape_file *t)
{
    t->ended = true;
}

int tape_file_close(struct tape_file *t, char hash[TAPE_FILE_HASH])
{
    int error = t->error;

    g_strlcpy(hash, g_checksum_get_string(t->hash), TAPE_FILE_HASH);
    if (t->file && fclose(t->file) && !error)
        error = errno ? errno : EIO;
    g_checksum_free(t->hash);
    g_free(t);
    return error;
}
