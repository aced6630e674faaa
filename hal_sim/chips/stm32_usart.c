/* USART2. See stm32_usart.h. */
#include "hal_sim/chips/stm32_usart.h"
#include "hal_sim/chips/chip_rate.h"
#include "hal_sim/chips/soc.h"
#include <string.h>

enum { SR = 0x00, DR = 0x04, BRR = 0x08, CR1 = 0x0C, CR2 = 0x10, CR3 = 0x14 };
enum {
    PE = 1 << 0,
    FE = 1 << 1,
    ORE = 1 << 3,
    RXNE = 1 << 5,
    TC = 1 << 6,
    TXE = 1 << 7,
    ERRORS = 0x0F,
    RE = 1 << 2,
    TE = 1 << 3,
    RXNEIE = 1 << 5,
    TCIE = 1 << 6,
    TXEIE = 1 << 7,
    PEIE = 1 << 8,
    PS = 1 << 9,
    PCE = 1 << 10,
    M = 1 << 12,
    UE = 1 << 13,
    OVER8 = 1 << 15
};

enum { TX = SOC_PA + 2, RX = SOC_PA + 3, FUNCTION = 7, IRQ = 38 };

/* Clocks of a bit: BRR counts sixteenths (or eighths) of it (30.3.4). */
static uint32_t clocks(const struct stm32_usart *u)
{
    if (u->cr1 & OVER8)
        return (u->brr >> 4) * 8 + (u->brr & 7);
    return u->brr;
}

static int bits(const struct stm32_usart *u)
{
    return 1 + (u->cr1 & M ? 9 : 8) + ((u->cr2 >> 12 & 3) == 2 ? 2 : 1);
}

static int64_t character_ns(const struct soc *s)
{
    return chip_rate_ns(s->rcc.apb1, (int64_t)clocks(&s->usart) * bits(&s->usart));
}

static void follow(struct soc *s)
{
    const struct stm32_usart *u = &s->usart;
    const uint32_t sr = u->sr, cr = u->cr1;
    const bool asks = (cr & RXNEIE && sr & (RXNE | ORE)) || (cr & TXEIE && sr & TXE) ||
                      (cr & TCIE && sr & TC) || (cr & PEIE && sr & PE);

    cortex_nvic_line(s, CORTEX_IRQ + IRQ, cr & UE && asks);
}

static void tell_setup(struct soc *s)
{
    const struct stm32_usart *u = &s->usart;
    const uint32_t by = clocks(u);
    const unsigned parity = !(u->cr1 & PCE) ? 0 : u->cr1 & PS ? 2 : 1;
    const uint32_t baud =
        u->cr1 & UE && by ? chip_rate_hz(chip_rate_by(s->rcc.apb1, by)) : 0;

    if (baud == u->told_baud && parity == u->told_parity)
        return;
    s->usart.told_baud = baud;
    s->usart.told_parity = parity;
    if (s->wires.uart_setup)
        s->wires.uart_setup(s->wires.user, baud, parity, s->now_ns);
}

void stm32_usart_reset(struct soc *s)
{
    memset(&s->usart, 0, sizeof s->usart);
    s->usart.sr = TXE | TC;
    soc_due(s, SOC_USART2, INT64_MAX);
    follow(s);
}

/* The first start bit comes after the idle frame that TE sends (30.3.2). */
static void begin(struct soc *s)
{
    struct stm32_usart *u = &s->usart;
    const int64_t from = s->now_ns > u->idle_until_ns ? s->now_ns : u->idle_until_ns;
    const int64_t takes = character_ns(s);

    u->shifting = u->waiting;
    u->full = false;
    u->busy = true;
    u->sr |= TXE;
    u->starts_ns = from;
    u->ends_ns = takes == INT64_MAX ? takes : from + takes;
    soc_due(s, SOC_USART2, u->ends_ns);
}

/* Seven bits of data and parity, when nine are not asked for. */
static uint8_t on_the_wire(const struct stm32_usart *u, uint8_t byte)
{
    if (!(u->cr1 & PCE) || u->cr1 & M)
        return byte;
    const unsigned seven = byte & 0x7F;
    const bool odd = __builtin_parity(seven) ^ (u->cr1 & PS ? 1 : 0);
    return (uint8_t)(seven | (odd ? 0x80u : 0));
}

void stm32_usart_run(struct soc *s)
{
    struct stm32_usart *u = &s->usart;

    u->busy = false;
    if (s->wires.uart && stm32_gpio_has_function(s, TX, FUNCTION))
        s->wires.uart(s->wires.user, on_the_wire(u, u->shifting), u->starts_ns,
                      s->now_ns);
    if (u->full)
        begin(s);
    else
        u->sr |= TC;
    follow(s);
}

/* A character that finds the register full is lost (30.3.3). */
void stm32_usart_receive(struct soc *s, uint8_t byte, unsigned flags)
{
    struct stm32_usart *u = &s->usart;

    if ((u->cr1 & (UE | RE)) != (UE | RE) || !(s->rcc.apb1enr >> 17 & 1) ||
        !stm32_gpio_has_function(s, RX, FUNCTION))
        return;
    if (u->sr & RXNE || flags & SOC_UART_OVERRUN)
        u->sr |= ORE;
    if (!(u->sr & RXNE)) {
        u->received = byte;
        u->sr = (u->sr & ~(uint32_t)(PE | FE)) | RXNE;
        u->sr |=
            (flags & SOC_UART_PARITY ? PE : 0u) | (flags & SOC_UART_FRAMING ? FE : 0u);
    }
    u->sr_read = false;
    follow(s);
}

/* Errors are cleared by reading SR, then DR (30.6.1). */
static uint32_t read_data(struct soc *s)
{
    struct stm32_usart *u = &s->usart;

    u->sr &= ~(uint32_t)RXNE;
    if (u->sr_read)
        u->sr &= ~(uint32_t)ERRORS;
    u->sr_read = false;
    follow(s);
    return u->received;
}

uint32_t stm32_usart_read(struct soc *s, uint32_t offset)
{
    struct stm32_usart *u = &s->usart;

    switch (offset) {
    case SR:
        u->sr_read = true;
        return u->sr;
    case DR:
        return read_data(s);
    case BRR:
        return u->brr;
    case CR1:
        return u->cr1;
    case CR2:
        return u->cr2;
    case CR3:
        return u->cr3;
    default:
        return 0;
    }
}

static void tell_given(struct soc *s, uint8_t byte)
{
    if (s->wires.uart_given && stm32_gpio_has_function(s, TX, FUNCTION))
        s->wires.uart_given(s->wires.user, on_the_wire(&s->usart, byte), s->now_ns);
}

static void write_data(struct soc *s, uint8_t byte)
{
    struct stm32_usart *u = &s->usart;

    u->waiting = byte;
    u->full = true;
    u->sr &= ~(uint32_t)TXE;
    if (u->sr_read)
        u->sr &= ~(uint32_t)TC;
    if ((u->cr1 & (UE | TE)) != (UE | TE))
        return;
    tell_given(s, byte);
    if (!u->busy)
        begin(s);
}

/* Without UE both registers stop at once. */
static void write_control(struct soc *s, uint32_t value)
{
    struct stm32_usart *u = &s->usart;
    const uint32_t before = u->cr1;

    u->cr1 = value & 0xFFFF;
    if (!(u->cr1 & UE)) {
        u->busy = u->full = false;
        u->sr |= TXE | TC;
        soc_due(s, SOC_USART2, INT64_MAX);
    }
    if ((u->cr1 & (UE | TE)) == (UE | TE) && (before & (UE | TE)) != (UE | TE)) {
        const int64_t idle = character_ns(s);
        u->idle_until_ns = idle == INT64_MAX ? s->now_ns : s->now_ns + idle;
        if (u->full && !u->busy)
            begin(s);
    }
    tell_setup(s);
}

void stm32_usart_write(struct soc *s, uint32_t offset, uint32_t value)
{
    struct stm32_usart *u = &s->usart;

    switch (offset) {
    case SR:
        u->sr &= value | ~(uint32_t)(TC | RXNE);
        break;
    case DR:
        write_data(s, (uint8_t)value);
        break;
    case BRR:
        u->brr = value & 0xFFFF;
        tell_setup(s);
        break;
    case CR1:
        write_control(s, value);
        break;
    case CR2:
        u->cr2 = value;
        break;
    case CR3:
        u->cr3 = value;
        break;
    default:
        break;
    }
    follow(s);
}
