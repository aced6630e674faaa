/* USART2 (RM0090, 30). See rs485.h.
 *
 * DE rises before the first byte is given to the transmitter, which begins the start
 * bit up to a bit time later, and falls in the interrupt of TC, when the last stop bit
 * is on the wire: never at TXE, which comes a whole character too early. */
#include "hal_target/stm32f405/rs485.h"
#include "core/rtu.h"
#include "hal_target/stm32f405/clocks.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/pins.h"
#include "hal_target/stm32f405/registers.h"
#include <string.h>

enum { ON = USART_CR1_UE | USART_CR1_TE | USART_CR1_RE | USART_CR1_RXNEIE };

/* BRR counts sixteenths of a bit, and clocks: f / baud (30.3.4). */
static void apply(struct rs485 *r)
{
    uint32_t parity = r->next_parity == HAL_PARITY_NONE ? 0u
                      : r->next_parity == HAL_PARITY_EVEN
                          ? USART_CR1_M | USART_CR1_PCE
                          : USART_CR1_M | USART_CR1_PCE | USART_CR1_ODD;

    r->baud = r->next_baud;
    r->parity = r->next_parity;
    mmio_write(USART2_CR1, 0);
    mmio_write(USART2_BRR, (CLOCKS_APB1_HZ + r->baud / 2) / r->baud);
    mmio_write(USART2_CR1, ON | parity);
}

/* Without need, a byte that is coming in would be lost. */
void rs485_configure(struct rs485 *r, uint32_t baud, enum hal_parity parity)
{
    r->next_baud = baud;
    r->next_parity = parity;
    if (!r->sending && (baud != r->baud || parity != r->parity))
        apply(r);
}

void rs485_send(struct rs485 *r, const uint8_t *frame, uint32_t size)
{
    if (r->sending || size == 0 || size > RS485_FRAME)
        return;
    memcpy(r->frame, frame, size);
    r->size = size;
    r->sent = 0;
    r->sending = true;
    pin_write(PIN_RS485_DE, true);
    mmio_set(USART2_CR1, USART_CR1_TXEIE);
    /* TXE is set, so the interrupt is due; QEMU raises it for received bytes alone. */
    mmio_write(NVIC_ISPR0 + IRQ_USART2 / 32 * 4, 1u << IRQ_USART2 % 32);
}

bool rs485_waits(const struct rs485 *r)
{
    return r->taken != r->put;
}

bool rs485_receive(struct rs485 *r, struct rs485_byte *byte)
{
    if (!rs485_waits(r))
        return false;
    *byte = r->queue[r->taken % RS485_QUEUE];
    r->taken++;
    return true;
}

static void receive(struct rs485 *r, uint32_t status, uint64_t now_us)
{
    uint8_t byte = (uint8_t)mmio_read(USART2_DR);
    unsigned flags = 0;

    if (status & USART_SR_PE)
        flags |= METER_UART_PARITY;
    if (status & (USART_SR_FE | USART_SR_NF))
        flags |= METER_UART_FRAMING;
    if (status & USART_SR_ORE)
        flags |= METER_UART_OVERRUN;
    if (r->put - r->taken == RS485_QUEUE) {
        r->lost++;
        return;
    }
    r->queue[r->put % RS485_QUEUE] = (struct rs485_byte){ .ended_us = now_us,
                                                          .byte = byte,
                                                          .flags = (uint8_t)flags };
    r->put++;
}

static void feed(struct rs485 *r)
{
    while (r->sent < r->size && mmio_read(USART2_SR) & USART_SR_TXE)
        mmio_write(USART2_DR, r->frame[r->sent++]);
    if (r->sent == r->size) {
        mmio_clear(USART2_CR1, USART_CR1_TXEIE);
        mmio_set(USART2_CR1, USART_CR1_TCIE);
    }
}

static void end(struct rs485 *r)
{
    mmio_clear(USART2_CR1, USART_CR1_TCIE);
    pin_write(PIN_RS485_DE, false);
    r->sending = false;
    if (r->next_baud != r->baud || r->next_parity != r->parity)
        apply(r);
}

void rs485_interrupt(struct rs485 *r, uint64_t now_us)
{
    uint32_t status = mmio_read(USART2_SR);

    if (status & (USART_SR_RXNE | USART_SR_ORE))
        receive(r, status, now_us);
    if (mmio_read(USART2_CR1) & USART_CR1_TXEIE)
        feed(r);
    if (mmio_read(USART2_CR1) & USART_CR1_TCIE && mmio_read(USART2_SR) & USART_SR_TC)
        end(r);
}
