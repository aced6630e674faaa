/* RS-485 on USART2 and the transceiver's enable: when DE rises and falls against the bytes
 * on the wire, baud rates, flags and times of what comes in. */
#include "chips.h"
#include "core/rtu.h"
#include "hal_target/stm32f405/rs485.h"

static struct rs485 r;

static void on_uart(void)
{
    rs485_interrupt(&r, clocks_now_us());
}

static void start(uint32_t baud, enum hal_parity parity)
{
    chips_start();
    memset(&r, 0, sizeof r);
    clocks_start();
    pins_start();
    rs485_configure(&r, baud, parity);
    chips_interrupt(IRQ_USART2, 0x80, on_uart);
    chips_pass_us(10000); /* the idle frame after TE */
}

static void receive(uint8_t byte, unsigned flags)
{
    meter_board_receive(&chips.board, byte, flags);
    chips_pass_us(10);
}

static void test_de_spans_the_frame(void **state)
{
    static const uint32_t bauds[] = { 1200, 2400, 4800, 9600, 19200, 38400 };
    uint8_t frame[256];

    (void)state;
    for (unsigned k = 0; k < sizeof frame; k++)
        frame[k] = (uint8_t)(k * 7);
    for (unsigned b = 0; b < 6; b++)
        for (int parity = 0; parity < 3; parity++) {
            const uint32_t size = b % 2 ? 256 : 1 + b;
            const uint64_t bits = parity ? 11 : 10;
            start(bauds[b], (enum hal_parity)parity);
            assert_int_equal(chips.baud, bauds[b]);
            const int64_t sent_ns = chips.soc.now_ns;
            rs485_send(&r, frame, size);
            assert_true(chips.drives);
            chips_pass_us((int64_t)(bits * 1000000 * (size + 2) / bauds[b]));
            assert_int_equal(chips.sent, size); /* each whole within DE */
            assert_memory_equal(chips.wire, frame, size);
            assert_false(chips.drives);
            assert_false(r.sending);
            /* Back to back, and DE falls when the last stop bit is out: within 5 µs. */
            assert_in_range(
                chips.last_bit_ns - sent_ns, bits * size * 1000000000 / bauds[b],
                bits * size * 1000000000 / bauds[b] + 1000000000 / bauds[b] + 20000);
            assert_in_range(chips.fell_ns - chips.last_bit_ns, 0, 5000);
        }
}

static void test_parity_is_a_ninth_bit(void **state)
{
    const uint32_t mask = USART_CR1_M | USART_CR1_PCE | USART_CR1_ODD;

    (void)state;
    start(9600, HAL_PARITY_NONE);
    assert_int_equal(chips_peek(USART2_CR1) & mask, 0);
    start(9600, HAL_PARITY_EVEN);
    assert_int_equal(chips_peek(USART2_CR1) & mask, USART_CR1_M | USART_CR1_PCE);
    start(9600, HAL_PARITY_ODD);
    assert_int_equal(chips_peek(USART2_CR1) & mask, mask);
}

static void test_a_new_baud_rate_waits_for_the_frame(void **state)
{
    (void)state;
    start(19200, HAL_PARITY_NONE);
    rs485_send(&r, (const uint8_t *)"answer", 6);
    rs485_configure(&r, 1200, HAL_PARITY_NONE);
    assert_int_equal(chips.baud, 19200);
    chips_pass_us(5000);
    assert_int_equal(chips.sent, 6);
    assert_int_equal(chips.baud, 1200);
}

static void test_frames_that_cannot_go_are_dropped(void **state)
{
    static const uint8_t frame[300] = { 1 };

    (void)state;
    start(38400, HAL_PARITY_NONE);
    rs485_send(&r, frame, 0);
    rs485_send(&r, frame, 257);
    assert_false(chips.drives);
    rs485_send(&r, (const uint8_t *)"first", 5);
    rs485_send(&r, (const uint8_t *)"second", 6);
    chips_pass_us(10000);
    assert_int_equal(chips.sent, 5);
    assert_memory_equal(chips.wire, "first", 5);
}

static void test_received_bytes_keep_flags_and_times(void **state)
{
    struct rs485_byte byte;

    (void)state;
    start(9600, HAL_PARITY_EVEN);
    assert_false(rs485_receive(&r, &byte));
    receive(0x11, 0);
    chips_pass_us(1000);
    receive(0x22, SOC_UART_PARITY);
    receive(0x33, SOC_UART_FRAMING);
    receive(0x44, SOC_UART_OVERRUN);
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

/* The interrupt was held up for a byte: the core learns that one is missing. */
static void test_an_overrun_is_flagged(void **state)
{
    struct rs485_byte byte;
    unsigned flags = 0;

    (void)state;
    start(38400, HAL_PARITY_NONE);
    chips.held_up = true;
    receive(1, 0);
    receive(2, 0);
    chips.held_up = false;
    chips_attend();
    receive(3, 0);
    while (rs485_receive(&r, &byte))
        flags |= byte.flags;
    assert_int_equal(flags, METER_UART_OVERRUN);
    receive(4, 0);
    assert_true(rs485_receive(&r, &byte));
    assert_int_equal(byte.flags, 0);
}

/* A byte that comes between the reads of SR and DR leaves ORE alone (30.3.3): it asks for
 * its interrupt until somebody reads DR. */
static void test_an_overrun_without_a_byte(void **state)
{
    struct rs485_byte byte;

    (void)state;
    start(38400, HAL_PARITY_NONE);
    chips.held_up = true;
    receive(1, 0);
    soc_read(&chips.soc, USART2_SR, 4);
    receive(2, 0);
    soc_read(&chips.soc, USART2_DR, 4);
    assert_int_equal(chips.soc.usart.sr & (USART_SR_RXNE | USART_SR_ORE), USART_SR_ORE);
    rs485_interrupt(&r, clocks_now_us());
    assert_int_equal(chips.soc.usart.sr & USART_SR_ORE, 0);
    assert_true(rs485_receive(&r, &byte));
    assert_int_equal(byte.flags, METER_UART_OVERRUN);
}

static void test_a_full_queue_counts_what_it_loses(void **state)
{
    struct rs485_byte byte;

    (void)state;
    start(38400, HAL_PARITY_NONE);
    for (unsigned k = 0; k < RS485_QUEUE + 3; k++)
        receive((uint8_t)k, 0);
    assert_int_equal(r.lost, 3);
    for (unsigned k = 0; k < RS485_QUEUE; k++) {
        assert_true(rs485_receive(&r, &byte));
        assert_int_equal(byte.byte, (uint8_t)k);
    }
    assert_false(rs485_receive(&r, &byte));
}

/* A turn of the main loop that a debugger finishes has programmed flash, which took its
 * time, before it sends: on the line it is still the moment at which the peripherals were
 * held. Without that the first character is cut. */
static void test_an_answer_of_a_held_turn_is_whole(void **state)
{
    (void)state;
    start(38400, HAL_PARITY_NONE);
    chips.held_up = true;
    soc_hold(&chips.soc);
    soc_run(&chips.soc, chips.soc.now_ns + 20000);
    rs485_send(&r, (const uint8_t *)"an answer", 9);
    soc_let_go(&chips.soc);
    chips.held_up = false;
    chips_attend();
    chips_pass_us(9 * 10 * 1000000 / 38400 + 1000);
    assert_int_equal(chips.sent, 9);
    assert_memory_equal(chips.wire, "an answer", 9);
    assert_false(chips.drives);
}

/* The enable's own faults: what it does not let out, and does not hear. */
static void test_a_broken_enable(void **state)
{
    struct rs485_byte byte;
    struct transceiver *t = &chips.board.transceiver;

    (void)state;
    start(19200, HAL_PARITY_NONE);
    t->stuck = TRANSCEIVER_NEVER_DRIVES;
    rs485_send(&r, (const uint8_t *)"gone", 4);
    chips_pass_us(10000);
    assert_int_equal(chips.sent, 0);
    receive(1, 0);
    assert_true(rs485_receive(&r, &byte));
    t->stuck = TRANSCEIVER_NEVER_RECEIVES;
    receive(2, 0);
    assert_false(rs485_receive(&r, &byte));
    t->stuck = TRANSCEIVER_FREE;
    t->slow_ns = 5000000;
    rs485_send(&r, (const uint8_t *)"sent", 4);
    chips_pass_us(5 * 521);
    assert_int_equal(chips.sent, 4);
    receive(3, 0);
    assert_false(rs485_receive(&r, &byte));
    chips_pass_us(5000);
    receive(4, 0);
    assert_true(rs485_receive(&r, &byte));
    assert_int_equal(byte.byte, 4);
    t->slow_ns = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_de_spans_the_frame),
        cmocka_unit_test(test_parity_is_a_ninth_bit),
        cmocka_unit_test(test_a_new_baud_rate_waits_for_the_frame),
        cmocka_unit_test(test_frames_that_cannot_go_are_dropped),
        cmocka_unit_test(test_received_bytes_keep_flags_and_times),
        cmocka_unit_test(test_an_overrun_is_flagged),
        cmocka_unit_test(test_an_overrun_without_a_byte),
        cmocka_unit_test(test_a_full_queue_counts_what_it_loses),
        cmocka_unit_test(test_an_answer_of_a_held_turn_is_whole),
        cmocka_unit_test(test_a_broken_enable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
