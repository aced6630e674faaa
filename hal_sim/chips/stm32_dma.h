/* DMA2 (RM0090, 10): eight streams between memory and a peripheral's data register, one
 * item at a time; the requests of SPI1 (table 43). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct soc;

enum { STM32_STREAMS = 8 };

struct stm32_dma {
    uint32_t isr[2]; /* LISR, HISR */
    struct stm32_stream {
        uint32_t cr, ndtr, par, m0ar, m1ar, fcr;
        uint32_t reload, at; /* items at first, items done */
    } stream[STM32_STREAMS];
    bool serves; /* a request is served, which may raise another */
    int fail_in; /* a transfer error at the n-th item from now; 0: none */
};

uint32_t stm32_dma_read(struct soc *s, uint32_t offset);
void stm32_dma_write(struct soc *s, uint32_t offset, uint32_t value);

/* A peripheral may have a request. */
void stm32_dma_serve(struct soc *s);
