/* Cells of FRAM. See nvm_cells.h. */
#include "hal_sim/nvm_cells.h"
#include <stdlib.h>
#include <string.h>

enum { GROWTH = 16 /* a sixteenth more when it is full */ };

void nvm_cells_free(struct nvm_cells *c)
{
    free(c->cell);
    *c = (struct nvm_cells){ .cell = NULL };
}

/* The first cell that is not before the place. */
static int find(const struct nvm_cells *c, uint32_t place)
{
    int from = 0, to = c->count;

    while (from < to) {
        const int middle = (from + to) / 2;
        if (c->cell[middle].place < place)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static bool is_there(const struct nvm_cells *c, int at, uint32_t place)
{
    return at < c->count && c->cell[at].place == place;
}

/* What of `size` bytes lies in the cell of the address. */
static uint32_t part_of(uint32_t address, uint32_t size)
{
    const uint32_t rest = NVM_CELL - address % NVM_CELL;

    return rest < size ? rest : size;
}

void nvm_cells_read(const struct nvm_cells *c, uint32_t address, void *data,
                    uint32_t size)
{
    uint8_t *to = data;

    for (int at = find(c, address / NVM_CELL); size;) {
        const uint32_t part = part_of(address, size);
        if (is_there(c, at, address / NVM_CELL))
            memcpy(to, &c->cell[at++].byte[address % NVM_CELL], part);
        else
            memset(to, 0xFF, part);
        address += part;
        to += part;
        size -= part;
    }
}

static void insert(struct nvm_cells *c, int at, uint32_t place)
{
    if (c->count == c->room) {
        c->room += 1 + c->room / GROWTH;
        c->cell = realloc(c->cell, (size_t)c->room * sizeof *c->cell);
        if (!c->cell)
            abort();
    }
    memmove(&c->cell[at + 1], &c->cell[at], (size_t)(c->count - at) * sizeof *c->cell);
    c->count++;
    c->cell[at].place = (uint16_t)place;
    memset(c->cell[at].byte, 0xFF, NVM_CELL);
}

void nvm_cells_write(struct nvm_cells *c, uint32_t address, const void *data,
                     uint32_t size)
{
    const uint8_t *from = data;

    for (int at = find(c, address / NVM_CELL); size; at++) {
        const uint32_t part = part_of(address, size);
        if (!is_there(c, at, address / NVM_CELL))
            insert(c, at, address / NVM_CELL);
        memcpy(&c->cell[at].byte[address % NVM_CELL], from, part);
        address += part;
        from += part;
        size -= part;
    }
}

bool nvm_cells_any(const struct nvm_cells *c, uint32_t address, uint32_t size)
{
    const int at = find(c, address / NVM_CELL);

    return at < c->count && c->cell[at].place <= (address + size - 1) / NVM_CELL;
}
