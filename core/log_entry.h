/* Entries of the logs in FRAM: one ring per log, three bytes an entry: the word, low
 * byte first, and a check byte (ITU-T I.432.1) that mends one wrong bit of the three
 * and knows two. An entry is checked alone, so a torn one harms no other. */
#pragma once

#include "core/log_state.h"
#include "core/nvm.h"

enum {
    LOG_ENTRY_BYTES = 3,
    LOG_ADDRESS = 0x2000, /* in FRAM; see nvm.c for what lies below */
    LOG_BYTES = LOGS * LOG_RING * LOG_ENTRY_BYTES,
    LOG_READ_MAX = 32, /* entries at once */
    LOG_UNWRITTEN = 0x8000
};

/* 0, or -1 when the chip does not answer. */
int log_entry_write(struct nvm *n, struct hal *h, int log, unsigned place,
                    uint16_t word);

/* Entries at place … place + count - 1 (at most LOG_READ_MAX, none past the ring's
 * end), mended. One that cannot be mended reads LOG_UNWRITTEN and is noted as lost. 0,
 * or -1 when the chip does not answer. */
int log_entry_read(struct nvm *n, struct hal *h, int log, unsigned place,
                   unsigned count, uint16_t *words);

/* Once a second: checks a few entries and corrects what has rotted, so that wrong bits
 * do not meet in one entry; all are checked within an hour or so. */
void log_entry_scrub(struct log *l, struct nvm *n, struct hal *h);
