/* The microcontroller of the physical board, an STM32F405RG, without its processor: a
 * file for each peripheral, all of whose state is plain data. Whoever executes code (or
 * tests a driver on the host) reads and writes registers here, lets time go on, and asks
 * which exception is due.
 *
 * Time is the device's own, in ns since power came. An access takes a few clocks of the
 * core, as on the bus of the chip, so loops that wait for a bit end. Sections are those
 * of RM0090 Rev 19; PM0214 Rev 10 is the processor's. */
#pragma once

#include "hal_sim/chips/cortex_nvic.h"
#include "hal_sim/chips/cortex_systick.h"
#include "hal_sim/chips/part.h"
#include "hal_sim/chips/stm32_dma.h"
#include "hal_sim/chips/stm32_exti.h"
#include "hal_sim/chips/stm32_flash.h"
#include "hal_sim/chips/stm32_gpio.h"
#include "hal_sim/chips/stm32_i2c.h"
#include "hal_sim/chips/stm32_iwdg.h"
#include "hal_sim/chips/stm32_rcc.h"
#include "hal_sim/chips/stm32_rtc.h"
#include "hal_sim/chips/stm32_spi.h"
#include "hal_sim/chips/stm32_tim1.h"
#include "hal_sim/chips/stm32_usart.h"

struct store;

/* Who may want to act at a moment of its own. */
enum soc_who {
    SOC_SYSTICK,
    SOC_RCC,
    SOC_SPI1,
    SOC_SPI2,
    SOC_I2C1,
    SOC_USART2,
    SOC_IWDG,
    SOC_RTC,
    SOC_FLASH,
    SOC_ALARM, /* of whoever runs the processor */
    SOC_PART,  /* the first of the board's parts */
    SOC_WHO = SOC_PART + 8
};

/* A pin's number: port × 16 + number. */
enum { SOC_PA = 0, SOC_PB = 16, SOC_PC = 32, SOC_PINS = 64 };

enum { SOC_MEMORIES = 8, SOC_ACCESS_CLOCKS = 8 };

/* Memory as a bus master (DMA) sees it: `size` bytes of the host's. */
struct soc_memory {
    uint32_t base, size;
    uint8_t *bytes;
    bool fixed; /* writes are a bus error */
};

/* What is connected. NULL: nothing. */
struct soc_wires {
    void *user;
    /* The chip drives this pin so from now on. */
    void (*pin)(void *user, unsigned pin, enum pin_level level, int64_t now_ns);
    /* A clock comes out at TIM1_CH1 (PA8). */
    void (*clock_out)(void *user, struct chip_rate rate, int64_t now_ns);
    /* A character has left USART2's TX: its first bit began at start_ns, its last ends
     * now. */
    void (*uart)(void *user, uint8_t byte, int64_t start_ns, int64_t now_ns);
    /* A character has been given to USART2's transmitter: it follows the one that
     * leaves, or begins now. */
    void (*uart_given)(void *user, uint8_t byte, int64_t now_ns);
    /* USART2 is set up so from now on; baud 0: it is off. */
    void (*uart_setup)(void *user, uint32_t baud, unsigned parity, int64_t now_ns);
    /* A part wants to act (soc_due): number from 0. */
    void (*run_part)(void *user, int part, int64_t now_ns);
    struct spi_target spi[2]; /* on SPI1, SPI2 */
    struct i2c_target i2c;    /* on I2C1, one part */
    struct soc_memory memory[SOC_MEMORIES];
};

/* Why the processor must begin anew. */
enum soc_reset { SOC_RUNS, SOC_POWER_ON, SOC_SOFTWARE, SOC_WATCHDOG };

struct soc {
    int64_t now_ns;
    int64_t due_ns[SOC_WHO], next_ns; /* INT64_MAX: never; the earliest of them */
    int64_t access_ns;                /* what an access to a register takes */
    uint64_t clock_fs;                /* a clock of the core; 0: it stands */
    enum soc_reset reset;             /* asked for; the processor's to obey */
    bool bus_fault;                   /* of the last access: nothing is there */
    bool held;                        /* soc_hold */
    int64_t held_ns;
    uint64_t reads, writes; /* of registers */
    struct cortex_nvic nvic;
    struct cortex_systick systick;
    struct stm32_rcc rcc;
    struct stm32_gpio gpio;
    struct stm32_exti exti;
    struct stm32_spi spi[2];
    struct stm32_dma dma;
    struct stm32_i2c i2c;
    struct stm32_usart usart;
    struct stm32_tim1 tim1;
    struct stm32_iwdg iwdg;
    struct stm32_rtc rtc; /* with the backup registers; outlives power by its battery */
    struct stm32_flash flash;
    struct soc_wires wires;
};

/* As it leaves the factory, without power; wires stay as they are set afterwards. */
void soc_start(struct soc *s);

/* Power comes at time 0 (5.1.2: backup domain stays unless the battery is empty). */
void soc_power_up(struct soc *s);
/* Any other reset: peripherals begin anew, memory and backup domain stay (6.1.1). */
void soc_restart(struct soc *s, enum soc_reset why);

/* An access of 1, 2 or 4 bytes, which takes its time. bus_fault is set when nothing is
 * at the address. */
uint32_t soc_read(struct soc *s, uint32_t address, unsigned size);
void soc_write(struct soc *s, uint32_t address, uint32_t value, unsigned size);

/* Power goes: what is under way in flash stays unfinished. */
void soc_power_down(struct soc *s);

/* All that is due up to then happens, in order; it is then to_ns (not before now). */
void soc_run(struct soc *s, int64_t to_ns);

/* This one acts at at_ns next; INT64_MAX: not. */
void soc_due(struct soc *s, enum soc_who who, int64_t at_ns);

/* A debugger calls a function: only SPI transfers and the flash go on, time will be what it was when
 * it lets go, when these have ended. */
void soc_hold(struct soc *s);
void soc_let_go(struct soc *s);

/* What bus masters see; false: nothing there. */
bool soc_load(struct soc *s, uint32_t address, uint32_t *value, unsigned size);
bool soc_save(struct soc *s, uint32_t address, uint32_t value, unsigned size);

/* Somebody outside drives a pin; and how it reads in the end. */
void soc_drive(struct soc *s, unsigned pin, enum pin_level level);
bool soc_pin(const struct soc *s, unsigned pin);

/* A character has come in over USART2's RX, its last bit ends now. */
enum soc_uart_flags { SOC_UART_PARITY = 1, SOC_UART_FRAMING = 2, SOC_UART_OVERRUN = 4 };
void soc_receive(struct soc *s, uint8_t byte, unsigned flags);

/* All but the wires, as bytes. What is loaded may hold anything: see soc_sound.h. */
void soc_store(struct soc *s, struct store *st);
