/* What a tape says that a board puts out, against what the image does. Its drivers have
 * their own moments (a contact moves some µs later, an answer leaves byte by byte), so
 * each kind of output is compared in its own order, byte for byte; of contacts, LEDs and
 * settings only changes, which is what a pin has.
 *
 * The glass is sent whole, which takes 10 ms; and what happens by the clock (the next
 * screen) is a few ms off what happens by samples (a reading, the heart), because the
 * image's clock begins before its front end. So each state of the tape's glass that rests
 * for 100 ms must be shown, and what is shown for 50 ms must be one of the tape's.
 *
 * While the supply fails, the image darkens glass, backlight and LEDs, which the linked
 * core's board does not, and it goes on saving energies until the supply has been good for
 * 50 ms; what it saves lacks up to five sample sets (2 ms), which come to the core in
 * pieces of six. These records are not compared, and those after a ride-through but for
 * their number and slot. */
#pragma once

#include "core/hal.h"
#include "hal_sim/tape.h"

enum {
    IMAGE_STREAM_ANSWER,
    IMAGE_STREAM_NVM,
    IMAGE_STREAM_FRAME,
    IMAGE_STREAM_UART, /* its setup */
    IMAGE_STREAM_RANGE,
    IMAGE_STREAM_GLASS,
    IMAGE_STREAM_OUTPUT, /* the first of HAL_OUTPUTS */
    IMAGE_STREAMS = IMAGE_STREAM_OUTPUT + HAL_OUTPUTS
};

struct image_note; /* a record that waits for the other side */

struct image_queue {
    struct image_note *first, *last;
};

struct image_side {
    struct image_queue queue[IMAGE_STREAMS];
    uint8_t level[IMAGE_STREAMS][5]; /* the last setup, range and level */
    uint8_t glass[HAL_LCD_SIZE];
};

struct image_streams {
    struct image_side tape, image;
    int64_t outputs;  /* compared so far */
    int64_t drift_ns; /* of the image's clock against the tape's: the crystal's error */
    int64_t early_ns; /* by so much the image's second may end before the tape's */
    int64_t late_ns;  /* most that a contact or LED came after the tape's */
    bool no_red;      /* a part does not answer: the image's red LED blinks */
    bool failing;     /* the supply does, or did: */
    int64_t fails_ns, good_ns;
    bool quiet;         /* glass, backlight and LEDs are not compared yet */
    bool glass_waits;   /* the tape's has been written since the last input */
    bool glass_seen;    /* what it shows has been shown */
    bool differs;       /* for good: */
    int64_t differs_ns; /* on the tape */
    struct tape_record tape_has, image_has; /* kind 0: nothing */
};

void image_streams_free(struct image_streams *s);

/* Power comes or goes: pins fall, the glass goes dark, frames are cut. */
void image_streams_power(struct image_streams *s);

void image_streams_supply(struct image_streams *s, bool good, int64_t now_ns);

void image_streams_tape(struct image_streams *s, const struct tape_record *record);
void image_streams_image(struct image_streams *s, const struct tape_record *record);

/* The outputs of an input are complete, and the image has run up to now. */
void image_streams_settle(struct image_streams *s, int64_t now_ns);

/* What must have come by now; frames may still be under way. */
void image_streams_end(struct image_streams *s);
