/* The tape: everything that crosses the HAL of a unit, in and out, with its simulated
 * time, as one stream. Feeding the inputs of a tape to a meter must give its outputs,
 * byte for byte, on any machine.
 *
 * Stream: TAPE_MAGIC, then records. A record is a header of 16 bytes, little-endian:
 * kind (1), 0 (1), size of data (2), 0 (4), time in ns (8); then the data. */
#ifndef HAL_SIM_TAPE_H
#define HAL_SIM_TAPE_H

#include <stddef.h>
#include <stdint.h>

#define TAPE_MAGIC "METERSIM TAPE 1\n"

enum { TAPE_MAGIC_SIZE = 16, TAPE_HEADER = 16, TAPE_DATA_MOST = 4096 + 4 };

/* A powered meter has a turn at each of its deadlines, so at least every few seconds:
 * longer from one record's time to the next is no tape of a meter. */
enum { TAPE_GAP_US = 60000000 };

/* Inputs are below TAPE_FIRST_OUTPUT. */
enum tape_kind {
    TAPE_NVM_PAGE = 1, /* address (4), bytes: content before power-up */
    TAPE_POWER_UP,     /* serial (4), model name */
    TAPE_OPTION,       /* option (1): enum unit_option, value (2) */
    TAPE_SAMPLES,      /* count × 6 words of 4 bytes, channel by channel */
    TAPE_TURN,         /* time since power-up in µs (8): tick, then poll */
    TAPE_REQUEST,      /* a PDU from the gateway */
    TAPE_POWER_DOWN,
    TAPE_KEYS = 8, /* contacts of the buttons (1), time since power-up in µs (8) */
    TAPE_UART_BYTE = 9,  /* byte (1), flags (1), its end in µs since power-up (8) */
    TAPE_NVM_FAULT = 10, /* what (1): enum tape_nvm_fault, value (4) */
    TAPE_FIRST_OUTPUT = 64,
    TAPE_ANSWER = TAPE_FIRST_OUTPUT, /* the PDU that answers */
    TAPE_NVM_WRITE,                  /* address (4), bytes */
    TAPE_UART_CONFIGURE,             /* baud (4), parity (1) */
    TAPE_UART_SEND,                  /* the frame */
    TAPE_LCD,                        /* address (4), bytes */
    TAPE_OUTPUT,                     /* which (1), on (1) */
    TAPE_CT_RANGE                    /* range (1) */
};

/* TAPE_OPTION: switches of the meter that no register has. */
enum unit_option { UNIT_PHASE_LOSS_RULE = 1, UNIT_FILL_WORD, UNIT_OPTIONS };

/* TAPE_NVM_FAULT: what befalls the FRAM, with or without power. */
enum tape_nvm_fault {
    TAPE_NVM_SILENT = 1, /* 1: the chip answers nothing; 0: it does again */
    TAPE_NVM_FLIP,       /* this bit (8 × address + bit of the byte) turns over */
    TAPE_NVM_TEAR        /* of what is written from now on this many bytes land, then
                          * power is gone; nothing is put out before it is back. 0:
                          * not at all */
};

struct tape_record {
    uint8_t kind;
    uint16_t size;
    int64_t time_ns;
    uint8_t data[TAPE_DATA_MOST];
};

/* Where records go: a file, a hash, a comparison. */
typedef void (*tape_sink)(void *user, const struct tape_record *record);

/* Header and data as they stand in the stream; returns their length. */
size_t tape_encode(const struct tape_record *record, uint8_t *bytes);

/* Takes one record from bytes[0…size-1]. Returns its length, 0 when the bytes end
 * inside it, or -1 when they are no record. */
long tape_decode(struct tape_record *record, const uint8_t *bytes, size_t size);

/* "samples", "answer" … for messages. */
const char *tape_kind_name(uint8_t kind);

#endif
