/* RTU framing in simulated time, at all six baud rates and three parities: t1.5, t3.5,
 * what is met with silence, the own echo, error flags; through a whole meter. */
#include "tests/support/fram_board.h"

#include "core/crc.h"
#include "tests/support/bench.h"
#include "tests/support/settings.h"

static struct bench b;
static uint64_t now_us;
static uint32_t char_us, gap_us, silence_us;

/* Modbus over serial line V1.02, 2.5.1.1: characters of 11 bits, in 0.01 ms. */
static const struct {
    uint32_t baud, gap_10us, silence_10us;
} speeds[] = {
    { 1200, 1375, 3208 }, { 2400, 688, 1604 }, { 4800, 344, 802 },
    { 9600, 172, 401 },   { 19200, 86, 201 },  { 38400, 75, 175 },
};

static void start_at(uint16_t baud, uint16_t parity)
{
    bench_start(&b, 40);
    struct settings s = b.m.settings;
    s.value[SETTING_BAUD] = baud;
    s.value[SETTING_PARITY] = parity;
    assert_int_equal(apply_settings(&b.m, &s), 0);
    uint32_t bits = parity ? 11 : 10;
    char_us = (bits * 1000000 + speeds[baud].baud - 1) / speeds[baud].baud;
    gap_us = b.m.rtu.gap_us;
    silence_us = b.m.rtu.silence_us;
    now_us = 1000000;
    meter_tick(&b.m, now_us);
}

static int fresh(void **state)
{
    (void)state;
    start_at(4, 0);
    return 0;
}

/* To now + us, with the ticks that the meter asks for and no others. */
static void pass(uint64_t us)
{
    uint64_t to_us = now_us + us;

    while (meter_deadline(&b.m) <= to_us) {
        uint64_t at_us = meter_deadline(&b.m);
        meter_tick(&b.m, at_us > now_us ? at_us : now_us);
    }
    now_us = to_us;
}

static void send_byte(uint8_t byte, unsigned flags)
{
    pass(char_us);
    meter_uart_byte(&b.m, byte, flags, now_us);
}

static void send_bytes(const uint8_t *bytes, int count)
{
    for (int k = 0; k < count; k++)
        send_byte(bytes[k], 0);
}

/* Adds its CRC to a frame; returns its length. */
static int closed(uint8_t *frame, int count)
{
    uint16_t crc = crc_modbus(frame, (uint32_t)count);

    frame[count] = (uint8_t)crc;
    frame[count + 1] = (uint8_t)(crc >> 8);
    return count + 2;
}

static const uint8_t poll_type[] = { 1, 3, 0, 0x81, 0, 1 }; /* register 130: 40 */

static int make_poll(uint8_t *frame)
{
    memcpy(frame, poll_type, sizeof poll_type);
    return closed(frame, sizeof poll_type);
}

static void send_poll(void)
{
    uint8_t frame[256];
    send_bytes(frame, make_poll(frame));
}

static void check_answered(uint32_t frames)
{
    static const uint8_t answer[] = { 1, 3, 2, 0, 40, 0xB8, 0x5A };

    assert_int_equal(b.board.frames, frames);
    assert_int_equal(b.board.sent_size, sizeof answer);
    assert_memory_equal(b.board.sent, answer, sizeof answer);
}

static void check_silent(void)
{
    pass(1000000);
    assert_int_equal(b.board.frames, 0);
    send_poll(); /* … and the line is free again */
    pass(1000000);
    check_answered(1);
}

static void crc_of_the_standard(void **state)
{
    (void)state;
    assert_int_equal(crc_modbus("123456789", 9), 0x4B37);
    assert_int_equal(crc_modbus("\x02\x07", 2), 0x1241);
    assert_int_equal(crc_modbus("", 0), 0xFFFF);
}

static void times_of_the_standard(void **state)
{
    (void)state;
    for (uint16_t baud = 0; baud < COUNT_OF(speeds); baud++)
        for (uint16_t parity = 0; parity < 3; parity++) {
            start_at(baud, parity);
            assert_int_equal(b.board.baud, speeds[baud].baud);
            assert_int_equal((gap_us + 5) / 10, speeds[baud].gap_10us);
            assert_int_equal((silence_us + 5) / 10, speeds[baud].silence_10us);
            assert_int_equal(b.m.rtu.char_us, char_us);
        }
}

/* Answered when the silence is full, not a microsecond before. */
static void answered_after_silence(void **state)
{
    (void)state;
    for (uint16_t baud = 0; baud < COUNT_OF(speeds); baud++)
        for (uint16_t parity = 0; parity < 3; parity++) {
            start_at(baud, parity);
            send_poll();
            assert_true(rtu_deadline(&b.m.rtu) == now_us + silence_us);
            meter_tick(&b.m, now_us + silence_us - 1);
            assert_int_equal(b.board.frames, 0);
            meter_tick(&b.m, now_us + silence_us);
            check_answered(1);
            assert_true(rtu_deadline(&b.m.rtu) == UINT64_MAX);
        }
}

/* A gap of t1.5 between two characters is the longest that a frame may hold. */
static void gaps(void **state)
{
    uint8_t frame[256];

    (void)state;
    for (uint16_t baud = 0; baud < COUNT_OF(speeds); baud++)
        for (int at = 1; at < 8; at++)
            for (int late = 0; late < 2; late++) {
                start_at(baud, 1);
                int count = make_poll(frame);
                send_bytes(frame, at);
                pass(gap_us + (uint32_t)late);
                send_bytes(frame + at, count - at);
                pass(100000);
                assert_int_equal(b.board.frames, late ? 0 : 1);
            }
}

/* A gap above t1.5 breaks both halves, until t3.5 have passed when the next byte ends:
 * that one begins a new frame. */
static void a_gap_of_silence_starts_anew(void **state)
{
    static const uint8_t noise[] = { 1, 3, 0 };

    (void)state;
    for (int short_of = 0; short_of < 2; short_of++) {
        start_at(4, 0);
        send_bytes(noise, sizeof noise);
        pass(silence_us - char_us - (uint32_t)short_of);
        send_poll();
        pass(100000);
        assert_int_equal(b.board.frames, short_of ? 0 : 1);
    }
}

/* A board that ticks late loses nothing: the byte that follows ends the frame. */
static void a_late_tick(void **state)
{
    (void)state;
    send_poll();
    now_us += 50000;
    meter_uart_byte(&b.m, 7, 0, now_us);
    check_answered(1);
}

/* A broken frame asks for no tick; the byte that ends exactly t3.5 later is of the next
 * frame, one that ends a microsecond sooner is not. */
static void silence_after_a_broken_frame(void **state)
{
    (void)state;
    for (int early = 0; early < 2; early++) {
        start_at(4, 0);
        send_byte(1, METER_UART_PARITY);
        assert_true(rtu_deadline(&b.m.rtu) == UINT64_MAX);
        pass(silence_us - char_us - (uint32_t)early);
        send_poll();
        pass(100000);
        assert_int_equal(b.board.frames, early ? 0 : 1);
    }
}

static void after_power_up(void **state)
{
    uint8_t frame[256];

    (void)state;
    bench_start(&b, 40); /* in the middle of someone's frame */
    now_us = char_us;
    int count = make_poll(frame);
    for (int k = 0; k < count; k++, now_us += char_us)
        meter_uart_byte(&b.m, frame[k], 0, now_us);
    now_us -= char_us;
    pass(silence_us);
    assert_int_equal(b.board.frames, 0);
    send_poll();
    pass(silence_us);
    check_answered(1);
}

static void damaged_frames(void **state)
{
    (void)state;
    for (int bit = 0; bit < 64; bit++) {
        uint8_t frame[256];
        start_at(4, 0);
        int count = make_poll(frame);
        frame[bit / 8] ^= (uint8_t)(1 << bit % 8);
        send_bytes(frame, count);
        check_silent();
    }
}

static void flagged_bytes(void **state)
{
    static const unsigned flags[] = { METER_UART_PARITY, METER_UART_FRAMING,
                                      METER_UART_OVERRUN };

    (void)state;
    for (unsigned k = 0; k < 8 * COUNT_OF(flags); k++) {
        uint8_t frame[256];
        start_at(4, 2);
        int count = make_poll(frame);
        for (int n = 0; n < count; n++)
            send_byte(frame[n], n == (int)(k % 8) ? flags[k / 8] : 0);
        check_silent();
    }
}

static void foreign_addresses(void **state)
{
    (void)state;
    for (int address = 2; address < 256; address++) {
        uint8_t frame[256] = { (uint8_t)address, 3, 0, 0x81, 0, 1 };
        start_at(4, 0);
        send_bytes(frame, closed(frame, 6));
        check_silent();
    }
}

static void own_address_is_the_setting(void **state)
{
    uint8_t frame[256] = { 247, 3, 0, 0x81, 0, 1 };
    struct settings s = b.m.settings;

    (void)state;
    s.value[SETTING_ADDRESS] = 247;
    assert_int_equal(apply_settings(&b.m, &s), 0);
    send_poll();
    pass(100000);
    assert_int_equal(b.board.frames, 0);
    send_bytes(frame, closed(frame, 6));
    pass(100000);
    assert_int_equal(b.board.frames, 1);
    assert_int_equal(b.board.sent[0], 247);
}

static void runts_and_long_frames(void **state)
{
    (void)state;
    for (int count = 1; count < 600; count += count < 10 ? 1 : 61) {
        uint8_t frame[700] = { 1, 3 };
        if (count >= 4 && count <= 256)
            continue;
        start_at(4, 0);
        if (count > 2)
            closed(frame, count - 2);
        send_bytes(frame, count);
        check_silent();
    }
    uint8_t frame[300] = { 1, 3 };
    start_at(4, 0);
    send_bytes(frame, closed(frame, 255)); /* 257 bytes, its CRC right */
    check_silent();
    start_at(4, 0);
    send_bytes(frame, closed(frame, 254)); /* 256: a frame, if a foolish one */
    pass(100000);
    assert_int_equal(b.board.frames, 1);
    assert_int_equal(b.board.sent[1], 0x83);
}

static void answers_of_others(void **state)
{
    uint8_t frame[256] = { 1, 0x83, 2 };

    (void)state;
    send_bytes(frame, closed(frame, 3));
    check_silent();
}

static void broadcasts(void **state)
{
    uint8_t write[256] = { 0, 6, 0, 0x8D, 0, 33 };
    uint8_t many[256] = { 0, 16, 0, 0x8D, 0, 2, 4, 0, 44, 0, 55 };
    uint8_t refused[256] = { 0, 6, 0, 0x8D, 0, 100 }, read[256] = { 0, 3, 0, 0, 0, 1 };

    (void)state;
    send_bytes(write, closed(write, 6));
    pass(100000);
    assert_int_equal(b.m.settings.value[SETTING_PLOSS_VOLT], 33);
    send_bytes(many, closed(many, 11));
    pass(100000);
    assert_int_equal(b.m.settings.value[SETTING_PLOSS_VOLT], 44);
    assert_int_equal(b.m.settings.value[SETTING_PLOSS_IMBAL], 55);
    send_bytes(refused, closed(refused, 6));
    pass(100000);
    send_bytes(read, closed(read, 6));
    check_silent();
}

/* The own answer comes back on two wires; it is neither heard nor in the way. */
static void own_echo(void **state)
{
    (void)state;
    send_poll();
    pass(silence_us);
    check_answered(1);
    uint8_t echo[256];
    uint32_t count = b.board.sent_size;
    memcpy(echo, b.board.sent, count);
    send_bytes(echo, (int)count);
    assert_int_equal(b.m.rtu.length, 0);
    pass(silence_us);
    assert_int_equal(b.board.frames, 1);
    send_poll();
    pass(silence_us);
    check_answered(2);
}

static void exceptions_are_answered(void **state)
{
    uint8_t frame[256] = { 1, 7 };
    static const uint8_t answer[] = { 1, 0x87, 1, 0x82, 0x30 };

    (void)state;
    send_bytes(frame, closed(frame, 2));
    pass(100000);
    assert_int_equal(b.board.sent_size, sizeof answer);
    assert_memory_equal(b.board.sent, answer, sizeof answer);
}

static void the_longest_answer(void **state)
{
    uint8_t frame[256] = { 1, 3, 1, 0, 0, 125 };

    (void)state;
    send_bytes(frame, closed(frame, 6));
    pass(100000);
    assert_int_equal(b.board.sent_size, 255);
    assert_int_equal(crc_modbus(b.board.sent, 255), 0);
}

/* A board that ticks every 100 µs and one that ticks at deadlines: the same answers. */
static void ticks_do_not_matter(void **state)
{
    struct random dice = { 17 };

    (void)state;
    for (int round = 0; round < 2000; round++) {
        uint32_t gap = random_range(&dice, 0, 2 * silence_us);
        uint8_t byte = (uint8_t)random_bits(&dice);
        for (int often = 0; often < 2; often++) {
            start_at(4, 0);
            send_byte(byte, 0);
            for (uint32_t us = 100; often && us <= gap; us += 100)
                meter_tick(&b.m, now_us + us);
            pass(gap);
            send_poll();
            pass(silence_us);
            assert_int_equal(b.board.frames, gap + char_us >= silence_us);
        }
    }
}

/* Noise of any kind never makes the meter speak, and never makes it deaf. */
static void noise(void **state)
{
    struct random dice = { 23 };

    (void)state;
    for (int round = 0; round < 20000; round++) {
        int count = (int)random_range(&dice, 1, 40);
        for (int k = 0; k < count; k++) {
            send_byte((uint8_t)random_bits(&dice), random_range(&dice, 0, 60) == 0);
            if (random_range(&dice, 0, 30) == 0)
                pass(random_range(&dice, 0, 2 * silence_us));
        }
        pass(silence_us);
    }
    assert_in_range(b.board.frames, 0, 3); /* one in 65536 has a good CRC */
    b.board.frames = 0;
    pass(silence_us);
    check_silent();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc_of_the_standard),
        cmocka_unit_test(times_of_the_standard),
        cmocka_unit_test(answered_after_silence),
        cmocka_unit_test(gaps),
        cmocka_unit_test(a_gap_of_silence_starts_anew),
        cmocka_unit_test_setup(a_late_tick, fresh),
        cmocka_unit_test(silence_after_a_broken_frame),
        cmocka_unit_test_setup(after_power_up, fresh),
        cmocka_unit_test(damaged_frames),
        cmocka_unit_test(flagged_bytes),
        cmocka_unit_test(foreign_addresses),
        cmocka_unit_test_setup(own_address_is_the_setting, fresh),
        cmocka_unit_test(runts_and_long_frames),
        cmocka_unit_test_setup(answers_of_others, fresh),
        cmocka_unit_test_setup(broadcasts, fresh),
        cmocka_unit_test_setup(own_echo, fresh),
        cmocka_unit_test_setup(exceptions_are_answered, fresh),
        cmocka_unit_test_setup(the_longest_answer, fresh),
        cmocka_unit_test_setup(ticks_do_not_matter, fresh),
        cmocka_unit_test_setup(noise, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
