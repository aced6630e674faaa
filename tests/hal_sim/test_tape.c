/* Records as bytes: there and back, cut at every byte, and noise. */
#include "hal_sim/tape.h"
#include "tests/support/check.h"

static struct random dice = { 19 };
static struct tape_record in, out;
static uint8_t bytes[TAPE_HEADER + TAPE_DATA_MAX];

static size_t encode_random(void)
{
    in.kind = (uint8_t)random_range(&dice, 1, 255);
    in.size = (uint16_t)random_range(&dice, 0, TAPE_DATA_MAX);
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

/* Least significant byte first, whatever the host's order is. */
static void numbers_are_little_endian(void **state)
{
    static const struct {
        enum tape_kind kind;
        uint64_t number[3];
        const char *bytes;
        size_t size;
    } rows[] = {
        { TAPE_NVM_PAGE, { 0x3F000 }, "\x00\xF0\x03\x00", 4 },
        { TAPE_POWER_UP, { 0x12345678 }, "\x78\x56\x34\x12", 4 },
        { TAPE_OPTION, { 2, 0x8000 }, "\x02\x00\x80", 3 },
        { TAPE_PASS, { 0x0102030405060708 }, "\x08\x07\x06\x05\x04\x03\x02\x01", 8 },
        { TAPE_POWER_DOWN, { 0 }, "", 0 },
        { TAPE_SUPPLY, { 1 }, "\x01", 1 },
        { TAPE_KEYS, { 5, 0x100 }, "\x05\x00\x01\0\0\0\0\0\0", 9 },
        { TAPE_UART_BYTE, { 0xAA, 2, 3 }, "\xAA\x02\x03\0\0\0\0\0\0\0", 10 },
        { TAPE_NVM_FAULT, { 2, 0x010203 }, "\x02\x03\x02\x01\x00", 5 },
        { TAPE_NVM_WRITE, { 0x0A0B }, "\x0B\x0A\x00\x00", 4 },
        { TAPE_UART_CONFIGURE, { 19200, 1 }, "\x00\x4B\x00\x00\x01", 5 },
        { TAPE_LCD, { 19 }, "\x13\x00\x00\x00", 4 },
        { TAPE_OUTPUT, { 3, 1 }, "\x03\x01", 2 },
        { TAPE_CT_RANGE, { 1 }, "\x01", 1 },
    };

    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        tape_make(&out, rows[k].kind, rows[k].number, NULL, 0);
        assert_int_equal(out.kind, rows[k].kind);
        assert_int_equal(out.size, rows[k].size);
        assert_memory_equal(out.data, rows[k].bytes, rows[k].size);
    }
}

static void samples_are_little_endian(void **state)
{
    int32_t x[TAPE_CHANNELS][3] = { { 1, -2 }, { 0x7FFFFF, -0x800000 } };

    (void)state;
    tape_make_samples(&out, *x, 3, 2);
    assert_int_equal(out.kind, TAPE_SAMPLES);
    assert_int_equal(out.size, 6 * 2 * 4);
    assert_memory_equal(out.data, "\1\0\0\0\xFE\xFF\xFF\xFF\xFF\xFF\x7F\0\0\0\x80\xFF",
                        16);
}

/* What tape_make put in comes out, and no other size is one of the kind. */
static void content_has_the_size_of_its_kind(void **state)
{
    struct tape_content content;

    (void)state;
    tape_make(&out, TAPE_LCD, TAPE_NUMBERS(7), "abc", 3);
    assert_true(tape_content(&out, &content));
    assert_int_equal(content.number[0], 7);
    assert_int_equal(content.size, 3);
    assert_memory_equal(content.bytes, "abc", 3);
    out.size = 3;
    assert_false(tape_content(&out, &content));
    out.size = 25;
    assert_false(tape_content(&out, &content));
    out.kind = 63; /* no kind */
    assert_false(tape_content(&out, &content));
}

#define IN  0
#define OUT 1

/* The direction in the table is the number's, and nothing exceeds a record. */
static void the_table_agrees_with_itself(void **state)
{
    static const struct {
        int number, out, min, max;
        const char *layout;
    } rows[] = {
#define T(id, number, direction, layout, min, max, name)                               \
    { number, direction, min, max, layout },
#include "hal_sim/tape.def"
#undef T
    };

    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        int fixed = 0, count = 0;
        for (const char *f = rows[k].layout; *f && *f != '*'; f++, count++)
            fixed += *f - '0';
        bool open = strchr(rows[k].layout, '*') != NULL;
        assert_int_equal(rows[k].number >= TAPE_FIRST_OUTPUT, rows[k].out);
        assert_true(count <= 3);
        assert_true(rows[k].min >= fixed && rows[k].max <= TAPE_DATA_MAX);
        assert_true(open || (rows[k].min == fixed && rows[k].max == fixed));
    }
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
    in = (struct tape_record){ 1, TAPE_DATA_MAX, 0, { 0 } };
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
        bool used = a <= TAPE_BOARD || a >= TAPE_FIRST_OUTPUT;
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
        cmocka_unit_test(numbers_are_little_endian),
        cmocka_unit_test(samples_are_little_endian),
        cmocka_unit_test(content_has_the_size_of_its_kind),
        cmocka_unit_test(the_table_agrees_with_itself),
        cmocka_unit_test(a_cut_record_asks_for_more),
        cmocka_unit_test(what_is_no_record_is_refused),
        cmocka_unit_test(noise_is_survived),
        cmocka_unit_test(kinds_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
