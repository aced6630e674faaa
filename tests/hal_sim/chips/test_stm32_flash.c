/* The flash and its controller, register by register: what locks it, what it refuses, how
 * long it takes, and what power that goes in the middle leaves. */
#include "hal_sim/chips/soc.h"
#include "tests/support/check.h"

enum { KEYR = 0x40023C04, SR = 0x40023C0C, CR = 0x40023C10 };
enum { WORDS = 2 << 8, PROGRAM = 1, ERASE = 2, START = 1 << 16, BUSY = 1 << 16 };
#define LOCK 0x80000000u
#define AT   (0x08020000u + 64)

static struct soc soc;
static uint8_t bytes[STM32_FLASH_SIZE];

static int fresh(void **state)
{
    (void)state;
    memset(&soc, 0, sizeof soc);
    memset(bytes, 0xFF, sizeof bytes);
    soc_start(&soc);
    soc.wires.memory[0] =
        (struct soc_memory){ STM32_FLASH, STM32_FLASH_SIZE, bytes, true };
    soc_power_up(&soc);
    return 0;
}

static void put(uint32_t address, uint32_t value)
{
    soc_write(&soc, address, value, 4);
    assert_false(soc.bus_fault);
}

static uint32_t get(uint32_t address)
{
    return soc_read(&soc, address, 4);
}

static void unlock(void)
{
    put(KEYR, 0x45670123);
    put(KEYR, 0xCDEF89AB);
}

static void pass_ms(int ms)
{
    soc_run(&soc, soc.now_ns + ms * INT64_C(1000000));
}

/* 3.6.1: a wrong key locks it until a reset. */
static void test_keys(void **state)
{
    (void)state;
    assert_int_equal(get(CR), LOCK);
    put(CR, WORDS | PROGRAM);
    assert_int_equal(get(CR), LOCK);
    unlock();
    assert_int_equal(get(CR), 0);
    put(CR, LOCK);
    assert_int_equal(get(CR), LOCK);
    put(KEYR, 0x45670123);
    put(KEYR, 0x45670123);
    unlock();
    assert_int_equal(get(CR), LOCK);
    soc_restart(&soc, SOC_SOFTWARE);
    unlock();
    assert_int_equal(get(CR), 0);
}

/* 3.6.4: 16 µs a word; bits are cleared, none is set. */
static void test_words(void **state)
{
    (void)state;
    unlock();
    put(CR, WORDS | PROGRAM);
    put(AT, 0x12345678);
    assert_int_equal(get(SR), BUSY);
    assert_int_equal(get(AT), UINT32_MAX);
    soc_run(&soc, soc.now_ns + 16000);
    assert_int_equal(get(SR), 0);
    assert_int_equal(get(AT), 0x12345678);
    put(AT, 0xFFFF0000);
    pass_ms(1);
    assert_int_equal(get(AT), 0x12340000);
}

/* 3.9.4 */
static void test_what_is_refused(void **state)
{
    (void)state;
    put(AT, 0);
    assert_int_equal(get(SR), 1 << 7); /* it is locked: PGSERR */
    unlock();
    put(SR, 0xF2);
    assert_int_equal(get(SR), 0);
    put(AT, 0);
    assert_int_equal(get(SR), 1 << 7); /* PG is not set */
    put(SR, 0xF2);
    put(CR, PROGRAM);
    put(AT, 0);
    assert_int_equal(get(SR), 1 << 6); /* not as wide as PSIZE: PGPERR */
    put(SR, 0xF2);
    put(CR, WORDS | PROGRAM);
    soc.flash.optcr &= ~(1u << (16 + 5));
    put(AT, 0);
    assert_int_equal(get(SR), 1 << 4); /* the sector is protected: WRPERR */
    put(SR, 0xF2);
    put(CR, WORDS | ERASE | 5 << 3 | START);
    assert_int_equal(get(SR), 1 << 4);
    pass_ms(2000);
    assert_int_equal(get(AT), UINT32_MAX);
}

/* 3.6.3: one sector, whole, and no other. */
static void test_an_erase(void **state)
{
    static const struct {
        unsigned sector;
        int ms;
    } cases[] = { { 1, 250 }, { 4, 550 }, { 6, 1000 }, { 11, 1000 } };

    (void)state;
    unlock();
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        uint32_t size;
        const uint32_t from = stm32_sector(cases[k].sector, &size);
        memset(bytes, 0, sizeof bytes);
        put(CR, WORDS | ERASE | cases[k].sector << 3 | START);
        pass_ms(cases[k].ms - 1);
        assert_int_equal(get(SR), BUSY);
        assert_int_equal(bytes[from], 0);
        pass_ms(1);
        assert_int_equal(get(SR), 0);
        for (uint32_t at = 0; at < sizeof bytes; at++)
            if (bytes[at] != (at - from < size ? 0xFF : 0))
                fail_msg("sector %u: byte 0x%x", cases[k].sector, at);
    }
}

/* Neither as it was nor as it was to be; the rest of the flash is untouched. */
static void test_power_goes_in_the_middle(void **state)
{
    int ones = 0;

    (void)state;
    unlock();
    memset(bytes, 0x5A, sizeof bytes);
    put(CR, WORDS | ERASE | 5 << 3 | START);
    pass_ms(750);
    soc_power_down(&soc);
    for (uint32_t at = 0; at < 0x20000; at++)
        ones += __builtin_popcount(bytes[0x20000 + at]);
    assert_in_range(ones, 0x20000 * 2, 0x20000 * 6); /* about half of the bits */
    assert_int_equal(bytes[0x1FFFF], 0x5A);
    assert_int_equal(bytes[0x40000], 0x5A);
    soc_power_up(&soc);
    memset(bytes, 0xFF, sizeof bytes);
    unlock();
    put(CR, WORDS | PROGRAM);
    put(AT, 0x0F0F0F0F);
    soc_run(&soc, soc.now_ns + 8000);
    soc_restart(&soc, SOC_WATCHDOG);
    assert_int_equal(get(SR), 0);
    const uint32_t word = get(AT);
    assert_int_equal(word & 0x0F0F0F0F, 0x0F0F0F0F); /* nothing else was cleared */
    assert_true(word != UINT32_MAX && word != 0x0F0F0F0F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_keys, fresh),
        cmocka_unit_test_setup(test_words, fresh),
        cmocka_unit_test_setup(test_what_is_refused, fresh),
        cmocka_unit_test_setup(test_an_erase, fresh),
        cmocka_unit_test_setup(test_power_goes_in_the_middle, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
