/* The simulated board: FRAM across pages and at its end, outputs, LCD, tape of all. */
#include "hal_sim/board.h"
#include "tests/support/check.h"

static struct hal h;
static struct tape_record last;
static int records;

static void keep_last(void *user, const struct tape_record *record)
{
    (void)user;
    last.kind = record->kind;
    last.size = record->size;
    last.time_ns = record->time_ns;
    memcpy(last.data, record->data, record->size);
    records++;
}

static int fresh(void **state)
{
    (void)state;
    records = 0;
    board_start(&h, 4711);
    h.sink = keep_last;
    h.now_ns = 123456789;
    return 0;
}

static int release(void **state)
{
    (void)state;
    board_free(&h);
    return 0;
}

static void unwritten_memory_reads_ff(void **state)
{
    uint8_t data[64] = { 0 };

    (void)state;
    assert_int_equal(hal_nvm_read(&h, HAL_NVM_SIZE - 64, data, 64), 0);
    for (int k = 0; k < 64; k++)
        assert_int_equal(data[k], 0xFF);
    assert_false(board_nvm_has_page(&h, BOARD_PAGES - 1));
    hal_nvm_write(&h, 10, "x", 1);
    hal_nvm_read(&h, 9, data, 3);
    assert_memory_equal(data, "\xFFx\xFF", 3);
}

static void random_writes_across_pages(void **state)
{
    static uint8_t expected[HAL_NVM_SIZE], got[3000], data[3000];
    struct random dice = { 18 };

    (void)state;
    memset(expected, 0xFF, sizeof expected);
    for (int round = 0; round < 1000; round++) {
        uint32_t size = random_range(&dice, 0, sizeof data);
        uint32_t address = random_range(&dice, 0, HAL_NVM_SIZE - size);
        for (uint32_t n = 0; n < size; n++)
            data[n] = (uint8_t)random_bits(&dice);
        assert_int_equal(hal_nvm_write(&h, address, data, size), 0);
        memcpy(expected + address, data, size);
        address = random_range(&dice, 0, HAL_NVM_SIZE - sizeof got);
        assert_int_equal(hal_nvm_read(&h, address, got, sizeof got), 0);
        assert_memory_equal(got, expected + address, sizeof got);
    }
}

/* A page is there from its first byte on, whatever that is; a page put there whole
 * costs what is not blank. */
static void blank_memory_is_not_kept(void **state)
{
    uint8_t page[BOARD_PAGE], got[BOARD_PAGE];

    (void)state;
    hal_nvm_write(&h, 5 * BOARD_PAGE + 99, "\xFF", 1);
    assert_true(board_nvm_has_page(&h, 5));
    assert_false(board_nvm_has_page(&h, 4) || board_nvm_has_page(&h, 6));
    assert_int_equal(h.cells.count, 1);
    memset(page, 0xFF, sizeof page);
    page[1000] = 1;
    board_nvm_put_page(&h, 6, page);
    board_nvm_peek(&h, 6 * BOARD_PAGE, got, sizeof got);
    assert_memory_equal(got, page, sizeof page);
    assert_int_equal(h.cells.count, 3);
}

static void outside_is_refused(void **state)
{
    uint8_t data[8] = { 0 };

    (void)state;
    assert_int_equal(hal_nvm_write(&h, HAL_NVM_SIZE - 7, data, 8), -1);
    assert_int_equal(hal_nvm_read(&h, HAL_NVM_SIZE - 7, data, 8), -1);
    assert_int_equal(hal_nvm_write(&h, UINT32_MAX - 3, data, 8), -1);
    assert_int_equal(hal_nvm_read(&h, HAL_NVM_SIZE, data, 1), -1);
    assert_int_equal(hal_nvm_read(&h, HAL_NVM_SIZE, data, 0), 0);
    assert_int_equal(records, 0);
    hal_lcd_write(&h, HAL_LCD_SIZE - 1, data, 2);
    hal_lcd_write(&h, UINT32_MAX, data, 2);
    assert_int_equal(records, 0);
}

static void power_loss_keeps_nvm_alone(void **state)
{
    uint8_t byte = 7;

    (void)state;
    hal_nvm_write(&h, 5000, &byte, 1);
    hal_lcd_write(&h, 3, &byte, 1);
    hal_output(&h, HAL_ALARM_CONTACT, true);
    assert_int_equal(h.lcd[3], 7);
    board_power_down(&h);
    assert_int_equal(h.lcd[3], 0);
    assert_false(h.output[HAL_ALARM_CONTACT]);
    byte = 0;
    hal_nvm_read(&h, 5000, &byte, 1);
    assert_int_equal(byte, 7);
}

static void check_tape(enum tape_kind kind, const void *data, uint16_t size)
{
    assert_int_equal(last.kind, kind);
    assert_int_equal(last.size, size);
    assert_int_equal(last.time_ns, 123456789);
    assert_memory_equal(last.data, data, size);
}

static void everything_goes_onto_the_tape(void **state)
{
    (void)state;
    hal_output(&h, HAL_LED_GREEN, true);
    check_tape(TAPE_OUTPUT, "\x02\x01", 2);
    hal_ct_range(&h, HAL_CT_THIRD_V);
    check_tape(TAPE_CT_RANGE, "\x01", 1);
    hal_uart_configure(&h, 19200, HAL_PARITY_ODD);
    check_tape(TAPE_UART_CONFIGURE, "\x00\x4B\x00\x00\x02", 5);
    hal_uart_send(&h, (const uint8_t *)"frame", 5);
    check_tape(TAPE_UART_SEND, "frame", 5);
    hal_lcd_write(&h, 2, (const uint8_t *)"AB", 2);
    check_tape(TAPE_LCD, "\x02\0\0\0AB", 6);
    hal_nvm_write(&h, 0x12345, "xyz", 3);
    check_tape(TAPE_NVM_WRITE, "\x45\x23\x01\0xyz", 7);
    assert_int_equal(records, 6);
    assert_int_equal(hal_serial_number(&h), 4711);
}

static void edges_are_counted(void **state)
{
    (void)state;
    hal_output(&h, HAL_ENERGY_CONTACT, false);
    hal_output(&h, HAL_ENERGY_CONTACT, true);
    hal_output(&h, HAL_ENERGY_CONTACT, true);
    hal_output(&h, HAL_ENERGY_CONTACT, false);
    assert_int_equal(h.output_edges[HAL_ENERGY_CONTACT], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(unwritten_memory_reads_ff, fresh, release),
        cmocka_unit_test_setup_teardown(random_writes_across_pages, fresh, release),
        cmocka_unit_test_setup_teardown(blank_memory_is_not_kept, fresh, release),
        cmocka_unit_test_setup_teardown(outside_is_refused, fresh, release),
        cmocka_unit_test_setup_teardown(power_loss_keeps_nvm_alone, fresh, release),
        cmocka_unit_test_setup_teardown(everything_goes_onto_the_tape, fresh, release),
        cmocka_unit_test_setup_teardown(edges_are_counted, fresh, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
