/* What is fixed at manufacture: board revision, serial number and model, written to the
 * last sector of the flash by the factory (BOARD.md; factory.sh makes the bytes, whose
 * layout is core/factory_block.h). A board without a whole block runs as an S4100 that
 * has no serial number, and reports it. */
#pragma once

#include "core/factory_block.h"

enum { FACTORY_ADDRESS = 0x080E0000 };

struct factory_flash {
    enum factory_block_state state;
    struct factory_block block;
};

void factory_read(struct factory_flash *f);

/* The name of a model that there is. */
const char *factory_model(const struct factory_flash *f);
