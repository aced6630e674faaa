/* The part of a file that a recording is made of. */
#pragma once

#include "waveform/recording.h"

enum {
    RECORDING_RATE_MIN = 600,    /* of a section beside faster ones */
    RECORDING_RATE_LOWEST = 200, /* of a file: four samples to a cycle of 50 Hz */
    RECORDING_SAMPLES_MIN = 16
};

/* Samples from options->from_s to options->to_s, less the sections at the ends that are
 * slower than RECORDING_RATE_MIN; `note` says what was left out or is doubted. A file
 * that shares the channels of `file`, to be freed with recording_section_free; NULL and
 * an error. */
struct comtrade *recording_section(const struct comtrade *file,
                                   const struct recording_options *options,
                                   char note[RECORDING_NOTE],
                                   struct comtrade_error *error);
void recording_section_free(struct comtrade *section);
