/* What replay on the image takes for the same: each kind of output in its order, the
 * glass where it rests, saves while the supply fails. Each rule is broken once. */
#include "hal_sim/image/image_streams.h"
#include "tests/support/check.h"

#define MS INT64_C(1000000)

static struct image_streams s;

static struct tape_record made(enum tape_kind kind, int64_t at_ns,
                               const uint64_t *number, const void *bytes, size_t size)
{
    struct tape_record r = { .time_ns = at_ns };

    tape_make(&r, kind, number, bytes, size);
    return r;
}

static void start(void)
{
    image_streams_free(&s);
    memset(&s, 0, sizeof s);
    image_streams_power(&s);
}

static struct tape_record output(int which, bool on, int64_t at_ns)
{
    return made(TAPE_OUTPUT, at_ns, TAPE_NUMBERS((unsigned)which, on), NULL, 0);
}

static struct tape_record glass(uint8_t first, int64_t at_ns)
{
    const uint8_t ram[HAL_LCD_SIZE] = { first };

    return made(TAPE_LCD, at_ns, TAPE_NUMBERS(0), ram, sizeof ram);
}

/* An energy record (core/nvm.h): sequence, kind 3, content. */
static struct tape_record energy(uint8_t sequence, uint8_t content, int64_t at_ns)
{
    const uint8_t slot[40] = { sequence, [4] = 3, [8] = content };

    return made(TAPE_NVM_WRITE, at_ns, TAPE_NUMBERS(2048u + 1024u * (sequence & 1)),
                slot, sizeof slot);
}

static bool both(struct tape_record tape, struct tape_record image)
{
    image_streams_tape(&s, &tape);
    image_streams_image(&s, &image);
    return !s.differs;
}

static void tape(struct tape_record r)
{
    image_streams_tape(&s, &r);
    image_streams_settle(&s, r.time_ns);
}

static void image(struct tape_record r)
{
    image_streams_image(&s, &r);
    image_streams_settle(&s, r.time_ns);
}

static bool rests(int64_t to_ns)
{
    image_streams_settle(&s, to_ns);
    return !s.differs;
}

static void records_are_compared_byte_for_byte(void **state)
{
    const uint8_t answer[] = { 3, 2, 0, 7 }, other[] = { 3, 2, 0, 8 };

    (void)state;
    start();
    assert_true(both(made(TAPE_ANSWER, 0, NULL, answer, sizeof answer),
                     made(TAPE_ANSWER, 9, NULL, answer, sizeof answer)));
    assert_true(both(energy(1, 5, 0), energy(1, 5, 0)));
    assert_int_equal(s.outputs, 2);
    assert_false(both(made(TAPE_ANSWER, 0, NULL, answer, sizeof answer),
                      made(TAPE_ANSWER, 0, NULL, other, sizeof other)));
    start();
    assert_false(both(energy(1, 5, 0), energy(2, 5, 0)));
}

static void what_is_missing_is_noticed(void **state)
{
    (void)state;
    start();
    tape(energy(1, 5, 0));
    image_streams_end(&s);
    assert_true(s.differs);
    start();
    image(energy(1, 5, 0));
    image_streams_end(&s);
    assert_true(s.differs);
}

static void an_edge_may_be_two_ms_off(void **state)
{
    (void)state;
    start();
    assert_true(both(output(HAL_ENERGY_CONTACT, true, MS),
                     output(HAL_ENERGY_CONTACT, true, 2 * MS)));
    assert_true(rests(3 * MS));
    assert_false(both(output(HAL_ENERGY_CONTACT, false, 10 * MS),
                      output(HAL_ENERGY_CONTACT, false, 13 * MS)));
    start();
    tape(output(HAL_ENERGY_CONTACT, true, MS));
    assert_true(rests(2 * MS));
    assert_false(rests(4 * MS));
    start();
    image(output(HAL_ENERGY_CONTACT, true, MS));
    assert_false(rests(4 * MS));
    start();
    tape(output(HAL_ENERGY_CONTACT, false, MS)); /* as it is */
    assert_true(rests(9 * MS));
}

static void a_frame_has_its_time_on_the_wire(void **state)
{
    const uint8_t frame[8] = { 1 };
    const struct tape_record setup =
        made(TAPE_UART_CONFIGURE, 0, TAPE_NUMBERS(1200, 0), NULL, 0);

    (void)state;
    start();
    assert_true(both(setup, setup));
    tape(made(TAPE_UART_SEND, 0, NULL, frame, sizeof frame));
    assert_true(rests(73 * MS));
    image(made(TAPE_UART_SEND, 80 * MS, NULL, frame, sizeof frame));
    assert_true(rests(500 * MS));
    tape(made(TAPE_UART_SEND, 500 * MS, NULL, frame, sizeof frame));
    assert_false(rests(650 * MS));
}

static void a_glass_that_rests_is_shown(void **state)
{
    (void)state;
    start();
    tape(glass(1, 0));
    image(glass(1, 10 * MS));
    assert_true(rests(500 * MS));
    tape(glass(2, 500 * MS));
    assert_true(rests(590 * MS));
    assert_false(rests(610 * MS));
}

static void a_moment_of_the_glass_is_not_compared(void **state)
{
    (void)state;
    start();
    tape(glass(1, 0));
    image(glass(9, 5 * MS));
    image(glass(1, 15 * MS));
    assert_true(rests(500 * MS));
    image(glass(9, 500 * MS));
    assert_true(rests(540 * MS));
    assert_false(rests(560 * MS));
}

static void saves_may_differ_while_the_supply_fails(void **state)
{
    (void)state;
    start();
    image_streams_supply(&s, false, 1000 * MS);
    tape(energy(1, 7, 1000 * MS));
    image(energy(1, 6, 1001 * MS));
    image(energy(2, 6, 1010 * MS));
    image_streams_supply(&s, true, 1011 * MS);
    image(energy(3, 6, 1020 * MS));
    tape(energy(2, 9, 2000 * MS));
    image(energy(4, 9, 2000 * MS)); /* another number, another slot */
    assert_true(rests(2001 * MS));
    assert_false(both(energy(3, 9, 3000 * MS), energy(5, 8, 3000 * MS)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_compared_byte_for_byte),
        cmocka_unit_test(what_is_missing_is_noticed),
        cmocka_unit_test(an_edge_may_be_two_ms_off),
        cmocka_unit_test(a_frame_has_its_time_on_the_wire),
        cmocka_unit_test(a_glass_that_rests_is_shown),
        cmocka_unit_test(a_moment_of_the_glass_is_not_compared),
        cmocka_unit_test(saves_may_differ_while_the_supply_fails),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);

    image_streams_free(&s);
    return failed;
}
