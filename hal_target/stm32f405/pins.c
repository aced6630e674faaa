/* GPIO (RM0090, 8). See pins.h. */
#include "hal_target/stm32f405/pins.h"
#include "hal_target/stm32f405/mmio.h"

static const struct pin_row {
    uint32_t port;
    uint8_t number, mode, pull, speed, function, level;
} rows[PINS] = {
#define P(name, port, number, mode, pull, speed, function, level)                      \
    [PIN_##name] = { port, number, mode, pull, speed, function, level },
    PIN_ROWS(P)
#undef P
};

static void set_field(uint32_t reg, unsigned width, unsigned index, uint32_t value)
{
    uint32_t mask = ((1u << width) - 1) << (width * index);

    mmio_write(reg, (mmio_read(reg) & ~mask) | value << (width * index));
}

void pin_set_mode(enum pin pin, enum pin_mode mode)
{
    static const uint8_t moder[] = { [PIN_INPUT] = 0,
                                     [PIN_OUTPUT] = 1,
                                     [PIN_OUTPUT_OPEN] = 1,
                                     [PIN_FUNCTION] = 2,
                                     [PIN_FUNCTION_OPEN] = 2 };
    const struct pin_row *r = &rows[pin];

    set_field(r->port + GPIO_OTYPER, 1, r->number,
              mode == PIN_FUNCTION_OPEN || mode == PIN_OUTPUT_OPEN);
    set_field(r->port + GPIO_MODER, 2, r->number, moder[mode]);
}

void pin_start(enum pin pin)
{
    const struct pin_row *r = &rows[pin];

    set_field(r->port + GPIO_AFRL + (r->number >= 8 ? 4u : 0u), 4, r->number % 8u,
              r->function);
    set_field(r->port + GPIO_OSPEEDR, 2, r->number, r->speed);
    set_field(r->port + GPIO_PUPDR, 2, r->number, r->pull);
    pin_set_mode(pin, (enum pin_mode)r->mode);
}

void pins_start(void)
{
    for (int k = 0; k < PINS; k++) {
        if (rows[k].mode == PIN_OUTPUT)
            pin_write((enum pin)k, rows[k].level);
        pin_start((enum pin)k);
    }
}

void pin_write(enum pin pin, bool high)
{
    mmio_write(rows[pin].port + GPIO_BSRR, 1u << (rows[pin].number + (high ? 0 : 16)));
}

uint32_t pin_port(enum pin pin)
{
    return mmio_read(rows[pin].port + GPIO_IDR);
}

unsigned pin_number(enum pin pin)
{
    return rows[pin].number;
}

bool pin_read(enum pin pin)
{
    return pin_port(pin) >> pin_number(pin) & 1;
}
