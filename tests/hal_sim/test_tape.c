/* Records as bytes: there and back, cut at every byte, and noise. */
#include "hal_sim/tape.h"
#include "tests/support/check.h"

static struct random dice = { 19 };
static struct tape_record in, out;
static uint8_t bytes[TAPE_HEADER + TAPE_DATA_MOST];

static size_t encode_random(void)
{
    in.kind = (uint8_t)random_range(&dice, 1, 255);
    in.size = (uint16_t)random_range(&dice, 0, TAPE_DATA_MOST);
    in.time_ns = (int64_t)(random_bits(&dice) >> 1);
    for (int n = 0; n < in.size; n++)
        in.data[n] = (uint8_t)random_bits(&dice);
    return tape_encode(&in, bytes);
}

static void there_and_back(void **state)
{
    (void)state;
    for (int round = 0; round < 2000; round++) {
        size_t size = encode_random();
        assert_int_equal(size, TAPE_HEADER + in.size);
        assert_int_equal(tape_decode(&out, bytes, size), size);
        assert_int_equal(out.kind, in.kind);
        assert_int_equal(out.size, in.size);
        assert_true(out.time_ns == in.time_ns);
        assert_memory_equal(out.data, in.data, in.size);
    }
}

static void layout(void **state)
{
    static const uint8_t expected[] = {
        66,   0,    3,    0,    0,    0,    0,   0,   0xEF, 0xCD,
        0xAB, 0x89, 0x67, 0x45, 0x23, 0x01, 'a', 'b', 'c',
    };

    (void)state;
    in = (struct tape_record){ 66, 3, 0x0123456789ABCDEF, "abc" };
    assert_int_equal(tape_encode(&in, bytes), sizeof expected);
    assert_memory_equal(bytes, expected, sizeof expected);
    assert_int_equal(strlen(TAPE_MAGIC), TAPE_MAGIC_SIZE);
}

/* Every prefix asks for more; none is read past its end (ASan watches). */
static void a_cut_record_asks_for_more(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        size_t size = encode_random();
        for (size_t cut = 0; cut < size; cut += 1 + cut / 200) {
            uint8_t *part = malloc(cut ? cut : 1);
            memcpy(part, bytes, cut);
            long length = tape_decode(&out, part, cut);
            free(part);
            assert_int_equal(length, 0);
        }
    }
}

static void what_is_no_record_is_refused(void **state)
{
    (void)state;
    for (int at = 0; at < 8; at++) {
        size_t size = encode_random();
        if (at == 0)
            bytes[0] = 0;
        else if (at == 2 || at == 3)
            bytes[2] = bytes[3] = 0xFF; /* 65535 bytes of data */
        else
            bytes[at] = (uint8_t)random_range(&dice, 1, 255);
        assert_int_equal(tape_decode(&out, bytes, size), -1);
    }
    in = (struct tape_record){ 1, TAPE_DATA_MOST, 0, { 0 } };
    size_t size = tape_encode(&in, bytes);
    assert_int_equal(tape_decode(&out, bytes, size), size);
    bytes[2]++;
    assert_int_equal(tape_decode(&out, bytes, size), -1);
}

static void noise_is_survived(void **state)
{
    (void)state;
    for (int round = 0; round < 100000; round++) {
        uint8_t noise[64];
        size_t size = random_range(&dice, 0, sizeof noise);
        for (size_t n = 0; n < size; n++)
            noise[n] = random_bits(&dice) & 1 ? 0 : (uint8_t)random_bits(&dice);
        long length = tape_decode(&out, noise, size);
        assert_true(length >= -1 && length <= (long)size);
    }
}

static void kinds_have_names(void **state)
{
    const char *unknown = tape_kind_name(0);

    (void)state;
    for (int a = TAPE_NVM_PAGE; a <= TAPE_CT_RANGE; a++) {
        bool used = a <= TAPE_KEYS || a == TAPE_UART_BYTE || a == TAPE_NVM_FAULT ||
                    a >= TAPE_FIRST_OUTPUT;
        assert_int_equal(!strcmp(tape_kind_name((uint8_t)a), unknown), !used);
        for (int b = TAPE_NVM_PAGE; used && b < a; b++)
            assert_string_not_equal(tape_kind_name((uint8_t)a),
                                    tape_kind_name((uint8_t)b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(layout),
        cmocka_unit_test(a_cut_record_asks_for_more),
        cmocka_unit_test(what_is_no_record_is_refused),
        cmocka_unit_test(noise_is_survived),
        cmocka_unit_test(kinds_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
