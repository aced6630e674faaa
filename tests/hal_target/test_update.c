/* The update of the image on the model of the flash: a whole one, and one in which power
 * goes in the middle of any word or erase; what the reset system then runs is never
 * anything but the old or the new image, and in the end the new one. */
#include "chips.h"
#include "core/crc.h"
#include "core/modbus.h"
#include "core/user_function.h"
#include "hal_target/stm32f405/flash.h"
#include "hal_target/stm32f405/update.h"
#include "tests/support/check.h"

enum { IMAGE = 1996, SIZE = IMAGE + SLOT_SEAL };

static struct update u;
static uint8_t image[2][SIZE]; /* the old one and the new one, for both slots alike … */
static const struct update_who who = { "s4100", 4711, 1000 };

/* … but for the address, and the CRC that follows from it. */
static uint32_t seal(int which, enum slot slot)
{
    struct identity id = { .magic = IDENTITY_METER,
                           .version = 1000 + (uint32_t)which,
                           .board = IDENTITY_BOARD,
                           .address = slot_address(slot),
                           .length = IMAGE };
    uint32_t crc;

    for (int k = 0; k < IMAGE; k++)
        image[which][k] = (uint8_t)(k * 7 + which * 91 + (k >> 8));
    memcpy(image[which] + IDENTITY_OFFSET, &id, sizeof id);
    crc = crc_ieee(image[which], IMAGE);
    memcpy(image[which] + IMAGE, &crc, sizeof crc);
    return crc;
}

static uint8_t *slot_bytes(enum slot slot)
{
    return chips.flash + (slot_address(slot) - FLASH_START);
}

static void flash_image(int which, enum slot slot)
{
    seal(which, slot);
    memcpy(slot_bytes(slot), image[which], SIZE);
}

static int new_board(void **state)
{
    (void)state;
    chips_start();
    flash_image(0, SLOT_A);
    return 0;
}

/* A start of the processor; which image runs: 0, 1, or −1 for none. */
static int boot(void)
{
    struct identity id;
    uint32_t crc;
    struct update reset_system = { 0 };

    chips_power_up();
    const enum slot slot = update_choose(&reset_system);
    update_start(&u, slot);
    if (slot == SLOT_NONE)
        return -1;
    assert_true(slot_is_whole(slot, &id, &crc));
    assert_int_equal(u.version, id.version);
    seal((int)id.version - 1000, slot);
    assert_memory_equal(slot_bytes(slot), image[id.version - 1000], SIZE);
    return (int)id.version - 1000;
}

static uint8_t answer[METER_PDU_MAX];

static void put32(uint8_t *at, uint32_t x)
{
    for (int k = 0; k < 4; k++)
        at[k] = (uint8_t)(x >> (24 - 8 * k));
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint32_t status32(int at)
{
    const uint8_t request[] = { 0x42, USER_UPDATE_STATUS };

    assert_int_equal(update_answer(&u, &who, request, 2, answer), 3 + UPDATE_STATUS);
    return get32(answer + 3 + at);
}

static int begin(uint32_t size, uint32_t crc, bool anew)
{
    uint8_t request[11] = { 0x42, USER_UPDATE_BEGIN };

    put32(request + 2, size);
    put32(request + 6, crc);
    request[10] = anew;
    return update_answer(&u, &who, request, sizeof request, answer);
}

static int write_at(uint32_t offset, const uint8_t *bytes, uint32_t size)
{
    uint8_t request[7 + UPDATE_BLOCK_MAX] = { 0x42, USER_UPDATE_WRITE };

    put32(request + 2, offset);
    request[6] = (uint8_t)size;
    memcpy(request + 7, bytes, size);
    return update_answer(&u, &who, request, 7 + (int)size, answer);
}

static int with32(enum user_function which, uint32_t x)
{
    uint8_t request[6] = { 0x42, (uint8_t)which };

    put32(request + 2, x);
    return update_answer(&u, &who, request, 6, answer);
}

static enum slot other(void)
{
    return slot_at(status32(UPDATE_STATUS_ADDRESS));
}

/* What metersim flash does, from wherever the meter stands; a restart where the meter
 * wants one. */
static int update_to(int which)
{
    const uint32_t crc = seal(which, other());

    assert_true(begin(SIZE, crc, false) > 0);
    if (u.restart)
        boot();
    assert_int_equal(u.records.now.other_state, UPDATE_RECEIVING);
    seal(which, other());
    uint32_t at = status32(UPDATE_STATUS_NEXT) / UPDATE_BLOCK_MAX * UPDATE_BLOCK_MAX;
    for (; at < SIZE; at += UPDATE_BLOCK_MAX) {
        const uint32_t size =
            SIZE - at < UPDATE_BLOCK_MAX ? SIZE - at : UPDATE_BLOCK_MAX;
        assert_int_equal(write_at(at, image[which] + at, size), 6);
        assert_int_equal(get32(answer + 2), at + size);
    }
    assert_int_equal(with32(USER_UPDATE_INSTALL, crc), 2);
    assert_true(u.restart);
    const int runs = boot();
    update_watch(&u, UPDATE_HEALTHY_SECONDS, 31000000);
    return runs;
}

static void test_an_update_and_the_way_back(void **state)
{
    (void)state;
    assert_int_equal(boot(), 0);
    assert_int_equal(update_to(1), 1);
    assert_int_equal(u.records.now.other_state, UPDATE_PREVIOUS);
    assert_int_equal(boot(), 1);
    assert_int_equal(update_to(0), 0);
    assert_int_equal(boot(), 0);
    assert_int_equal(slot_at(status32(UPDATE_STATUS_ADDRESS)), SLOT_B);
}

/* Without a word of health three starts are tried, or one minute. */
static void test_an_unhealthy_image_is_left(void **state)
{
    (void)state;
    boot();
    update_to(1);
    const uint32_t crc = seal(0, other());
    assert_true(begin(SIZE, crc, false) > 0);
    boot();
    for (uint32_t at = 0; at < SIZE; at += 200)
        assert_int_equal(write_at(at, image[0] + at, SIZE - at < 200 ? SIZE - at : 200),
                         6);
    assert_int_equal(with32(USER_UPDATE_INSTALL, crc), 2);
    for (int k = 0; k < UPDATE_TRIES; k++) {
        assert_int_equal(boot(), 0);
        update_watch(&u, UPDATE_HEALTHY_SECONDS - 1, UPDATE_TRIAL_US - 1);
        assert_int_equal(begin(SIZE, crc, true), -MODBUS_DEVICE_BUSY);
    }
    assert_int_equal(boot(), 1);
    assert_int_equal(u.records.now.other_state, UPDATE_REJECTED);
    assert_int_equal(boot(), 1);

    assert_int_equal(update_to(0), 0);
    update_to(1);
    seal(0, other());
    begin(SIZE, seal(0, other()), false);
    boot();
    for (uint32_t at = 0; at < SIZE; at += 200)
        write_at(at, image[0] + at, SIZE - at < 200 ? SIZE - at : 200);
    with32(USER_UPDATE_INSTALL, u.records.now.other_crc);
    assert_int_equal(boot(), 0);
    update_watch(&u, 3, UPDATE_TRIAL_US);
    assert_true(u.restart);
    assert_int_equal(boot(), 1);
}

/* Each of 1 000 places, in the image that runs and in the one that was sent. */
static void test_a_damaged_image_is_never_run(void **state)
{
    struct random dice = { 17 };

    (void)state;
    boot();
    update_to(1);
    for (int round = 0; round < 1000; round++) {
        const uint32_t bit = random_range(&dice, 0, 8 * SIZE - 1);
        uint8_t *byte = slot_bytes(SLOT_B) + bit / 8;
        *byte ^= (uint8_t)(1 << bit % 8);
        struct stm32_flash before = chips.soc.flash;
        uint8_t records[2 * 16 << 10];
        memcpy(records, chips.flash + 0x4000, sizeof records);
        assert_int_equal(boot(), 0); /* the one before it, which is whole */
        memcpy(chips.flash + 0x4000, records, sizeof records);
        chips.soc.flash = before;
        *byte ^= (uint8_t)(1 << bit % 8);
    }
    slot_bytes(SLOT_B)[100] ^= 4;
    slot_bytes(SLOT_A)[101] ^= 8;
    assert_int_equal(boot(), -1);
    assert_int_equal(update_to(0), 0); /* the reset system receives one */
    assert_int_equal(boot(), 0);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    boot();
    const uint32_t crc = seal(1, SLOT_B);
    assert_int_equal(write_at(0, image[1], 200), -MODBUS_ILLEGAL_VALUE);
    assert_int_equal(begin(SLOT_SIZE + 4, crc, false), -MODBUS_ILLEGAL_VALUE);
    assert_int_equal(begin(0, crc, false), -MODBUS_ILLEGAL_VALUE);
    assert_int_equal(begin(SIZE - 2, crc, false), -MODBUS_ILLEGAL_VALUE);
    assert_int_equal(begin(SIZE, crc, false), 3);
    boot();
    assert_int_equal(write_at(SIZE - 196, image[1], 200), -MODBUS_ILLEGAL_VALUE);
    assert_int_equal(write_at(2, image[1], 200), -MODBUS_ILLEGAL_VALUE);
    assert_int_equal(write_at(0, image[1], 0), -MODBUS_ILLEGAL_VALUE);
    assert_int_equal(with32(USER_UPDATE_INSTALL, crc), -MODBUS_DEVICE_FAILURE);
    assert_int_equal(with32(USER_UPDATE_INSTALL, crc + 1), -MODBUS_ILLEGAL_VALUE);
    for (int sub = USER_UPDATE_SERVICE + 1; sub <= USER_BOARD_LAST; sub++) {
        const uint8_t request[] = { 0x42, (uint8_t)sub };
        assert_int_equal(update_answer(&u, &who, request, 2, answer),
                         -MODBUS_ILLEGAL_FUNCTION);
    }
    /* an image for the other slot, or for another board, is no image here */
    flash_image(1, SLOT_A);
    memcpy(slot_bytes(SLOT_B), image[1], SIZE);
    struct identity id;
    uint32_t there;
    assert_false(slot_is_whole(SLOT_B, &id, &there));
    assert_true(slot_is_whole(SLOT_A, &id, &there));
    slot_bytes(SLOT_A)[IDENTITY_OFFSET + 12] ^= 1;
    assert_false(slot_is_whole(SLOT_A, &id, &there));
}

/* Bits that cannot rise fail the block, and are erased when it is asked for. */
static void test_a_slot_is_begun_anew(void **state)
{
    (void)state;
    boot();
    const uint32_t crc = seal(1, SLOT_B);
    begin(SIZE, crc, false);
    boot();
    seal(1, SLOT_B);
    assert_int_equal(write_at(0, image[1], 200), 6);
    assert_int_equal(write_at(0, image[1], 200), 6);
    assert_int_equal(write_at(4, image[1], 200), -MODBUS_DEVICE_FAILURE);
    assert_int_equal(begin(SIZE, crc, true), 3);
    assert_int_equal(answer[2], UPDATE_ERASE);
    boot();
    assert_int_equal(status32(UPDATE_STATUS_NEXT), 0);
    seal(1, SLOT_B);
    assert_int_equal(write_at(4, image[1], 200), 6);
}

/* The reset system stays when it is asked to. */
static void test_service(void **state)
{
    const uint8_t on[] = { 0x42, USER_UPDATE_SERVICE, 1 };
    const uint8_t off[] = { 0x42, USER_UPDATE_SERVICE, 0 };

    (void)state;
    boot();
    assert_int_equal(update_answer(&u, &who, on, 3, answer), 2);
    assert_true(u.restart);
    assert_int_equal(boot(), -1);
    assert_int_equal(boot(), -1);
    assert_int_equal(update_answer(&u, &who, off, 3, answer), 2);
    assert_int_equal(boot(), 0);
}

/* Records fill both sectors again and again. */
static void test_records_go_round(void **state)
{
    (void)state;
    boot();
    for (int k = 0; k < 200; k++)
        assert_int_equal(update_to(1 - k % 2), 1 - k % 2);
    assert_true(chips.soc.flash.erasures >= 200 + 2);
    assert_true(update_records_room(&u.records) > 0);
}

/* Power goes in the n-th operation of the flash: a word, or an erase. */
static void test_power_may_go_at_any_moment(void **state)
{
    struct random dice = { 5 };
    volatile int runs = 0, whole = 0, cuts = 0;

    (void)state;
    boot();
    for (volatile int round = 0; round < 400; round++) {
        const int target = 1 - runs;
        chips.cut_share = random_range(&dice, 0, 255);
        chips.cut_in = 1 + random_range(&dice, 0, round % 4 ? 520 : 12);
        if (setjmp(chips.cut) == 0) {
            runs = update_to(target);
            whole++;
            chips.cut_in = 0;
            assert_int_equal(runs, target);
            continue;
        }
        cuts++;
        soc_power_down(&chips.soc);
        chips.cut_in = random_range(&dice, 0, 3) ? 0 : 1 + random_range(&dice, 0, 10);
        if (setjmp(chips.cut))
            soc_power_down(&chips.soc);
        const int now = boot();
        assert_true(now == runs || now == target);
        chips.cut_in = 0;
        /* the master comes again; a trial ends, and an update goes on where it was */
        if (u.records.now.other_state == UPDATE_TRIAL)
            update_watch(&u, UPDATE_HEALTHY_SECONDS, 31000000);
        runs = boot();
        if (runs != target)
            runs = update_to(target);
        assert_int_equal(runs, target);
        assert_int_equal(boot(), target);
    }
    print_message("%d cuts, %d whole updates\n", cuts, whole);
    assert_true(cuts > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_an_update_and_the_way_back, new_board),
        cmocka_unit_test_setup(test_an_unhealthy_image_is_left, new_board),
        cmocka_unit_test_setup(test_a_damaged_image_is_never_run, new_board),
        cmocka_unit_test_setup(test_what_is_refused, new_board),
        cmocka_unit_test_setup(test_a_slot_is_begun_anew, new_board),
        cmocka_unit_test_setup(test_service, new_board),
        cmocka_unit_test_setup(test_records_go_round, new_board),
        cmocka_unit_test_setup(test_power_may_go_at_any_moment, new_board),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
