/* Checksums: CRC-32 (IEEE 802.3, reflected, 0xEDB88320) for NVM records, and CRC-16 of
 * Modbus RTU (reflected, 0xA001, from 0xFFFF; Modbus over serial line V1.02, 6.2.2). */
#pragma once

#include <stdint.h>

uint32_t crc_ieee(const void *data, uint32_t size);

/* The same of a message that comes in pieces: `crc` is that of the pieces before, 0 before
 * the first. */
uint32_t crc_ieee_more(uint32_t crc, const void *data, uint32_t size);

/* Which single bit is wrong, when a message of `size` bytes and, low byte first, its
 * CRC (size + 4 bytes in all) differ by `syndrome` = CRC of the message ^ CRC that
 * stands there. Bits are counted backwards from the highest of the last byte; -1: not
 * one bit. Up to 11 KiB the code's distance is 4: two wrong bits never look like
 * one. */
int32_t crc_ieee_wrong_bit(uint32_t syndrome, uint32_t size);

/* CRC-8 of ITU-T I.432.1 (0x07, XOR 0x55), whose distance of 4 over so few bits lets it
 * mend one wrong bit and know two. */
uint8_t crc_hec(const void *data, uint32_t size);

/* Sent low byte first, so that the CRC of a frame with its own CRC is 0. */
uint16_t crc_modbus(const void *data, uint32_t size);
