/* The LCD controller: a PCF8576 (data sheet of NXP, 1:4 multiplex, 40 segments) on I2C
 * at 0x38 (SA0 low). Commands first, each with a bit that says whether another follows;
 * then display data, which the data pointer leads into RAM. */
#pragma once

#include "hal_sim/chips/part.h"

enum {
    PCF8576_RAM = 20,             /* two segments of four backplanes are a byte */
    PCF8576_BUS_HZ = 100000,      /* f_SCL */
    PCF8576_POWER_ON_NS = 1000000 /* "Power-on reset": no transfer for 1 ms */
};

struct pcf8576_wires {
    void *user;
    /* What the glass shows from now on: the RAM, or zeros when the display is off. */
    void (*shows)(void *user, const uint8_t ram[PCF8576_RAM]);
    void (*sda)(void *user, enum pin_level level);
};

struct pcf8576 {
    bool powered, addressed, commands;
    bool on, multiplexed, wired; /* MODE SET as the glass needs it; DEVICE SELECT 0 */
    uint8_t pointer;             /* in segments */
    uint8_t ram[PCF8576_RAM];
    int64_t ready_ns;
    bool absent;    /* does not acknowledge */
    uint32_t holds; /* SDA low, until so many clocks have come: it is inside a byte */
    uint32_t too_fast, too_soon; /* for reports */
    struct pcf8576_wires wires;
};

/* RAM begins as it may, here 0xFF; the display is off. */
void pcf8576_power(struct pcf8576 *p, bool on, int64_t now_ns);

bool pcf8576_address(void *p, uint8_t address, uint32_t hz, int64_t now_ns);
bool pcf8576_byte(void *p, uint8_t byte, int64_t now_ns);
void pcf8576_stop(void *p, int64_t now_ns);

/* It was left inside a byte, and lets go of SDA after so many clocks (UM10204, 3.1.16); 0:
 * at once. A clock that is made by hand. */
void pcf8576_hold(struct pcf8576 *p, uint32_t clocks);
void pcf8576_clock(struct pcf8576 *p);
