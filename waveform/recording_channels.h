/* Which channels of a file are Va Vb Vc Ia Ib Ic. */
#pragma once

#include "waveform/recording.h"

/* One chosen channel: index in the file or -1 for none, and the factor to V or A; a
 * voltage that is made of those between lines has a second one. */
struct recording_source {
    int index;
    double factor;
    int other;
    double other_factor;
    bool lines;
    bool by_angle; /* neither field nor name tells its phase */
    double side;   /* what the file's ratio has made of it: 1, or part of factor */
};

/* 0, or -1 and an error that lists the file's channels. */
int recording_choose(const struct comtrade *file,
                     const struct recording_options *options,
                     struct recording_source source[WAVEFORM_CHANNELS],
                     struct comtrade_error *error);
