/* The RS-485 line: when bytes are on it, at every baud rate and parity, and what its
 * stations make of gaps, other settings, others' frames and more than one voice. */
#include "sim/line/line_unit.h"
#include "tests/sim/line_fixture.h"

static const uint32_t rates[] = { 1200, 2400, 4800, 9600, 19200, 38400 };

/* Serial line V1.02, 2.5.1.1: 3.5 characters of 11 bits, 1.75 ms above 19200 baud. */
static double t35_us(uint32_t baud)
{
    return baud > 19200 ? 1750 : 3.5 * 11 * 1e6 / baud;
}

/* Everything computed from the rate alone: the request ends after 8 characters; the
 * answer begins t3.5 and the response time later (to 2 µs: the firmware counts in µs)
 * and takes 5 + 2 · 28 characters. */
static void times_of(struct bench *b, uint32_t baud, int parity)
{
    const double char_us = (parity ? 11 : 10) * 1e6 / baud;
    const struct line_exchange *x = &b->x;

    assert_int_equal(bench_read(b, 7, 0, 28), LINE_ANSWERED);
    assert_int_equal(x->answer_size, 61);
    double request_us = (double)(x->request_end_ns - x->request_start_ns) / 1e3;
    double turn_us = (double)(x->answer_start_ns - x->request_end_ns) / 1e3;
    double answer_us = (double)(x->answer_end_ns - x->answer_start_ns) / 1e3;
    double response_us = 1000 + 10 * (1007 % 50); /* by the serial number */
    assert_true(fabs(request_us - 8 * char_us) < 0.01);
    assert_true(fabs(answer_us - 61 * char_us) < 0.1); /* 61 roundings */
    assert_true(turn_us >= t35_us(baud) + response_us - 1);
    assert_true(turn_us <= t35_us(baud) + response_us + 2);
    const struct recorded *r = &b->recorded[b->count - 1];
    assert_string_equal(r->name, "meter");
    assert_true(fabs((double)(r->end_ns - r->start_ns) / 1e3 - 61 * char_us) < 0.01);
    assert_true(ABS(r->end_ns - x->answer_end_ns) <= 61);
    assert_true(ABS(r->start_ns - x->answer_start_ns) <= 2);
}

static void answers_start_and_end_when_the_rate_says(void **state)
{
    static struct bench b;

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(rates); k++)
        for (int parity = 0; parity < 3; parity++) {
            bench_open(&b, rates[k], (enum hal_parity)parity, LINE_ECHO_NONE);
            bench_meter(&b, 7, (int)rates[k], parity);
            for (int n = 0; n < 3; n++)
                times_of(&b, rates[k], parity);
            bench_close(&b);
        }
}

static void open_with_meter(struct bench *b, uint32_t baud)
{
    bench_open(b, baud, HAL_PARITY_NONE, LINE_ECHO_NONE);
    bench_meter(b, 1, (int)baud, 0);
    bench_wait(b, 100000000);
}

/* Puts what b->x holds as the last of it; is that answered? */
static bool answered_at_last(struct bench *b)
{
    bench_run(b, LINE_BYTES);
    b->count = 0;
    bench_wait(b, 200000000);
    bool answered = b->count > 0;
    bench_close(b);
    return answered;
}

/* Puts three bytes of a good request, a gap, then the rest; is it answered? */
static bool answered_with_gap(uint32_t baud, int64_t gap_us)
{
    static struct bench b;
    struct line_exchange head = { .kind = LINE_BYTES };

    open_with_meter(&b, baud);
    memcpy(head.request, (uint8_t[]){ 1, 3, 0, 0, 0, 1 }, 6);
    line_master_finish(head.request, 6);
    b.x = head;
    b.x.request_size = 3;
    bench_run(&b, LINE_BYTES);
    bench_wait(&b, gap_us * 1000);
    memcpy(b.x.request, head.request + 3, 5);
    b.x.request_size = 5;
    return answered_at_last(&b);
}

/* 1.5 characters of 11 bits, 750 µs above 19200 baud; to 2 µs. */
static void a_gap_above_t15_breaks_a_frame(void **state)
{
    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(rates); k++) {
        int64_t t15_us = rates[k] > 19200 ? 750 : (int64_t)(16.5e6 / rates[k]);
        assert_true(answered_with_gap(rates[k], t15_us - 2));
        assert_false(answered_with_gap(rates[k], t15_us + 3));
    }
}

/* A good frame behind another one: alone after t3.5, one broken frame before. */
static bool answered_behind_foreign_frame(uint32_t baud, int64_t gap_us)
{
    static struct bench b;

    open_with_meter(&b, baud);
    memcpy(b.x.request, (uint8_t[]){ 2, 3, 0, 0, 0, 1 }, 6);
    b.x.request_size = line_master_finish(b.x.request, 6);
    bench_run(&b, LINE_BYTES);
    bench_wait(&b, gap_us * 1000);
    b.x.request[0] = 1;
    b.x.request_size = line_master_finish(b.x.request, 6);
    return answered_at_last(&b);
}

/* The firmware reckons from the end of a byte to the end of the next, so a silence
 * shorter than t3.5 by no more than a character still ends the frame (rtu.h). */
static void t35_of_silence_ends_a_frame(void **state)
{
    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(rates); k++) {
        int64_t t35 = (int64_t)t35_us(rates[k]), char_us = 10000000 / rates[k];
        assert_true(answered_behind_foreign_frame(rates[k], t35 + 2));
        assert_false(answered_behind_foreign_frame(rates[k], t35 - char_us - 3));
    }
}

static void another_rate_is_not_understood(void **state)
{
    static struct bench b;

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(rates); k++) {
        uint32_t other = rates[(k + 1) % G_N_ELEMENTS(rates)];
        bench_open(&b, other, HAL_PARITY_NONE, LINE_ECHO_NONE);
        struct unit *u = bench_meter(&b, 1, (int)rates[k], 0);
        assert_int_equal(bench_read(&b, 1, 0, 1), LINE_TIMEOUT);
        /* A UART at the master's rate, but t1.5 is too short for 1200 baud. */
        unit_set_fault(u, FAULT_BUS_WRONG_BAUD, -1, other);
        bench_wait(&b, 100000000);
        assert_int_equal(bench_read(&b, 1, 0, 1),
                         other > rates[k] ? LINE_ANSWERED : LINE_TIMEOUT);
        unit_set_fault(u, FAULT_BUS_WRONG_BAUD, -1, 0);
        line_master_set(b.master, &(struct line_master_options){ .baud = rates[k] });
        bench_wait(&b, 100000000);
        assert_int_equal(bench_read(&b, 1, 0, 1), LINE_ANSWERED);
        bench_close(&b);
    }
}

struct heard {
    int count;
    struct {
        uint8_t byte;
        unsigned flags;
        int64_t at_ns;
    } item[64];
    struct sim *sim;
    struct link_uart uart;
};

static void heard_uart(void *user, struct link_uart *uart)
{
    *uart = ((struct heard *)user)->uart;
}

static void heard_receive(void *user, uint8_t byte, unsigned flags)
{
    struct heard *h = user;

    assert_true(h->count < 64);
    h->item[h->count].byte = byte;
    h->item[h->count].flags = flags;
    h->item[h->count++].at_ns = sim_now(h->sim);
}

static const struct line_station_type ear_type = { .uart = heard_uart,
                                                   .receive = heard_receive };

/* One byte as another UART hears it. */
static void hear(struct heard *h, uint8_t byte, struct link_uart from,
                 struct link_uart to)
{
    struct sim *sim = sim_new();
    struct line *l = line_new(sim, "line1", 1);
    struct heard voice = { .sim = sim, .uart = from };

    *h = (struct heard){ .sim = sim, .uart = to };
    struct line_station *s = line_attach(l, &ear_type, "voice", &voice);
    line_attach(l, &ear_type, "ear", h);
    sim_run(sim, 1000000);
    line_send(s, &byte, 1);
    sim_run(sim, 100000000);
    assert_int_equal(voice.count, 0); /* its receiver is off */
    sim_free(sim);
}

/* By hand. 0x55 at half the rate of the receiver: each bit is seen twice: start 00,
 * then 11 00 11 00 11 00 11 00, stop 11. The receiver takes 0 | 0 1 1 0 0 1 1 0 | 0:
 * byte 0x66 with its stop bit 0; then it waits for the next fall, at the sixth data
 * bit: 0 | 0 1 1 0 0 1 1 1 | 1: byte 0xE6. */
static void bits_are_sampled_where_the_receiver_thinks_they_are(void **state)
{
    const struct link_uart slow = { .baud = 9600 }, fast = { .baud = 19200 },
                           even = { .baud = 9600, .parity = HAL_PARITY_EVEN },
                           odd = { .baud = 9600, .parity = HAL_PARITY_ODD };
    struct heard h;

    (void)state;
    hear(&h, 0x55, slow, fast);
    assert_int_equal(h.count, 2);
    assert_int_equal(h.item[0].byte, 0x66);
    assert_int_equal(h.item[0].flags, METER_UART_FRAMING);
    assert_int_equal(h.item[1].byte, 0xE6);
    assert_int_equal(h.item[1].flags, 0);
    hear(&h, 0x55, slow, slow);
    assert_int_equal(h.count, 1);
    assert_int_equal(h.item[0].byte, 0x55);
    assert_int_equal(h.item[0].at_ns, 1000000 + 1041666);
    hear(&h, 0x07, even, odd); /* three ones */
    assert_int_equal(h.item[0].byte, 0x07);
    assert_int_equal(h.item[0].flags, METER_UART_PARITY);
    hear(&h, 0x07, even, even);
    assert_int_equal(h.item[0].flags, 0);
    hear(&h, 0x03, even, slow); /* its parity bit 0 stands where a stop bit should */
    assert_int_equal(h.item[0].byte, 0x03);
    assert_int_equal(h.item[0].flags, METER_UART_FRAMING);
    hear(&h, 0x07, even, slow); /* parity 1 looks like a stop bit */
    assert_int_equal(h.item[0].flags, 0);
    hear(&h, 0x07, slow, even); /* the stop bit is taken for a parity of 1: right */
    assert_int_equal(h.item[0].flags, 0);
    hear(&h, 0x03, slow, even);
    assert_int_equal(h.item[0].flags, METER_UART_PARITY);
}

static void another_parity_is_not_understood(void **state)
{
    static struct bench b;

    (void)state;
    for (int meter = 0; meter < 3; meter++)
        for (int master = 0; master < 3; master++) {
            bench_open(&b, 9600, (enum hal_parity)master, LINE_ECHO_NONE);
            bench_meter(&b, 1, 9600, meter);
            assert_int_equal(bench_read(&b, 1, 0, 10),
                             meter == master ? LINE_ANSWERED : LINE_TIMEOUT);
            bench_close(&b);
        }
}

static void a_broadcast_is_obeyed_by_all_and_answered_by_none(void **state)
{
    static struct bench b;
    struct unit *u[5];

    (void)state;
    bench_open(&b, 19200, HAL_PARITY_NONE, LINE_ECHO_NONE);
    for (int k = 0; k < 5; k++)
        u[k] = bench_meter(&b, 1 + k, 19200, 0);
    b.x.timeout_ns = 100000000;
    assert_int_equal(bench_write(&b, 0, 141, 33), LINE_ANSWERED);
    assert_int_equal(b.count, 1); /* the request */
    for (int k = 0; k < 5; k++)
        assert_int_equal(unit_setting(u[k], SETTING_PLOSS_VOLT), 33);
    bench_close(&b);
}

static void two_hundred_and_forty_seven_meters_share_a_line(void **state)
{
    static struct bench b;

    (void)state;
    bench_open(&b, 38400, HAL_PARITY_EVEN, LINE_ECHO_NONE);
    for (int id = 1; id <= 247; id++)
        bench_meter(&b, id, 38400, HAL_PARITY_EVEN);
    struct unit *one_more = demo_unit(&(struct demo){ .model = model_find("s4100"),
                                                      .system_type = 40,
                                                      .ct_primary_a = 200,
                                                      .pt_ratio = 1,
                                                      .volts_ll = 480,
                                                      .hz = 60,
                                                      .amps = 80,
                                                      .pf = 0.92 },
                                      1);
    assert_null(line_attach_unit(b.line, one_more, "one more"));
    unit_free(one_more);
    for (int id = 1; id <= 247; id += STARTS[0] == '8' ? 1 : 41) {
        assert_int_equal(bench_write(&b, id, 141, 1 + id % 99), LINE_ANSWERED);
        assert_int_equal(bench_read(&b, id, 141, 1), LINE_ANSWERED);
        assert_int_equal(bench_value(&b), 1 + id % 99);
    }
    bench_close(&b);
}

static void meters_of_one_address_collide(void **state)
{
    static struct bench b;
    struct line_counters c;

    (void)state;
    bench_open(&b, 19200, HAL_PARITY_NONE, LINE_ECHO_NONE);
    bench_meter(&b, 1, 19200, 0);
    struct unit *other = bench_meter(&b, 2, 19200, 0); /* 10 µs later */
    unit_power(other, false);
    const struct unit_factory factory = {
        .given = { [SETTING_ADDRESS] = true, [SETTING_PLOSS_VOLT] = true },
        .value = { [SETTING_ADDRESS] = 1, [SETTING_PLOSS_VOLT] = 33 },
    };
    assert_int_equal(unit_program(other, &factory), UNIT_PROGRAMMED);
    unit_power(other, true);
    bench_wait(&b, 100000000);
    assert_int_equal(bench_read(&b, 1, 142, 1), LINE_ANSWERED); /* equal: nobody sees */
    assert_int_equal(bench_value(&b), 25);
    assert_int_equal(bench_read(&b, 1, 141, 1), LINE_BAD_CRC);
    line_counters(b.line, &c);
    assert_int_equal(c.collisions, 2);
    assert_true(b.recorded[b.count - 1].collided && b.recorded[b.count - 2].collided);
    assert_false(b.recorded[b.count - 3].collided);
    bench_close(&b);
}

static void a_meter_without_power_is_silent(void **state)
{
    static struct bench b;

    (void)state;
    bench_open(&b, 9600, HAL_PARITY_NONE, LINE_ECHO_NONE);
    struct unit *u = bench_meter(&b, 1, 9600, 0);
    unit_power(u, false);
    assert_int_equal(bench_read(&b, 1, 0, 1), LINE_TIMEOUT);
    unit_power(u, true);
    bench_wait(&b, 100000000);
    assert_int_equal(bench_read(&b, 1, 0, 10), LINE_ANSWERED);
    b.x.kind = LINE_REQUEST; /* power goes 10 ms after the answer has begun */
    b.done = false;
    line_master_start(b.master, &b.x);
    bench_wait(&b, 8333333 + 4011000 + 1010000 + 10000000);
    unit_power(u, false);
    bench_wait(&b, 600000000);
    assert_true(b.done);
    assert_int_not_equal(b.x.result, LINE_ANSWERED);
    assert_true(b.x.answer_size >= 8 && b.x.answer_size <= 12);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_start_and_end_when_the_rate_says),
        cmocka_unit_test(a_gap_above_t15_breaks_a_frame),
        cmocka_unit_test(t35_of_silence_ends_a_frame),
        cmocka_unit_test(another_rate_is_not_understood),
        cmocka_unit_test(bits_are_sampled_where_the_receiver_thinks_they_are),
        cmocka_unit_test(another_parity_is_not_understood),
        cmocka_unit_test(a_broadcast_is_obeyed_by_all_and_answered_by_none),
        cmocka_unit_test(two_hundred_and_forty_seven_meters_share_a_line),
        cmocka_unit_test(meters_of_one_address_collide),
        cmocka_unit_test(a_meter_without_power_is_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
