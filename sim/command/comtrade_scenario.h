/* A scenario that plays a recording: what comtrade --write makes. */
#pragma once

#include "sim/plant/demo.h"
#include "waveform/recording.h"
#include <glib.h>

/* The text of one that plays the recording r of file `record` to the meter d, with the
 * options that made it. */
GString *comtrade_scenario(const char *record, const struct demo *d,
                           const struct recording *r,
                           const struct recording_options *options);
