/* metersim replay: a tape against the metering core. Says the number of records, the
 * simulated time and the hash of the tape; or the first difference, with its time; or
 * the byte at which the file is no tape. */
#include "hal_sim/replay.h"
#include "sim/command/replay_target.h"
#include "sim/program/commands.h"
#include "sim/record/tape_file.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct reader {
    FILE *file;
    const char *path;
    GError **error;
    GChecksum *hash;
    int64_t at; /* offset of the record that is read */
    uint8_t bytes[TAPE_HEADER + TAPE_DATA_MAX];
    size_t size; /* bytes that are there */
    bool ended;  /* by TAPE_END */
};

static const char help[] =
    "Replays the inputs of a tape and compares the outputs, byte by byte.\n"
    "A tape is made by metersim run SCENARIO.lua --tape FILE.\n\n"
    "Exit code: 0 the same, 1 a difference or a tape without its end, 2 no tape.\n";

static void fill(struct reader *r)
{
    r->size += fread(r->bytes + r->size, 1, sizeof r->bytes - r->size, r->file);
}

/* The hash is of all but the end mark, which holds it. */
static void drop(struct reader *r, size_t size)
{
    if (!r->ended)
        g_checksum_update(r->hash, r->bytes, (gssize)size);
    memmove(r->bytes, r->bytes + size, r->size - size);
    r->size -= size;
    r->at += (int64_t)size;
}

static int no_tape(const struct reader *r, const char *what)
{
    error_set(r->error, "%s: byte %" PRId64 ": %s", r->path, r->at, what);
    return 2;
}

static int take_magic(struct reader *r)
{
    fill(r);
    if (r->size < TAPE_MAGIC_SIZE || memcmp(r->bytes, TAPE_MAGIC, TAPE_MAGIC_SIZE))
        return no_tape(r, "this is no tape");
    drop(r, TAPE_MAGIC_SIZE);
    return 0;
}

static int report(const struct reader *r, const struct replay *replay,
                  enum replay_result result)
{
    if (result == REPLAY_INVALID)
        return no_tape(r, replay->text);
    printf("%s: first difference at %.6f s, byte %" PRId64 " of the tape\n  %s\n",
           r->path, (double)replay->hal.now_ns / 1e9, r->at, replay->text);
    return 1;
}

static bool is_right_end(const struct reader *r, const struct tape_record *end)
{
    GChecksum *hash = g_checksum_copy(r->hash);
    uint8_t digest[TAPE_END_SIZE - TAPE_HEADER];
    gsize size = sizeof digest;

    g_checksum_get_digest(hash, digest, &size);
    g_checksum_free(hash);
    return end->size == size && !memcmp(digest, end->data, size);
}

/* 0: all records that are there are the same. */
static int replay_records(struct reader *r, struct replay *replay)
{
    struct tape_record record;

    for (fill(r); r->size; fill(r)) {
        if (r->ended)
            return no_tape(r, "bytes behind the end of the tape");
        long length = tape_decode(&record, r->bytes, r->size);
        if (length < 0)
            return no_tape(r, "no record begins here");
        if (length == 0)
            return 0; /* cut inside this record */
        enum replay_result result = replay_record(replay, &record);
        if (result != REPLAY_SAME)
            return report(r, replay, result);
        r->ended = replay->reader.ended;
        if (r->ended && !is_right_end(r, &record))
            return no_tape(r, "the end mark is of another tape, or this one is "
                              "damaged: its SHA-256 differs");
        drop(r, (size_t)length);
    }
    return 0;
}

static int replay_all(struct reader *r, struct replay *replay)
{
    int code = replay_records(r, replay);

    if (code || (!r->ended && replay->reader.started))
        return code;
    enum replay_result result = replay_end(replay);
    return result == REPLAY_SAME ? 0 : report(r, replay, result);
}

static int replay_file(struct reader *r)
{
    struct replay *replay = g_new(struct replay, 1);
    int code = take_magic(r);

    replay_start(replay);
    if (!code)
        code = replay_all(r, replay);
    if (!code && ferror(r->file))
        code = no_tape(r, "cannot be read");
    if (!code)
        printf("%s: the same%s: %" PRId64 " records (%" PRId64 " in, %" PRId64
               " out), %.3f s simulated\nsha256 %s\n",
               r->path, r->ended ? "" : " as far as it goes",
               replay->inputs + replay->outputs, replay->inputs, replay->outputs,
               (double)(replay->reader.last_ns - replay->reader.first_ns) / 1e9,
               g_checksum_get_string(r->hash));
    if (!code && !r->ended) {
        error_warn(REPLAY_NO_END, r->path);
        code = 1;
    }
    replay_free(replay);
    g_free(replay);
    return code;
}

static int replay_path(const char *path, GError **error)
{
    struct reader r = { .path = path, .file = fopen(path, "rb"), .error = error };

    if (!r.file) {
        error_set(error, "%s: %s", path, strerror(errno));
        return 2;
    }
    r.hash = g_checksum_new(G_CHECKSUM_SHA256);
    int code = replay_file(&r);
    g_checksum_free(r.hash);
    fclose(r.file);
    return code;
}

int command_replay(int argc, char **argv, GError **error)
{
    char *target = NULL, *image = NULL;
    gboolean count = FALSE;
    const GOptionEntry entries[] = {
        { "target", 0, 0, G_OPTION_ARG_STRING, &target,
          "qemu: on the emulated board instead of the host", "qemu" },
        { "image", 0, 0, G_OPTION_ARG_FILENAME, &image,
          "Its image (default: firmware/emulated.elf beside the program)", "FILE" },
        { "count", 0, 0, G_OPTION_ARG_NONE, &count,
          "Says how many instructions the meter takes there", NULL },
        G_OPTION_ENTRY_NULL
    };
    int code = 2;

    if (!command_options(&argc, &argv, "TAPE", entries, help, error))
        return 2;
    if (argc != 2 || (target && strcmp(target, "qemu")))
        error_set_usage(error, "one tape");
    else
        code = target ? replay_on_target(argv[1], image, count, error)
                      : replay_path(argv[1], error);
    g_free(target);
    g_free(image);
    return code;
}
