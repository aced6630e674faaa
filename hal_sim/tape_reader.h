/* The reader of tapes: checks each input of a tape and hands it on to a meter, whatever
 * that stands on (metersim replay, the emulated board). Every byte of a tape is
 * untrusted; what no meter's tape holds never reaches the meter. Freestanding. */
#pragma once

#include "core/meter.h"
#include "hal_sim/tape.h"

/* What the inputs do. `user` is the reader's. A page holds TAPE_PAGE bytes. */
enum { TAPE_PAGE = 4096 };
struct tape_target {
    void (*nvm_page)(void *user, uint32_t address, const uint8_t *bytes);
    void (*power_up)(void *user, uint32_t serial_number, const struct model *model);
    void (*option)(void *user, enum unit_option option, uint16_t value);
    void (*samples)(void *user, const int32_t x[][BLOCK], uint32_t count);
    void (*pass)(void *user, uint64_t now_us);
    void (*request)(void *user, const uint8_t *pdu, int size);
    void (*keys)(void *user, unsigned closed, uint64_t now_us);
    void (*uart_byte)(void *user, uint8_t byte, unsigned flags, uint64_t now_us);
    void (*nvm_fault)(void *user, enum tape_nvm_fault what, uint32_t value);
    void (*supply)(void *user, bool good);
    void (*board)(void *user, const struct hal_report *report);
    void (*power_down)(void *user);
};

struct tape_reader {
    const struct tape_target *target;
    void *user;
    bool started; /* a record came */
    bool powered;
    bool ended;      /* TAPE_END came: the tape is whole */
    uint64_t now_us; /* since power-up */
    int64_t first_ns, last_ns;
    int32_t x[HAL_CHANNELS][BLOCK];
};

/* An input: NULL, or why it is no tape's. After that nothing more is to be fed. */
const char *tape_reader_feed(struct tape_reader *r, const struct tape_record *record);
