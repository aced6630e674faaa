/* What is known of the two slots, over resets and power cuts: records in two sectors of
 * flash, each written once and whole, or not valid (its CRC-32). The newest valid one
 * holds. When a sector is full, the next goes to the other one, erased before. */
#pragma once

#include "core/user_function.h"
#include "hal_target/stm32f405/slot.h"

enum { UPDATE_RECORD_SERVICE = 1 /* the reset system is to run */ };

struct update_record {
    uint32_t sequence;   /* 0: none was ever written */
    uint8_t confirmed;   /* enum slot: its image is healthy, as far as is known */
    uint8_t other_state; /* enum update_state of the other one */
    uint8_t tries;       /* starts of the other one's image, while on trial */
    uint8_t flags;
    uint32_t other_size; /* of its image, with the seal; 0: not known */
    uint32_t other_crc;
    uint32_t reserved[3];
    uint32_t crc; /* of all before it */
};

struct update_records {
    struct update_record now;
    uint8_t sector; /* 0 or 1: where the next goes, … */
    uint16_t next;  /* … and which it is there */
};

enum { UPDATE_RECORDS = (16 << 10) / sizeof(struct update_record) };

void update_records_load(struct update_records *r);

/* The number of records for which there is room without erasing. */
unsigned update_records_room(const struct update_records *r);

/* r->now is written, with the next sequence number. -1: there is no room, or the flash
 * does not take it; r->now is then as it was before. */
int update_records_save(struct update_records *r, const struct update_record *now);

/* The same to the other sector, which is erased. */
int update_records_move(struct update_records *r);
