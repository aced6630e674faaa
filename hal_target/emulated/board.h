/* The emulated board: all that core puts out becomes records of a tape. NVM is a file
 * of the host's, for its 256 KB are more than the RAM of the processor. */
#pragma once

#include "core/hal.h"
#include "hal_target/emulated/counter.h"
#include "hal_target/emulated/stream.h"

/* Exit codes of the image. */
enum board_exit {
    BOARD_DONE,
    BOARD_BAD_CALL = 1, /* a wrong command line */
    BOARD_BAD_TAPE,     /* a file that cannot be had, or is no tape */
    BOARD_FAULT         /* an exception of the processor */
};

struct hal {
    int nvm;           /* handle of the file */
    bool nvm_silent;   /* these three: enum tape_nvm_fault */
    uint32_t nvm_tear; /* bytes that still land before power goes; 0: no end */
    bool dead;         /* power went inside a write */
    uint32_t serial_number;
    int64_t now_ns; /* stamps the records */
    struct tape_record record;
    struct stream_out out;
    struct counter counter;
};

/* One record into the output. An error ends the program. */
void board_put(struct hal *h, enum tape_kind kind, const uint64_t *number,
               const void *bytes, size_t size); /* as tape_make */

/* A new chip: all bytes 0xFF. An error ends the program. */
void board_open_nvm(struct hal *h, const char *path);

/* NVM from outside; the bytes must lie inside it. */
void board_nvm_poke(struct hal *h, uint32_t address, const void *data, uint32_t size);

/* Of a value that tape_reader.h lets pass. */
void board_nvm_fault(struct hal *h, enum tape_nvm_fault what, uint32_t value);

_Noreturn void board_fail(enum board_exit code, const char *why);
