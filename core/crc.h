/* Checksums: CRC-32 (IEEE 802.3, reflected, 0xEDB88320) for NVM records. */
#ifndef CORE_CRC_H
#define CORE_CRC_H

#include <stdint.h>

uint32_t crc32(const void *data, uint32_t size);

#endif
