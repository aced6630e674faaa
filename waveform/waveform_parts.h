/* What the files of the world share: its state, and where its pieces end. */
#pragma once

#include "waveform/base/store.h"
#include "waveform/kept.h"
#include "waveform/motion.h"
#include "waveform/playback.h"
#include "waveform/spectrum.h"
#include "waveform/truth.h"
#include "waveform/waveform.h"

struct waveform {
    enum waveform_wiring wiring;
    double hz, rate;
    struct kept_grid grid;
    struct kept_load load;

    struct lines lines; /* what is there now */
    waveform_view view;
    void *view_user;
    struct lines seen; /* the lines through the view */
    double seen_gain[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS]; /* for recordings */
    struct spectrum spectrum;
    struct playback play;

    struct turn next; /* the fundamental's phase after the block */
    int left;         /* samples of the block not yet handed out: its last ones */
    uint64_t block;   /* which one it is, while a thread has it (waveform_fill.c) */

    double seconds;  /* of world time before this rate */
    int64_t samples; /* since then */

    bool raw;                /* lines of waveform_set_lines */
    struct motion *motion;   /* NULL: no event, load or disturbance yet */
    bool moves;              /* layers of this piece do */
    bool blocks;             /* in blocks (motion_has_blocks) */
    double slope;            /* of the frequency in it, Hz/s */
    struct turn bend;        /* slope / (2 rate²): 2^-32 turn per sample² */
    struct turn piece_phase; /* at its first sample */
    double piece_s;          /* its first sample's time */
    int64_t cut;             /* in `samples`: where the world ends it by itself */

    struct waveform_truth steady; /* the powers of this piece */
    int64_t piece;                /* samples in it */
    struct truth_energy energy;   /* of the pieces before it */
};

#define WAVEFORM_NO_BLOCK UINT64_MAX

/* The phase of n samples of the fundamental. */
struct turn waveform_phase_of(const struct waveform *w, int n);

/* The fundamental's phase at sample n of the piece. */
struct turn waveform_phase_at(const struct waveform *w, int64_t n);

/* World time of a sample, counted since the rate was set. */
double waveform_time_of(const struct waveform *w, int64_t sample);

/* Where the world ends a piece by itself: a recording gives way to grid and load. */
void waveform_next_piece(struct waveform *w);
