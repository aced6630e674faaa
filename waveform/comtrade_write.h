/* The header of a COMTRADE file that is written row by row. */
#pragma once

#include "waveform/comtrade.h"

/* Writes path.cfg alone. 0, or -1 and an error. */
int comtrade_write_header(const struct comtrade *file, const char *path,
                          struct comtrade_error *error);
