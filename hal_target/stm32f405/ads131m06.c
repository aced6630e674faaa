/* Frames of the ADS131M06. See ads131m06.h. */
#include "hal_target/stm32f405/ads131m06.h"
#include <string.h>

/* A byte at a time without a table: what x^16 + x^12 + x^5 + 1 makes of eight bits at
 * once (x is the byte that falls out, folded onto itself). */
uint16_t ads_crc(const uint8_t *bytes, uint32_t size)
{
    uint32_t crc = 0xFFFF;

    for (uint32_t k = 0; k < size; k++) {
        uint32_t x = (uint8_t)(crc >> 8 ^ bytes[k]);
        x ^= x >> 4;
        crc = crc << 8 ^ x << 12 ^ x << 5 ^ x;
    }
    return (uint16_t)crc;
}

static void put_word(uint8_t *at, uint16_t word)
{
    at[0] = (uint8_t)(word >> 8);
    at[1] = (uint8_t)word;
    at[2] = 0;
}

void ads_command(uint8_t frame[ADS_FRAME], uint16_t command, uint16_t data)
{
    uint32_t size = ADS_WORD;

    memset(frame, 0, ADS_FRAME);
    put_word(frame, command);
    if ((command & 0xE000) == ADS_WRITE) {
        put_word(frame + size, data);
        size += ADS_WORD;
    }
    put_word(frame + size, ads_crc(frame, size));
}

bool ads_decode(const uint8_t frame[ADS_FRAME], uint16_t *first,
                int32_t code[HAL_CHANNELS])
{
    const uint8_t *crc = frame + ADS_FRAME - ADS_WORD;

    if (ads_crc(frame, ADS_FRAME - ADS_WORD) != (crc[0] << 8 | crc[1]))
        return false;
    *first = (uint16_t)(frame[0] << 8 | frame[1]);
    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        const uint8_t *word = frame + ADS_WORD * (1 + ch);
        uint32_t bits = (uint32_t)word[0] << 16 | (uint32_t)word[1] << 8 | word[2];
        code[ch] = (int32_t)(bits ^ 0x800000) - 0x800000;
    }
    return true;
}
