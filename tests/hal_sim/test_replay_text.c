/* First differences between tapes in the field's words; any bytes whatever end in some
 * text. */
#include "core/meter.h"
#include "hal_sim/replay_text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct replay_context context;
static uint8_t request[METER_PDU_MAX];

static struct tape_record record_of(uint8_t kind, const char *hexadecimal)
{
    struct tape_record r = { .kind = kind };
    unsigned byte;

    for (; sscanf(hexadecimal, "%2x", &byte) == 1; hexadecimal += 3) {
        r.data[r.size++] = (uint8_t)byte;
        if (!hexadecimal[2])
            break;
    }
    return r;
}

static void asked(const char *hexadecimal)
{
    struct tape_record r = record_of(TAPE_REQUEST, hexadecimal);

    memcpy(request, r.data, r.size);
    context = (struct replay_context){ &model_s4100, request, r.size, NULL };
}

static void expect_difference(uint8_t kind, const char *tape, const char *here,
                              const char *expected)
{
    struct tape_record a = record_of(kind, tape), b = record_of(kind, here);
    char text[400];

    replay_text_difference(text, sizeof text, &context, &a, &b);
    assert_string_equal(text, expected);
}

static void registers_by_name(void **state)
{
    (void)state;
    asked("03 00 14 00 02"); /* 21, 22 */
    expect_difference(TAPE_ANSWER, "03 04 07 F8 00 01", "03 04 07 F9 00 01",
                      "answer to 'read 21..22': register 21 (kw_total) is 2040 on the "
                      "tape, 2041 from the meter");
    expect_difference(TAPE_ANSWER, "03 04 FF FF 00 01", "03 04 07 F9 00 01",
                      "answer to 'read 21..22': register 21 (kw_total) is -1 on the "
                      "tape, 2041 from the meter");
    asked("03 00 02 00 04"); /* 3, 4: 32 bits, and on */
    expect_difference(TAPE_ANSWER, "03 08 00 00 00 01 00 00 00 00",
                      "03 08 00 01 00 01 00 00 00 00",
                      "answer to 'read 3..6': register 3 (kwh_import) is 1 on the "
                      "tape, 65537 from the "
                      "meter");
    expect_difference(
        TAPE_ANSWER, "03 08 00 00 00 01 00 00 00 00", "03 08 00 00 00 02 00 00 00 00",
        "answer to 'read 3..6': register 3 (kwh_import) is 1 on the tape, 2 from the "
        "meter");
    asked("03 01 14 00 02"); /* 277, a float */
    expect_difference(
        TAPE_ANSWER, "03 04 42 74 CC CD", "03 04 42 74 00 00",
        "answer to 'read 277..278': register 277 (kw_total) is 61.2 on the "
        "tape, 61 from the meter");
}

static void exceptions(void **state)
{
    (void)state;
    asked("06 00 82 00 C8");
    expect_difference(TAPE_ANSWER, "06 00 82 00 C8", "86 03",
                      "answer to 'write 200 to 131': 5 bytes on the tape, exception 3 "
                      "from the meter");
}

static void outputs_and_display(void **state)
{
    (void)state;
    expect_difference(TAPE_OUTPUT, "01 00", "01 01",
                      "output: alarm contact closes on the tape; output: alarm contact "
                      "opens from the meter");
    expect_difference(
        TAPE_LCD, "00 00 00 00 01", "00 00 00 00 03",
        "LCD: 01 from byte 0 (icons: heart) on the tape; LCD: 03 from byte "
        "0 (icons: heart wrench) from the meter");
    expect_difference(TAPE_UART_CONFIGURE, "80 25 00 00 00", "00 4B 00 00 01",
                      "RS-485: 9600 baud, no parity on the tape; RS-485: 19200 baud, "
                      "even parity from the meter");
}

static void nvm_records(void **state)
{
    (void)state;
    /* address; sequence, kind, size; system type, CT primary */
    expect_difference(
        TAPE_NVM_WRITE, "00 00 00 00 05 00 00 00 00 00 04 00 28 00 64 00 11 22 33 44",
        "00 00 00 00 05 00 00 00 00 00 04 00 28 00 C8 00 55 66 77 88",
        "NVM write (settings, save 5): ct_primary is 100 on the tape, 200 "
        "from the meter");
    expect_difference(TAPE_NVM_WRITE,
                      "00 08 00 00 07 00 00 00 03 00 08 00 40 42 0F 00 00 00 00 00",
                      "00 08 00 00 07 00 00 00 03 00 08 00 41 42 0F 00 00 00 00 00",
                      "NVM write (energy, save 7): kWh import A is 1.000000 on the "
                      "tape, 1.000001 from "
                      "the meter");
}

static void different_kinds(void **state)
{
    struct tape_record a = record_of(TAPE_OUTPUT, "00 01");
    char text[400];

    (void)state;
    replay_text_difference(text, sizeof text, &context, &a, NULL);
    assert_string_equal(text, "the tape has output: energy contact closes; the meter "
                              "gives nothing");
    struct tape_record b = record_of(TAPE_NVM_WRITE, "04 20 00 00 05 00");
    replay_text_difference(text, sizeof text, &context, &a, &b);
    assert_string_equal(text, "the tape has output: energy contact closes; the meter "
                              "gives NVM write: log 1, entry 3");
}

/* Short ones above all: lengths are where such code goes wrong. */
static void any_bytes_end_in_text(void **state)
{
    static struct tape_record a, b;
    uint64_t random = 1;
    char text[400];

    (void)state;
    for (int n = 0; n < 200000; n++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        a.kind = (uint8_t)(TAPE_FIRST_OUTPUT + (random >> 33) % 8);
        b.kind = random >> 60 ? a.kind : TAPE_OUTPUT;
        a.size = (uint16_t)((random >> 36) % 24);
        b.size = random >> 41 & 1 ? a.size : (uint16_t)((random >> 42) % 24);
        for (int k = 0; k < 24; k++) {
            b.data[k] = (uint8_t)(random >> k % 5 * 3);
            a.data[k] = (uint8_t)(random >> (k + 20) & 1 ? b.data[k] : random >> k);
        }
        memcpy(request, a.data, 16);
        request[0] = (uint8_t)(3 + (random >> 50) % 2);
        context = (struct replay_context){ random >> 63 ? &model_s4100 : NULL, request,
                                           (random >> 51) % 8, NULL };
        replay_text_difference(text, sizeof text, &context, &a, &b);
        assert_true(strlen(text) > 0 && strlen(text) < sizeof text);
    }
    replay_text_difference(text, 10, &context, &a, &b);
    assert_int_equal(strlen(text), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_by_name),   cmocka_unit_test(exceptions),
        cmocka_unit_test(outputs_and_display), cmocka_unit_test(nvm_records),
        cmocka_unit_test(different_kinds),     cmocka_unit_test(any_bytes_end_in_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
