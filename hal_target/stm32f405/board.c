/* The board: what core calls, bound to the drivers. See board.h. */
#include "hal_target/stm32f405/board.h"
#include "hal_target/stm32f405/flash.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/pins.h"
#include "hal_target/stm32f405/registers.h"
#include <string.h>

static void note(struct hal *h, enum hal_fault bit, bool fault)
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

/* What a start finds wrong and nothing mends. Without BOR level 3 the processor would run
 * on at a supply at which neither flash nor FRAM is specified. */
static void check_making(struct hal *h)
{
    factory_read(&h->factory);
    note(h, HAL_FAULT_FACTORY, h->factory.state != FACTORY_BLOCK_WHOLE);
    note(h, (enum hal_fault)HAL_FACTORY_PIN, !pin_read(PIN_FACTORY));
    h->model = model_find(factory_model(&h->factory));
    note(h, HAL_FAULT_OPTIONS, mmio_read(FLASH_OPTCR) & FLASH_OPTCR_BOR);
}

static void find_programs(struct hal *h)
{
    struct identity who;

    update_start(&h->update, slot_at(mmio_read(SCB_VTOR)));
    flash_read(FLASH_START + IDENTITY_OFFSET, &who, sizeof who);
    if (memcmp(who.magic, IDENTITY_RESET_SYSTEM, sizeof who.magic) == 0)
        h->reset_system = who.version;
}

void board_start(struct hal *h, struct fault *fault)
{
    memset(h, 0, sizeof *h);
    watchdog_start();
    h->clock = clocks_start();
    pins_start();
    rtc_start(&h->rtc);
    file_fault(fault);
    check_making(h);
    find_programs(h);
    fram_start();
    lcd_pcf8576_start(&h->lcd);
    supply_start(&h->supply);
}

/* Without the crystal time is not true: no energy is better than a wrong one. */
static bool run_afe(struct hal *h, uint64_t now_us)
{
    if (h->clock == CLOCKS_INTERNAL && clocks_retry())
        h->clock = CLOCKS_CRYSTAL;
    note(h, HAL_FAULT_CRYSTAL, h->clock == CLOCKS_INTERNAL);
    return h->clock == CLOCKS_CRYSTAL && afe_watch(&h->afe, now_us);
}

static void run_rtc(struct hal *h, uint64_t now_us)
{
    rtc_run(&h->rtc);
    if (h->faults & HAL_FACTORY_PIN)
        rtc_measure(&h->rtc, now_us);
    note(h, HAL_FAULT_CLOCK, !h->rtc.runs && now_us >= BOARD_RTC_US);
    note(h, HAL_FAULT_BATTERY, h->rtc.lost_time);
}

/* A board that is not bare after all has started with the wrong settings. */
static void leave_bareness(struct hal *h)
{
    uint8_t byte;

    if (h->clock == CLOCKS_CRYSTAL || !fram_read(0, &byte, 1))
        fault_restart();
}

bool board_run(struct hal *h, uint64_t now_us)
{
    watchdog_feed(&h->watchdog, now_us);
    note(h, HAL_FAULT_FRONT_END, !run_afe(h, now_us));
    run_rtc(h, now_us);
    const bool failing = supply_run(&h->supply, now_us);
    if (!failing || h->lcd.state != LCD_PCF8576_IDLE) /* what has begun is ended */
        lcd_pcf8576_run(&h->lcd, now_us);
    note(h, HAL_FAULT_DISPLAY, h->lcd.failures && !h->lcd.answers);
    outputs_run(&h->outputs, h->faults & ~HAL_WITHOUT_ALARM, failing, now_us);
    return !failing;
}

uint32_t board_rest_us(const struct hal *h)
{
    return h->lcd.state == LCD_PCF8576_IDLE ? BOARD_REST_US : 0;
}

bool board_restarts(const struct hal *h)
{
    return h->update.restart && !h->rs485.sending;
}

bool board_report(struct hal *h, uint64_t now_us, struct hal_report *report)
{
    if (h->faults == h->reported && now_us - h->reported_us < BOARD_REPORT_US)
        return false;
    if (h->bare)
        leave_bareness(h);
    h->reported = h->faults;
    h->reported_us = now_us;
    report->faults = h->faults;
    report->counter[HAL_SETS_DAMAGED] = h->afe.damaged;
    report->counter[HAL_SETS_LATE] = h->afe.late;
    report->counter[HAL_FRONT_END_STARTS] = h->afe.starts;
    report->counter[HAL_UART_BYTES_LOST] = h->rs485.lost;
    report->counter[HAL_DISPLAY_FAILURES] = h->lcd.failures;
    report->counter[HAL_SUPPLY_FAILURES] = h->supply.failures;
    report->counter[HAL_FAULTS_RECORDED] = rtc_faults(&report->counter[HAL_LAST_FAULT]);
    return true;
}

static int note_fram(struct hal *h, int result)
{
    note(h, HAL_FAULT_NVM, result != 0);
    h->fram_seen |= result == 0;
    return result;
}

/* With neither crystal nor FRAM this is a bare processor on a bench, or in the
 * emulator, and meters nothing: it reads as new, so that it can be examined at the
 * default address, and writes nothing. When either answers later, the meter starts anew:
 * a real one whose FRAM was late must not go on with settings that are not its own. A
 * meter whose FRAM alone is silent keeps silent too, for it does not know its own. */
int hal_nvm_read(struct hal *h, uint32_t address, void *data, uint32_t size)
{
    int result = note_fram(h, fram_read(address, data, size));

    if (!result || h->fram_seen || h->clock == CLOCKS_CRYSTAL)
        return result;
    h->bare = true;
    memset(data, 0xFF, size);
    return 0;
}

int hal_nvm_write(struct hal *h, uint32_t address, const void *data, uint32_t size)
{
    return h->bare ? -1 : note_fram(h, fram_write(address, data, size));
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
    return h->factory.block.serial;
}

uint32_t hal_fact(struct hal *h, enum hal_fact which)
{
    switch (which) {
    case HAL_BLOCK_STATE:
        return h->factory.state;
    case HAL_BOARD_REVISION:
        return h->factory.block.revision;
    case HAL_RTC_SECOND_NS:
        return h->rtc.second_ns;
    }
    return 0;
}

uint32_t hal_reset_system_version(struct hal *h)
{
    return h->reset_system;
}

int hal_user_function(struct hal *h, const uint8_t *request, int length,
                      uint8_t *answer)
{
    const struct update_who who = { h->model->name, h->factory.block.serial,
                                    h->reset_system };

    return update_answer(&h->update, &who, request, length, answer);
}
