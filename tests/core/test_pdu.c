/* The PDU server byte by byte: functions, order of checks (01, length 03, quantity 03,
 * address 02, value 03), limits, identification, and garbage. */
#include "tests/support/bench.h"

static struct bench b;
static struct random dice = { 11 };

static int fresh(void **state)
{
    (void)state;
    bench_start(&b, 40);
    return 0;
}

static int bytes_of(const char *hex, uint8_t *bytes)
{
    int count = 0, used;
    unsigned byte;

    while (sscanf(hex, "%2x%n", &byte, &used) == 1) {
        bytes[count++] = (uint8_t)byte;
        hex += used;
    }
    return count;
}

static void check_exchange(const char *request, const char *answer)
{
    uint8_t in[300], expected[300], got[METER_PDU_MAX];
    int size = meter_request(&b.m, in, bytes_of(request, in), got);
    int length = bytes_of(answer, expected);

    if (size != length || memcmp(got, expected, (size_t)length))
        fail_msg("%s: answer of %d bytes, %02x %02x, expected %s", request, size,
                 got[0], got[1], answer);
}

struct exchange {
    const char *request, *answer;
};

static void check_exchanges(const struct exchange *list, size_t count)
{
    for (size_t k = 0; k < count; k++)
        check_exchange(list[k].request, list[k].answer);
}

static void reads(void **state)
{
    static const struct exchange list[] = {
        { "03 00 81 00 01", "03 02 00 28" },
        { "04 00 81 00 01", "04 02 00 28" },
        { "03 00 81 00 03", "03 06 00 28 00 64 00 01" },
        { "03 00 25 00 01", "03 02 80 00" },
        { "03 1b 58 00 01", "03 02 03 e8" },
        { "03 00 99 00 01", "03 02 00 00" },
    };

    (void)state;
    check_exchanges(list, COUNT_OF(list));
}

static void order_of_checks_in_reads(void **state)
{
    static const struct exchange list[] = {
        { "03", "83 03" }, /* length … */
        { "03 00", "83 03" },
        { "03 00 00 00", "83 03" },
        { "03 00 00 00 01 00", "83 03" },
        { "04 00 00 00", "84 03" },
        { "03 00 00 00 00", "83 03" }, /* quantity */
        { "03 00 00 00 7e", "83 03" },
        { "03 ff ff 00 7e", "83 03" }, /* before address */
        { "03 ff ff 00 00", "83 03" },
        { "03 00 00 ff ff", "83 03" },
        { "03 00 70 00 01", "83 02" }, /* register 113 */
        { "03 00 6f 00 02", "83 02" }, /* one past a range: no part of it */
        { "03 00 01 00 7d", "83 02" }, /* across a gap */
        { "03 ff ff 00 01", "83 02" },
        { "03 ff ff 00 02", "83 02" }, /* never wraps to register 1 */
        { "04 ff 84 00 7d", "84 02" },
    };

    (void)state;
    check_exchanges(list, COUNT_OF(list));
}

static void as_many_as_125(void **state)
{
    uint8_t request[] = { 3, 1, 0, 0, 125 }, answer[METER_PDU_MAX + 8];

    (void)state;
    memset(answer, 0xA5, sizeof answer);
    assert_int_equal(meter_request(&b.m, request, 5, answer), 252);
    assert_int_equal(answer[1], 250);
    for (unsigned n = METER_PDU_MAX; n < sizeof answer; n++)
        assert_int_equal(answer[n], 0xA5);
    request[4] = 126;
    assert_int_equal(meter_request(&b.m, request, 5, answer), 2);
    assert_int_equal(answer[1], 3);
}

static void single_writes(void **state)
{
    static const struct exchange list[] = {
        { "06 00 8d 00 0f", "06 00 8d 00 0f" },
        { "03 00 8d 00 01", "03 02 00 0f" },
        { "06 00 8d 00 64", "86 03" },       /* 100 % */
        { "03 00 8d 00 01", "03 02 00 0f" }, /* … changed nothing */
        { "06 00 00 00 01", "86 02" },       /* read only */
        { "06 00 70 00 01", "86 02" },       /* not there */
        { "06 01 00 00 01", "86 02" },       /* a float */
        { "06 ff ff 00 01", "86 02" },
        { "06 00 80 75 7e", "06 00 80 75 7e" }, /* command 30078 */
        { "06 00 80 00 01", "86 03" },
        { "06", "86 03" },
        { "06 00 8d 00", "86 03" },
        { "06 00 8d 00 0f 00", "86 03" },
    };

    (void)state;
    check_exchanges(list, COUNT_OF(list));
}

static void multiple_writes(void **state)
{
    static const struct exchange list[] = {
        { "10 00 8d 00 02 04 00 14 00 1e", "10 00 8d 00 02" },
        { "03 00 8d 00 02", "03 04 00 14 00 1e" },
        { "10 00 8d 00 02 04 00 15 00 64", "90 03" }, /* the second breaks its range */
        { "03 00 8d 00 02", "03 04 00 14 00 1e" },    /* so the first stays */
        { "10 00 86 00 01 02 00 05", "90 02" },       /* 135 is read only */
        { "10 00 85 00 02 04 02 58 00 05", "90 02" }, /* … and so is a block with it */
        { "10 00 8d 00 00 00", "90 03" },
        { "10 00 8d 00 7c f8", "90 03" },          /* 124 */
        { "10 00 8d 00 01 03 00 14 00", "90 03" }, /* byte count is not 2 × quantity */
        { "10 00 8d 00 02 02 00 14", "90 03" },
        { "10 00 8d 00 01 02 00", "90 03" }, /* length is not that of the count */
        { "10 00 8d 00 01 02 00 14 00", "90 03" },
        { "10 00 8d 00 01", "90 03" },
        { "10", "90 03" },
        { "10 ff ff 00 01 04 00 14 00 14", "90 03" }, /* before address */
        { "10 ff ff 00 02 04 00 14 00 14", "90 02" },
        { "10 00 84 00 02 04 03 e8 10 40", "10 00 84 00 02" }, /* 133 and 134 */
        { "03 00 84 00 02", "03 04 03 e8 10 40" },
    };

    (void)state;
    check_exchanges(list, COUNT_OF(list));
}

/* 123 registers are taken as a request: the answer is about addresses, not length. */
static void as_many_as_123(void **state)
{
    uint8_t request[252] = { 0x10, 0, 128, 0, 123, 246 }, answer[METER_PDU_MAX];

    (void)state;
    assert_int_equal(meter_request(&b.m, request, 252, answer), 2);
    assert_int_equal(answer[0], 0x90);
    assert_int_equal(answer[1], 2);
}

static void server_id(void **state)
{
    uint8_t answer[METER_PDU_MAX], request[2] = { 0x11, 0 };
    static const char text[] = "Leviton S4100 Power Meter Full Data Set";

    (void)state;
    assert_int_equal(meter_request(&b.m, request, 1, answer), 4 + 39);
    assert_int_equal(answer[0], 0x11);
    assert_int_equal(answer[1], 41);
    assert_int_equal(answer[2], 0xF7);
    assert_int_equal(answer[3], 0xFF);
    assert_memory_equal(answer + 4, text, 39);
    check_exchange("11 00", "91 03");
}

#define VENDOR   "00 07 4c 65 76 69 74 6f 6e "
#define PRODUCT  "01 05 53 34 31 30 30 "
#define REVISION "02 07 56 30 31 2e 30 30 30"

static void device_identification(void **state)
{
    static const struct exchange list[] = {
        { "2b 0e 01 00", "2b 0e 01 01 00 00 03 " VENDOR PRODUCT REVISION },
        { "2b 0e 01 01", "2b 0e 01 01 00 00 02 " PRODUCT REVISION },
        { "2b 0e 01 02", "2b 0e 01 01 00 00 01 " REVISION },
        { "2b 0e 01 03", "2b 0e 01 01 00 00 03 " VENDOR PRODUCT REVISION },
        { "2b 0e 01 80", "2b 0e 01 01 00 00 03 " VENDOR PRODUCT REVISION },
        { "2b 0e 02 00", "2b 0e 02 01 00 00 03 " VENDOR PRODUCT REVISION },
        { "2b 0e 03 00", "2b 0e 03 01 00 00 03 " VENDOR PRODUCT REVISION },
        { "2b 0e 04 00", "ab 03" }, /* individual access: not at level 1 */
        { "2b 0e 00 00", "ab 03" },
        { "2b 0e 05 00", "ab 03" },
        { "2b 0e ff 00", "ab 03" },
        { "2b", "ab 03" },
        { "2b 0e", "ab 03" },
        { "2b 0e 01", "ab 03" },
        { "2b 0e 01 00 00", "ab 03" },
        { "2b 0d 00 00", "ab 01" },
        { "2b ff", "ab 01" },
    };

    (void)state;
    check_exchanges(list, COUNT_OF(list));
}

static void unknown_functions(void **state)
{
    static const uint8_t known[] = { 0x03, 0x04, 0x06, 0x10, 0x11, 0x2B };

    (void)state;
    for (int function = 0; function < 256; function++) {
        uint8_t request[6] = { (uint8_t)function, 0, 0, 0, 1, 0 },
                answer[METER_PDU_MAX];
        if (memchr(known, function, sizeof known))
            continue;
        for (int length = 1; length <= 6; length++) {
            assert_int_equal(meter_request(&b.m, request, length, answer), 2);
            assert_int_equal(answer[0], function | 0x80);
            assert_int_equal(answer[1], 1);
        }
    }
    assert_int_equal(meter_request(&b.m, NULL, 0, NULL), 0);
}

/* A request close to a legal one, or noise, in a buffer of exactly its size. */
static int make_garbage(uint8_t *request)
{
    static const uint8_t functions[] = { 3, 4, 6, 16, 17, 43 };
    int length = (int)random_range(&dice, 1, METER_PDU_MAX);

    if (random_bits(&dice) & 1)
        length = (int)random_range(&dice, 1, 12);
    for (int n = 0; n < length; n++)
        request[n] = (uint8_t)random_bits(&dice);
    if (random_bits(&dice) & 3)
        request[0] = functions[random_range(&dice, 0, 5)];
    if (random_bits(&dice) & 3 && length > 5) {
        request[1] &= 1;
        request[3] = 0;
        if (request[0] == 16) {
            request[4] = (uint8_t)((length - 6) / 2);
            request[5] = (uint8_t)(2 * request[4]);
        }
    }
    return length;
}

static bool answer_fits(const uint8_t *request, const uint8_t *answer, int size)
{
    if (answer[0] & 0x80)
        return answer[0] == (request[0] | 0x80) && size == 2 && answer[1] >= 1 &&
               answer[1] <= 4;
    return answer[0] == request[0] && size >= 4 && size <= METER_PDU_MAX;
}

static void garbage_is_answered(void **state)
{
    struct settings settings;

    (void)state;
    for (int round = 0; round < 100000; round++) {
        uint8_t buffer[METER_PDU_MAX], answer[METER_PDU_MAX + 3];
        int length = make_garbage(buffer);
        uint8_t *request = malloc((size_t)length); /* ASan sees a read past it */
        memcpy(request, buffer, (size_t)length);
        memset(answer, 0xC3, sizeof answer);
        int size = meter_request(&b.m, request, length, answer);
        bool fits = answer_fits(request, answer, size);
        bool kept = !memcmp(request, buffer, (size_t)length);
        free(request);
        assert_true(fits && kept);
        for (unsigned n = METER_PDU_MAX; n < sizeof answer; n++)
            assert_int_equal(answer[n], 0xC3);
    }
    /* whatever it wrote, the settings still obey their rules */
    settings = b.m.settings;
    for (int id = 0; id < SETTINGS; id++) {
        assert_true(settings.value[id] >= setting_table[id].min);
        assert_true(settings.value[id] <= setting_table[id].max);
    }
}

/* 0x10 to 0x1F are the board's; this one knows none. */
static void user_defined_functions(void **state)
{
    uint8_t answer[METER_PDU_MAX];

    (void)state;
    for (int sub = 0; sub < 256; sub++) {
        const uint8_t request[] = { 0x42, (uint8_t)sub };
        const int size = meter_request(&b.m, request, 2, answer);
        if (sub == 1 || sub == 2)
            assert_true(size > 3 && answer[0] == 0x42 && answer[2] == size - 3);
        else
            assert_true(size == 2 && answer[0] == 0xC2 && answer[1] == 1);
        assert_true((sub >= 0x10 && sub < 0x20) == (b.board.user_functions > 0));
        b.board.user_functions = 0;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads, fresh),
        cmocka_unit_test_setup(order_of_checks_in_reads, fresh),
        cmocka_unit_test_setup(as_many_as_125, fresh),
        cmocka_unit_test_setup(single_writes, fresh),
        cmocka_unit_test_setup(multiple_writes, fresh),
        cmocka_unit_test_setup(as_many_as_123, fresh),
        cmocka_unit_test_setup(server_id, fresh),
        cmocka_unit_test_setup(device_identification, fresh),
        cmocka_unit_test_setup(unknown_functions, fresh),
        cmocka_unit_test_setup(garbage_is_answered, fresh),
        cmocka_unit_test_setup(user_defined_functions, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
