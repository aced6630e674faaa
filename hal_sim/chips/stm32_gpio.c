/* GPIO. See stm32_gpio.h. */
#include "hal_sim/chips/stm32_gpio.h"
#include "hal_sim/chips/soc.h"
#include <stddef.h>
#include <string.h>

enum {
    MODER = 0x00,
    OTYPER = 0x04,
    OSPEEDR = 0x08,
    PUPDR = 0x0C,
    IDR = 0x10,
    ODR = 0x14,
    BSRR = 0x18,
    LCKR = 0x1C,
    AFRL = 0x20,
    AFRH = 0x24
};

enum mode { INPUT, OUTPUT, FUNCTION, ANALOG };
enum pull { NONE, UP, DOWN };
enum { I2C_SCL = SOC_PB + 6, I2C_SDA = SOC_PB + 7 };

static unsigned mode_of(const struct stm32_port *p, unsigned number)
{
    return p->moder >> 2 * number & 3;
}

/* A pin of an alternate function is its peripheral's: nothing is driven here. */
static enum pin_level drives(const struct stm32_port *p, unsigned number)
{
    const bool high = p->odr >> number & 1;

    if (mode_of(p, number) != OUTPUT)
        return PIN_OPEN;
    if (high && p->otyper >> number & 1)
        return PIN_OPEN;
    return high ? PIN_HIGH : PIN_LOW;
}

/* What the pin is in the end: low wins, as on a wired-and line; a pull decides an open
 * one (8.3.9: an analog pin reads 0). */
static bool level_of(const struct stm32_gpio *g, unsigned pin)
{
    const struct stm32_port *p = &g->port[pin / 16];
    const unsigned number = pin % 16;
    const uint8_t inside = g->driven[pin], outside = g->outside[pin];

    if (mode_of(p, number) == ANALOG)
        return false;
    if (inside == PIN_LOW || outside == PIN_LOW)
        return false;
    if (inside == PIN_HIGH || outside == PIN_HIGH)
        return true;
    return (p->pupdr >> 2 * number & 3) == UP;
}

static void follow_pin(struct soc *s, unsigned pin)
{
    struct stm32_gpio *g = &s->gpio;
    struct stm32_port *p = &g->port[pin / 16];
    const unsigned number = pin % 16;
    const uint8_t inside = (uint8_t)drives(p, number);

    if (inside != g->driven[pin]) {
        g->driven[pin] = inside;
        if (s->wires.pin)
            s->wires.pin(s->wires.user, pin, (enum pin_level)inside, s->now_ns);
    }
    const bool level = level_of(g, pin);
    if (level == (p->levels >> number & 1))
        return;
    p->levels ^= (uint16_t)(1u << number);
    stm32_exti_edge(s, pin, level);
    if (pin == I2C_SCL || pin == I2C_SDA)
        stm32_i2c_lines(s);
}

static void follow_port(struct soc *s, unsigned port, uint32_t which)
{
    for (; which; which &= which - 1)
        follow_pin(s, port * 16 + (unsigned)__builtin_ctz(which));
}

/* Pins of the debugger start as its own (8.4.1, 8.4.4). */
void stm32_gpio_reset(struct soc *s)
{
    for (unsigned k = 0; k < STM32_PORTS; k++) {
        struct stm32_port *p = &s->gpio.port[k];
        const uint16_t levels = p->levels;
        *p = (struct stm32_port){ .levels = levels };
    }
    s->gpio.port[0].moder = 0xA8000000;
    s->gpio.port[0].pupdr = 0x64000000;
    s->gpio.port[1].moder = 0x00000280;
    s->gpio.port[1].pupdr = 0x00000100;
    for (unsigned port = 0; port < STM32_PORTS; port++)
        follow_port(s, port, 0xFFFF);
}

static uint32_t *plain(struct stm32_port *p, uint32_t offset)
{
    switch (offset) {
    case MODER:
        return &p->moder;
    case OTYPER:
        return &p->otyper;
    case OSPEEDR:
        return &p->ospeedr;
    case PUPDR:
        return &p->pupdr;
    case ODR:
        return &p->odr;
    case AFRL:
        return &p->afr[0];
    case AFRH:
        return &p->afr[1];
    default:
        return NULL;
    }
}

uint32_t stm32_gpio_read(struct soc *s, unsigned port, uint32_t offset)
{
    struct stm32_port *p = &s->gpio.port[port];
    const uint32_t *held = plain(p, offset);

    if (offset == IDR)
        return p->levels;
    return held ? *held : 0;
}

void stm32_gpio_write(struct soc *s, unsigned port, uint32_t offset, uint32_t value)
{
    struct stm32_port *p = &s->gpio.port[port];
    uint32_t *held = plain(p, offset);

    if (offset == BSRR) {
        const uint32_t before = p->odr;
        p->odr = (before & ~(value >> 16)) | (value & 0xFFFF);
        follow_port(s, port, before ^ p->odr);
        return;
    }
    if (!held || *held == value)
        return;
    *held = value;
    follow_port(s, port, 0xFFFF);
    stm32_tim1_update(s);
}

void stm32_gpio_drive(struct soc *s, unsigned pin, enum pin_level level)
{
    s->gpio.outside[pin] = (uint8_t)level;
    follow_pin(s, pin);
}

bool stm32_gpio_level(const struct soc *s, unsigned pin)
{
    return s->gpio.port[pin / 16].levels >> pin % 16 & 1;
}

/* OSPEEDR at 50 pF and 2.7 V (DS8626, 5.3.16, table "I/O AC characteristics"). */
bool stm32_gpio_follows(const struct soc *s, unsigned pin, uint32_t hz)
{
    static const uint32_t most_hz[] = { 4000000, 25000000, 50000000, 100000000 };

    return hz <= most_hz[s->gpio.port[pin / 16].ospeedr >> 2 * (pin % 16) & 3];
}

bool stm32_gpio_has_function(const struct soc *s, unsigned pin, unsigned af)
{
    const struct stm32_port *p = &s->gpio.port[pin / 16];
    const unsigned number = pin % 16;

    return mode_of(p, number) == FUNCTION &&
           (p->afr[number / 8] >> 4 * (number % 8) & 15) == af;
}
