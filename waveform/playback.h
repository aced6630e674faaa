/* A recording that plays: its samples, one for one, and what they amount to. */
#pragma once

#include "waveform/recording.h"
#include "waveform/truth.h"
#include "waveform/waveform.h"

struct playback {
    const struct recording *recording; /* NULL: nothing plays */
    int64_t position;                  /* samples played, those after the end too */
    double settled;                    /* up to here, in samples, energy is counted */
    double cycle;                      /* samples per cycle of the line */
    int64_t cycles;                    /* whole ones in `settled` */
    double dc[WAVEFORM_CHANNELS];      /* mean over the recording's whole cycles */
};

/* From the first sample; NULL ends it. */
void playback_start(struct playback *play, const struct recording *recording);

/* Samples until the grid comes back; INT64_MAX where it never does. */
int64_t playback_rest(const struct playback *play);

/* The next n samples of the recording, then its loop or zeros. */
void playback_fill(struct playback *play, int n, double x[][WAVEFORM_BLOCK]);

/* Adds the energy of every cycle that has been played to its end, at `rate` samples a
 * second; playback_settle also that of the cycle that is not over, by the sign it has
 * so far. */
void playback_settle_cycles(struct playback *play, enum waveform_wiring wiring,
                            double rate, struct truth_energy *energy);
void playback_settle(struct playback *play, enum waveform_wiring wiring, double rate,
                     struct truth_energy *energy);

/* Values of the whole cycles in the last second played. */
void playback_truth(const struct playback *play, enum waveform_wiring wiring,
                    double rate, struct waveform_truth *truth);
