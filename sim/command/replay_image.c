/* Replay on the flashed image. See replay_image.h and hal_sim/image/image_replay.h. */
#include "sim/command/replay_image.h"
#include "hal_sim/image/image_replay.h"
#include "sim/command/replay_target.h"
#include "sim/plant/board_image.h"
#include "sim/plant/cpu_report.h"
#include "sim/program/error.h"
#include "sim/record/tape_stream.h"
#include <inttypes.h>
#include <stdio.h>

/* REPLAY_SAME: all records that are there are the same. */
static enum replay_result replay_records(struct tape_stream *tape,
                                         struct image_replay *p, GError **wrong)
{
    struct tape_record record;
    enum replay_result result = REPLAY_SAME;

    while (result == REPLAY_SAME &&
           tape_stream_next(tape, &record, wrong) == TAPE_STREAM_RECORD)
        result = image_replay_record(p, &record);
    if (result != REPLAY_SAME || *wrong)
        return result;
    return tape_stream_ended(tape) || !p->reader.started ? image_replay_end(p)
                                                         : REPLAY_SAME;
}

static void print_same(const struct tape_stream *tape, const char *path,
                       const struct image_replay *p)
{
    uint64_t mwh[2];
    uint32_t rest_uj[2];

    image_replay_energy(p, mwh, rest_uj);
    printf("%s: the same on the image%s: %" PRId64 " outputs, %" PRId64
           " seconds of %" PRId64 " registers in all, %" PRId64
           " frames, %.3f s simulated\n"
           "  contacts at most %.0f µs later; answered within %.1f ms; %" PRIu64
           " mWh and %u µJ imported\n",
           path, tape_stream_ended(tape) ? "" : " as far as it goes",
           p->streams.outputs, p->seconds, p->words, p->frames,
           (double)(p->reader.last_ns - p->reader.first_ns) / 1e9,
           (double)p->streams.late_ns / 1e3, (double)p->answer_ns / 1e6, mwh[1],
           rest_uj[1]);
    g_autofree char *figures = cpu_report_device(p->device);
    if (figures)
        puts(figures);
}

static int report(const struct tape_stream *tape, const char *path,
                  const struct image_replay *p, GError **error)
{
    if (p->result == REPLAY_INVALID) {
        tape_stream_invalid(tape, error, p->text);
        return 2;
    }
    if (p->result == REPLAY_DIFFERS) {
        printf("%s: first difference on the image at %.6f s\n  %s%s\n", path,
               (double)p->result_ns / 1e9, p->text,
               p->lost_sets ? "\n  (sample sets are lost or doubled before it, which "
                              "the image's front end cannot)"
                            : "");
        return 1;
    }
    print_same(tape, path, p);
    if (tape_stream_ended(tape))
        return 0;
    error_warn(REPLAY_NO_END, path);
    return 1;
}

int replay_on_image(const char *path, const struct board_options *o, GError **error)
{
    struct board_options options = *o;
    const struct device_maker *maker;
    GError *wrong = NULL;
    int code = 2;

    options.board = (char *)"image";
    if (!board_image_open(&options, &maker, error))
        return 2;
    struct tape_stream *tape = tape_stream_open(path, error);
    if (!tape)
        return 2;
    g_autofree struct image_replay *p = g_new(struct image_replay, 1);
    image_replay_start(p, maker);
    replay_records(tape, p, &wrong);
    if (error_move(error, wrong))
        code = report(tape, path, p, error);
    image_replay_free(p);
    tape_stream_close(tape);
    return code;
}
