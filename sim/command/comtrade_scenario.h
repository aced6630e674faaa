/* A scenario that plays a recording: what comtrade --write makes. */
#ifndef SIM_COMMAND_COMTRADE_SCENARIO_H
#define SIM_COMMAND_COMTRADE_SCENARIO_H

#include "sim/plant/demo.h"
#include "waveform/recording.h"

/* Writes to `path` the meter d and the recording r of file `record`, with the options
 * that made it. 0, or -1 with errno set. */
int comtrade_write_scenario(const char *path, const char *record, const struct demo *d,
                            const struct recording *r,
                            const struct recording_options *options);

#endif
