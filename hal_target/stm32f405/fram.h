/* NVM: a 2-Mbit SPI FRAM on SPI2 (FM25V20A, CY15B102Q, MB85RS2MT: the same commands).
 * A part that is not there, or does not listen, is noticed: its write enable latch must
 * follow WREN and WRDI, and must be cleared by a write; nothing may be protected. */
#pragma once

#include <stdint.h>

void fram_start(void);

/* 0, or -1 when the part does not answer or the range does not lie in it. A write is
 * durable when it returns; a power cut inside it leaves a prefix. */
int fram_read(uint32_t address, void *data, uint32_t size);
int fram_write(uint32_t address, const void *data, uint32_t size);
