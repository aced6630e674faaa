/* The physical meter's board: its parts, and what it reports of them. */
#pragma once

#include "core/model.h"
#include "hal_target/stm32f405/afe_ads131m06.h"
#include "hal_target/stm32f405/clocks.h"
#include "hal_target/stm32f405/factory.h"
#include "hal_target/stm32f405/fram.h"
#include "hal_target/stm32f405/lcd_pcf8576.h"
#include "hal_target/stm32f405/outputs.h"
#include "hal_target/stm32f405/rs485.h"
#include "hal_target/stm32f405/rtc.h"
#include "hal_target/stm32f405/supply.h"
#include "hal_target/stm32f405/update.h"
#include "hal_target/stm32f405/watchdog.h"

enum {
    BOARD_RTC_US = 3000000,   /* what its oscillator may take to start */
    BOARD_REST_US = 5000,     /* LEDs and watches want a turn this often */
    BOARD_REPORT_US = 1000000 /* counters are reported this often */
};

struct hal {
    struct factory_flash factory;
    struct afe afe;
    struct rs485 rs485;
    struct lcd_pcf8576 lcd;
    struct outputs outputs;
    struct supply supply;
    struct watchdog watchdog;
    struct rtc rtc;
    struct update update;
    uint32_t reset_system; /* its version; 0: there is none */
    enum clocks_source clock;
    const struct model *model;
    bool fram_seen;    /* it has answered since power-up */
    bool bare;         /* see hal_nvm_read */
    unsigned faults;   /* bits of enum hal_fault */
    unsigned reported; /* … as they were when board_report last returned true */
    uint64_t reported_us;
};

/* Clocks, pins and all parts but the front end; *fault, when one is recorded, is
 * filed. */
void board_start(struct hal *h, struct fault *fault);

/* Once in each turn of the main loop. False: the supply fails. */
bool board_run(struct hal *h, uint64_t now_us);

/* How long it may be left alone: a key, the supply or the watchdog does not wait longer,
 * and a transfer to the display goes on at each tick. */
uint32_t board_rest_us(const struct hal *h);

/* An update wants the processor to start anew, and what was sent has left. */
bool board_restarts(const struct hal *h);

/* True: *report is for meter_board. */
bool board_report(struct hal *h, uint64_t now_us, struct hal_report *report);
