/* The front end's chip as its data sheet has it: answers a frame later, CRC both ways,
 * what a reset leaves, two sets that are held, and what it does not bear. */
#include "hal_sim/chips/ads131m06.h"
#include "tests/support/check.h"

static struct {
    struct ads131m06 a;
    int64_t now_ns, due_ns, origin_ns;
    enum pin_level drdy;
    int falls;
    int32_t code;
} b;

static void drdy(void *user, enum pin_level level, int64_t now_ns)
{
    (void)user, (void)now_ns;
    b.falls += level == PIN_LOW && b.drdy != PIN_LOW;
    b.drdy = level;
}

static void due(void *user, int64_t at_ns)
{
    (void)user;
    b.due_ns = at_ns;
}

static void codes(void *user, int64_t at_ns, int32_t code[ADS131M06_CHANNELS])
{
    (void)user, (void)at_ns;
    b.code++;
    for (int ch = 0; ch < ADS131M06_CHANNELS; ch++)
        code[ch] = b.code * (ch % 2 ? -1 : 1);
}

static void grid(void *user, int64_t origin_ns, struct chip_rate rate)
{
    (void)user, (void)rate;
    b.origin_ns = origin_ns;
}

static const struct spi_clocking good = { .hz = 9676800, .mode = 1 };

static void pass(int64_t ns)
{
    const int64_t until = b.now_ns + ns;

    while (b.due_ns <= until) {
        b.now_ns = b.due_ns;
        ads131m06_run(&b.a, b.now_ns);
    }
    b.now_ns = until;
}

static void start(void)
{
    memset(&b, 0, sizeof b);
    b.due_ns = INT64_MAX;
    b.a.wires = (struct ads131m06_wires){
        .drdy = drdy, .due = due, .codes = codes, .grid = grid
    };
    ads131m06_power(&b.a, true, 0);
    ads131m06_reset_pin(&b.a, true, 0);
    ads131m06_clkin(&b.a, (struct chip_rate){ 5160960, 1 }, 0);
    pass(300000);
}

/* Bit by bit, apart from the chip's own. */
static uint16_t crc(const uint8_t *bytes, int size)
{
    uint16_t sum = 0xFFFF;

    for (int bit = 0; bit < 8 * size; bit++) {
        bool one = (bytes[bit / 8] >> (7 - bit % 8) & 1) ^ sum >> 15;
        sum = (uint16_t)(sum << 1 ^ (one ? 0x1021 : 0));
    }
    return sum;
}

static uint8_t answer[24];

/* Command (and data) with a CRC that may be wrong; cut after `size` bytes. */
static uint16_t frame(uint16_t command, uint16_t data, int size, uint16_t spoil,
                      const struct spi_clocking *how)
{
    uint8_t out[24] = { (uint8_t)(command >> 8), (uint8_t)command, 0,
                        (uint8_t)(data >> 8), (uint8_t)data };
    const int words = (command & 0xE000) == 0x6000 ? 2 : 1;
    const uint16_t sum = crc(out, 3 * words) ^ spoil;

    out[3 * words] = (uint8_t)(sum >> 8);
    out[3 * words + 1] = (uint8_t)sum;
    ads131m06_select(&b.a, true, b.now_ns);
    for (int k = 0; k < size; k++)
        answer[k] = (uint8_t)ads131m06_exchange(&b.a, out[k], how, b.now_ns);
    ads131m06_select(&b.a, false, b.now_ns);
    return (uint16_t)(answer[0] << 8 | answer[1]);
}

static uint16_t ask(uint16_t command, uint16_t data)
{
    frame(command, data, 24, 0, &good);
    return frame(0, 0, 24, 0, &good);
}

static int code_of(int channel)
{
    const uint8_t *at = answer + 3 + 3 * channel;

    return (int)((uint32_t)(at[0] << 16 | at[1] << 8 | at[2]) ^ 0x800000) - 0x800000;
}

static bool answer_is_whole(void)
{
    return crc(answer, 21) == (answer[21] << 8 | answer[22]);
}

static void test_answers_come_a_frame_later(void **state)
{
    (void)state;
    start();
    assert_int_equal(frame(0, 0, 24, 0, &good), 0xFF26); /* the first after a reset */
    assert_true(answer_is_whole());
    assert_int_equal(ask(0, 0) & 0xFF00, 0x0500); /* the status says so, too */
    assert_int_equal(ask(0xA000 | 2 << 7, 0), 0x0510);
    assert_int_equal(ask(0xA000 | 3 << 7, 0), 0x3F0E);
    assert_int_equal(ask(0xA000, 0), 0x2600);
    assert_int_equal(ask(0x6000 | 2 << 7, 0x1110), 0x4000 | 2 << 7);
    assert_int_equal(ask(0xA000 | 2 << 7, 0), 0x1110);
    assert_int_equal(ask(0, 0) & 0x0400, 0); /* RESET is cleared */
}

static void test_a_command_counts_when_it_came_whole(void **state)
{
    (void)state;
    start();
    ask(0x6000 | 2 << 7, 0x1110); /* CRC on what it receives */
    assert_int_equal(frame(0x6000 | 4 << 7, 0x2000, 24, 1, &good) & 0x1000, 0);
    assert_int_equal(frame(0, 0, 24, 0, &good) & 0x1000, 0x1000); /* CRC_ERR */
    assert_int_equal(b.a.bad_crc, 1);
    frame(0x6000 | 4 << 7, 0x2000, 8, 0, &good); /* CS rises inside the CRC */
    assert_int_equal(ask(0xA000 | 4 << 7, 0), 0);
    frame(0x6000 | 4 << 7, 0x2000, 9, 0, &good);
    assert_int_equal(ask(0xA000 | 4 << 7, 0), 0x2000);
}

static void test_conversions_and_drdy(void **state)
{
    (void)state;
    start();
    ask(0x6000 | 3 << 7, 0x3F8E); /* begins conversions anew */
    const int64_t origin = b.now_ns;
    assert_int_equal(b.origin_ns, origin);
    b.falls = 0;
    for (int n = 0; n < 2520; n++) {
        pass((int64_t)(n + 1) * 1000000000 / 2520 + origin + 1 - b.now_ns);
        assert_int_equal(b.drdy, PIN_LOW);
        frame(0, 0, 24, 0, &good);
        assert_int_equal(b.drdy, PIN_HIGH);
        assert_int_equal(code_of(0), b.code);
        assert_int_equal(code_of(1), -b.code);
    }
    assert_int_equal(b.falls, 2520);
    assert_true(answer_is_whole());
    /* Two are held: who misses one reads the older one first. */
    pass(3 * 1000000000ll / 2520);
    frame(0, 0, 24, 0, &good);
    assert_int_equal(code_of(0), b.code - 1);
    frame(0, 0, 24, 0, &good);
    assert_int_equal(code_of(0), b.code);
    assert_int_equal(frame(0, 0, 24, 0, &good) & 0x3F, 0); /* nothing new */
}

static void test_resets(void **state)
{
    (void)state;
    start();
    ask(0x6000 | 4 << 7, 0x2000);
    ads131m06_reset_pin(&b.a, false, b.now_ns);
    pass(390000); /* below 2048 periods it synchronises only */
    ads131m06_reset_pin(&b.a, true, b.now_ns);
    assert_int_equal(ask(0xA000 | 4 << 7, 0), 0x2000);
    ads131m06_reset_pin(&b.a, false, b.now_ns);
    pass(400000);
    ads131m06_reset_pin(&b.a, true, b.now_ns);
    assert_int_equal(frame(0, 0, 24, 0, &good), 0xFFFF); /* not ready for 5 µs */
    pass(5000);
    assert_int_equal(frame(0, 0, 24, 0, &good), 0xFF26);
    assert_int_equal(ask(0xA000 | 4 << 7, 0), 0);
    ask(0x6000 | 2 << 7, 0x1110);
    ads131m06_upset(&b.a, b.now_ns);
    assert_int_equal(frame(0, 0, 24, 0, &good) & 0x0400, 0x0400);
}

/* 38.7 MHz, mode 0, no clock, silence: no answer that holds. */
static void test_what_it_does_not_bear(void **state)
{
    const struct spi_clocking fast = { .hz = 38707200, .mode = 1 },
                              edges = { .hz = 9676800, .mode = 0 };

    (void)state;
    start();
    frame(0, 0, 24, 0, &fast);
    assert_false(answer_is_whole());
    frame(0, 0, 24, 0, &edges);
    assert_false(answer_is_whole());
    assert_int_equal(b.a.too_fast, 48);
    b.a.damages = 1;
    frame(0, 0, 24, 0, &good);
    assert_false(answer_is_whole());
    frame(0, 0, 24, 0, &good);
    assert_true(answer_is_whole());
    ads131m06_silence(&b.a, true, b.now_ns);
    assert_int_equal(b.drdy, PIN_OPEN);
    assert_int_equal(frame(0, 0, 24, 0, &good), 0xFFFF);
    ads131m06_silence(&b.a, false, b.now_ns);
    ads131m06_clkin(&b.a, (struct chip_rate){ 0, 1 }, b.now_ns);
    assert_true(b.due_ns == INT64_MAX);
    assert_int_equal(frame(0, 0, 24, 0, &good), 0xFFFF);
}

/* codes() are those of the gains that the board wants. */
static void test_gains(void **state)
{
    (void)state;
    start();
    for (int ch = 3; ch < 6; ch++)
        b.a.gain[ch] = 2;
    ask(0x6000 | 4 << 7, 2 << 12);
    b.code = 1000;
    pass(400000);
    frame(0, 0, 24, 0, &good);
    assert_int_equal(code_of(2), 1001);
    assert_int_equal(code_of(3), -1001);
    assert_int_equal(code_of(4), 1001 / 4); /* has gain 1 still */
    b.code = 8388607 - 1;
    ask(0x6000 | 4 << 7, 1);
    pass(400000);
    frame(0, 0, 24, 0, &good);
    assert_int_equal(code_of(0), 8388607);
}

static void test_lost_conversions_show_no_edge(void **state)
{
    (void)state;
    start();
    b.a.lost_one_in = 3;
    const int before = b.code;
    const int64_t converted = b.a.converted;
    pass(100000000);
    const int64_t passed = b.a.converted - converted;
    assert_true(passed > 200);
    assert_in_range(b.code - before, passed - passed / 3 - 1, passed - passed / 3);
    b.a.lost_one_in = 1;
    const int none = b.code;
    pass(100000000);
    assert_int_equal(b.code, none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lost_conversions_show_no_edge),
        cmocka_unit_test(test_answers_come_a_frame_later),
        cmocka_unit_test(test_a_command_counts_when_it_came_whole),
        cmocka_unit_test(test_conversions_and_drdy),
        cmocka_unit_test(test_resets),
        cmocka_unit_test(test_what_it_does_not_bear),
        cmocka_unit_test(test_gains),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
