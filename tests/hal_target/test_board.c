/* The smaller parts of the board at the level of registers: clock tree, pins, keys,
 * outputs, supply, watchdog, RTC, fault records, the factory's block. */
#include "core/crc.h"
#include "hal_target/stm32f405/board.h"
#include "hal_target/stm32f405/keypad.h"
#include "mmio_fake.h"
#include "tests/support/check.h"

static struct {
    bool crystal, stuck; /* stuck: the RCC answers nothing, as in the emulator */
    uint32_t feeds;
    uint32_t rtc_keys;  /* the last two that were written */
    uint32_t rsf_reads; /* of RTC_ISR until the shadow registers hold the time */
} chip;

static bool fake_read(uint32_t address, uint32_t *value)
{
    uint32_t kept = *mmio_word(address);

    if (chip.stuck)
        return false;
    if (address == RCC_CR)
        *value = kept | (chip.crystal && kept & RCC_CR_HSEON ? RCC_CR_HSERDY : 0) |
                 (kept & RCC_CR_PLLON ? RCC_CR_PLLRDY : 0);
    else if (address == RCC_CFGR)
        *value = kept | (kept & 3) << 2;
    else if (address == RTC_ISR)
        *value = kept | (kept & RTC_ISR_INIT ? RTC_ISR_INITF : 0) |
                 (chip.rsf_reads > 0 && --chip.rsf_reads ? 0 : RTC_ISR_RSF);
    else if ((address == RTC_TR || address == RTC_DR) && chip.rsf_reads)
        *value = address == RTC_TR ? 0 : 0x2101; /* as after a reset */
    else
        return false;
    return true;
}

static bool fake_write(uint32_t address, uint32_t value)
{
    if (address == IWDG_KR && value == IWDG_KR_FEED)
        chip.feeds++;
    if (address == RTC_WPR)
        chip.rtc_keys = chip.rtc_keys << 8 | value;
    /* The RTC is written only when it is open, and set only in its INIT mode. */
    if (address == RTC_TR || address == RTC_DR || address == RTC_PRER) {
        assert_int_equal(chip.rtc_keys & 0xFFFF, 0xCA53);
        assert_true(*mmio_word(RTC_ISR) & RTC_ISR_INIT);
    }
    return false;
}

_Noreturn void hal_assert_failed(const char *file, uint32_t line)
{
    fprintf(stderr, "%s:%u\n", file, (unsigned)line);
    abort();
}

static void start(void)
{
    mmio_reset();
    memset(&chip, 0, sizeof chip);
    chip.crystal = true;
}

static void test_the_crystal_makes_154_8288_mhz(void **state)
{
    (void)state;
    start();
    assert_int_equal(clocks_start(), CLOCKS_CRYSTAL);
    uint32_t pll = *mmio_word(RCC_PLLCFGR);
    uint64_t vco = 14745600ull * (pll >> 6 & 511) / (pll & 63);
    assert_true(pll & RCC_PLLCFGR_HSE);
    assert_in_range(vco, 100000000, 432000000); /* 7.3.2 */
    assert_in_range(14745600 / (pll & 63), 950000, 2100000);
    assert_int_equal(vco / (2 * ((pll >> 16 & 3) + 1)), CLOCKS_CORE_HZ);
    assert_int_equal(*mmio_word(FLASH_ACR) & 7, 5);
    uint32_t cfgr = *mmio_word(RCC_CFGR);
    assert_int_equal(cfgr & 3, 2);
    assert_int_equal(cfgr >> 10 & 7, 5); /* APB1 by 4: 38.7 of at most 42 MHz */
    assert_int_equal(cfgr >> 13 & 7, 4); /* APB2 by 2: 77.4 of at most 84 MHz */
    assert_true(*mmio_word(RCC_CR) & RCC_CR_CSSON);
}

static void test_without_a_crystal_it_starts_all_the_same(void **state)
{
    (void)state;
    start();
    chip.crystal = false;
    assert_int_equal(clocks_start(), CLOCKS_INTERNAL);
    uint32_t pll = *mmio_word(RCC_PLLCFGR);
    uint64_t hz = 16000000ull * (pll >> 6 & 511) / (pll & 63) / 2;
    assert_false(pll & RCC_PLLCFGR_HSE);
    assert_in_range(hz, CLOCKS_CORE_HZ * 0.997, CLOCKS_CORE_HZ * 1.003);
    start();
    chip.stuck = true;
    assert_int_equal(clocks_start(), CLOCKS_INTERNAL);
}

/* It is tried as long as it is missing, and the change is made in flight. */
static void test_a_crystal_that_comes_late_is_used(void **state)
{
    (void)state;
    start();
    chip.crystal = false;
    assert_int_equal(clocks_start(), CLOCKS_INTERNAL);
    assert_false(clocks_retry());
    chip.crystal = true;
    assert_true(clocks_retry());
    assert_true(*mmio_word(RCC_PLLCFGR) & RCC_PLLCFGR_HSE);
    assert_true(*mmio_word(RCC_CR) & RCC_CR_CSSON);
    assert_int_equal(*mmio_word(RCC_CFGR) & RCC_CFGR_SW, RCC_CFGR_SW_PLL);
    assert_int_equal(*mmio_word(RCC_CFGR) >> 10 & 7, 5);
}

static void test_time_runs_in_microseconds(void **state)
{
    uint64_t before;

    (void)state;
    start();
    clocks_start();
    mmio.clocks = 0;
    before = clocks_now_us();
    for (int k = 0; k < 100000; k++) {
        uint64_t now = clocks_now_us();
        assert_true(now >= before && now - before <= 1);
        before = now;
    }
    mmio_advance(10ull * CLOCKS_CORE_HZ);
    assert_in_range(clocks_now_us() - before, 10000000, 10000001);
}

static void test_pins_are_set_before_they_drive(void **state)
{
    (void)state;
    start();
    pins_start();
    assert_int_equal(*mmio_word(GPIOA + GPIO_MODER) >> 2 & 3, 1);      /* DE */
    assert_false(mmio_pin(GPIOA, 1));                                  /* listens */
    assert_true(mmio_pin(GPIOA, 4));                                   /* AFE_CS */
    assert_true(mmio_pin(GPIOB, 12));                                  /* FRAM_CS */
    assert_int_equal(*mmio_word(GPIOA + GPIO_AFRL) >> 8 & 0xFF, 0x77); /* USART2 */
    assert_int_equal(*mmio_word(GPIOA + GPIO_AFRL) >> 20, 0x555);      /* SPI1 */
    assert_int_equal(*mmio_word(GPIOA + GPIO_AFRL + 4) & 15, 1);       /* TIM1_CH1 */
    assert_int_equal(*mmio_word(GPIOB + GPIO_AFRL) >> 24, 0x44);       /* I2C1 */
    assert_int_equal(*mmio_word(GPIOB + GPIO_OTYPER), 3 << 6);
    assert_int_equal(*mmio_word(GPIOB + GPIO_AFRL + 4) >> 20, 0x555); /* SPI2 */
    assert_int_equal(*mmio_word(GPIOC + GPIO_PUPDR) & 0xFF, 0x55);    /* keys */
    assert_int_equal(*mmio_word(GPIOC + GPIO_MODER) >> 12 & 0xFFF, 0x555);
}

static void test_keys_are_low_when_down(void **state)
{
    (void)state;
    start();
    *mmio_word(GPIOC + GPIO_IDR) = 0xF;
    assert_int_equal(keypad_read(), 0);
    for (unsigned k = 0; k < 4; k++) {
        mmio_input(GPIOC, k, false);
        assert_int_equal(keypad_read(), 1u << k);
        mmio_input(GPIOC, k, true);
    }
    *mmio_word(GPIOC + GPIO_IDR) = 0;
    assert_int_equal(keypad_read(), 15);
}

static void test_outputs(void **state)
{
    struct outputs o = { 0 };
    int edges = 0;

    (void)state;
    start();
    outputs_set(&o, HAL_ALARM_CONTACT, true);
    outputs_set(&o, HAL_BACKLIGHT, true);
    assert_true(mmio_pin(GPIOC, 7) && mmio_pin(GPIOC, 10));
    assert_false(mmio_pin(GPIOC, 9));
    bool was = false;
    for (uint64_t us = 0; us < 1000000; us += 1000) {
        outputs_run(&o, true, false, us);
        edges += mmio_pin(GPIOC, 9) != was;
        was = mmio_pin(GPIOC, 9);
    }
    assert_in_range(edges, 7, 8); /* 4 Hz */
    outputs_set(&o, HAL_LED_RED, true);
    outputs_run(&o, false, false, 0);
    assert_true(mmio_pin(GPIOC, 9));
    outputs_run(&o, false, true, 0); /* the supply fails */
    assert_false(mmio_pin(GPIOC, 9) || mmio_pin(GPIOC, 10));
    assert_true(mmio_pin(GPIOC, 7)); /* contacts stay */
    outputs_run(&o, false, false, 0);
    assert_true(mmio_pin(GPIOC, 9) && mmio_pin(GPIOC, 10));
    outputs_ct_range(HAL_CT_THIRD_V);
    assert_true(mmio_pin(GPIOC, 11));
    outputs_ct_range(HAL_CT_1V);
    assert_false(mmio_pin(GPIOC, 11));
}

static void test_the_supply_fails_and_comes_back(void **state)
{
    struct supply s;

    (void)state;
    start();
    supply_start(&s);
    assert_int_equal(*mmio_word(SYSCFG_EXTICR1 + 4) >> 4 & 15, 2);
    assert_true(*mmio_word(EXTI_FTSR) & *mmio_word(EXTI_IMR) & 1 << 5);
    mmio_input(GPIOC, 5, true);
    assert_false(supply_run(&s, 1000));
    supply_interrupt(&s); /* a glitch: low and high again before anybody looks */
    assert_true(supply_run(&s, 2000));
    mmio_input(GPIOC, 5, false);
    assert_true(supply_run(&s, 3000));
    mmio_input(GPIOC, 5, true);
    assert_true(supply_run(&s, 10000));
    supply_interrupt(&s); /* it bounces: counting begins anew */
    assert_true(supply_run(&s, 30000));
    assert_true(supply_run(&s, 30001));
    assert_true(supply_run(&s, 30001 + SUPPLY_BACK_US - 1));
    assert_false(supply_run(&s, 30001 + SUPPLY_BACK_US));
    supply_interrupt(&s);
    assert_true(supply_run(&s, 200000));
    assert_int_equal(s.failures, 2);
}

/* There is no edge then. */
static void test_a_supply_that_is_bad_from_the_start(void **state)
{
    struct supply s;

    (void)state;
    start();
    mmio_input(GPIOC, 5, false);
    supply_start(&s);
    assert_true(supply_run(&s, 1000));
    mmio_input(GPIOC, 5, true);
    assert_true(supply_run(&s, 2000));
    assert_false(supply_run(&s, 2000 + SUPPLY_BACK_US));
}

static void test_the_watchdog_is_fed_when_time_moves(void **state)
{
    struct watchdog w = { 0 };

    (void)state;
    start();
    watchdog_start();
    assert_int_equal(*mmio_word(IWDG_PR), 4);
    assert_int_equal(*mmio_word(IWDG_RLR), 500);
    chip.feeds = 0;
    watchdog_feed(&w, 625);
    watchdog_feed(&w, 625);
    watchdog_feed(&w, 1250);
    assert_int_equal(chip.feeds, 2);
    *mmio_word(RCC_CSR) = RCC_CSR_IWDGRSTF;
    assert_true(watchdog_has_bitten());
    assert_true(*mmio_word(RCC_CSR) & RCC_CSR_RMVF);
}

static void test_the_rtc_is_set_once(void **state)
{
    struct rtc r;

    (void)state;
    start();
    rtc_start(&r);
    assert_true(*mmio_word(PWR_CR) & PWR_CR_DBP);
    rtc_run(&r);
    assert_false(r.runs); /* the oscillator has not started */
    *mmio_word(RCC_BDCR) |= RCC_BDCR_LSERDY;
    rtc_run(&r);
    assert_true(r.runs);
    assert_int_equal(*mmio_word(RCC_BDCR) >> 8 & 3, 1);
    assert_int_equal(*mmio_word(RTC_PRER), 127 << 16 | 255);
    assert_int_equal(*mmio_word(RTC_DR), 0x00C101);
    assert_int_equal(*mmio_word(RTC_ISR) & RTC_ISR_INIT, 0);
    assert_int_equal(chip.rtc_keys & 0xFF, 0xFF); /* closed again */
    *mmio_word(RTC_DR) = 0x26A517;
    *mmio_word(RTC_ISR) = RTC_ISR_INITS; /* the battery has kept it */
    rtc_start(&r);
    rtc_run(&r);
    assert_int_equal(*mmio_word(RTC_DR), 0x26A517);
}

static uint32_t backup_word(enum rtc_backup word)
{
    return *mmio_word(RTC_BKP0R + 4 * (uint32_t)word);
}

static void test_faults_are_recorded_and_filed(void **state)
{
    const uint32_t frame[8] = { 0, 1, 2, 3, 12, 0x08001235, 0x08004320, 0x61000000 };
    struct fault f;

    (void)state;
    start();
    memset(&f, 0xC3, sizeof f); /* RAM after the supply came */
    assert_false(fault_fetch(&f));
    *mmio_word(SCB_CFSR) = 1 << 15 | 1 << 9;
    *mmio_word(SCB_BFAR) = 0xDEADBEE0;
    *mmio_word(SCB_HFSR) = 1 << 30;
    fault_record(&f, 3, frame);
    fault_record(&f, 3, frame);
    assert_int_equal(f.count, 2);
    assert_int_equal(f.pc, 0x08004320);
    assert_int_equal(f.lr, 0x08001235);
    assert_int_equal(f.address, 0xDEADBEE0);
    assert_true(fault_fetch(&f));
    *mmio_word(RTC_TR) = 0x123456;
    *mmio_word(RTC_DR) = 0x26A517;
    *mmio_word(RCC_BDCR) = RCC_BDCR_RTCEN;
    chip.rsf_reads = 40;
    rtc_file_fault(&f);
    rtc_file_fault(&f);
    assert_int_equal(backup_word(RTC_BACKUP_FAULTS), 2);
    assert_int_equal(backup_word(RTC_BACKUP_EXCEPTION), 3);
    assert_int_equal(backup_word(RTC_BACKUP_PC), 0x08004320);
    assert_int_equal(backup_word(RTC_BACKUP_TIME), 0x123456);
    assert_int_equal(backup_word(RTC_BACKUP_DATE), 0x26A517);
    assert_false(fault_fetch(&f)); /* once */
    fault_record(&f, 2, NULL);     /* the stack had overflowed */
    assert_int_equal(f.count, 3);
    assert_int_equal(f.pc, 0);
    assert_true(fault_fetch(&f));
    fault_record_assertion(&f, 0x08004322, 77);
    assert_int_equal(f.count, 4);
    assert_int_equal(f.cfsr | f.hfsr | f.address, 0);
    assert_true(fault_fetch(&f));
    rtc_file_fault(&f);
    assert_int_equal(backup_word(RTC_BACKUP_EXCEPTION), FAULT_ASSERTION);
    assert_int_equal(backup_word(RTC_BACKUP_PC), 0x08004322);
    fault_restart();
    assert_int_equal(*mmio_word(SCB_AIRCR), 0x05FA0004);
}

static void put_factory(struct factory *f)
{
    uint32_t word[sizeof *f / 4];

    memcpy(word, f, sizeof *f);
    for (uint32_t k = 0; k < sizeof *f / 4; k++)
        *mmio_word(FACTORY_ADDRESS + 4 * k) = word[k];
}

static void test_the_factorys_block(void **state)
{
    struct factory put = { .magic = FACTORY_MAGIC,
                           .serial = 4100123,
                           .name = "s4000r" };
    struct factory got;

    (void)state;
    start();
    memset(&got, 0xFF, sizeof got);
    put_factory(&got);
    assert_true(factory_read(&got)); /* none is no damage */
    assert_string_equal(got.name, "s4100");
    assert_int_equal(got.serial, 0);
    put.crc = crc_ieee(&put, sizeof put - 4);
    put_factory(&put);
    assert_true(factory_read(&got));
    assert_string_equal(got.name, "s4000r");
    assert_int_equal(got.serial, 4100123);
    put.serial ^= 1;
    put_factory(&put);
    assert_false(factory_read(&got));
    assert_int_equal(got.serial, 0);
    memcpy(put.name, "s4200", 6);
    put.crc = crc_ieee(&put, sizeof put - 4);
    put_factory(&put);
    assert_false(factory_read(&got)); /* a model that there is not */
    assert_string_equal(got.name, "s4100");
}

/* What the factory's program writes is what the meter reads. */
static void test_the_factorys_program(void **state)
{
    struct factory put = { 0 }, got;

    (void)state;
    start();
    FILE *f = popen(SOURCE_DIR "/hal_target/factory.sh 4294967295 s4000r", "r");
    assert_non_null(f);
    assert_int_equal(fread(&put, 1, sizeof put, f), sizeof put);
    assert_int_equal(fgetc(f), EOF);
    pclose(f);
    put_factory(&put);
    assert_true(factory_read(&got));
    assert_string_equal(got.name, "s4000r");
    assert_true(got.serial == UINT32_MAX);
}

/* An octal number, one too long, one beyond 32 bits, a model that there is not. */
static void test_the_factorys_program_refuses_garbage(void **state)
{
    static const char *const wrong[] = { "0010 s4100",
                                         "0000000008 s4100",
                                         "12345678901 s4100",
                                         "4294967296 s4100",
                                         "1 s4200",
                                         "-1 s4100",
                                         "1",
                                         "x s4100" };

    (void)state;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        char command[200];
        snprintf(command, sizeof command,
                 SOURCE_DIR "/hal_target/factory.sh %s 2>/dev/null", wrong[k]);
        FILE *f = popen(command, "r");
        assert_non_null(f);
        assert_int_equal(fgetc(f), EOF);
        assert_int_equal(pclose(f) >> 8, 2);
    }
}

/* What a start finds wrong: told, with the counters, at once and then once a second. */
static void test_the_report(void **state)
{
    static struct hal h;
    struct fault f = { 0 };
    struct hal_report report = { 0 };

    (void)state;
    start();
    mmio_input(GPIOC, 5, true);
    *mmio_word(FLASH_OPTCR) = 0x0FFFAAED; /* as processors are sold: no BOR */
    *mmio_word(RCC_CSR) = RCC_CSR_IWDGRSTF;
    board_start(&h, &f);
    assert_true(h.faults & HAL_FAULT_OPTIONS);
    assert_true(h.faults & HAL_FAULT_FACTORY);
    assert_int_equal(h.model == model_find("s4100"), 1);
    h.afe.damaged = 3;
    h.rs485.lost = 5;
    assert_true(board_report(&h, 1000, &report));
    assert_int_equal(report.faults, h.faults);
    assert_int_equal(report.counter[HAL_SETS_DAMAGED], 3);
    assert_int_equal(report.counter[HAL_UART_BYTES_LOST], 5);
    assert_int_equal(report.counter[HAL_FAULTS_RECORDED], 1); /* the watchdog's */
    assert_int_equal(report.counter[HAL_LAST_FAULT], 0);
    assert_false(board_report(&h, 1000 + BOARD_REPORT_US - 1, &report));
    assert_true(board_report(&h, 1000 + BOARD_REPORT_US, &report));
    h.faults ^= HAL_FAULT_DISPLAY;
    assert_true(board_report(&h, 1001 + BOARD_REPORT_US, &report));
}

/* A crystal and a FRAM that were only late: what was read as new must not be gone on
 * with, nor stored. */
static void test_a_bare_board_that_is_none_begins_anew(void **state)
{
    static struct hal h;
    struct fault f = { 0 };
    struct hal_report report;
    uint8_t byte = 0;

    (void)state;
    start();
    chip.crystal = false;
    mmio_input(GPIOC, 5, true);
    board_start(&h, &f);
    assert_int_equal(hal_nvm_read(&h, 0, &byte, 1), 0);
    assert_int_equal(hal_nvm_write(&h, 0, &byte, 1), -1);
    assert_true(board_report(&h, BOARD_REPORT_US, &report));
    assert_int_equal(*mmio_word(SCB_AIRCR), 0);
    chip.crystal = true;
    board_run(&h, 2 * BOARD_REPORT_US);
    assert_int_equal(h.clock, CLOCKS_CRYSTAL);
    board_report(&h, 3 * BOARD_REPORT_US, &report);
    assert_int_equal(*mmio_word(SCB_AIRCR), 0x05FA0004);
}

/* Nothing answers, as in the emulator: all that is left is said. */
static void test_a_board_without_parts(void **state)
{
    static struct hal h;
    struct fault f = { 0 };
    uint8_t byte = 0;

    (void)state;
    start();
    chip.stuck = true;
    mmio_input(GPIOC, 5, true);
    board_start(&h, &f);
    assert_int_equal(hal_nvm_read(&h, 0, &byte, 1), 0); /* as new */
    assert_int_equal(byte, 0xFF);
    assert_int_equal(hal_nvm_write(&h, 0, &byte, 1), -1);
    for (uint64_t us = 1000; us < 2 * BOARD_RTC_US; us += 1000)
        assert_true(board_run(&h, us));
    assert_int_equal(h.faults, HAL_FAULT_CRYSTAL | HAL_FAULT_FRONT_END | HAL_FAULT_NVM |
                                   HAL_FAULT_DISPLAY | HAL_FAULT_CLOCK |
                                   HAL_FAULT_FACTORY);
    h.clock = CLOCKS_CRYSTAL; /* the FRAM alone is silent */
    assert_int_equal(hal_nvm_read(&h, 0, &byte, 1), -1);
    assert_int_equal(h.afe.starts, 0); /* no energy from a clock that is not true */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_crystal_makes_154_8288_mhz),
        cmocka_unit_test(test_without_a_crystal_it_starts_all_the_same),
        cmocka_unit_test(test_a_crystal_that_comes_late_is_used),
        cmocka_unit_test(test_time_runs_in_microseconds),
        cmocka_unit_test(test_pins_are_set_before_they_drive),
        cmocka_unit_test(test_keys_are_low_when_down),
        cmocka_unit_test(test_outputs),
        cmocka_unit_test(test_the_supply_fails_and_comes_back),
        cmocka_unit_test(test_a_supply_that_is_bad_from_the_start),
        cmocka_unit_test(test_the_watchdog_is_fed_when_time_moves),
        cmocka_unit_test(test_the_rtc_is_set_once),
        cmocka_unit_test(test_faults_are_recorded_and_filed),
        cmocka_unit_test(test_the_factorys_block),
        cmocka_unit_test(test_the_factorys_program),
        cmocka_unit_test(test_the_factorys_program_refuses_garbage),
        cmocka_unit_test(test_the_report),
        cmocka_unit_test(test_a_bare_board_that_is_none_begins_anew),
        cmocka_unit_test(test_a_board_without_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
