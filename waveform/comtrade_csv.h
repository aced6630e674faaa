/* Waveforms as CSV: one column of time, named channels with their units. */
#pragma once

#include "waveform/comtrade.h"

/* Text of a heading and rows, as a file without rates. The heading names the columns:
 * "time" (or "t") and channels, each with a unit in brackets, "Va [kV]" or "Ia (A)", or
 * after the last blank, "Va V", or in a row of units below; time is in s where it has
 * none, else in s, ms, us or ns. Fields stand between commas, semicolons or tabs; beside
 * the latter two the decimal sign may be a comma. Blank lines and those that begin with #
 * are skipped. NULL and an error, or a file to free with comtrade_free. */
struct comtrade *comtrade_csv_parse(const char *name, const void *text, size_t size,
                                    struct comtrade_error *error);
