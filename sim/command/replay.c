/* metersim replay: a tape against the metering core. Says the number of records, the
 * simulated time and the hash of the tape; or the first difference, with its time; or
 * the byte at which the file is no tape. */
#include "hal_sim/replay.h"
#include "sim/command/replay_image.h"
#include "sim/command/replay_target.h"
#include "sim/plant/board_image.h"
#include "sim/program/commands.h"
#include "sim/record/tape_stream.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "Replays the inputs of a tape and compares the outputs, byte by byte.\n"
    "A tape is made by metersim run SCENARIO.lua --tape FILE.\n\n"
    "Exit code: 0 the same, 1 a difference or a tape without its end, 2 no tape.\n";

static int report(const struct tape_stream *tape, const char *path,
                  const struct replay *replay, enum replay_result result,
                  GError **error)
{
    if (result == REPLAY_INVALID) {
        tape_stream_invalid(tape, error, replay->text);
        return 2;
    }
    printf("%s: first difference at %.6f s, byte %" PRId64 " of the tape\n  %s\n", path,
           (double)replay->hal.now_ns / 1e9, tape_stream_at(tape), replay->text);
    return 1;
}

/* REPLAY_SAME: all records that are there are the same. *error is set when the file is
 * no tape. */
static enum replay_result replay_records(struct tape_stream *tape,
                                         struct replay *replay, GError **error)
{
    struct tape_record record;
    enum tape_stream_next next;
    enum replay_result result = REPLAY_SAME;

    while (result == REPLAY_SAME &&
           (next = tape_stream_next(tape, &record, error)) == TAPE_STREAM_RECORD)
        result = replay_record(replay, &record);
    if (result != REPLAY_SAME || next == TAPE_STREAM_INVALID)
        return result;
    return tape_stream_ended(tape) || !replay->reader.started ? replay_end(replay)
                                                              : REPLAY_SAME;
}

static int replay_tape(struct tape_stream *tape, const char *path,
                       struct replay *replay, GError **error)
{
    GError *wrong = NULL;
    enum replay_result result = replay_records(tape, replay, &wrong);

    if (!error_move(error, wrong))
        return 2;
    if (result != REPLAY_SAME)
        return report(tape, path, replay, result, error);
    printf("%s: the same%s: %" PRId64 " records (%" PRId64 " in, %" PRId64
           " out), %.3f s simulated\nsha256 %s\n",
           path, tape_stream_ended(tape) ? "" : " as far as it goes",
           replay->inputs + replay->outputs, replay->inputs, replay->outputs,
           (double)(replay->reader.last_ns - replay->reader.first_ns) / 1e9,
           tape_stream_hash(tape));
    if (tape_stream_ended(tape))
        return 0;
    error_warn(REPLAY_NO_END, path);
    return 1;
}

static int replay_path(const char *path, GError **error)
{
    struct tape_stream *tape = tape_stream_open(path, error);

    if (!tape)
        return 2;
    g_autofree struct replay *replay = g_new(struct replay, 1);
    replay_start(replay);
    int code = replay_tape(tape, path, replay, error);
    replay_free(replay);
    tape_stream_close(tape);
    return code;
}

int command_replay(int argc, char **argv, GError **error)
{
    char *target = NULL, *image = NULL;
    struct board_options board = { .board = NULL };
    gboolean count = FALSE;
    const GOptionEntry entries[] = {
        { "target", 0, 0, G_OPTION_ARG_STRING, &target,
          "qemu: on the emulated board instead of the host; image: on the flashed "
          "image",
          "qemu|image" },
        { "image", 0, 0, G_OPTION_ARG_FILENAME, &image,
          "Its image (default: firmware/emulated.elf beside the program)", "FILE" },
        { "elf", 0, 0, G_OPTION_ARG_FILENAME, &board.elf,
          "The flashed image of --target image; default: the one that was built",
          "FILE" },
        BOARD_CPU_OPTIONS(&board),
        { "count", 0, 0, G_OPTION_ARG_NONE, &count,
          "Says how many instructions the meter takes there", NULL },
        G_OPTION_ENTRY_NULL
    };

    if (!command_options(&argc, &argv, "TAPE", entries, help, error))
        return 2;
    if (argc != 2 || (target && strcmp(target, "qemu") && strcmp(target, "image"))) {
        error_set_usage(error, "one tape");
        return 2;
    }
    if (!target)
        return replay_path(argv[1], error);
    return !strcmp(target, "image") ? replay_on_image(argv[1], &board, error)
                                    : replay_on_target(argv[1], image, count, error);
}
