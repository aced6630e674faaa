/* The file of an update, and the update of a meter as questions and answers: what is
 * refused, what is repeated, where it goes on. The meter here is a slot in memory. */
#include "core/crc.h"
#include "core/user_function.h"
#include "sim/flash/update.h"
#include "tests/support/check.h"

enum { LENGTH = 1600, SIZE = LENGTH + 4 };

static uint8_t bytes[2 * SIZE];
static struct image_file file;
static struct flash_update u;

static struct {
    uint8_t slot[SIZE];
    int state, restarts, blocks;
    uint32_t version, crc, next;
    bool loses; /* every third answer */
    int asked;
    const char *board, *model;
} meter;

static void put_word(uint8_t *at, uint32_t x)
{
    memcpy(at, &x, 4);
}

static void make_part(uint8_t *at, uint32_t address, uint32_t version)
{
    for (int k = 0; k < LENGTH; k++)
        at[k] = (uint8_t)(k * 11 + address / 0x20000);
    memset(at + 0x200, 0, 124);
    memcpy(at + 0x200, "METERFW", 8);
    put_word(at + 0x208, version);
    strcpy((char *)at + 0x20C, "a board");
    put_word(at + 0x240, address);
    put_word(at + 0x244, LENGTH);
    strcpy((char *)at + 0x248, "s4100 s4000r");
    put_word(at + LENGTH, crc_ieee(at, LENGTH));
}

static int fresh(void **state)
{
    (void)state;
    make_part(bytes, 0x08020000, 1001);
    make_part(bytes + SIZE, 0x08040000, 1001);
    assert_true(image_file_parse(&file, bytes, sizeof bytes, NULL));
    memset(&meter, 0, sizeof meter);
    memset(meter.slot, 0xFF, sizeof meter.slot);
    meter.version = 1000;
    meter.crc = 77;
    meter.board = "a board";
    meter.model = "s4100";
    update_start(&u, &file, &(struct update_options){ 0 });
    return 0;
}

static void put32(uint8_t *at, uint32_t x)
{
    for (int k = 0; k < 4; k++)
        at[k] = (uint8_t)(x >> (24 - 8 * k));
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int status(uint8_t *answer)
{
    uint8_t *at = answer + 3;

    memset(at, 0, UPDATE_STATUS);
    answer[2] = UPDATE_STATUS;
    at[UPDATE_STATUS_STATE] = (uint8_t)meter.state;
    put32(at + UPDATE_STATUS_VERSION, meter.version);
    put32(at + UPDATE_STATUS_CRC, meter.crc);
    put32(at + UPDATE_STATUS_ADDRESS, 0x08040000);
    put32(at + UPDATE_STATUS_RECEIVES, SIZE);
    put32(at + UPDATE_STATUS_RECEIVES_CRC, file.part[1].crc);
    put32(at + UPDATE_STATUS_NEXT, meter.next);
    strcpy((char *)at + UPDATE_STATUS_BOARD, meter.board);
    strcpy((char *)at + UPDATE_STATUS_MODEL, meter.model);
    return 3 + UPDATE_STATUS;
}

static int answer_to(const uint8_t *q, uint8_t *answer)
{
    answer[0] = q[0];
    answer[1] = q[1];
    switch (q[1]) {
    case USER_UPDATE_STATUS:
        return status(answer);
    case USER_UPDATE_BEGIN:
        memset(meter.slot, 0xFF, sizeof meter.slot);
        answer[2] = UPDATE_ERASE;
        meter.state = UPDATE_RECEIVING;
        meter.next = 0;
        meter.restarts++;
        return 3;
    case USER_UPDATE_WRITE:
        memcpy(meter.slot + get32(q + 2), q + 7, q[6]);
        meter.next = get32(q + 2) + q[6];
        meter.blocks++;
        return 6;
    case USER_UPDATE_READ:
        answer[2] = q[6];
        memcpy(answer + 3, meter.slot + get32(q + 2), q[6]);
        return 3 + q[6];
    case USER_UPDATE_CHECK:
        put32(answer + 2, crc_ieee(meter.slot, get32(q + 6)));
        return 6;
    default:
        meter.state = UPDATE_PREVIOUS;
        meter.crc = crc_ieee(meter.slot, LENGTH);
        return 2;
    }
}

/* At most so many questions. */
static void carry(int most)
{
    uint8_t q[UPDATE_PDU_MAX], answer[UPDATE_PDU_MAX];

    for (; most && update_question(&u, q) > 0; most--) {
        const int size = answer_to(q, answer);
        const bool lost = meter.loses && ++meter.asked % 3 == 0;
        update_take_answer(&u, answer, lost ? 0 : size);
    }
}

static void test_a_meter_is_updated(void **state)
{
    (void)state;
    carry(1000);
    assert_int_equal(u.step, STEP_DONE);
    assert_int_equal(meter.crc, file.part[1].crc);
    assert_memory_equal(meter.slot, bytes + SIZE, SIZE);
    assert_int_equal(meter.blocks, 7);
    assert_int_equal(meter.restarts, 1);
    update_start(&u, &file, &(struct update_options){ 0 });
    carry(10);
    assert_int_equal(u.step, STEP_DONE);
    assert_int_equal(meter.blocks, 7);
    assert_string_equal(u.text, "it has this image already");
}

static void test_lost_answers_cost_nothing_else(void **state)
{
    (void)state;
    meter.loses = true;
    carry(1000);
    assert_int_equal(u.step, STEP_DONE);
    assert_int_equal(meter.crc, file.part[1].crc);
}

/* What was received stays; what the meter has is not sent again. */
static void test_it_goes_on_where_it_was(void **state)
{
    (void)state;
    carry(7);
    assert_int_equal(meter.blocks, 4);
    update_start(&u, &file, &(struct update_options){ .quick = true });
    carry(1000);
    assert_int_equal(u.step, STEP_DONE);
    assert_int_equal(meter.blocks, 7);
    assert_int_equal(meter.restarts, 1);
}

static void test_a_slot_that_does_not_hold_is_begun_anew(void **state)
{
    (void)state;
    carry(5);
    meter.slot[3] ^= 1;
    carry(1000);
    assert_int_equal(u.step, STEP_DONE);
    assert_int_equal(meter.restarts, 2);
}

static void test_what_is_refused(void **state)
{
    struct image_file other;

    (void)state;
    meter.board = "another";
    carry(5);
    assert_int_equal(u.step, STEP_FAILED);
    assert_non_null(strstr(u.text, "'another'"));
    fresh(NULL);
    meter.model = "s4100_fds";
    carry(5);
    assert_int_equal(u.step, STEP_FAILED);
    fresh(NULL);
    meter.version = 1002;
    carry(5);
    assert_int_equal(u.step, STEP_FAILED);
    assert_non_null(strstr(u.text, "--downgrade"));
    update_start(&u, &file, &(struct update_options){ .downgrade = true });
    carry(1000);
    assert_int_equal(u.step, STEP_DONE);
    fresh(NULL);
    file.count = 1;
    carry(5);
    assert_int_equal(u.step, STEP_FAILED);
    assert_int_equal(meter.restarts, 0);
    for (size_t size = 0; size < sizeof bytes; size += 40)
        assert_true(image_file_parse(&other, bytes, size, NULL) == (size == SIZE));
    bytes[900] ^= 2;
    assert_false(image_file_parse(&other, bytes, sizeof bytes, NULL));
}

static int silent_questions(void)
{
    int asked = 0;

    for (; !update_is_over(&u) && asked < 1000; asked++)
        update_take_answer(&u, NULL, 0);
    assert_int_equal(u.step, STEP_FAILED);
    return asked;
}

/* A restart may take a minute; a meter that was never there is reported sooner. */
static void test_silence_ends(void **state)
{
    (void)state;
    assert_int_equal(silent_questions(), 5);
    assert_non_null(strstr(u.text, "no answer: another unit id"));
    fresh(NULL);
    carry(5);
    assert_int_equal(silent_questions(), 60);
    assert_string_equal(u.text, "it answers no longer");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_meter_is_updated, fresh),
        cmocka_unit_test_setup(test_lost_answers_cost_nothing_else, fresh),
        cmocka_unit_test_setup(test_it_goes_on_where_it_was, fresh),
        cmocka_unit_test_setup(test_a_slot_that_does_not_hold_is_begun_anew, fresh),
        cmocka_unit_test_setup(test_what_is_refused, fresh),
        cmocka_unit_test_setup(test_silence_ends, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
