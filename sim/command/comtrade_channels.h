/* What comtrade says of a file's channels. */
#ifndef SIM_COMMAND_COMTRADE_CHANNELS_H
#define SIM_COMMAND_COMTRADE_CHANNELS_H

#include "waveform/recording.h"
#include <stdio.h>

/* The file, its rates and all its channels, on standard output. */
void comtrade_list_channels(const struct comtrade *f);

/* Which channels are played, what other feeders there are, and what is left. */
void comtrade_print_played(FILE *to, const struct comtrade *f,
                           const struct recording *r);

#endif
