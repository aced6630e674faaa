/* RS-485 at the level of USART2's registers: when DE rises and falls against the bytes
 * on the wire, baud rates, flags and times of what comes in. The fake shifts bytes out
 * in the time that the baud rate takes, and counts violations. */
#include "core/rtu.h"
#include "hal_target/stm32f405/rs485.h"
#include "mmio_fake.h"
#include "tests/support/check.h"

static struct usart {
    bool shifting, held; /* a byte in the shift register, one in DR behind it */
    uint8_t shift, hold, in;
    uint64_t ends; /* in core clocks: the stop bit of the shifted byte */
    uint32_t status;
    uint8_t wire[600];
    uint32_t sent, pended;
    uint32_t outside_de; /* bytes on the wire without DE, or cut by its fall */
    uint32_t overwritten;
    uint64_t last_bit, de_rose, de_fell;
    bool de;
} usart;

static uint64_t byte_clocks(void)
{
    uint32_t bits = *mmio_word(USART2_CR1) & USART_CR1_M ? 11 : 10;

    return (uint64_t)*mmio_word(USART2_BRR) * 4 * bits; /* APB1: core / 4 */
}

static void shift_out(void)
{
    while (usart.shifting && mmio.clocks >= usart.ends) {
        usart.wire[usart.sent++] = usart.shift;
        usart.last_bit = usart.ends;
        if (!mmio_pin(GPIOA, 1))
            usart.outside_de++;
        usart.shifting = usart.held;
        usart.shift = usart.hold;
        usart.held = false;
        usart.ends += byte_clocks();
        if (!usart.shifting)
            usart.status |= USART_SR_TC;
    }
}

static void put_byte(uint8_t byte)
{
    usart.status &= ~(uint32_t)USART_SR_TC;
    if (!usart.shifting) {
        usart.shifting = true;
        usart.shift = byte;
        usart.ends = mmio.clocks + byte_clocks();
        if (!mmio_pin(GPIOA, 1))
            usart.outside_de++;
    } else if (usart.held) {
        usart.overwritten++;
    } else {
        usart.held = true;
        usart.hold = byte;
    }
}

static bool fake_read(uint32_t address, uint32_t *value)
{
    shift_out();
    if (address == USART2_SR) {
        *value = usart.status | (usart.held ? 0 : USART_SR_TXE);
    } else if (address == USART2_DR) {
        *value = usart.in;
        usart.status &= USART_SR_TC;
    } else {
        return false;
    }
    return true;
}

static bool fake_write(uint32_t address, uint32_t value)
{
    shift_out();
    if (address == USART2_DR)
        put_byte((uint8_t)value);
    if (address == GPIOA + GPIO_BSRR && mmio_pin(GPIOA, 1) != usart.de) {
        usart.de = !usart.de;
        *(usart.de ? &usart.de_rose : &usart.de_fell) = mmio.clocks;
        if (!usart.de && usart.shifting)
            usart.outside_de++;
    }
    if (address == NVIC_ISPR0 + 4)
        usart.pended = value;
    return address == USART2_DR;
}

/* The interrupt, whenever the peripheral asks for it. */
static void run(struct rs485 *r, uint64_t us)
{
    uint64_t until = mmio.clocks + us * CLOCKS_TICK / CLOCKS_TICK_US;

    while (mmio.clocks < until) {
        mmio_advance(200);
        shift_out();
        uint32_t cr1 = *mmio_word(USART2_CR1);
        if ((cr1 & USART_CR1_TXEIE && !usart.held) ||
            (cr1 & USART_CR1_TCIE && usart.status & USART_SR_TC) ||
            usart.status & (USART_SR_RXNE | USART_SR_ORE))
            rs485_interrupt(r, clocks_now_us());
    }
}

static void start(struct rs485 *r, uint32_t baud, enum hal_parity parity)
{
    mmio_reset();
    memset(&usart, 0, sizeof usart);
    memset(r, 0, sizeof *r);
    usart.status = USART_SR_TC;
    clocks_start();
    mmio.clocks = 0;
    rs485_configure(r, baud, parity);
}

static void receive(struct rs485 *r, uint8_t byte, uint32_t flags)
{
    usart.in = byte;
    usart.status |= USART_SR_RXNE | flags;
    run(r, 10);
}

static void test_de_spans_the_frame(void **state)
{
    static const uint32_t bauds[] = { 1200, 2400, 4800, 9600, 19200, 38400 };
    static struct rs485 r;
    uint8_t frame[256];

    (void)state;
    for (unsigned k = 0; k < sizeof frame; k++)
        frame[k] = (uint8_t)(k * 7);
    for (unsigned b = 0; b < 6; b++)
        for (int parity = 0; parity < 3; parity++) {
            uint32_t size = b % 2 ? 256 : 1 + b;
            start(&r, bauds[b], (enum hal_parity)parity);
            assert_int_equal(*mmio_word(USART2_BRR) * bauds[b], CLOCKS_APB1_HZ);
            rs485_send(&r, frame, size);
            assert_true(usart.de);
            assert_int_equal(usart.pended, 1u << (38 - 32));
            run(&r, 11ull * 1000000 * (size + 2) / bauds[b]);
            assert_int_equal(usart.sent, size);
            assert_memory_equal(usart.wire, frame, size);
            assert_int_equal(usart.outside_de, 0);
            assert_int_equal(usart.overwritten, 0);
            assert_false(usart.de);
            assert_false(r.sending);
            /* It falls when the last stop bit is out, and at once: within 5 µs. */
            assert_true(usart.de_fell >= usart.last_bit);
            assert_true(usart.de_fell - usart.last_bit < 5 * 155);
            assert_int_equal(
                *mmio_word(USART2_CR1) & (USART_CR1_TXEIE | USART_CR1_TCIE), 0);
        }
}

static void test_parity_is_a_ninth_bit(void **state)
{
    static struct rs485 r;
    const uint32_t mask = USART_CR1_M | USART_CR1_PCE | USART_CR1_ODD;

    (void)state;
    start(&r, 9600, HAL_PARITY_NONE);
    assert_int_equal(*mmio_word(USART2_CR1) & mask, 0);
    start(&r, 9600, HAL_PARITY_EVEN);
    assert_int_equal(*mmio_word(USART2_CR1) & mask, USART_CR1_M | USART_CR1_PCE);
    start(&r, 9600, HAL_PARITY_ODD);
    assert_int_equal(*mmio_word(USART2_CR1) & mask, mask);
}

static void test_a_new_baud_rate_waits_for_the_frame(void **state)
{
    static struct rs485 r;

    (void)state;
    start(&r, 19200, HAL_PARITY_NONE);
    uint32_t before = *mmio_word(USART2_BRR);
    rs485_send(&r, (const uint8_t *)"answer", 6);
    rs485_configure(&r, 1200, HAL_PARITY_NONE);
    assert_int_equal(*mmio_word(USART2_BRR), before);
    run(&r, 5000);
    assert_int_equal(usart.sent, 6);
    assert_int_equal(*mmio_word(USART2_BRR), CLOCKS_APB1_HZ / 1200);
}

static void test_frames_that_cannot_go_are_dropped(void **state)
{
    static struct rs485 r;
    static const uint8_t frame[300] = { 1 };

    (void)state;
    start(&r, 38400, HAL_PARITY_NONE);
    rs485_send(&r, frame, 0);
    rs485_send(&r, frame, 257);
    assert_false(usart.de);
    rs485_send(&r, (const uint8_t *)"first", 5);
    rs485_send(&r, (const uint8_t *)"second", 6);
    run(&r, 10000);
    assert_int_equal(usart.sent, 5);
    assert_memory_equal(usart.wire, "first", 5);
}

static void test_received_bytes_keep_flags_and_times(void **state)
{
    static struct rs485 r;
    struct rs485_byte byte;

    (void)state;
    start(&r, 9600, HAL_PARITY_EVEN);
    assert_false(rs485_receive(&r, &byte));
    receive(&r, 0x11, 0);
    run(&r, 1000);
    receive(&r, 0x22, USART_SR_PE);
    receive(&r, 0x33, USART_SR_FE);
    receive(&r, 0x44, USART_SR_ORE);
    assert_true(rs485_receive(&r, &byte));
    uint64_t first_us = byte.ended_us;
    assert_int_equal(byte.byte, 0x11);
    assert_int_equal(byte.flags, 0);
    assert_true(rs485_receive(&r, &byte));
    assert_int_equal(byte.flags, METER_UART_PARITY);
    assert_in_range(byte.ended_us - first_us, 1000, 1030);
    assert_true(rs485_receive(&r, &byte));
    assert_int_equal(byte.flags, METER_UART_FRAMING);
    assert_true(rs485_receive(&r, &byte));
    assert_int_equal(byte.byte, 0x44);
    assert_int_equal(byte.flags, METER_UART_OVERRUN);
    assert_false(rs485_receive(&r, &byte));
}

static void test_a_full_queue_counts_what_it_loses(void **state)
{
    static struct rs485 r;
    struct rs485_byte byte;

    (void)state;
    start(&r, 38400, HAL_PARITY_NONE);
    for (unsigned k = 0; k < RS485_QUEUE + 3; k++)
        receive(&r, (uint8_t)k, 0);
    assert_int_equal(r.lost, 3);
    for (unsigned k = 0; k < RS485_QUEUE; k++) {
        assert_true(rs485_receive(&r, &byte));
        assert_int_equal(byte.byte, (uint8_t)k);
    }
    assert_false(rs485_receive(&r, &byte));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_de_spans_the_frame),
        cmocka_unit_test(test_parity_is_a_ninth_bit),
        cmocka_unit_test(test_a_new_baud_rate_waits_for_the_frame),
        cmocka_unit_test(test_frames_that_cannot_go_are_dropped),
        cmocka_unit_test(test_received_bytes_keep_flags_and_times),
        cmocka_unit_test(test_a_full_queue_counts_what_it_loses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
