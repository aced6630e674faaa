/* The physical meter's board: its parts, and which of them do not answer. */
#ifndef STM32F405_BOARD_H
#define STM32F405_BOARD_H

#include "hal_target/stm32f405/afe_ads131m06.h"
#include "hal_target/stm32f405/clocks.h"
#include "hal_target/stm32f405/factory.h"
#include "hal_target/stm32f405/fram.h"
#include "hal_target/stm32f405/lcd_pcf8576.h"
#include "hal_target/stm32f405/outputs.h"
#include "hal_target/stm32f405/rs485.h"
#include "hal_target/stm32f405/rtc.h"
#include "hal_target/stm32f405/supply.h"
#include "hal_target/stm32f405/watchdog.h"

/* Bits of struct hal, faults. */
enum board_fault {
    BOARD_NO_CRYSTAL = 1,
    BOARD_NO_AFE = 2,
    BOARD_NO_FRAM = 4,
    BOARD_NO_LCD = 8,
    BOARD_NO_RTC = 16
};

enum { BOARD_RTC_US = 3000000 }; /* what its oscillator may take to start */

struct hal {
    struct factory factory;
    struct afe afe;
    struct rs485 rs485;
    struct lcd_pcf8576 lcd;
    struct outputs outputs;
    struct supply supply;
    struct watchdog watchdog;
    struct rtc rtc;
    enum clocks_source clock;
    bool fram_seen; /* it has answered since power-up */
    unsigned faults;
};

/* Clocks, pins and all parts but the front end; *fault, when one is recorded, is
 * filed. */
void board_start(struct hal *h, struct fault *fault);

/* Once in each pass of the main loop. False: the supply fails. */
bool board_run(struct hal *h, uint64_t now_us);

#endif
