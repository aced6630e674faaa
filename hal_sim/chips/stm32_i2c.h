/* I2C1 as a master that transmits (RM0090, 27): START, bytes and STOP take their time on
 * the bus, and a bus that is held low is busy. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct soc;

enum stm32_i2c_phase {
    STM32_I2C_IDLE,
    STM32_I2C_START,     /* is being made */
    STM32_I2C_STARTED,   /* SB: waits for an address */
    STM32_I2C_ADDRESS,   /* is being sent */
    STM32_I2C_ADDRESSED, /* ADDR: waits for SR1, SR2 to be read */
    STM32_I2C_WAITING,   /* for a byte: TXE, BTF */
    STM32_I2C_BYTE,      /* is being sent */
    STM32_I2C_STOP       /* is being made */
};

struct stm32_i2c {
    uint32_t cr1, cr2, oar1, ccr, trise, sr1;
    bool master;
    enum stm32_i2c_phase phase;
    uint8_t shifting, waiting;
    bool full; /* `waiting` waits */
    bool sr1_read;
    int64_t ends_ns;
};

void stm32_i2c_reset(struct soc *s);
uint32_t stm32_i2c_read(struct soc *s, uint32_t offset);
void stm32_i2c_write(struct soc *s, uint32_t offset, uint32_t value);
void stm32_i2c_run(struct soc *s);
/* SCL or SDA has changed its level, driven from outside or by hand. */
void stm32_i2c_lines(struct soc *s);
