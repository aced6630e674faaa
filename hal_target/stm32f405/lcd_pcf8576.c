/* I2C1 as a master transmitter (RM0090, 27.3.3, figure 242), the freeing of a bus that a
 * part holds (UM10204, 3.1.16), and the PCF8576's commands
 * (datasheet, "Command decoder"). See lcd_pcf8576.h. */
#include "hal_target/stm32f405/lcd_pcf8576.h"
#include "hal_target/stm32f405/clocks.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/pins.h"
#include "hal_target/stm32f405/registers.h"
#include <string.h>

enum {
    ADDRESS = 0x38 << 1, /* SA0 low; write */
    MORE = 0x80,         /* another command follows */
    MODE_SET = 0x48,     /* on, 1/3 bias, 1:4 multiplex */
    DEVICE_0 = 0x60,
    BANKS_0 = 0x78,
    NO_BLINK = 0x70,
    POINTER_0 = 0x00,
    BUS_HZ = 100000,
    HALF_US = 5,    /* of a clock */
    BUS_CLOCKS = 9, /* a part in the middle of a byte lets go of SDA after these */
    APB1_MHZ = CLOCKS_APB1_HZ / 1000000
};

static void reset_peripheral(void)
{
    mmio_write(I2C1_CR1, I2C_CR1_SWRST);
    mmio_write(I2C1_CR1, 0);
    mmio_write(I2C1_CR2, APB1_MHZ);
    mmio_write(I2C1_CCR, (CLOCKS_APB1_HZ + 2 * BUS_HZ - 1) / (2 * BUS_HZ));
    mmio_write(I2C1_TRISE, APB1_MHZ + 1); /* 1000 ns */
    mmio_write(I2C1_CR1, I2C_CR1_PE);
}

void lcd_pcf8576_start(struct lcd_pcf8576 *l)
{
    memset(l, 0, sizeof *l);
    l->changed = true;
}

static void set_line(enum pin line, bool high)
{
    pin_write(line, high);
    clocks_wait_us(HALF_US);
}

/* A meter that was reset inside a transfer finds SDA low: the part waits for clocks. They
 * are given by hand, then a STOP. */
static void free_bus(struct lcd_pcf8576 *l)
{
    if (pin_read(PIN_LCD_SDA))
        return;
    l->freed++;
    pin_write(PIN_LCD_SCL, true);
    pin_write(PIN_LCD_SDA, true);
    pin_set_mode(PIN_LCD_SDA, PIN_OUTPUT_OPEN);
    pin_set_mode(PIN_LCD_SCL, PIN_OUTPUT_OPEN);
    for (int k = 0; k < BUS_CLOCKS && !pin_read(PIN_LCD_SDA); k++) {
        set_line(PIN_LCD_SCL, false);
        set_line(PIN_LCD_SCL, true);
    }
    set_line(PIN_LCD_SCL, false);
    set_line(PIN_LCD_SDA, false);
    set_line(PIN_LCD_SCL, true);
    set_line(PIN_LCD_SDA, true);
    pin_set_mode(PIN_LCD_SCL, PIN_FUNCTION_OPEN);
    pin_set_mode(PIN_LCD_SDA, PIN_FUNCTION_OPEN);
}

static void open(struct lcd_pcf8576 *l)
{
    free_bus(l);
    reset_peripheral();
    l->state = LCD_PCF8576_IDLE;
}

void lcd_pcf8576_write(struct lcd_pcf8576 *l, uint32_t address, const uint8_t *data,
                       uint32_t size)
{
    if (address > HAL_LCD_SIZE || size > HAL_LCD_SIZE - address)
        return;
    if (!memcmp(l->segments + address, data, size))
        return;
    memcpy(l->segments + address, data, size);
    l->changed = true;
}

/* All commands each time: a part that was reset by a disturbance shows again. */
static void begin(struct lcd_pcf8576 *l)
{
    static const uint8_t commands[LCD_PCF8576_COMMANDS] = {
        MORE | MODE_SET, MORE | DEVICE_0, MORE | BANKS_0, MORE | NO_BLINK, POINTER_0
    };

    memcpy(l->message, commands, LCD_PCF8576_COMMANDS);
    memcpy(l->message + LCD_PCF8576_COMMANDS, l->segments, HAL_LCD_SIZE);
    l->changed = false;
    l->at = 0;
    l->state = LCD_PCF8576_STARTED;
    mmio_set(I2C1_CR1, I2C_CR1_START);
}

static void finish(struct lcd_pcf8576 *l)
{
    mmio_set(I2C1_CR1, I2C_CR1_STOP);
    l->state = LCD_PCF8576_IDLE;
    l->answers = true;
}

static void fail(struct lcd_pcf8576 *l)
{
    mmio_set(I2C1_CR1, I2C_CR1_STOP);
    l->state = LCD_PCF8576_CLOSED;
    l->answers = false;
    l->failures++;
}

/* CR1 is not to be written while a STOP is pending (27.6.1). */
static bool bus_is_free(void)
{
    return !(mmio_read(I2C1_CR1) & I2C_CR1_STOP) &&
           !(mmio_read(I2C1_SR2) & I2C_SR2_BUSY);
}

/* True when the bus has moved. */
static bool step(struct lcd_pcf8576 *l, uint32_t status)
{
    if (l->state == LCD_PCF8576_CLAIMED && bus_is_free()) {
        begin(l);
    } else if (l->state == LCD_PCF8576_STARTED && status & I2C_SR1_SB) {
        mmio_write(I2C1_DR, ADDRESS);
        l->state = LCD_PCF8576_ADDRESSED;
    } else if (l->state == LCD_PCF8576_ADDRESSED && status & I2C_SR1_ADDR) {
        mmio_read(I2C1_SR2); /* after SR1: clears ADDR */
        l->state = LCD_PCF8576_SENDING;
    } else if (l->state == LCD_PCF8576_SENDING && l->at < LCD_PCF8576_MESSAGE &&
               status & I2C_SR1_TXE) {
        mmio_write(I2C1_DR, l->message[l->at++]);
    } else if (l->state == LCD_PCF8576_SENDING && l->at == LCD_PCF8576_MESSAGE &&
               status & I2C_SR1_BTF) {
        finish(l);
    } else {
        return false;
    }
    return true;
}

/* A part that did not answer is tried again when the memory is next sent. */
static bool is_due(const struct lcd_pcf8576 *l, uint64_t still_us)
{
    return (l->changed && (l->answers || l->failures == 0)) ||
           still_us >= LCD_PCF8576_REFRESH_US;
}

void lcd_pcf8576_run(struct lcd_pcf8576 *l, uint64_t now_us)
{
    uint64_t still_us = now_us - l->moved_us;

    if (now_us < LCD_PCF8576_POWER_ON_US)
        return;
    if (l->state == LCD_PCF8576_CLOSED) {
        open(l);
        return;
    }
    if (l->state == LCD_PCF8576_IDLE) {
        if (is_due(l, still_us)) {
            l->moved_us = now_us;
            l->state = LCD_PCF8576_CLAIMED;
        }
        return;
    }
    uint32_t status = mmio_read(I2C1_SR1);
    if (status & I2C_SR1_ERRORS || still_us >= LCD_PCF8576_STEP_US)
        fail(l);
    else if (step(l, status))
        l->moved_us = now_us;
}
