/* Answers of function 0x42 on a serial line, where the client must know their length: each
 * sub-function that the meter answers with nothing but itself, and those that look like an
 * echo. */
#include "core/factory.h"
#include "core/user_function.h"
#include "sim/field/user_answer.h"
#include "tests/support/check.h"

static int length(int sub, int third)
{
    const uint8_t pdu[3] = { 0x42, (uint8_t)sub, (uint8_t)third };

    return user_answer_length(pdu);
}

static void test_lengths(void **state)
{
    (void)state;
    assert_int_equal(length(USER_COUNTERS, 68), 71);
    assert_int_equal(length(FACTORY_IDENTIFY, 25), 28);
    assert_int_equal(length(FACTORY_READ_KEYS, 2), 5);
    assert_int_equal(length(USER_UPDATE_STATUS, UPDATE_STATUS), 3 + UPDATE_STATUS);
    assert_int_equal(length(USER_UPDATE_BEGIN, 1), 3);
    assert_int_equal(length(USER_UPDATE_WRITE, 0), 6);
    assert_int_equal(length(USER_UPDATE_READ, 240), 243);
    /* The third byte is the CRC's. */
    static const uint8_t bare[] = { USER_UPDATE_INSTALL,     USER_UPDATE_SERVICE,
                                    FACTORY_WRITE_CONSTANTS, FACTORY_DRIVE_OUTPUTS,
                                    FACTORY_SHOW_SEGMENTS,   FACTORY_SEAL,
                                    FACTORY_BREAK_SEAL };
    for (size_t k = 0; k < sizeof bare; k++)
        assert_int_equal(length(bare[k], 0xA5), 2);
}

static void test_answers_that_are_the_request(void **state)
{
    static const uint8_t seal[] = { 0x42, FACTORY_SEAL },
                         release[] = { 0x42, FACTORY_SHOW_SEGMENTS },
                         counters[] = { 0x42, USER_COUNTERS },
                         service[] = { 0x42, USER_UPDATE_SERVICE, 1 },
                         server_id[] = { 0x11, FACTORY_SEAL };

    (void)state;
    assert_true(user_answer_is_request(seal, sizeof seal));
    assert_true(user_answer_is_request(release, sizeof release));
    assert_false(user_answer_is_request(counters, sizeof counters));
    assert_false(user_answer_is_request(service, sizeof service));
    assert_false(user_answer_is_request(server_id, sizeof server_id));
    assert_false(user_answer_is_request(seal, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_answers_that_are_the_request),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
