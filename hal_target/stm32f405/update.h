/* The update of the meter's image over function 0x42, for the meter and for its reset
 * system alike. The slot that does not run receives the image, block by block, while the
 * meter meters. Only the reset system erases, for that stops the processor: BEGIN asks
 * for it by a record, and restarts.
 *
 * A new image is on trial until it has metered for half a minute; within its first minute
 * it must have. The start of each trial is counted before it; after UPDATE_TRIES of them
 * the image before it runs again. */
#pragma once

#include "hal_target/stm32f405/update_record.h"

enum {
    UPDATE_TRIES = 3,
    UPDATE_HEALTHY_SECONDS = 30,
    UPDATE_TRIAL_US = 60000000,
    UPDATE_SPARE_RECORDS = 64 /* what a start leaves room for, at least */
};

struct update {
    struct update_records records;
    enum slot running;     /* SLOT_NONE: the reset system */
    uint32_t version, crc; /* of the image that runs */
    bool restart;          /* wanted, when the answer has left */
};

/* What the board adds to the answer about its state. */
struct update_who {
    const char *model;
    uint32_t serial, reset_system;
};

void update_start(struct update *u, enum slot running);

/* The start of the processor: what is to be erased is erased, a trial is counted. The
 * slot to run, or SLOT_NONE. */
enum slot update_choose(struct update *u);

/* A request of function 0x42 with one of its sub-functions; the answer's length, or minus
 * an exception code. */
int update_answer(struct update *u, const struct update_who *who,
                  const uint8_t *request, int length, uint8_t *answer);

/* Once a second in the meter: how many seconds it has metered since its start. */
void update_watch(struct update *u, uint32_t seconds, uint64_t now_us);
