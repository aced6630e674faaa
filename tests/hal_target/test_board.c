/* The smaller parts of the board on the models of its chips: clock tree, pins, keys,
 * outputs, supply, watchdog, RTC, fault records, the factory's block. */
#include "chips.h"
#include "core/crc.h"
#include "hal_target/stm32f405/board.h"
#include "hal_target/stm32f405/keypad.h"

_Noreturn void hal_assert_failed(const char *file, uint32_t line)
{
    fprintf(stderr, "%s:%u\n", file, (unsigned)line);
    abort();
}

static void start(void)
{
    chips_start();
}

static void test_the_crystal_makes_154_8288_mhz(void **state)
{
    (void)state;
    start();
    assert_int_equal(clocks_start(), CLOCKS_CRYSTAL);
    /* Without them a fetch takes six clocks at 154.8 MHz (3.5.1, 3.5.2). */
    assert_int_equal(chips_peek(FLASH_ACR),
                     FLASH_ACR_WAIT_5 | FLASH_ACR_PREFETCH | FLASH_ACR_CACHES);
    uint32_t pll = chips_peek(RCC_PLLCFGR);
    uint64_t vco = 14745600ull * (pll >> 6 & 511) / (pll & 63);
    assert_true(pll & RCC_PLLCFGR_HSE);
    assert_in_range(vco, 100000000, 432000000); /* 7.3.2 */
    assert_in_range(14745600 / (pll & 63), 950000, 2100000);
    const struct stm32_rcc *rcc = &chips.soc.rcc;
    assert_true(rcc->core.num == rcc->core.den * CLOCKS_CORE_HZ);
    assert_true(rcc->apb1.num == rcc->apb1.den * CLOCKS_APB1_HZ);
    assert_true(rcc->apb2.num == rcc->apb2.den * CLOCKS_APB2_HZ);
    assert_false(rcc->beyond);
    assert_true(stm32_flash_fast_enough(&chips.soc));
    assert_true(chips_peek(RCC_CR) & RCC_CR_CSSON);
}

static void test_without_a_crystal_it_starts_all_the_same(void **state)
{
    (void)state;
    start();
    chips.soc.rcc.crystal.stopped = true;
    assert_int_equal(clocks_start(), CLOCKS_INTERNAL);
    const struct chip_rate core = chips.soc.rcc.core;
    assert_false(chips_peek(RCC_PLLCFGR) & RCC_PLLCFGR_HSE);
    assert_in_range(core.num / core.den, CLOCKS_CORE_HZ * 0.997,
                    CLOCKS_CORE_HZ * 1.003);
}

/* It is tried as long as it is missing, and the change is made in flight. */
static void test_a_crystal_that_comes_late_is_used(void **state)
{
    struct stm32_crystal crystal = { .stopped = true, .startup_ns = 2000000 };

    (void)state;
    start();
    stm32_crystal_set(&chips.soc, &crystal);
    assert_int_equal(clocks_start(), CLOCKS_INTERNAL);
    assert_false(clocks_retry());
    crystal.stopped = false;
    stm32_crystal_set(&chips.soc, &crystal);
    chips_pass_us(3000);
    assert_true(clocks_retry());
    const struct stm32_rcc *rcc = &chips.soc.rcc;
    assert_true(rcc->core.num == rcc->core.den * CLOCKS_CORE_HZ);
    assert_true(chips_peek(RCC_CR) & RCC_CR_CSSON);
    assert_int_equal(chips_peek(RCC_CFGR) & RCC_CFGR_SW, RCC_CFGR_SW_PLL);
}

static bool nmi;

static void on_nmi(void)
{
    nmi = true;
    chips.handler[CORTEX_NMI] = NULL;
}

static void test_a_crystal_that_stops_is_an_nmi(void **state)
{
    const struct stm32_crystal crystal = { .stopped = true };

    (void)state;
    start();
    clocks_start();
    chips.handler[CORTEX_NMI] = on_nmi;
    nmi = false;
    stm32_crystal_set(&chips.soc, &crystal);
    mmio_write(0x40023808 + 4, 1 << 23); /* RCC_CIR, CSSC: as a reset would */
    chips_attend();
    assert_true(nmi);
}

static void test_time_runs_in_microseconds(void **state)
{
    uint64_t before;

    (void)state;
    start();
    clocks_start();
    before = clocks_now_us();
    for (int k = 0; k < 100000; k++) {
        uint64_t now = clocks_now_us();
        assert_true(now >= before && now - before <= 1);
        before = now;
    }
    chips_pass_us(10000000);
    assert_in_range(clocks_now_us() - before, 10000000, 10000001);
}

/* SysTick's counter begins anew an instruction or two before its interrupt is taken. */
static void test_time_does_not_run_back_while_a_tick_waits(void **state)
{
    (void)state;
    start();
    clocks_start();
    for (int k = 0; k < 100; k++) {
        soc_run(&chips.soc, chips.soc.due_ns[SOC_SYSTICK] - 2000);
        chips.masked = true;
        uint64_t before = clocks_now_us();
        for (int reads = 0; reads < 40 + k; reads++) {
            const uint64_t now = clocks_now_us();
            assert_true(now >= before && now - before <= 1);
            before = now;
        }
        chips.masked = false;
        chips_attend();
    }
}

/* No output is ever at another level than its first one while pins are set up. */
static int moved;

static void count_moves(void *user, unsigned pin, enum pin_level level, int64_t now_ns)
{
    (void)user, (void)now_ns;
    const bool high = pin == SOC_PA + 4 || pin == SOC_PB + 12 || pin == SOC_PC + 4;
    moved += level != PIN_OPEN && (level == PIN_HIGH) != high && pin != SOC_PA + 2;
}

static void test_pins_are_set_before_they_drive(void **state)
{
    (void)state;
    start();
    clocks_start();
    void (*const board_pin)(void *, unsigned, enum pin_level, int64_t) =
        chips.soc.wires.pin;
    chips.soc.wires.pin = count_moves;
    moved = 0;
    pins_start();
    chips.soc.wires.pin = board_pin;
    assert_int_equal(moved, 0);
    assert_false(chips_pin(PIN_RS485_DE)); /* listens */
    assert_true(chips_pin(PIN_AFE_CS) && chips_pin(PIN_FRAM_CS));
    assert_true(chips_pin(PIN_AFE_RESET));
    assert_int_equal(chips_peek(GPIOA + GPIO_AFRL) >> 8 & 0xFF, 0x77); /* USART2 */
    assert_int_equal(chips_peek(GPIOA + GPIO_AFRL) >> 20, 0x555);      /* SPI1 */
    assert_int_equal(chips_peek(GPIOA + GPIO_AFRL + 4) & 15, 1);       /* TIM1_CH1 */
    assert_int_equal(chips_peek(GPIOB + GPIO_AFRL) >> 24, 0x44);       /* I2C1 */
    assert_int_equal(chips_peek(GPIOB + GPIO_OTYPER), 3 << 6);
    assert_int_equal(chips_peek(GPIOB + GPIO_AFRL + 4) >> 20, 0x555); /* SPI2 */
    assert_int_equal(chips_peek(GPIOC + GPIO_PUPDR) & 0xFF, 0x55);    /* keys */
}

static void test_keys_are_low_when_down(void **state)
{
    (void)state;
    start();
    clocks_start();
    pins_start();
    for (unsigned down = 0; down < 16; down++) {
        meter_board_keys(&chips.board, down);
        assert_int_equal(keypad_read(), down);
    }
}

static void test_outputs(void **state)
{
    struct outputs o = { 0 };
    int edges = 0;

    (void)state;
    start();
    clocks_start();
    pins_start();
    outputs_set(&o, HAL_ALARM_CONTACT, true);
    outputs_set(&o, HAL_BACKLIGHT, true);
    assert_true(chips.output[METER_BOARD_ALARM] && chips.output[METER_BOARD_BACKLIGHT]);
    assert_false(chips.output[METER_BOARD_RED]);
    bool was = false;
    for (uint64_t us = 0; us < 1000000; us += 1000) {
        outputs_run(&o, true, false, us);
        edges += chips.output[METER_BOARD_RED] != was;
        was = chips.output[METER_BOARD_RED];
    }
    assert_in_range(edges, 7, 8); /* 4 Hz */
    outputs_set(&o, HAL_LED_RED, true);
    outputs_run(&o, false, false, 0);
    assert_true(chips.output[METER_BOARD_RED]);
    outputs_run(&o, false, true, 0); /* the supply fails */
    assert_false(chips.output[METER_BOARD_RED] || chips.output[METER_BOARD_BACKLIGHT]);
    assert_true(chips.output[METER_BOARD_ALARM]); /* contacts stay */
    outputs_run(&o, false, false, 0);
    assert_true(chips.output[METER_BOARD_RED] && chips.output[METER_BOARD_BACKLIGHT]);
    outputs_ct_range(HAL_CT_THIRD_V);
    assert_true(chips.output[METER_BOARD_CT_THIRD_V]);
    outputs_ct_range(HAL_CT_1V);
    assert_false(chips.output[METER_BOARD_CT_THIRD_V]);
}

static struct supply supply;

static void on_supply(void)
{
    supply_interrupt(&supply);
}

static void start_supply(bool good)
{
    start();
    clocks_start();
    pins_start();
    meter_board_power_good(&chips.board, good);
    supply_start(&supply);
    chips_interrupt(IRQ_EXTI9_5, 0xC0, on_supply);
}

static void power_good(bool good)
{
    meter_board_power_good(&chips.board, good);
    chips_attend();
}

static void test_the_supply_fails_and_comes_back(void **state)
{
    (void)state;
    start_supply(true);
    assert_false(supply_run(&supply, 1000));
    power_good(false); /* a glitch: low and high again before anybody looks */
    power_good(true);
    assert_true(supply_run(&supply, 2000));
    power_good(false);
    assert_true(supply_run(&supply, 3000));
    power_good(true);
    assert_true(supply_run(&supply, 10000));
    power_good(false); /* it bounces: counting begins anew */
    power_good(true);
    assert_true(supply_run(&supply, 30000));
    assert_true(supply_run(&supply, 30001));
    assert_true(supply_run(&supply, 30001 + SUPPLY_BACK_US - 1));
    assert_false(supply_run(&supply, 30001 + SUPPLY_BACK_US));
    power_good(false);
    assert_true(supply_run(&supply, 200000));
    assert_int_equal(supply.failures, 2);
}

/* There is no edge then. */
static void test_a_supply_that_is_bad_from_the_start(void **state)
{
    (void)state;
    start_supply(false);
    assert_true(supply_run(&supply, 1000));
    power_good(true);
    assert_true(supply_run(&supply, 2000));
    assert_false(supply_run(&supply, 2000 + SUPPLY_BACK_US));
}

static void test_the_watchdog_bites_when_time_stands_still(void **state)
{
    struct watchdog w = { 0 };

    (void)state;
    start();
    clocks_start();
    watchdog_start();
    for (int k = 0; k < 50; k++) {
        chips_pass_us(100000);
        watchdog_feed(&w, clocks_now_us());
    }
    assert_int_equal(chips.soc.reset, SOC_RUNS);
    const uint64_t stuck_us = clocks_now_us();
    for (int k = 0; k < 21 && chips.soc.reset == SOC_RUNS; k++) {
        chips_pass_us(100000);
        watchdog_feed(&w, stuck_us);
    }
    assert_int_equal(chips.soc.reset, SOC_WATCHDOG);
    soc_restart(&chips.soc, SOC_WATCHDOG);
    assert_true(watchdog_has_bitten());
    assert_false(watchdog_has_bitten()); /* cleared */
}

/* Its battery was connected just now. */
static void start_with_a_new_battery(void)
{
    start();
    chips.soc.rtc.empty_battery = true;
    chips_power_up();
    chips.soc.rtc.empty_battery = false;
    clocks_start();
}

/* It outlives a reset and the supply by its battery, and is set when it has not. */
static void test_the_rtc_is_set_once(void **state)
{
    struct rtc r;

    (void)state;
    start_with_a_new_battery();
    rtc_start(&r);
    rtc_run(&r);
    assert_false(r.runs); /* the oscillator has not started */
    chips_pass_us(3000000);
    rtc_run(&r);
    assert_true(r.runs && r.lost_time);
    chips_pass_us(2000000);
    assert_int_equal(chips_peek(RTC_DR), 0x012101);
    assert_in_range(chips_peek(RTC_TR), 1, 3);
    assert_int_equal(chips_peek(RTC_ISR) & RTC_ISR_INIT, 0);
    soc_restart(&chips.soc, SOC_SOFTWARE);
    clocks_start();
    rtc_start(&r);
    rtc_run(&r);
    assert_true(r.runs);
    assert_false(r.lost_time); /* the battery has kept it */
    chips.soc.rtc.empty_battery = true;
    soc_power_up(&chips.soc);
    clocks_start();
    rtc_start(&r);
    chips_pass_us(3000000);
    rtc_run(&r);
    assert_true(r.runs && r.lost_time);
}

static uint32_t backup_word(enum rtc_backup word)
{
    return chips_peek(RTC_BKP0R + 4 * (uint32_t)word);
}

static void test_faults_are_recorded_and_filed(void **state)
{
    const uint32_t frame[8] = { 0, 1, 2, 3, 12, 0x08001235, 0x08004320, 0x61000000 };
    struct rtc r;
    struct fault f;

    (void)state;
    start_with_a_new_battery();
    rtc_start(&r);
    chips_pass_us(3000000);
    rtc_run(&r);
    chips_pass_us(5000000);
    memset(&f, 0xC3, sizeof f); /* RAM after the supply came */
    assert_false(fault_fetch(&f));
    chips.soc.nvic.cfsr = 1 << 15 | 1 << 9;
    chips.soc.nvic.bfar = 0xDEADBEE0;
    chips.soc.nvic.hfsr = 1 << 30;
    fault_record(&f, 3, frame);
    fault_record(&f, 3, frame);
    assert_int_equal(f.count, 2);
    assert_int_equal(f.pc, 0x08004320);
    assert_int_equal(f.lr, 0x08001235);
    assert_int_equal(f.address, 0xDEADBEE0);
    assert_true(fault_fetch(&f));
    soc_restart(&chips.soc, SOC_SOFTWARE); /* the time is not valid at once then */
    clocks_start();
    rtc_start(&r);
    rtc_file_fault(&f);
    rtc_file_fault(&f);
    assert_int_equal(backup_word(RTC_BACKUP_FAULTS), 2);
    assert_int_equal(backup_word(RTC_BACKUP_EXCEPTION), 3);
    assert_int_equal(backup_word(RTC_BACKUP_PC), 0x08004320);
    assert_in_range(backup_word(RTC_BACKUP_TIME), 4, 6);
    assert_int_equal(backup_word(RTC_BACKUP_DATE), 0x012101);
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
    assert_int_equal(chips.soc.reset, SOC_SOFTWARE);
}

static void put_block(const struct factory_block *block)
{
    factory_block_make(block, chips.flash + CHIPS_FACTORY);
}

static void expect_none(const struct factory_flash *f, enum factory_block_state state)
{
    assert_int_equal(f->state, state);
    assert_string_equal(factory_model(f), "s4100");
    assert_true(f->block.serial == FACTORY_BLOCK_NO_SERIAL);
    assert_int_equal(f->block.revision, 0);
}

static void test_the_factorys_block(void **state)
{
    struct factory_block put = { 1, 4100123, "s4000r" };
    struct factory_flash got;

    (void)state;
    start();
    factory_read(&got);
    expect_none(&got, FACTORY_BLOCK_BLANK);
    put_block(&put);
    factory_read(&got);
    assert_int_equal(got.state, FACTORY_BLOCK_WHOLE);
    assert_string_equal(factory_model(&got), "s4000r");
    assert_int_equal(got.block.serial, 4100123);
    assert_int_equal(got.block.revision, 1);
    chips.flash[CHIPS_FACTORY + 8] ^= 1;
    factory_read(&got);
    expect_none(&got, FACTORY_BLOCK_DAMAGED);
    memcpy(put.model, "s4200", 6);
    put_block(&put);
    factory_read(&got);
    expect_none(&got, FACTORY_BLOCK_FOREIGN);
}

/* The bytes that factory.sh makes of these words. */
static int run_factory_sh(const char *words, uint8_t bytes[FACTORY_BLOCK_SIZE + 1])
{
    char command[300];
    snprintf(command, sizeof command,
             SOURCE_DIR "/hal_target/factory.sh %s 2>/dev/null", words);
    FILE *f = popen(command, "r");

    assert_non_null(f);
    const size_t size = fread(bytes, 1, FACTORY_BLOCK_SIZE + 1, f);
    const int code = pclose(f) >> 8;
    return code ? -code : (int)size;
}

/* What the factory's program writes is what the C function makes; 0010 is ten. */
static void test_the_factorys_program(void **state)
{
    static const struct {
        const char *words;
        struct factory_block block;
    } cases[] = { { "4294967294 s4000r 1", { 1, 4294967294, "s4000r" } },
                  { "0010 s4100 1", { 1, 10, "s4100" } },
                  { "0000000008 s4100_fds 1", { 1, 8, "s4100_fds" } },
                  { "1 s4100 1", { 1, 1, "s4100" } } };

    (void)state;
    start();
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        uint8_t bytes[FACTORY_BLOCK_SIZE + 1];
        struct factory_flash got;

        assert_int_equal(run_factory_sh(cases[k].words, bytes), FACTORY_BLOCK_SIZE);
        put_block(&cases[k].block);
        assert_memory_equal(bytes, chips.flash + CHIPS_FACTORY, FACTORY_BLOCK_SIZE);
        factory_read(&got);
        assert_int_equal(got.state, FACTORY_BLOCK_WHOLE);
        assert_true(got.block.serial == cases[k].block.serial);
    }
}

/* Each field: a number that is none, none that there is, one too long; a model, a
 * revision that there is not; too few and too many. */
static void test_the_factorys_program_refuses_garbage(void **state)
{
    static const char *const wrong[] = {
        "0 s4100 1",
        "x s4100 1",
        "-1 s4100 1",
        "4294967295 s4100 1",
        "1e3 s4100 1",
        "'' s4100 1",
        "42949672950 s4100 1",
        "99999999999999999999 s4100 1",
        "1 s4200 1",
        "1 S4100 1",
        "1 '' 1",
        "1 s4100 0",
        "1 s4100 2",
        "1 s4100 01",
        "1 s4100",
        "1 s4100 1 1",
        "1 ' s4100' 1",
        "0x10 s4100 1",
        "",
    };

    (void)state;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        uint8_t bytes[FACTORY_BLOCK_SIZE + 1];
        assert_int_equal(run_factory_sh(wrong[k], bytes), -2);
    }
}

/* The writes to the flash's registers that a procedure of openocd.cfg makes. */
static void run_openocd(const char *procedure)
{
    char line[200], head[80];
    bool inside = false;
    FILE *f = fopen(SOURCE_DIR "/hal_target/openocd.cfg", "r");

    assert_non_null(f);
    snprintf(head, sizeof head, "proc %s {", procedure);
    while (fgets(line, sizeof line, f)) {
        unsigned address, value;

        if (!strncmp(line, "proc ", 5))
            inside = !strncmp(line, head, strlen(head));
        if (inside && sscanf(line, " mww %x %x", &address, &value) == 2)
            mmio_write(address, value);
    }
    fclose(f);
}

/* Of a processor as it is sold: BOR level 3, RDP, sectors 0 and 11 write-protected. */
static void test_the_option_bytes(void **state)
{
    enum { LOW = 0xFE, RDP = 0xFF00, WRP_SHIFT = 16, SOLD = 0x0FFFAAED };
    static const struct {
        const char *procedure;
        uint32_t rdp;
    } cases[] = { { "meter_options", 0xAA00 }, { "meter_lock", 0x5500 } };

    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        start();
        chips.soc.flash.options = SOLD;
        chips_power_up();
        run_openocd(cases[k].procedure);
        const uint32_t options = chips.soc.flash.options;
        assert_int_equal(options & LOW, 0xE0);
        assert_int_equal(options & RDP, cases[k].rdp);
        assert_int_equal(options >> WRP_SHIFT, 0xFFF & ~(1 << 0 | 1 << 11));
    }
}

/* The pin counts at power-up; the calendar is then measured by the crystal. */
static void test_the_factorys_pin(void **state)
{
    static struct hal h;
    struct fault f = { 0 };

    (void)state;
    start();
    put_block(&(struct factory_block){ 1, 1, "s4100" });
    meter_board_factory_pin(&chips.board, true);
    board_start(&h, &f);
    assert_int_equal(h.faults, HAL_FACTORY_PIN);
    meter_board_factory_pin(&chips.board, false);
    assert_int_equal(hal_fact(&h, HAL_RTC_SECOND_NS), 0);
    chips.handler[CORTEX_SYSTICK] = clocks_tick;
    while (clocks_now_us() < 5000000) {
        h.rtc.runs = true;
        rtc_measure(&h.rtc, clocks_now_us());
        clocks_wait_us(2000);
    }
    assert_in_range(hal_fact(&h, HAL_RTC_SECOND_NS), 999998000, 1000002000);
    assert_int_equal(hal_fact(&h, HAL_BOARD_REVISION), 1);
    assert_int_equal(hal_fact(&h, HAL_BLOCK_STATE), FACTORY_BLOCK_WHOLE);
}

/* What a start finds wrong: told, with the counters, at once and then once a second. */
static void test_the_report(void **state)
{
    static struct hal h;
    struct fault f = { 0 };
    struct hal_report report = { 0 };

    (void)state;
    start();
    chips.soc.flash.options = 0x0FFFAAED; /* as processors are sold: no BOR */
    chips.flash[CHIPS_FACTORY] = 0;
    chips_power_up();
    soc_restart(&chips.soc, SOC_WATCHDOG);
    board_start(&h, &f);
    assert_int_equal(h.faults, HAL_FAULT_OPTIONS | HAL_FAULT_FACTORY);
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
    for (int late = 0; late < 2; late++) {
        start();
        chips.board.fram.silent = true;
        chips.soc.rcc.crystal.startup_ns = 1000000000;
        board_start(&h, &f);
        assert_int_equal(hal_nvm_read(&h, 0, &byte, 1), 0);
        assert_int_equal(byte, 0xFF);
        chips.board.fram.silent = late == 0;
        assert_int_equal(hal_nvm_write(&h, 0, (const uint8_t *)"", 1), -1);
        assert_int_equal(chips.fram[0], 0xFF);
        assert_int_equal(chips.soc.reset, SOC_RUNS);
        if (late == 0)
            chips_pass_us(1000000);
        board_run(&h, BOARD_REPORT_US);
        board_report(&h, BOARD_REPORT_US, &report);
        assert_int_equal(h.clock, late ? CLOCKS_INTERNAL : CLOCKS_CRYSTAL);
        assert_int_equal(chips.soc.reset, SOC_SOFTWARE);
    }
}

/* Nothing answers: all that is left is said. */
static void test_a_board_without_parts(void **state)
{
    static struct hal h;
    struct fault f = { 0 };
    uint8_t byte = 0;

    (void)state;
    start();
    chips.soc.rcc.crystal.stopped = true;
    chips.board.fram.silent = true;
    chips.board.lcd.absent = true;
    board_start(&h, &f);
    assert_int_equal(hal_nvm_read(&h, 0, &byte, 1), 0); /* as new */
    assert_int_equal(byte, 0xFF);
    for (uint64_t us = 1000; us < 2 * BOARD_RTC_US; us += 1000) {
        assert_true(board_run(&h, us));
        chips_pass_us(1000);
    }
    assert_int_equal(h.faults & ~HAL_FAULT_BATTERY,
                     HAL_FAULT_CRYSTAL | HAL_FAULT_FRONT_END | HAL_FAULT_NVM |
                         HAL_FAULT_DISPLAY | HAL_FAULT_FACTORY);
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
        cmocka_unit_test(test_a_crystal_that_stops_is_an_nmi),
        cmocka_unit_test(test_time_runs_in_microseconds),
        cmocka_unit_test(test_time_does_not_run_back_while_a_tick_waits),
        cmocka_unit_test(test_pins_are_set_before_they_drive),
        cmocka_unit_test(test_keys_are_low_when_down),
        cmocka_unit_test(test_outputs),
        cmocka_unit_test(test_the_supply_fails_and_comes_back),
        cmocka_unit_test(test_a_supply_that_is_bad_from_the_start),
        cmocka_unit_test(test_the_watchdog_bites_when_time_stands_still),
        cmocka_unit_test(test_the_rtc_is_set_once),
        cmocka_unit_test(test_faults_are_recorded_and_filed),
        cmocka_unit_test(test_the_factorys_block),
        cmocka_unit_test(test_the_factorys_program),
        cmocka_unit_test(test_the_factorys_program_refuses_garbage),
        cmocka_unit_test(test_the_option_bytes),
        cmocka_unit_test(test_the_factorys_pin),
        cmocka_unit_test(test_the_report),
        cmocka_unit_test(test_a_bare_board_that_is_none_begins_anew),
        cmocka_unit_test(test_a_board_without_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
