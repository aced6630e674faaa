/* What comtrade says of a file's channels. */
#pragma once

#include "waveform/recording.h"
#include <stdio.h>

/* The file, its rates and all its channels, on standard output. */
void comtrade_list_channels(const struct comtrade *f);

/* Which channels are played, what other feeders there are, and what is left. */
void comtrade_print_played(FILE *to, const struct comtrade *f,
                           const struct recording *r);
