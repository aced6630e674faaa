/* Clocks: a 14.7456 MHz crystal makes 154.8288 MHz (PLL M 8, N 168, P 2), APB1 38.7072
 * MHz and APB2 77.4144 MHz. From these 2520 samples a second and every baud rate come
 * out exactly. Time is counted by SysTick: 96 768 clocks are 625 µs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    CLOCKS_CORE_HZ = 154828800,
    CLOCKS_APB1_HZ = CLOCKS_CORE_HZ / 4,
    CLOCKS_APB2_HZ = CLOCKS_CORE_HZ / 2,
    CLOCKS_TICK = 96768, /* core clocks */
    CLOCKS_TICK_US = 625
};

/* INTERNAL: the crystal does not run. Then time and baud rate are off by up to 1.3 %,
 * which Modbus bears; metering does not, so the board leaves the front end off. */
enum clocks_source { CLOCKS_CRYSTAL, CLOCKS_INTERNAL };

enum clocks_source clocks_start(void);

/* On the internal oscillator: has the crystal started meanwhile? Then all clocks run on
 * it from now on; the change takes some 300 µs, which time lacks. */
bool clocks_retry(void);

/* SysTick's interrupt, of the highest priority. */
void clocks_tick(void);

/* Since clocks_start; may be asked in any interrupt. */
uint64_t clocks_now_us(void);

/* For the few parts that want a moment at start. */
void clocks_wait_us(uint32_t us);
