/* SPI1 and SPI2 as masters (RM0090, 28): a transmit and a receive register that each
 * hold a byte, and a shift register that goes on whatever DMA does. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct soc;

struct stm32_spi {
    uint32_t cr1, cr2, sr;
    uint8_t received, waiting, shifting;
    bool full;     /* `waiting` waits for the shift register */
    bool busy;     /* `shifting` is on the wire until ends_ns */
    bool ovr_half; /* DR has been read since the overrun: SR clears it (28.3.10) */
    int64_t ends_ns;
    int64_t byte_ns; /* what a byte takes, at sclk_hz */
    uint32_t sclk_hz;
    uint32_t overruns; /* for reports */
};

void stm32_spi_reset(struct soc *s, int which);
uint32_t stm32_spi_read(struct soc *s, int which, uint32_t offset);
void stm32_spi_write(struct soc *s, int which, uint32_t offset, uint32_t value);
void stm32_spi_run(struct soc *s, int which);
/* It has the rate that its registers say. */
bool stm32_spi_is_sound(const struct soc *s, int which);
/* The clock of its bus has changed. */
void stm32_spi_clock(struct soc *s, int which);

/* What DMA asks: is there a request, and the transfer that serves it. */
bool stm32_spi_wants(const struct soc *s, int which, bool receive);

/* As on any part that makes line noise: the receive register holds this byte. */
void stm32_spi_stray(struct soc *s, int which, uint8_t byte);
