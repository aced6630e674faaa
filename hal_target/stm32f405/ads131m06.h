/* Frames of the ADS131M06 (datasheet SBAS949, 8.5): eight words of 24 bits; out go a
 * command, its data and their CRC, in come the status (or the answer to the command of
 * the frame before), six channels and the CRC over all of them. */
#pragma once

#include "core/hal.h"

enum { ADS_WORD = 3, ADS_WORDS = 2 + HAL_CHANNELS, ADS_FRAME = ADS_WORD * ADS_WORDS };

/* Commands, 8.5.1.10; the register stands in bits 12-7. */
enum {
    ADS_NULL = 0x0000,
    ADS_READ = 0xA000,
    ADS_WRITE = 0x6000,
    ADS_READY = 0xFF26 /* the first answer after a reset: 6 channels */
};

/* Registers, 8.6. */
enum ads_register { ADS_MODE = 2, ADS_CLOCK = 3, ADS_GAIN1 = 4, ADS_GAIN2 = 5 };

enum {
    ADS_STATUS_CRC_ERR = 1 << 12, /* the frame before came damaged to the part */
    ADS_STATUS_RESET = 1 << 10,   /* it has lost its registers */
    /* CRC on what it receives, 24-bit words, frame time-out; RESET is cleared. */
    ADS_MODE_VALUE = 1 << 12 | 1 << 8 | 1 << 4,
    /* Six channels, no crystal (CLKIN is driven), OSR 1024, high resolution. */
    ADS_CLOCK_VALUE = 0x3F << 8 | 1 << 7 | 3 << 2 | 2,
    /* Voltages ±1.2 V, currents ±0.3 V (gain 4). */
    ADS_GAIN1_VALUE = 2 << 12,
    ADS_GAIN2_VALUE = 2 << 4 | 2
};

/* CCITT (0x1021, from 0xFFFF), 8.3.9, of so many words; a byte behind them is read. */
uint16_t ads_crc(const uint8_t *bytes, uint32_t words);

/* The frame that sends `command`, and `data` when the command is ADS_WRITE. */
void ads_command(uint8_t frame[ADS_FRAME], uint16_t command, uint16_t data);

/* True when the CRC of a received frame holds; then the first word and the codes. */
bool ads_decode(const uint8_t frame[ADS_FRAME], uint16_t *first,
                int32_t code[HAL_CHANNELS]);
