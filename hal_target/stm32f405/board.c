/* The board: what core calls, bound to the drivers. See board.h. */
#include "hal_target/stm32f405/board.h"
#include "hal_target/stm32f405/pins.h"
#include <string.h>

static void note(struct hal *h, enum board_fault bit, bool fault)
{
    h->faults = fault ? h->faults | bit : h->faults & ~(unsigned)bit;
}

/* The watchdog leaves no record of its own. */
static void file_fault(struct fault *fault)
{
    bool bitten = watchdog_has_bitten();

    if (fault_fetch(fault))
        rtc_file_fault(fault);
    else if (bitten)
        rtc_file_fault(&(struct fault){ 0 });
}

void board_start(struct hal *h, struct fault *fault)
{
    memset(h, 0, sizeof *h);
    watchdog_start();
    h->clock = clocks_start();
    note(h, BOARD_NO_CRYSTAL, h->clock == CLOCKS_INTERNAL);
    pins_start();
    rtc_start(&h->rtc);
    file_fault(fault);
    factory_read(&h->factory);
    fram_start();
    lcd_pcf8576_start(&h->lcd);
    supply_start(&h->supply);
}

/* Without the crystal time is not true: no energy is better than a wrong one. */
static bool run_afe(struct hal *h, uint64_t now_us)
{
    return h->clock == CLOCKS_CRYSTAL && afe_watch(&h->afe, now_us);
}

bool board_run(struct hal *h, uint64_t now_us)
{
    watchdog_feed(&h->watchdog, now_us);
    note(h, BOARD_NO_AFE, !run_afe(h, now_us));
    rtc_run(&h->rtc);
    note(h, BOARD_NO_RTC, !h->rtc.runs && now_us >= BOARD_RTC_US);
    const bool failing = supply_run(&h->supply, now_us);
    if (!failing)
        lcd_pcf8576_run(&h->lcd, now_us);
    note(h, BOARD_NO_LCD, h->lcd.failures && !h->lcd.answers);
    outputs_run(&h->outputs, h->faults != 0, failing, now_us);
    return !failing;
}

static int note_fram(struct hal *h, int result)
{
    note(h, BOARD_NO_FRAM, result != 0);
    h->fram_seen |= result == 0;
    return result;
}

/* With neither crystal nor FRAM this is a bare processor on a bench, or in the
 * emulator, and meters nothing: it reads as new, so that it can be examined at the
 * default address. A meter whose FRAM alone is silent keeps silent too, for it does not
 * know its own. */
int hal_nvm_read(struct hal *h, uint32_t address, void *data, uint32_t size)
{
    int result = note_fram(h, fram_read(address, data, size));

    if (!result || h->fram_seen || h->clock == CLOCKS_CRYSTAL)
        return result;
    memset(data, 0xFF, size);
    return 0;
}

int hal_nvm_write(struct hal *h, uint32_t address, const void *data, uint32_t size)
{
    return note_fram(h, fram_write(address, data, size));
}

void hal_uart_configure(struct hal *h, uint32_t baud, enum hal_parity parity)
{
    rs485_configure(&h->rs485, baud, parity);
}

void hal_uart_send(struct hal *h, const uint8_t *frame, uint32_t size)
{
    rs485_send(&h->rs485, frame, size);
}

void hal_lcd_write(struct hal *h, uint32_t address, const uint8_t *data, uint32_t size)
{
    lcd_pcf8576_write(&h->lcd, address, data, size);
}

void hal_output(struct hal *h, enum hal_output which, bool on)
{
    outputs_set(&h->outputs, which, on);
}

void hal_ct_range(struct hal *h, enum hal_ct_range range)
{
    (void)h;
    outputs_ct_range(range);
}

uint32_t hal_serial_number(struct hal *h)
{
    return h->factory.serial;
}
