/* Sub-functions of the user-defined function 0x42: its first data byte. 0x10 to 0x1F are
 * the board's (hal_user_function), for flash is its own; 0x02 and 0x20 to 0x2F stand in
 * factory.h. Numbers are big-endian. */
#pragma once

enum user_function {
    USER_COUNTERS = 0x01,
    /* The update of the image, of the meter and its reset system (docs/decisions.md, Update). */
    USER_UPDATE_STATUS = 0x10,  /* → struct of UPDATE_STATUS bytes */
    USER_UPDATE_BEGIN = 0x11,   /* size (4), CRC (4), anew (1) → state (1) */
    USER_UPDATE_WRITE = 0x12,   /* offset (4), count (1), bytes → next offset (4) */
    USER_UPDATE_READ = 0x13,    /* offset (4), count (1) → count (1), bytes */
    USER_UPDATE_CHECK = 0x14,   /* offset (4), count (4) → CRC-32 (4) */
    USER_UPDATE_INSTALL = 0x15, /* CRC (4): the image is tried after a restart */
    USER_UPDATE_SERVICE = 0x16, /* 1: the reset system runs; 0: the meter */
    USER_BOARD_FIRST = 0x10,    /* the board's, from … to */
    USER_BOARD_LAST = 0x1F
};

/* The answer to USER_UPDATE_STATUS behind its count byte: offsets. */
enum update_status {
    UPDATE_STATUS_PROGRAM,           /* 0: the meter; 1: the reset system */
    UPDATE_STATUS_SLOT,              /* that runs; of the reset system 0xFF */
    UPDATE_STATUS_STATE,             /* enum update_state of the other slot */
    UPDATE_STATUS_TRIES,             /* starts of an image on trial */
    UPDATE_STATUS_VERSION,           /* 4 bytes: of the image that runs */
    UPDATE_STATUS_CRC = 8,           /* 4: its own */
    UPDATE_STATUS_RESET_SYSTEM = 12, /* 4: version */
    UPDATE_STATUS_ADDRESS = 16,      /* 4: of the slot that receives */
    UPDATE_STATUS_ROOM = 20,         /* 4: its bytes */
    UPDATE_STATUS_RECEIVES = 24,     /* 4: bytes of the image that is received */
    UPDATE_STATUS_RECEIVES_CRC = 28, /* 4 */
    UPDATE_STATUS_NEXT = 32,         /* 4: what has been received of it */
    UPDATE_STATUS_SERIAL = 36,       /* 4 */
    UPDATE_STATUS_BOARD = 40,        /* text of 20 bytes, filled up with 0 */
    UPDATE_STATUS_MODEL = 60,        /* text of 16 */
    UPDATE_STATUS = 76
};

/* Of the slot that does not run. */
enum update_state {
    UPDATE_NONE,      /* nothing is known of it */
    UPDATE_ERASE,     /* it is erased at the next start */
    UPDATE_RECEIVING, /* it is erased, or holds a part of the image */
    UPDATE_TRIAL,     /* its image runs, and is not known to be healthy */
    UPDATE_REJECTED,  /* its image is damaged, or was not healthy */
    UPDATE_PREVIOUS,  /* it holds the image before this one */
    UPDATE_STATES
};

enum { UPDATE_BLOCK_MAX = 240 /* bytes of WRITE and READ, a multiple of 4 */ };
