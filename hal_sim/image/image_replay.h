/* Replay on the flashed image. A tape's samples go through the modelled ADC, its keys,
 * bytes of RS-485 and power through pins; each request goes over the line as a frame,
 * aside (image_aside.h), and then, for its effect at the tape's own moment, by a call.
 * Beside it the linked core gets the same tape. Compared are all outputs
 * (image_streams.h), the answer of each request, and at the end of each second what both
 * meters have published (image_same.h). Every byte of a tape is untrusted. */
#pragma once

#include "hal_sim/image/image_aside.h"
#include "hal_sim/image/image_same.h"
#include "hal_sim/image/image_streams.h"
#include "hal_sim/replay.h"

struct device_maker;

/* The times at which a tape's sets were taken: its meter's crystal has an error, which
 * the image's follows. */
struct image_pace {
    int64_t base_ns, base_sets; /* the rate has been the same since */
    int64_t last_ns, last_sets; /* the end of the last block */
    int64_t ppb, due_sets;
};

struct image_replay {
    struct device *device;
    struct hal hal;
    struct tape_reader reader;
    struct replay core; /* the same tape on the linked core */
    struct image_streams streams;
    struct image_map map;
    struct image_pace pace;
    int64_t sets, power_ns, last_set_ns, ran_ns;
    uint32_t core_seconds;
    int64_t seconds, words, frames; /* compared so far */
    int64_t answer_ns;              /* the longest until an answer's last character */
    bool lost_sets;                 /* the tape has: the image's front end does not */
    enum replay_result result;
    int64_t result_ns;
    char text[REPLAY_TEXT + 20]; /* why it is not the same */
};

/* The maker is that of device_image.h. */
void image_replay_start(struct image_replay *p, const struct device_maker *maker);
void image_replay_free(struct image_replay *p);

/* The next record of the tape; after anything but REPLAY_SAME the replay is over. */
enum replay_result image_replay_record(struct image_replay *p,
                                       const struct tape_record *record);
enum replay_result image_replay_end(struct image_replay *p);

/* What the meters have registered: real energy of import, of the core and the image. */
void image_replay_energy(const struct image_replay *p, uint64_t mwh[2],
                         uint32_t rest_uj[2]);
