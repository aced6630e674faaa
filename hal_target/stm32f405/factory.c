/* The factory's block in flash. See factory.h. */
#include "hal_target/stm32f405/factory.h"
#include "hal_target/stm32f405/mmio.h"
#include <string.h>

enum { WORDS = FACTORY_BLOCK_SIZE / 4 };

void factory_read(struct factory_flash *f)
{
    uint32_t word[WORDS];
    uint8_t bytes[FACTORY_BLOCK_SIZE];

    for (uint32_t k = 0; k < WORDS; k++)
        word[k] = mmio_read(FACTORY_ADDRESS + 4 * k);
    memcpy(bytes, word, sizeof bytes);
    f->state = factory_block_read(&f->block, bytes);
}

const char *factory_model(const struct factory_flash *f)
{
    return f->state == FACTORY_BLOCK_WHOLE ? f->block.model : "s4100";
}
