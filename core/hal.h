/* What a board supplies to the metering core; the linker binds exactly one: hal_sim, a
 * target board, or a test's fake. There are no function tables and no defaults: a
 * missing function is a link error. `struct hal` belongs to the board and is opaque
 * here.
 *
 * No function blocks or waits. Calls come from the main loop (meter_tick, meter_poll,
 * meter_request …), never from meter_samples, which a board may call in its DMA
 * interrupt. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The front end, as the core reckons with it. Codes are 24-bit two's complement, 2^23
 * codes = the peak value given here; the front end itself clips at +20 % over-range
 * (1.2·√2 of the rating), just inside. */
enum {
    HAL_CHANNELS = 6,       /* Va Vb Vc Ia Ib Ic, sampled at one instant */
    HAL_SAMPLE_RATE = 2520, /* sample sets per second (manual, "Specifications") */
    HAL_CODES = 1 << 23,
    HAL_VOLT_PEAK_DV = 5889,       /* 588.9 V at the input terminals, in 0.1 V */
    HAL_CURRENT_PEAK_PERMIL = 1700 /* 1.7 × the CT's rated current */
};

enum hal_output {
    HAL_ENERGY_CONTACT, /* normally open: true = closed */
    HAL_ALARM_CONTACT,  /* normally closed: true = energised = open = no alarm */
    HAL_LED_GREEN,
    HAL_LED_RED,
    HAL_BACKLIGHT,
    HAL_OUTPUTS
};

enum hal_parity { HAL_PARITY_NONE, HAL_PARITY_EVEN, HAL_PARITY_ODD };

enum hal_ct_range { HAL_CT_1V, HAL_CT_THIRD_V };

enum {
    HAL_NVM_SIZE = 262144, /* FRAM: byte-addressed, no erase, no wear to speak of */
    HAL_LCD_SIZE = 20      /* bytes of segment memory */
};

/* What a board knows of itself, as the report of meter_board. */
enum hal_fault {
    HAL_FAULT_CRYSTAL = 1 << 0, /* time is not true, nothing is sampled */
    HAL_FAULT_FRONT_END = 1 << 1,
    HAL_FAULT_NVM = 1 << 2,
    HAL_FAULT_DISPLAY = 1 << 3,
    HAL_FAULT_CLOCK = 1 << 4,   /* the real-time clock, which stamps fault records */
    HAL_FAULT_FACTORY = 1 << 5, /* the factory's block is not whole */
    HAL_FAULT_OPTIONS = 1 << 6, /* the processor does not stop at a low supply */
    HAL_FAULT_BATTERY = 1 << 7, /* the clock had lost its time at power-up */
    HAL_FACTORY_PIN = 1 << 8    /* no fault: it was at ground at power-up (factory.h) */
};

/* What is there to be known, but is nothing wrong. */
#define HAL_WITHOUT_ALARM ((uint32_t)(HAL_FAULT_BATTERY | HAL_FACTORY_PIN))

/* Since power-up, but for the last two, which a battery keeps. */
enum hal_counter {
    HAL_SETS_DAMAGED,
    HAL_SETS_LATE,
    HAL_FRONT_END_STARTS,
    HAL_UART_BYTES_LOST,
    HAL_DISPLAY_FAILURES,
    HAL_SUPPLY_FAILURES,
    HAL_FAULTS_RECORDED,
    HAL_LAST_FAULT, /* number of the exception; 0: the watchdog */
    HAL_COUNTERS
};

struct hal_report {
    uint32_t faults; /* bits of enum hal_fault */
    uint32_t counter[HAL_COUNTERS];
};

struct hal;

/* 0, or -1 when the chip does not answer. A write is durable when it returns; a power
 * cut inside it leaves a prefix of it written. */
int hal_nvm_read(struct hal *h, uint32_t address, void *data, uint32_t size);
int hal_nvm_write(struct hal *h, uint32_t address, const void *data, uint32_t size);

/* One frame on RS-485; the driver is enabled for its length. */
void hal_uart_configure(struct hal *h, uint32_t baud, enum hal_parity parity);
void hal_uart_send(struct hal *h, const uint8_t *frame, uint32_t size);

/* LCD controller memory from `address` on. */
void hal_lcd_write(struct hal *h, uint32_t address, const uint8_t *data, uint32_t size);

void hal_output(struct hal *h, enum hal_output which, bool on);

/* The input divider of the CT channels: rated CT output 1 V or 1/3 V. */
void hal_ct_range(struct hal *h, enum hal_ct_range range);

/* An impossible state (assert.h): records it and restarts the meter, or ends it. It may
 * be called wherever core runs, in an interrupt, too, and knows no meter. */
_Noreturn void hal_assert_failed(const char *file, uint32_t line);

/* Fixed at manufacture; FACTORY_BLOCK_NO_SERIAL when it is not known. */
uint32_t hal_serial_number(struct hal *h);

/* What else a board knows of itself and measures by itself. */
enum hal_fact {
    HAL_BLOCK_STATE,    /* of the factory's block: enum factory_block_state */
    HAL_BOARD_REVISION, /* as the block says; 0: unknown */
    HAL_RTC_SECOND_NS /* the real-time clock's last second, by the processor's crystal,
                         * measured while the factory's pin is at ground; 0: none */
};
uint32_t hal_fact(struct hal *h, enum hal_fact which);

/* The program that starts the meter's image and can replace it: its version (1000:
 * 1.000), or 0 when there is none. */
uint32_t hal_reset_system_version(struct hal *h);

/* Function 0x42 with a sub-function of the board's (user_function.h): the answer's length,
 * or minus an exception code; a board that knows none answers 01. */
int hal_user_function(struct hal *h, const uint8_t *request, int length,
                      uint8_t *answer);
