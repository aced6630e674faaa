/* The world of one meter: grid and load, raw lines or a recording, and the time in it.
 *
 * Only the fundamental has a phase that runs; every line's is its order times that, so
 * a change of frequency, amplitude or lines cannot make one jump. Samples are made in
 * blocks of 42, each as a whole, and handed out in whatever pieces the caller asks for.
 * A change throws away what of the block is not handed out and begins a new one at the
 * very next sample: blocks are cut where the world changes and nowhere else, which is
 * why the samples do not depend on how they are asked for.
 *
 * Between changes all powers are constant: energy is power × time over these pieces,
 * import or export by the sign of the piece's power. */
#include "waveform/waveform.h"
#include "waveform/grid.h"
#include "waveform/load.h"
#include "waveform/playback.h"
#include "waveform/spectrum.h"
#include "waveform/truth.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct waveform {
    enum waveform_wiring wiring;
    double hz, rate;
    struct waveform_grid grid;
    struct waveform_load load;

    struct lines lines; /* what is there now */
    waveform_view view;
    void *view_user;
    struct lines seen; /* the lines through the view */
    double seen_gain[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS]; /* for recordings */
    struct spectrum spectrum;
    struct playback play;

    struct turn next; /* the fundamental's phase after the block */
    int left;         /* samples of the block not yet handed out: its last ones */
    double block[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];

    double seconds;  /* of world time before this rate */
    int64_t samples; /* since then */

    struct waveform_truth steady; /* the powers of this piece */
    int64_t piece;                /* samples in it */
    struct truth_energy energy;   /* of the pieces before it */
};

/* The phase of n samples. */
static struct turn phase_of(const struct waveform *w, int n)
{
    return turn_scale(w->spectrum.half, 2 * (uint64_t)n);
}

/* Energy up to now, into `energy`. */
static void add_piece(const struct waveform *w, struct playback *play,
                      struct truth_energy *energy)
{
    if (play->recording)
        playback_settle(play, w->wiring, w->rate, energy);
    else
        truth_add_energy(energy, &w->steady, (double)w->piece / w->rate);
}

/* Before anything changes: closes the piece and drops the rest of the block. */
static void end_piece(struct waveform *w)
{
    add_piece(w, &w->play, &w->energy);
    w->piece = 0;
    w->next = turn_sub(w->next, phase_of(w, w->left));
    w->left = 0;
}

static void see_line(struct waveform *w, const struct waveform_line *x)
{
    double re[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS] = { { 0 } };
    double im[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS] = { { 0 } };
    struct waveform_line y = { .order = x->order };

    w->view(w->view_user, x->order * w->hz, re, im);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        for (int k = 0; k < WAVEFORM_CHANNELS; k++) {
            y.re[ch] += re[ch][k] * x->re[k] - im[ch][k] * x->im[k];
            y.im[ch] += re[ch][k] * x->im[k] + im[ch][k] * x->re[k];
        }
    lines_add(&w->seen, &y);
}

/* What the samples are made of: the lines, or the lines through the view. */
static const struct lines *see_lines(struct waveform *w)
{
    if (!w->view)
        return &w->lines;
    w->seen.count = 0;
    for (int k = 0; k < w->lines.count; k++)
        see_line(w, &w->lines.item[k]);
    return &w->seen;
}

/* After the lines, the view, the frequency or the rate have changed. */
static void begin_piece(struct waveform *w)
{
    struct truth_sums sums = { 0 };
    spectrum_set(&w->spectrum, see_lines(w), turn_from_ratio(w->hz, 2 * w->rate));
    for (int k = 0; k < w->lines.count; k++)
        truth_add_line(&sums, w->wiring, &w->lines.item[k]);
    truth_from_sums(&sums, w->wiring, w->hz, &w->steady);
}

static void apply_grid_and_load(struct waveform *w)
{
    end_piece(w);
    playback_start(&w->play, NULL);
    w->lines.count = 0;
    w->hz = w->grid.hz;
    grid_add_lines(&w->grid, &w->lines);
    load_add_lines(&w->load, &w->grid, &w->lines);
    begin_piece(w);
}

struct waveform *waveform_new(enum waveform_wiring wiring)
{
    struct waveform *w = calloc(1, sizeof *w);
    if (!w)
        abort();
    w->wiring = wiring;
    w->hz = w->grid.hz = 60;
    w->rate = 2520;
    w->grid.degrees[1] = -120;
    w->grid.degrees[2] = 120;
    begin_piece(w);
    return w;
}

void waveform_free(struct waveform *w)
{
    if (!w)
        return;
    spectrum_free(&w->spectrum);
    lines_free(&w->lines);
    lines_free(&w->seen);
    free(w);
}

void waveform_set_rate(struct waveform *w, double samples_per_s)
{
    assert(samples_per_s > 0);
    end_piece(w);
    w->seconds += (double)w->samples / w->rate;
    w->samples = 0;
    w->rate = samples_per_s;
    begin_piece(w);
}

void waveform_set_grid(struct waveform *w, const struct waveform_grid *grid)
{
    w->grid = *grid;
    apply_grid_and_load(w);
}

void waveform_set_load(struct waveform *w, const struct waveform_load *load)
{
    w->load = *load;
    apply_grid_and_load(w);
}

const struct waveform_grid *waveform_grid(const struct waveform *w)
{
    return &w->grid;
}

const struct waveform_load *waveform_load(const struct waveform *w)
{
    return &w->load;
}

int waveform_set_lines(struct waveform *w, double hz, const struct waveform_line *line,
                       int count)
{
    if (count < 0 || count > WAVEFORM_LINES)
        return -1;
    end_piece(w);
    playback_start(&w->play, NULL);
    w->hz = hz;
    w->lines.count = 0;
    for (int k = 0; k < count; k++)
        lines_add(&w->lines, &line[k]);
    begin_piece(w);
    return 0;
}

static void prepare_recording_view(struct waveform *w)
{
    double im[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS] = { { 0 } };

    memset(w->seen_gain, 0, sizeof w->seen_gain);
    if (w->view && w->play.recording)
        w->view(w->view_user, w->play.recording->hz, w->seen_gain, im);
}

void waveform_set_view(struct waveform *w, waveform_view view, void *user)
{
    end_piece(w);
    w->view = view;
    w->view_user = user;
    prepare_recording_view(w);
    begin_piece(w);
}

/* The world is dead under a recording: so it is when the recording is taken away. */
void waveform_play(struct waveform *w, const struct recording *recording)
{
    if (!recording && !w->play.recording)
        return;
    end_piece(w);
    w->lines.count = 0;
    playback_start(&w->play, recording);
    prepare_recording_view(w);
    begin_piece(w);
}

static void make_block(struct waveform *w, double x[][WAVEFORM_BLOCK])
{
    spectrum_block(&w->spectrum, w->next, x);
    w->next = turn_add(w->next, phase_of(w, WAVEFORM_BLOCK));
}

static void hand_out(struct waveform *w, int n, double x[][WAVEFORM_BLOCK])
{
    for (int done = 0; done < n;) {
        if (w->left == 0) {
            make_block(w, w->block);
            w->left = WAVEFORM_BLOCK;
        }
        int part = n - done < w->left ? n - done : w->left;
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            memcpy(x[ch] + done, w->block[ch] + WAVEFORM_BLOCK - w->left,
                   (size_t)part * sizeof **x);
        w->left -= part;
        done += part;
    }
}

/* A recording's samples through the view. */
static void see_samples(const struct waveform *w, int n, double x[][WAVEFORM_BLOCK])
{
    for (int t = 0; t < n; t++) {
        double y[WAVEFORM_CHANNELS];
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
            y[ch] = 0;
            for (int k = 0; k < WAVEFORM_CHANNELS; k++)
                y[ch] += w->seen_gain[ch][k] * x[k][t];
        }
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            x[ch][t] = y[ch];
    }
}

void waveform_fill(struct waveform *w, int n, double x[][WAVEFORM_BLOCK])
{
    assert(n >= 1 && n <= WAVEFORM_BLOCK);
    if (w->play.recording) {
        playback_fill(&w->play, n, x);
        playback_settle_cycles(&w->play, w->wiring, w->rate, &w->energy);
        if (w->view)
            see_samples(w, n, x);
        w->next = turn_add(w->next, phase_of(w, n));
    } else if (n == WAVEFORM_BLOCK && w->left == 0) {
        make_block(w, x);
    } else {
        hand_out(w, n, x);
    }
    w->samples += n;
    w->piece += n;
}

double waveform_seconds(const struct waveform *w)
{
    return w->seconds + (double)w->samples / w->rate;
}

void waveform_truth(const struct waveform *w, struct waveform_truth *truth)
{
    struct playback play = w->play;
    struct truth_energy energy = w->energy;
    if (play.recording)
        playback_truth(&play, w->wiring, w->rate, truth);
    else
        *truth = w->steady;
    add_piece(w, &play, &energy);
    truth_set_energy(truth, &energy);
}
