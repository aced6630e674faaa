/* One of the two that are compared: a tape, fed second by second to a meter of its own
 * on this build's core, with the registers that the meter then has. */
#pragma once

#include "hal_sim/replay.h"
#include "sim/bisect/inputs.h"
#include "sim/field/image.h"
#include "sim/record/tape_stream.h"

enum { SIDE_PHASES = HAL_CHANNELS / 2 };

/* Settings that are written before the first samples of each power-up. */
struct side_setting {
    uint16_t reg, value;
};

struct side {
    const char *path;
    struct tape_stream *tape;
    struct replay replay;
    struct tape_record record; /* the next one, which is not fed yet */
    bool has;
    const GArray *settings; /* struct side_setting, or NULL */
    bool settled;           /* they are written since the last power-up */
    struct inputs inputs;
    struct image *image; /* NULL before the first power-up */
    double square[HAL_CHANNELS], product[SIDE_PHASES];
    long samples; /* since side_run began */
};

/* NULL with *error set: this is not a tape. */
struct side *side_open(const char *path, const GArray *settings, GError **error);
void side_close(struct side *s); /* NULL is allowed */

/* Feeds what is there up to the moment. False with *error set: no meter's tape, or a setting
 * that the meter refuses. */
bool side_run(struct side *s, int64_t until_ns, GError **error);

/* Has the meter power? Then its registers are in s->image. */
bool side_read(struct side *s);

/* "current B" */
const char *side_channel_name(int channel);

/* RMS of the samples of the last side_run, in codes of the ADC. */
double side_rms(const struct side *s, int channel);

/* Of the same samples, with sign: which way the current flows. */
double side_power_factor(const struct side *s, int phase);
