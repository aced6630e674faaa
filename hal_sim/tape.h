/* The tape: everything that crosses the HAL of a unit, in and out, with its simulated
 * time, as one stream. Feeding the inputs of a tape to a meter must give its outputs,
 * byte for byte, on any machine.
 *
 * Stream: TAPE_MAGIC, then records; TAPE_END is the last one of a whole tape. A record is
 * a header of 16 bytes, little-endian: kind (1), 0 (1), size of data (2), 0 (4), time in
 * ns (8); then the data. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TAPE_MAGIC "METERSIM TAPE 1\n"

enum {
    TAPE_MAGIC_SIZE = 16,
    TAPE_HEADER = 16,
    TAPE_DATA_MAX = 4096 + 4,
    TAPE_END_SIZE = TAPE_HEADER + 32, /* the record that ends a whole tape */
    TAPE_CHANNELS = 6
};

/* A powered meter has a turn at each of its deadlines, so at least every few seconds:
 * longer from one record's time to the next is no tape of a meter. */
enum { TAPE_GAP_US = 60000000 };

/* tape.def has what each kind holds. Inputs are below TAPE_FIRST_OUTPUT. */
enum tape_kind {
#define T(id, number, direction, layout, min, max, name) TAPE_##id = (number),
#include "hal_sim/tape.def"
#undef T
    TAPE_FIRST_OUTPUT = 64
};

/* TAPE_OPTION: switches of the meter that no register has. */
enum unit_option {
    UNIT_PHASE_LOSS_RULE = 1,
    UNIT_FILL_WORD,
    UNIT_IMBALANCE_RULE,
    UNIT_OPTIONS
};

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
    uint8_t data[TAPE_DATA_MAX];
};

/* Where records go: a file, a hash, a comparison. */
typedef void (*tape_sink)(void *user, const struct tape_record *record);

/* A record of this kind: its numbers in the order of its layout, then `size` bytes. */
#define TAPE_NUMBERS(...) ((const uint64_t[]){ __VA_ARGS__ })
void tape_make(struct tape_record *record, enum tape_kind kind, const uint64_t *number,
               const void *bytes, size_t size);

/* x[channel][0…count-1] with `stride` words from one channel to the next. */
void tape_make_samples(struct tape_record *record, const int32_t *x, size_t stride,
                       unsigned count);

/* What a record holds, as its layout says. */
struct tape_content {
    uint64_t number[3];
    const uint8_t *bytes; /* in the record */
    size_t size;
};

/* False when no record of its kind has that size, or there is no such kind. */
bool tape_content(const struct tape_record *record, struct tape_content *content);

/* Header and data as they stand in the stream; returns their length. */
size_t tape_encode(const struct tape_record *record, uint8_t *bytes);

/* Takes one record from bytes[0…size-1]. Returns its length, 0 when the bytes end
 * inside it, or -1 when they are no record. */
long tape_decode(struct tape_record *record, const uint8_t *bytes, size_t size);

/* "samples", "answer" … for messages. */
const char *tape_kind_name(uint8_t kind);
