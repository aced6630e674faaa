/* What is fixed at manufacture: serial number and model, written to the last sector of
 * the flash by the factory (BOARD.md; factory.sh makes the bytes). A board without it
 * is an S4100 with serial number 0; so is one whose block is damaged, which is told. */
#ifndef STM32F405_FACTORY_H
#define STM32F405_FACTORY_H

#include <stdbool.h>
#include <stdint.h>

enum { FACTORY_ADDRESS = 0x080E0000, FACTORY_NAME = 16, FACTORY_MAGIC = 0x3146544D };

/* Little-endian, as it stands in flash: magic "MTF1", serial, name, CRC-32 of these. */
struct factory {
    uint32_t magic, serial;
    char name[FACTORY_NAME]; /* of the model, NUL-terminated */
    uint32_t crc;
};

/* False: there is a block, but it is damaged, or of a model that there is not. */
bool factory_read(struct factory *f);

#endif
