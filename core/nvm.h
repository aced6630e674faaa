/* Nonvolatile records: each kind has two slots of FRAM and a sequence number; a save
 * writes the older slot, a load takes the newest slot whose CRC holds. A cut at any
 * byte of a save leaves the slot before it whole.
 *
 * Slot: sequence (4 bytes), kind (2), size (2), data, CRC-32 (4) of all before it,
 * little-endian. */
#ifndef CORE_NVM_H
#define CORE_NVM_H

#include "core/hal.h"

enum nvm_record {
    NVM_SETTINGS,
    NVM_CALIBRATION,
    NVM_COUNTERS,
    NVM_ENERGY,
    NVM_LOG, /* state of the logs; their entries stand apart, see log.h */
    NVM_RECORDS
};

struct nvm {
    uint32_t sequence[NVM_RECORDS]; /* of the newest slot; 0: none */
};

/* The newest whole copy into data (size bytes). False when there is none of this size;
 * *data is then unchanged. */
bool nvm_load(struct nvm *n, struct hal *h, enum nvm_record record, void *data,
              uint32_t size);

/* 0, or -1 when the chip does not answer. */
int nvm_save(struct nvm *n, struct hal *h, enum nvm_record record, const void *data,
             uint32_t size);

#endif
