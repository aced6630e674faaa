/* Nonvolatile records: each kind has two slots of FRAM and a sequence number. A cut at
 * any byte of a save leaves the slot before it whole. A single wrong bit is mended by
 * the CRC, so that the newest energy is never given up for an older one.
 *
 * Slot: sequence (4 bytes), kind (2), size (2), data, CRC-32 (4) of all before it, low
 * byte of the sequence (1), little-endian. The last byte is the last one written: while
 * it does not go with the first one, the slot is torn and no bit of it is mended.
 *
 * Energy goes to the older slot alone (it is written every second); all others to both,
 * one after the other, so that a slot may be damaged beyond the CRC's help. */
#pragma once

#include "core/hal.h"
#include <stddef.h>

/* Numbers of one kind within a struct: `count` of `width` bytes each, from byte `at`. */
struct nvm_field {
    uint16_t at, count;
    uint8_t width;
};

/* The struct of a record, as its numbers follow each other: stored little-endian and
 * aligned to their width, whatever the processor. */
struct nvm_layout {
    const struct nvm_field *field;
    uint32_t fields;
};

#define NVM_FIELD(type, member, number)                                                \
    {                                                                                  \
        offsetof(type, member), sizeof(((type *)0)->member) / sizeof(number),          \
            sizeof(number)                                                             \
    }
#define NVM_LAYOUT(of)                                                                 \
    {                                                                                  \
        of, sizeof(of) / sizeof *(of)                                                  \
    }

enum nvm_record {
    NVM_SETTINGS,
    NVM_CALIBRATION,
    NVM_COUNTERS,
    NVM_ENERGY,
    NVM_LOG, /* state of the logs; their entries stand apart, see log_entry.h */
    NVM_SEAL,
    NVM_RECORDS
};

struct nvm {
    uint32_t sequence[NVM_RECORDS]; /* of the newest slot; 0: none */
    uint8_t slot[NVM_RECORDS];      /* which one it is */
    uint8_t lost;                   /* bit per record: content that is gone for good */
    bool silent;                    /* the chip did not answer when last asked */
};

/* The newest copy into data, a struct of this layout. False when there is none of its
 * size; *data is then unchanged. Notes in n->lost what cannot be repaired, in n->silent that the
 * chip does not answer. */
bool nvm_load(struct nvm *n, struct hal *h, enum nvm_record record,
              const struct nvm_layout *layout, void *data);

/* 0, or -1 when the chip does not answer. */
int nvm_save(struct nvm *n, struct hal *h, enum nvm_record record,
             const struct nvm_layout *layout, const void *data);

/* Compares one slot, 0 or 1, of a record that has two copies with `data`, which is what
 * the meter goes by, and writes it anew when it differs. */
void nvm_scrub(struct nvm *n, struct hal *h, enum nvm_record record, int slot,
               const struct nvm_layout *layout, const void *data);

/* As the functions of hal.h, noting whether the chip answers. */
int nvm_read(struct nvm *n, struct hal *h, uint32_t address, void *data, uint32_t size);
int nvm_write(struct nvm *n, struct hal *h, uint32_t address, const void *data,
              uint32_t size);
