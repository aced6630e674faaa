/* Tapes from files. See tape_stream.h. The hash is of all but the end mark, which holds
 * it. */
#include "sim/record/tape_stream.h"
#include "sim/program/error.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct tape_stream {
    FILE *file;
    char *path;
    GChecksum *hash;
    int64_t at; /* offset of bytes[0] */
    uint8_t bytes[TAPE_HEADER + TAPE_DATA_MAX];
    size_t size;   /* bytes that are there */
    size_t length; /* of the record that was read last */
    bool ended;
};

/* The record that was read makes room for what follows. */
static void fill(struct tape_stream *s)
{
    if (!s->ended)
        g_checksum_update(s->hash, s->bytes, (gssize)s->length);
    memmove(s->bytes, s->bytes + s->length, s->size - s->length);
    s->size -= s->length;
    s->at += (int64_t)s->length;
    s->length = 0;
    s->size += fread(s->bytes + s->size, 1, sizeof s->bytes - s->size, s->file);
}

bool tape_stream_invalid(const struct tape_stream *s, GError **error, const char *what)
{
    return error_set(error, "%s: byte %" PRId64 ": %s", s->path, s->at, what);
}

struct tape_stream *tape_stream_open(const char *path, GError **error)
{
    FILE *file = fopen(path, "rb");

    if (!file) {
        error_set(error, "%s: %s", path, strerror(errno));
        return NULL;
    }
    struct tape_stream *s = g_new0(struct tape_stream, 1);
    s->file = file;
    s->path = g_strdup(path);
    s->hash = g_checksum_new(G_CHECKSUM_SHA256);
    fill(s);
    if (s->size >= TAPE_MAGIC_SIZE && !memcmp(s->bytes, TAPE_MAGIC, TAPE_MAGIC_SIZE)) {
        s->length = TAPE_MAGIC_SIZE;
        return s;
    }
    tape_stream_invalid(s, error, "this is not a tape");
    tape_stream_close(s);
    return NULL;
}

void tape_stream_close(struct tape_stream *s)
{
    if (!s)
        return;
    fclose(s->file);
    g_checksum_free(s->hash);
    g_free(s->path);
    g_free(s);
}

static bool is_right_end(const struct tape_stream *s, const struct tape_record *end)
{
    GChecksum *hash = g_checksum_copy(s->hash);
    uint8_t digest[TAPE_END_SIZE - TAPE_HEADER];
    gsize size = sizeof digest;

    g_checksum_get_digest(hash, digest, &size);
    g_checksum_free(hash);
    return end->size == size && !memcmp(digest, end->data, size);
}

static const char *check(struct tape_stream *s, const struct tape_record *record,
                         long length)
{
    if (s->ended)
        return "bytes behind the end of the tape";
    if (length < 0)
        return "no record begins here";
    s->ended = length > 0 && record->kind == TAPE_END;
    if (s->ended && !is_right_end(s, record))
        return "the end mark is of another tape, or this one is damaged: its SHA-256 "
               "differs";
    return NULL;
}

enum tape_stream_next tape_stream_next(struct tape_stream *s,
                                       struct tape_record *record, GError **error)
{
    fill(s);
    if (ferror(s->file)) {
        tape_stream_invalid(s, error, "cannot be read");
        return TAPE_STREAM_INVALID;
    }
    if (s->size == 0)
        return TAPE_STREAM_OVER;
    long length = tape_decode(record, s->bytes, s->size);
    const char *wrong = check(s, record, length);
    if (wrong) {
        tape_stream_invalid(s, error, wrong);
        return TAPE_STREAM_INVALID;
    }
    s->length = (size_t)length;
    return length > 0 ? TAPE_STREAM_RECORD : TAPE_STREAM_OVER;
}

int64_t tape_stream_at(const struct tape_stream *s)
{
    return s->at;
}

bool tape_stream_ended(const struct tape_stream *s)
{
    return s->ended;
}

const char *tape_stream_hash(struct tape_stream *s)
{
    return g_checksum_get_string(s->hash);
}
