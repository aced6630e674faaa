/* The header (.cfg) of a COMTRADE file. */
#pragma once

#include "waveform/comtrade_text.h"

/* Reads the header into file: names, channels, rates, format. 0, or -1 and an error. */
int comtrade_cfg_parse(struct comtrade *file, struct comtrade_text *t, double *stamp_s,
                       struct comtrade_error *error);
