/* The microcontroller without its processor: the states that a fake has not. Clocks that
 * are off, a receive register that overruns, DMA that is stopped while SPI goes on, edges
 * and pins as configured, time that is exact. */
#include "hal_sim/chips/soc.h"
#include "tests/support/check.h"
#include "waveform/base/store.h"
#include <string.h>

enum {
    RCC = 0x40023800,
    AHB1ENR = RCC + 0x30,
    APB1ENR = RCC + 0x40,
    APB2ENR = RCC + 0x44,
    SPI1 = 0x40013000,
    GPIOA = 0x40020000,
    DMA2 = 0x40026400,
    STREAM0 = DMA2 + 0x10,
    STREAM3 = DMA2 + 0x58,
    EXTI = 0x40013C00,
    SYSCFG_EXTICR1 = 0x40013808,
    USART2 = 0x40004400,
    IWDG = 0x40003000,
    I2C1 = 0x40005400,
    GPIOB = 0x40020400,
    RAM = 0x20000000,
    SPI_MASTER = 1 << 2 | 3 << 8 | 1 << 6,
    RXNE = 1,
    OVR = 1 << 6
};
#define SYSTICK 0xE000E010u

static uint8_t ram[256];
static struct soc soc;
static uint8_t line[16];
static int lines;

static int count_up(void *part, uint8_t mosi, const struct spi_clocking *how,
                    int64_t now_ns)
{
    (void)mosi;
    (void)how;
    (void)now_ns;
    return ++*(uint8_t *)part;
}

static void hear(void *user, uint8_t byte, int64_t start_ns, int64_t now_ns)
{
    (void)user;
    (void)start_ns;
    (void)now_ns;
    line[lines++] = byte;
}

static uint32_t get(uint32_t address)
{
    return soc_read(&soc, address, 4);
}

static void set(uint32_t address, uint32_t value)
{
    soc_write(&soc, address, value, 4);
}

static uint8_t part;

/* Clocks on, SPI1 and USART2 at their pins, 16 MHz. */
static int start(void **state)
{
    (void)state;
    memset(&soc, 0, sizeof soc);
    part = 0;
    lines = 0;
    soc_start(&soc);
    soc.wires.spi[0] = (struct spi_target){ &part, count_up };
    soc.wires.uart = hear;
    soc.wires.memory[0] = (struct soc_memory){ RAM, sizeof ram, ram, false };
    soc_power_up(&soc);
    set(AHB1ENR, 7 | 1 << 22);
    set(APB1ENR, 1 << 17 | 1 << 21);
    set(APB2ENR, 1 << 12 | 1 << 14);
    set(GPIOA, 0xA8000000 | 2 << 4 | 2 << 6 | 0xA800);
    set(GPIOA + 0x20, 0x55507700);
    set(GPIOA + 0x08, 1 << 10 | 1 << 14); /* SCK and MOSI follow 25 MHz */
    return 0;
}

static void pass_us(int64_t us)
{
    soc_run(&soc, soc.now_ns + us * 1000);
}

static void test_a_peripheral_without_clock_is_deaf(void **state)
{
    (void)state;
    set(APB2ENR, 0);
    set(SPI1, SPI_MASTER);
    assert_int_equal(get(SPI1), 0);
    set(APB2ENR, 1 << 12);
    assert_int_equal(get(SPI1), 0);
    set(SPI1, SPI_MASTER);
    assert_int_equal(get(SPI1), SPI_MASTER);
    get(0x60000000);
    assert_true(soc.bus_fault);
}

static void test_a_byte_that_is_not_fetched_is_overrun(void **state)
{
    (void)state;
    set(SPI1, SPI_MASTER);
    for (int k = 0; k < 3; k++) {
        set(SPI1 + 0x0C, 0);
        pass_us(10);
    }
    assert_int_equal(get(SPI1 + 8) & (RXNE | OVR), RXNE | OVR);
    assert_int_equal(get(SPI1 + 0x0C), 1); /* the first; two are lost */
    assert_true(get(SPI1 + 8) & OVR);      /* DR, then SR clears it */
    assert_false(get(SPI1 + 8) & OVR);
}

/* A pin that is too slow for the clock shows the part no bits. */
static void test_slow_pins_carry_no_bits(void **state)
{
    (void)state;
    for (int fast = 0; fast < 2; fast++) {
        set(GPIOA + 0x08, fast ? 1 << 10 | 1 << 14 : 1 << 14);
        set(SPI1, SPI_MASTER);
        part = 0;
        set(SPI1 + 12, 0x55);
        pass_us(10);
        get(SPI1 + 12);
        assert_int_equal(part, fast);
    }
}

static void test_dma_moves_a_frame_and_says_so(void **state)
{
    (void)state;
    set(SPI1, SPI_MASTER);
    set(0xE000E104, 1 << 24); /* interrupt 56 */
    const uint32_t common = 3 << 25 | 1 << 10;
    for (uint32_t stream = STREAM0; stream <= STREAM3; stream += STREAM3 - STREAM0) {
        set(stream + 4, 4);
        set(stream + 8, SPI1 + 0x0C);
        set(stream + 12, stream == STREAM0 ? RAM : RAM + 16);
    }
    set(STREAM0, common | 1 << 4 | 1);
    set(STREAM3, common | 1 << 6 | 1);
    set(SPI1 + 4, 3);
    pass_us(100);
    assert_memory_equal(ram, ((uint8_t[]){ 1, 2, 3, 4 }), 4);
    assert_int_equal(get(STREAM0) & 1, 0);
    assert_int_equal(cortex_nvic_due(&soc.nvic), 16 + 56);
    set(STREAM0, common | 1); /* flags stand: it does not start */
    assert_int_equal(get(STREAM0) & 1, 0);
}

/* A stream whose register is not the one that asks for it is served until it has moved its
 * items: into the registers of SPI1 and DMA2 themselves, in sizes that there are not. */
static void test_requests_that_do_not_fall_end(void **state)
{
    (void)state;
    const uint32_t into[] = { SPI1 + 4, STREAM3, STREAM0 + 4, RCC + 0x10, 0x60000000 };
    const uint32_t circular = 1 << 8, eight_bytes = 3 << 11;

    for (unsigned k = 0; k < sizeof into / sizeof *into; k++) {
        start(NULL);
        set(SPI1, SPI_MASTER);
        memset(ram, 3, sizeof ram);
        set(STREAM3 + 4, 0xFFFF);
        set(STREAM3 + 8, into[k]);
        set(STREAM3 + 12, RAM);
        set(STREAM3, 3 << 25 | circular | eight_bytes | 1 << 6 | 1);
        set(SPI1 + 4, 2);
        soc_run(&soc, soc.now_ns + 100000);
        assert_false(soc.dma.serves);
    }
}

static void test_exceptions_nest_no_deeper_than_they_can(void **state)
{
    (void)state;
    for (int k = 0; k < 2 * CORTEX_NESTING; k++)
        cortex_nvic_enter(&soc.nvic, CORTEX_HARD_FAULT);
    assert_int_equal(soc.nvic.depth, CORTEX_NESTING);
}

/* Every byte of it, as a snapshot may hold it: refused, or it runs on. */
static void test_any_byte_of_a_snapshot(void **state)
{
    static const uint8_t values[] = { 0x00, 0x02, 0x7F, 0x80, 0xFF };
    struct store own = { .loading = false };
    int refused = 0, accepted = 0;

    (void)state;
    set(SYSTICK + 4, 9999);
    set(SYSTICK, 7);
    soc_run(&soc, 1000000);
    soc_store(&soc, &own);
    for (size_t at = 0; at < own.size; at++)
        for (size_t k = 0; k < sizeof values; k++) {
            const uint8_t byte = own.byte[at];
            own.byte[at] = values[k];
            struct store from = store_load(own.byte, own.size);
            soc_store(&soc, &from);
            own.byte[at] = byte;
            if (!store_loaded(&from)) {
                refused++;
                continue;
            }
            accepted++;
            soc_run(&soc, soc.now_ns + 200000);
            get(SPI1 + 8);
        }
    store_free(&own);
    assert_in_range(refused, 1000, 99999);
    assert_in_range(accepted, 2000, 99999);
}

static void test_spi_goes_on_when_dma_is_stopped(void **state)
{
    (void)state;
    set(SPI1, SPI_MASTER);
    set(SPI1 + 0x0C, 1);
    set(SPI1 + 0x0C, 2);
    set(SPI1 + 4, 0);
    pass_us(20);
    assert_int_equal(part, 2);
    assert_int_equal(get(SPI1 + 8) & OVR, OVR);
}

static void test_edges_are_those_that_are_asked_for(void **state)
{
    (void)state;
    soc_drive(&soc, SOC_PA, PIN_HIGH);
    set(0xE000E100, 1 << 6);
    set(EXTI, 1);
    set(EXTI + 0x0C, 1); /* falling */
    soc_drive(&soc, SOC_PA, PIN_LOW);
    assert_int_equal(cortex_nvic_due(&soc.nvic), 16 + 6);
    set(EXTI + 0x14, 1);
    set(0xE000E280, 1 << 6);
    soc_drive(&soc, SOC_PA, PIN_HIGH);
    assert_int_equal(cortex_nvic_due(&soc.nvic), 0);
    set(SYSCFG_EXTICR1, 2); /* port C's */
    soc_drive(&soc, SOC_PA, PIN_LOW);
    assert_int_equal(cortex_nvic_due(&soc.nvic), 0);
}

static void test_systick_is_exact(void **state)
{
    int ticks = 0;

    (void)state;
    set(SYSTICK + 4, 15999);
    set(SYSTICK + 8, 0);
    set(SYSTICK, 7);
    const int64_t from_ns = soc.now_ns;
    for (int k = 1; k <= 5000; k++) {
        soc_run(&soc, from_ns + k * INT64_C(1000000));
        if (cortex_nvic_due(&soc.nvic) == CORTEX_SYSTICK) {
            cortex_nvic_enter(&soc.nvic, CORTEX_SYSTICK);
            cortex_nvic_leave(&soc.nvic, CORTEX_SYSTICK);
            ticks++;
        }
    }
    assert_int_equal(ticks, 5000);
}

static void test_the_last_stop_bit_comes_before_tc(void **state)
{
    (void)state;
    set(USART2 + 8, 16000000 / 19200);
    set(USART2 + 0x0C, 1 << 13 | 1 << 3 | 1 << 2);
    pass_us(600); /* the idle frame */
    get(USART2);  /* SR, then DR clears TC */
    set(USART2 + 4, 0x41);
    set(USART2 + 4, 0x42);
    pass_us(530);
    assert_int_equal(lines, 1);
    assert_int_equal(get(USART2) & (1 << 6 | 1 << 7), 1 << 7); /* TXE, no TC */
    pass_us(520);
    assert_int_equal(lines, 2);
    assert_true(get(USART2) & 1 << 6);
    soc_receive(&soc, 0x55, 0);
    soc_receive(&soc, 0x56, 0);
    assert_int_equal(get(USART2) & (1 << 3 | 1 << 5), 1 << 3 | 1 << 5);
    assert_int_equal(get(USART2 + 4), 0x55);
}

static void test_a_watchdog_that_is_not_fed_resets(void **state)
{
    (void)state;
    set(IWDG, 0x5555);
    set(IWDG + 4, 4);
    set(IWDG + 8, 499);
    set(IWDG, 0xCCCC);
    pass_us(999000);
    assert_int_equal(soc.reset, SOC_RUNS);
    pass_us(2000);
    assert_int_equal(soc.reset, SOC_WATCHDOG);
    soc_restart(&soc, SOC_WATCHDOG);
    assert_true(get(RCC + 0x74) & 1 << 29);
}

static void test_a_held_bus_is_busy_and_takes_no_start(void **state)
{
    (void)state;
    set(GPIOB, 2 << 12 | 2 << 14);
    set(GPIOB + 4, 3 << 6);
    set(GPIOB + 0x0C, 1 << 12 | 1 << 14);
    set(GPIOB + 0x20, 0x44000000);
    set(I2C1 + 4, 16);
    set(I2C1 + 0x1C, 80);
    soc_drive(&soc, SOC_PB + 7, PIN_LOW);
    set(I2C1, 1);
    set(I2C1, 1 | 1 << 8);
    pass_us(100);
    assert_int_equal(get(I2C1 + 0x14) & 1, 0);
    assert_true(get(I2C1 + 0x18) & 2);
    soc_drive(&soc, SOC_PB + 7, PIN_OPEN);
    pass_us(20);
    assert_int_equal(get(I2C1 + 0x14) & 1, 1); /* SB */
}

/* Power is away from 0.4 s on for 90061.2 s (a day, an hour, a minute, a second). */
static void rest(void)
{
    soc_run(&soc, soc.now_ns + 400000000);
    stm32_rtc_rest(&soc, INT64_C(90061200000000));
    soc_power_up(&soc);
}

static void test_the_calendar_goes_on_by_its_battery(void **state)
{
    (void)state;
    soc_start(&soc);
    soc_power_up(&soc);
    soc.rtc.tr = 0x235959;
    soc.rtc.dr = 0x246228; /* Wednesday 28 February 2024 */
    rest();
    assert_int_equal(soc.rtc.tr, 0x010100);
    assert_int_equal(soc.rtc.dr, 0x24A301); /* Friday 1 March */
    soc_run(&soc, 399000000);               /* 0.4 and 0.2 of a second have passed */
    assert_int_equal(soc.rtc.tr, 0x010100);
    soc_run(&soc, 401000000);
    assert_int_equal(soc.rtc.tr, 0x010101);
}

static void test_an_empty_battery_forgets_the_time(void **state)
{
    (void)state;
    soc_start(&soc);
    soc_power_up(&soc);
    soc.rtc.empty_battery = true;
    rest();
    assert_int_equal(soc.rtc.tr, 0);
    assert_int_equal(soc.rtc.dr, 0x2101);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_peripheral_without_clock_is_deaf, start),
        cmocka_unit_test_setup(test_a_byte_that_is_not_fetched_is_overrun, start),
        cmocka_unit_test_setup(test_slow_pins_carry_no_bits, start),
        cmocka_unit_test_setup(test_dma_moves_a_frame_and_says_so, start),
        cmocka_unit_test_setup(test_requests_that_do_not_fall_end, start),
        cmocka_unit_test_setup(test_exceptions_nest_no_deeper_than_they_can, start),
        cmocka_unit_test_setup(test_any_byte_of_a_snapshot, start),
        cmocka_unit_test_setup(test_spi_goes_on_when_dma_is_stopped, start),
        cmocka_unit_test_setup(test_edges_are_those_that_are_asked_for, start),
        cmocka_unit_test_setup(test_systick_is_exact, start),
        cmocka_unit_test_setup(test_the_last_stop_bit_comes_before_tc, start),
        cmocka_unit_test(test_the_calendar_goes_on_by_its_battery),
        cmocka_unit_test(test_an_empty_battery_forgets_the_time),
        cmocka_unit_test_setup(test_a_watchdog_that_is_not_fed_resets, start),
        cmocka_unit_test_setup(test_a_held_bus_is_busy_and_takes_no_start, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
