/* FRAM of which only what was written is there: cells of some bytes, sorted by place.
 * All else reads 0xFF. A meter writes some 2 KiB of its 256. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { NVM_CELL = 64 };

struct nvm_cell {
    uint16_t place; /* address / NVM_CELL */
    uint8_t byte[NVM_CELL];
};

/* All zeros is one that was never written. */
struct nvm_cells {
    struct nvm_cell *cell;
    int count, room;
};

void nvm_cells_free(struct nvm_cells *c);

void nvm_cells_read(const struct nvm_cells *c, uint32_t address, void *data,
                    uint32_t size);

/* Aborts without memory. */
void nvm_cells_write(struct nvm_cells *c, uint32_t address, const void *data,
                     uint32_t size);

/* Whether anything was written there. */
bool nvm_cells_any(const struct nvm_cells *c, uint32_t address, uint32_t size);
