/* Replay: feeds the inputs of a tape to a fresh meter on a simulated board and compares
 * what it puts out with the tape, byte for byte. Every byte of a tape is untrusted. */
#pragma once

#include "core/pdu.h"
#include "hal_sim/board.h"
#include "hal_sim/device.h"
#include "hal_sim/tape_reader.h"

enum replay_result {
    REPLAY_SAME = 0,
    REPLAY_DIFFERS = 1, /* the meter does something else than the tape says */
    REPLAY_INVALID = -1 /* these bytes are no tape */
};

enum { REPLAY_TEXT = 400 };

struct replay {
    struct device *device;
    struct hal hal;
    struct tape_reader reader;
    int64_t inputs, outputs;
    uint8_t request[METER_PDU_MAX]; /* the last one */
    size_t request_size;
    /* Records that the meter has put out and the tape has not shown yet, encoded. */
    uint8_t *queue;
    size_t queued, taken, room;
    char text[REPLAY_TEXT]; /* why it is not the same */
};

void replay_start(struct replay *r);
void replay_free(struct replay *r);

/* The next record of the tape. After anything but REPLAY_SAME the replay is over. */
enum replay_result replay_record(struct replay *r, const struct tape_record *record);

/* The same for an input whose outputs are not compared. */
enum replay_result replay_input(struct replay *r, const struct tape_record *record);

/* The tape ends here. */
enum replay_result replay_end(struct replay *r);
