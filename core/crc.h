/* Checksums: CRC-32 (IEEE 802.3, reflected, 0xEDB88320) for NVM records, and CRC-16 of
 * Modbus RTU (reflected, 0xA001, from 0xFFFF; Modbus over serial line V1.02, 6.2.2). */
#ifndef CORE_CRC_H
#define CORE_CRC_H

#include <stdint.h>

uint32_t crc_ieee(const void *data, uint32_t size);

/* Sent low byte first, so that the CRC of a frame with its own CRC is 0. */
uint16_t crc_modbus(const void *data, uint32_t size);

#endif
