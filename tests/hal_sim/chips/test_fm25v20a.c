/* The FRAM's chip: what it takes to write, what stays unwritten, and what it tells. */
#include "hal_sim/chips/fm25v20a.h"
#include "tests/support/check.h"

static struct {
    struct fm25v20a f;
    uint8_t memory[FM25V20A_SIZE];
    uint32_t left; /* bytes until power goes */
    uint32_t told, told_at, told_size;
} b;

static uint8_t read_byte(void *user, uint32_t address)
{
    (void)user;
    return b.memory[address];
}

static bool write_byte(void *user, uint32_t address, uint8_t byte)
{
    (void)user;
    if (b.left == 0)
        return false;
    b.left--;
    b.memory[address] = byte;
    return true;
}

static void wrote(void *user, uint32_t address, const uint8_t *bytes, uint32_t size)
{
    (void)user;
    assert_memory_equal(bytes, b.memory + address, size);
    b.told++;
    b.told_at = address;
    b.told_size = size;
}

static struct spi_clocking how;

static void start(void)
{
    memset(&b, 0, sizeof b);
    memset(b.memory, 0xFF, sizeof b.memory);
    b.left = UINT32_MAX;
    b.f.wires = (struct fm25v20a_wires){ .read = read_byte,
                                         .write = write_byte,
                                         .wrote = wrote };
    fm25v20a_power(&b.f, true, 0);
    how = (struct spi_clocking){ .hz = 19353600 };
}

/* The last byte that comes back. */
static int transfer(const uint8_t *bytes, int size)
{
    int miso = -1;

    fm25v20a_select(&b.f, true, 0);
    for (int k = 0; k < size; k++)
        miso = fm25v20a_exchange(&b.f, bytes[k], &how, 0);
    fm25v20a_select(&b.f, false, 0);
    return miso;
}

#define SEND(...)                                                                      \
    transfer((const uint8_t[]){ __VA_ARGS__ },                                         \
             (int)sizeof((const uint8_t[]){ __VA_ARGS__ }))

static void test_a_write_needs_its_latch_each_time(void **state)
{
    (void)state;
    start();
    SEND(2, 0, 0, 7, 1);
    assert_int_equal(b.memory[7], 0xFF);
    SEND(6);
    assert_int_equal(SEND(5, 0), 0x42);
    SEND(2, 3, 0xFF, 0xFE, 1, 2, 3); /* wraps at the end */
    assert_int_equal(b.memory[0x3FFFE] << 16 | b.memory[0x3FFFF] << 8 | b.memory[0],
                     0x010203);
    assert_int_equal(b.told, 2);
    assert_int_equal(SEND(5, 0), 0x40); /* the latch is used up */
    SEND(2, 0, 0, 7, 1);
    assert_int_equal(b.memory[7], 0xFF);
    assert_int_equal(SEND(3, 3, 0xFF, 0xFE, 0, 0), 2);
    SEND(6);
    SEND(4);
    assert_int_equal(SEND(5, 0), 0x40);
}

static void test_a_cut_leaves_a_prefix(void **state)
{
    (void)state;
    start();
    b.left = 2;
    SEND(6);
    SEND(2, 0, 1, 0, 1, 2, 3, 4);
    assert_memory_equal(b.memory + 0x100, "\1\2\xFF", 3);
    assert_int_equal(b.told_size, 2);
}

static void test_protection(void **state)
{
    (void)state;
    start();
    fm25v20a_write_protect(&b.f, true);
    SEND(6);
    SEND(2, 0, 0, 0, 1);
    assert_int_equal(b.memory[0], 0xFF);
    SEND(6);
    SEND(1, 0x04); /* the upper quarter alone */
    SEND(6);
    SEND(2, 2, 0xFF, 0xFF, 1, 1);
    assert_int_equal(b.memory[0x2FFFF], 1);
    assert_int_equal(b.memory[0x30000], 0xFF);
    fm25v20a_power(&b.f, false, 0);
    fm25v20a_power(&b.f, true, 0);
    assert_int_equal(SEND(5, 0), 0x44);
    SEND(6);
    SEND(1, 0x80);
    b.f.wp_low = true;
    SEND(6);
    SEND(1, 0x0C);
    assert_int_equal(SEND(5, 0), 0xC0);
}

static void test_what_it_does_not_bear(void **state)
{
    (void)state;
    start();
    how.hz = 38707200;
    SEND(6);
    how.hz = 19353600;
    assert_int_equal(SEND(5, 0), 0x40);
    how.mode = 1;
    SEND(6);
    how.mode = 0;
    assert_int_equal(SEND(5, 0), 0x40);
    b.f.silent = true;
    assert_int_equal(SEND(5, 0), -1);
    assert_int_equal(b.f.too_fast, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_write_needs_its_latch_each_time),
        cmocka_unit_test(test_a_cut_leaves_a_prefix),
        cmocka_unit_test(test_protection),
        cmocka_unit_test(test_what_it_does_not_bear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
