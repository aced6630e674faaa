/* A recording as the world plays it: six channels, resampled to the meter's rate, made
 * from a COMTRADE file (IEEE C37.111-1991, -1999, -2013) by channel choice, scaling,
 * extension by whole cycles and a band-limited change of rate (resample.h).
 *
 * Before the first sample its first cycle repeats, after the last its last cycles do:
 * x(t) = x(t + m·T). The copy is cross-faded with the record itself over the first and
 * the last eighth of a cycle, so that no step appears. */
#pragma once

#include "waveform/comtrade.h"
#include "waveform/waveform.h"
#include <stdint.h>

enum { RECORDING_NOTE = 512, RECORDING_FEEDERS = COMTRADE_CHANNELS_MAX / 3 };

/* How far a recording is extended where nothing else is asked for: the meter needs a
 * second to find the frequency, and the last second that it shows is a whole one. */
#define RECORDING_BEFORE_S 1.5
#define RECORDING_AFTER_S  1.0

/* What the conductors carry after the last sample: the world's grid and load again,
 * nothing, or the last cycles for ever. */
enum recording_end { RECORDING_END_GRID, RECORDING_END_DEAD, RECORDING_END_HOLD };

struct recording {
    double samples_per_s;           /* of x; 2520 unless set */
    double hz;                      /* line frequency of the record */
    bool hz_of_header;              /* as none was found in the record */
    int64_t count;                  /* samples per channel */
    int channel[WAVEFORM_CHANNELS]; /* number in the file, base 1; 0: none */
    double *x[WAVEFORM_CHANNELS];   /* V and A, at the meter's terminals */
    /* Where the file's own first and last samples lie in x, after extension. */
    int64_t first, last;
    enum recording_end at_end;
    int64_t loop;      /* samples of x behind `count` that repeat, for END_HOLD */
    bool line_to_line; /* voltages to the star point, made of those between lines */
    char note[RECORDING_NOTE]; /* what was left out or doubted, or empty */
};

/* Values that the file has on the other side of its transformers are scaled by the
 * file's own ratios. */
enum recording_side { RECORDING_PRIMARY, RECORDING_SECONDARY };

struct recording_options {
    enum recording_side side;
    int feeder; /* of several groups of currents: 1, 2 …; 0 means 1 */
    /* The values are brought to V and A by their unit (kV, mA …) and multiplied by
     * scale_v and scale_i.
     * Channel per Va Vb Vc Ia Ib Ic: its name in the file, its number as text ("4"),
     * "-name" or "-4" for reversed, "" or "none" for zero; NULL: chosen by unit, phase
     * and name (an error lists the channels of the file when the choice is not clear). */
    const char *channel[WAVEFORM_CHANNELS];
    double scale_v, scale_i; /* factors on the file's values; 0 means 1 */
    double hz; /* line frequency; 0: found in the record, or else the header's */
    double from_s, to_s;      /* of the file's time; to_s 0: to its end */
    double before_s, after_s; /* extend by at least this, in whole cycles, up to 3600 */
    double samples_per_s;     /* 0 means 2520 */
    enum recording_end at_end;
    int64_t samples_max; /* per channel; 0: any number */
};

/* NULL and an error, or a recording to free with recording_free. */
struct recording *recording_from_comtrade(const struct comtrade *file,
                                          const struct recording_options *options,
                                          struct comtrade_error *error);
void recording_free(struct recording *r);

/* Groups of currents whose names say that they belong together, by index; how many. */
int recording_feeders(const struct comtrade *file,
                      int group[RECORDING_FEEDERS][WAVEFORM_PHASES]);

/* What an ideal meter shows of the second whose window ends with sample end - 1: V, I,
 * P, Q, S weighted with the meter's own kind of window (raised-cosine ramps of 0.1 s at
 * both ends of 1.1 s). Energies are 0. */
void recording_truth(const struct recording *r, int64_t end,
                     enum waveform_wiring wiring, struct waveform_truth *truth);
