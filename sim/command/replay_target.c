/* Replay in QEMU. See replay_target.h. The image sees the files by fixed names in a
 * folder of its own, because semihosting passes arguments as one line cut at blanks. */
#include "sim/command/replay_target.h"
#include "hal_sim/replay_text.h"
#include "hal_sim/tape.h"
#include "sim/program/data.h"
#include "sim/program/error.h"
#include "sim/record/tape_stream.h"
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct tape_in {
    struct tape_stream *stream;
    struct tape_record record;
};

struct comparison {
    const char *path;
    GError **error;
    struct tape_in tape, out;
    int64_t outputs, first_ns, last_ns;
    struct tape_record request; /* the last one */
    const struct model *model;
    bool ended; /* by TAPE_END */
};

static int complain(GError **error, const char *path, const char *what)
{
    error_set(error, "%s: %s", path, what);
    return 2;
}

/* 1: a record is there; 0: the tape ends; -1: this is not a tape, and *error is set. */
static int tape_in_next(const struct comparison *c, struct tape_in *t)
{
    switch (tape_stream_next(t->stream, &t->record, c->error)) {
    case TAPE_STREAM_RECORD:
        return 1;
    case TAPE_STREAM_OVER:
        return 0;
    case TAPE_STREAM_INVALID:
        break;
    }
    return -1;
}

/* What the outputs that follow are made of. */
static void see_input(struct comparison *c)
{
    const struct tape_record *r = &c->tape.record;
    char name[64] = "";

    c->ended |= r->kind == TAPE_END;
    if (r->kind == TAPE_REQUEST)
        c->request = *r;
    if (r->kind == TAPE_POWER_UP && r->size > 4 && r->size - 4u < sizeof name) {
        memcpy(name, r->data + 4, r->size - 4u);
        c->model = model_find(name);
    }
}

/* The next output of the tape that was recorded; its time is that of its input. */
static int next_output(struct comparison *c)
{
    int got;

    while ((got = tape_in_next(c, &c->tape)) > 0) {
        c->last_ns = c->tape.record.time_ns;
        if (c->first_ns < 0)
            c->first_ns = c->last_ns;
        if (c->tape.record.kind >= TAPE_FIRST_OUTPUT)
            break;
        see_input(c);
    }
    return got;
}

static int differ(const struct comparison *c, int on_tape, int from_target)
{
    const struct tape_in *first = on_tape ? &c->tape : &c->out;
    const struct replay_context context = { .model = c->model,
                                            .request = c->request.data,
                                            .request_size = c->request.size };
    char text[400];

    replay_text_difference(text, sizeof text, &context,
                           on_tape ? &c->tape.record : NULL,
                           from_target ? &c->out.record : NULL);
    printf("%s: first difference on the target at %.9f s, byte %" PRId64
           " of %s\n  %s\n",
           c->path, (double)first->record.time_ns / 1e9, tape_stream_at(first->stream),
           on_tape ? "the tape" : "the output", text);
    return 1;
}

static bool same_record(const struct tape_record *a, const struct tape_record *b)
{
    return a->kind == b->kind && a->time_ns == b->time_ns && a->size == b->size &&
           !memcmp(a->data, b->data, a->size);
}

static int compare_records(struct comparison *c)
{
    for (;;) {
        int on_tape = next_output(c);
        int from_target = on_tape < 0 ? -1 : tape_in_next(c, &c->out);
        if (on_tape < 0 || from_target < 0)
            return 2;
        if (!on_tape && (!from_target || !c->ended))
            return 0;
        if (!on_tape || !from_target || !same_record(&c->tape.record, &c->out.record))
            return differ(c, on_tape, from_target);
        c->outputs++;
    }
}

static int compare_files(const char *path, const char *out, double wall_s,
                         GError **error)
{
    g_autofree struct comparison *c = g_new0(struct comparison, 1);
    int code = 2;

    c->path = path;
    c->error = error;
    c->first_ns = -1;
    c->tape.stream = tape_stream_open(path, error);
    c->out.stream = c->tape.stream ? tape_stream_open(out, error) : NULL;
    if (c->out.stream)
        code = compare_records(c);
    double simulated_s = (double)(c->last_ns - c->first_ns) / 1e9;
    if (code == 0)
        printf("%s: the same on the target%s: %" PRId64
               " outputs, %.3f s simulated in %.2f s\n",
               path, c->ended ? "" : " as far as it goes", c->outputs, simulated_s,
               wall_s);
    if (code == 0 && !c->ended) {
        error_warn(REPLAY_NO_END, path);
        code = 1;
    }
    tape_stream_close(c->tape.stream);
    tape_stream_close(c->out.stream);
    return code;
}

/* QEMU, in the folder that holds the tape; its exit code is the image's. */
static int run_image(const char *folder, const char *image, bool count, GError **error)
{
    const char *semihosting =
        count ? "enable=on,target=native,arg=image,arg=tape,arg=out,arg=nvm,arg=count"
              : "enable=on,target=native,arg=image,arg=tape,arg=out,arg=nvm";
    /* The last two only when instructions are counted. */
    const char *argv[] = { "qemu-system-arm",
                           "-M",
                           "netduinoplus2",
                           "-nodefaults",
                           "-display",
                           "none",
                           "-kernel",
                           image,
                           "-semihosting-config",
                           semihosting,
                           count ? "-icount" : NULL,
                           "shift=0,sleep=off",
                           NULL };
    GError *wrong = NULL;
    int status;

    if (!g_spawn_sync(folder, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                      NULL, NULL, &status, &wrong) ||
        !g_spawn_check_wait_status(status, &wrong)) {
        complain(error, image, wrong->message);
        g_error_free(wrong);
        return 2;
    }
    return 0;
}

static int replay_in(const char *folder, const char *tape, const char *image,
                     bool count, GError **error)
{
    g_autofree char *whole = g_canonicalize_filename(tape, NULL);
    g_autofree char *link = g_build_filename(folder, "tape", NULL);
    g_autofree char *out = g_build_filename(folder, "out", NULL);
    g_autofree char *nvm = g_build_filename(folder, "nvm", NULL);
    gint64 began = g_get_monotonic_time();
    int code = 2;

    if (symlink(whole, link))
        complain(error, link, strerror(errno));
    else
        code = run_image(folder, image, count, error);
    fflush(stdout);
    if (code == 0)
        code = compare_files(tape, out, (double)(g_get_monotonic_time() - began) / 1e6,
                             error);
    g_unlink(link);
    g_unlink(out);
    g_unlink(nvm);
    return code;
}

static char *default_image(void)
{
    static const char *const beside = "firmware/emulated.elf";
    char *found = program_file(&beside, 1);

    return found ? found : data_path(beside);
}

int replay_on_target(const char *tape, const char *image, bool count, GError **error)
{
    g_autofree char *path =
        image ? g_canonicalize_filename(image, NULL) : default_image();
    g_autofree char *folder = g_dir_make_tmp("metersim-XXXXXX", NULL);
    int code = 2;

    if (access(tape, R_OK))
        complain(error, tape, strerror(errno));
    else if (access(path, R_OK))
        complain(error, path,
                 "no image; the build's target `firmware` makes it (with "
                 "arm-none-eabi-gcc): cmake --build build --target firmware");
    else if (!folder)
        complain(error, "temporary folder", strerror(errno));
    else
        code = replay_in(folder, tape, path, count, error);
    if (folder)
        g_rmdir(folder);
    return code;
}
