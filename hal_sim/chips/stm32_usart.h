/* USART2 (RM0090, 30): characters in the time of their bits; TXE comes when the shift
 * register takes a byte, TC when the last stop bit has left. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct soc;

struct stm32_usart {
    uint32_t sr, brr, cr1, cr2, cr3;
    uint8_t received, waiting, shifting;
    bool full, busy;
    bool sr_read; /* before DR: clears the error flags (30.6.1) */
    int64_t starts_ns, ends_ns;
    int64_t idle_until_ns;           /* the idle frame of TE lasts until then */
    uint32_t told_baud, told_parity; /* what the outside knows */
};

void stm32_usart_reset(struct soc *s);
uint32_t stm32_usart_read(struct soc *s, uint32_t offset);
void stm32_usart_write(struct soc *s, uint32_t offset, uint32_t value);
void stm32_usart_run(struct soc *s);
void stm32_usart_receive(struct soc *s, uint8_t byte, unsigned flags);
