/* The samples of the world: blocks of plain lines, what moves on top of them, or those
 * of a recording. See waveform.c for where they are cut. */
#include "waveform/kernels.h"
#include "waveform/waveform_parts.h"
#include <assert.h>
#include <string.h>

struct turn waveform_phase_of(const struct waveform *w, int n)
{
    return turn_scale(w->spectrum.half, 2 * (uint64_t)n);
}

/* n·step + n²·bend. The bend is kept in 2^-96 turn, so that its rounding is not seen
 * after n² of them. */
struct turn waveform_phase_at(const struct waveform *w, int64_t n)
{
    struct turn straight =
        turn_add(w->piece_phase, turn_scale(w->spectrum.half, 2 * (uint64_t)n));
    struct turn bend = turn_scale(w->bend, (uint64_t)n * (uint64_t)n);
    uint64_t sign = bend.whole >> 63 ? UINT64_C(0xFFFFFFFF) << 32 : 0;
    return turn_add(straight, (struct turn){ bend.whole >> 32 | sign,
                                             bend.whole << 32 | bend.frac >> 32 });
}

/* The block of which the rest is handed out next stands once per thread, not in each
 * world: between two fills another world may take the place, and then it is made again,
 * the same. Numbers of blocks never repeat, whatever the thread. */
static _Thread_local struct {
    uint64_t number;
    double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
} held = { .number = WAVEFORM_NO_BLOCK };

enum { NUMBERS_OF_A_THREAD = 40 /* bits */ };

static uint64_t new_number(void)
{
    static uint64_t threads;
    static _Thread_local uint64_t last;

    if (last == 0)
        last = __atomic_fetch_add(&threads, 1, __ATOMIC_RELAXED) << NUMBERS_OF_A_THREAD;
    return ++last;
}

/* The block that begins at this phase. */
static void make_block(struct waveform *w, struct turn start,
                       double x[][WAVEFORM_BLOCK])
{
    if (w->blocks)
        basis_block(&w->motion->basis, start);
    spectrum_block(&w->spectrum, start, x);
}

static void make_next_block(struct waveform *w, double x[][WAVEFORM_BLOCK])
{
    make_block(w, w->next, x);
    w->next = turn_add(w->next, w->spectrum.block);
}

/* The block that is being handed out is in `held`. */
static void hold_block(struct waveform *w)
{
    if (w->left == 0)
        make_next_block(w, held.x);
    else if (held.number != w->block)
        make_block(w, turn_sub(w->next, w->spectrum.block), held.x);
    else
        return;
    held.number = w->block = new_number();
    w->left = w->left ? w->left : WAVEFORM_BLOCK;
}

/* What moves in `part` samples of the block, `sample` of the piece the first. */
static void add_stretch(const struct waveform *w, int at, int part, int64_t sample,
                        double x[][WAVEFORM_BLOCK])
{
    struct motion_stretch stretch = { .at = at,
                                      .from = WAVEFORM_BLOCK - w->left,
                                      .n = part,
                                      .begin_s = w->piece_s,
                                      .rate = w->rate,
                                      .sample = sample };
    motion_add_stretch(w->motion, &stretch, x);
}

/* n samples, from place `at` of x on. */
static void hand_out(struct waveform *w, int at, int n, double x[][WAVEFORM_BLOCK])
{
    for (int done = at; done < at + n;) {
        hold_block(w);
        int part = at + n - done < w->left ? at + n - done : w->left;
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            memcpy(x[ch] + done, held.x[ch] + WAVEFORM_BLOCK - w->left,
                   (size_t)part * sizeof **x);
        if (w->blocks)
            add_stretch(w, done, part, w->piece + done - at, x);
        w->left -= part;
        done += part;
    }
}

/* Samples of a frequency that moves: each by itself. */
static void make_bent(const struct waveform *w, int at, int n,
                      double x[][WAVEFORM_BLOCK])
{
    for (int k = 0; k < n; k++) {
        double sample[WAVEFORM_CHANNELS] = { 0 };
        motion_sample_lines(w->view ? &w->seen : &w->lines,
                            waveform_phase_at(w, w->piece + k), sample);
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            x[ch][at + k] = sample[ch];
    }
}

static void add_motion(struct waveform *w, int at, int n, double x[][WAVEFORM_BLOCK])
{
    for (int k = 0; k < n; k++) {
        double sample[WAVEFORM_CHANNELS] = { 0 };
        double t = w->piece_s + (double)(w->piece + k) / w->rate;
        motion_add_sample(w->motion, t, waveform_phase_at(w, w->piece + k), sample);
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            x[ch][at + k] += sample[ch];
    }
}

/* n samples, cut where the world changes by itself. */
static void fill_in_motion(struct waveform *w, int n, double x[][WAVEFORM_BLOCK])
{
    for (int done = 0; done < n;) {
        int64_t rest = w->cut - w->samples;
        int part = rest < n - done ? (int)rest : n - done;
        if (w->slope != 0)
            make_bent(w, done, part, x);
        else
            hand_out(w, done, part, x);
        if (w->moves && !w->blocks)
            add_motion(w, done, part, x);
        done += part;
        w->samples += part;
        w->piece += part;
        if (w->samples == w->cut)
            waveform_next_piece(w);
    }
}

/* A recording's samples, and the grid's from where it gives way to it. */
static void fill_recorded(struct waveform *w, int n, double x[][WAVEFORM_BLOCK])
{
    int64_t rest = playback_rest(&w->play);
    int part = rest < n ? (int)rest : n;
    playback_fill(&w->play, part, x);
    playback_settle_cycles(&w->play, w->wiring, w->rate, &w->energy);
    if (w->view)
        kernel_view(w->seen_gain, part, x);
    w->next = turn_add(w->next, waveform_phase_of(w, part));
    w->samples += part;
    w->piece += part;
    if (part == rest)
        waveform_next_piece(w);
    if (part < n)
        hand_out(w, part, n - part, x);
    w->samples += n - part;
    w->piece += n - part;
}

void waveform_fill(struct waveform *w, int n, double x[][WAVEFORM_BLOCK])
{
    assert(n >= 1 && n <= WAVEFORM_BLOCK);
    if (w->cut != INT64_MAX || w->moves) {
        fill_in_motion(w, n, x);
        return;
    }
    if (w->play.recording) {
        fill_recorded(w, n, x);
        return;
    }
    if (n == WAVEFORM_BLOCK && w->left == 0) {
        make_next_block(w, x);
    } else {
        hand_out(w, 0, n, x);
    }
    w->samples += n;
    w->piece += n;
}

double waveform_time_of(const struct waveform *w, int64_t sample)
{
    return w->seconds + (double)sample / w->rate;
}
