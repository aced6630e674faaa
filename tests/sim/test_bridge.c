/* The gateway of the field, without sockets: requests in, answers out, in simulated
 * time, with meters on a line. */
#include "sim/bridge/bridge.h"
#include "tests/sim/line_fixture.h"

enum { SENT_MAX = 64, FRAME_MAX = 1024, CLIENTS = 4, READ_BYTES = 5 };

#define MS INT64_C(1000000)

/* What came out of the gateway for one client. */
struct sent {
    int64_t at_ns;
    int size;
    uint8_t byte[FRAME_MAX];
};

struct client {
    struct rig *rig;
    struct bridge_client *bridge; /* NULL: refused, or ended */
    bool ended, reset;
    int64_t ended_ns;
    int count;
    struct sent sent[SENT_MAX];
};

struct rig {
    struct bench bench;
    struct bridge *bridge;
    struct unit *meter, *other; /* addresses 1 and 2 */
    struct client client[CLIENTS];
};

static void on_send(void *user, const uint8_t *bytes, int size)
{
    struct client *c = user;

    assert_true(c->count < SENT_MAX && size <= FRAME_MAX);
    struct sent *s = &c->sent[c->count++];
    s->at_ns = sim_now(c->rig->bench.sim);
    s->size = size;
    memcpy(s->byte, bytes, (size_t)size);
}

static void on_end(void *user, enum bridge_end how)
{
    struct client *c = user;

    c->bridge = NULL;
    c->ended = true;
    c->reset = how == BRIDGE_RESET;
    c->ended_ns = sim_now(c->rig->bench.sim);
}

static const struct bridge_peer peer = { .send = on_send, .end = on_end };

static struct bridge_options options(const char *text)
{
    struct bridge_options o;
    GError *error = NULL;

    bridge_options_start(&o);
    assert_true(bridge_options_parse(&o, text, &error));
    assert_null(error);
    return o;
}

static void connect_client(struct rig *r, int n)
{
    r->client[n] = (struct client){ .rig = r };
    r->client[n].bridge = bridge_connect(r->bridge, &peer, &r->client[n]);
}

/* Two meters and a gateway; the first client is connected, time is at 3 s. */
static void rig_open(struct rig *r, const char *text, int baud, int parity)
{
    const struct bridge_options o = options(text);

    bench_open(&r->bench, (uint32_t)baud, (enum hal_parity)parity, LINE_ECHO_NONE);
    r->meter = bench_meter(&r->bench, 1, baud, parity);
    r->other = bench_meter(&r->bench, 2, baud, parity);
    r->bridge = bridge_new(r->bench.line, &o);
    assert_non_null(r->bridge);
    sim_run(r->bench.sim, 3000 * MS);
    connect_client(r, 0);
}

static void rig_close(struct rig *r)
{
    bench_close(&r->bench);
}

static void run_ms(struct rig *r, int ms)
{
    sim_run(r->bench.sim, sim_now(r->bench.sim) + ms * MS);
}

static void set(struct rig *r, const char *text)
{
    const struct bridge_options o = options(text);

    bridge_set_options(r->bridge, &o);
}

static void fault(struct rig *r, enum fault_id id, double value)
{
    unit_set_fault(sim_unit(r->bench.sim, 0), id, -1, value);
}

/* A read of `count` registers from `reg` on. */
static void ask(struct rig *r, int n, int transaction, int unit, int reg, int count)
{
    const uint8_t pdu[READ_BYTES] = { 3, (uint8_t)((reg - 1) >> 8), (uint8_t)(reg - 1),
                                      0, (uint8_t)count };

    assert_non_null(r->client[n].bridge);
    bridge_request(r->client[n].bridge, (uint16_t)transaction, (uint8_t)unit, pdu,
                   READ_BYTES);
}

static const struct sent *last(const struct rig *r, int n)
{
    assert_true(r->client[n].count > 0);
    return &r->client[n].sent[r->client[n].count - 1];
}

static int transaction_of(const struct sent *s)
{
    return s->byte[0] << 8 | s->byte[1];
}

static int word_of(const struct sent *s, int k)
{
    return s->byte[9 + 2 * k] << 8 | s->byte[10 + 2 * k];
}

static void assert_answer(const struct sent *s, int transaction, int unit, int words)
{
    assert_int_equal(s->size, 9 + 2 * words);
    assert_int_equal(transaction_of(s), transaction);
    assert_int_equal(s->byte[2] << 8 | s->byte[3], 0);
    assert_int_equal(s->byte[4] << 8 | s->byte[5], 3 + 2 * words);
    assert_int_equal(s->byte[6], unit);
    assert_int_equal(s->byte[7], 3);
    assert_int_equal(s->byte[8], 2 * words);
}

static void assert_exception(const struct sent *s, int transaction, int unit, int code)
{
    assert_int_equal(s->size, 9);
    assert_int_equal(transaction_of(s), transaction);
    assert_int_equal(s->byte[6], unit);
    assert_int_equal(s->byte[7], 0x83);
    assert_int_equal(s->byte[8], code);
}

static int register_of(struct rig *r, int reg)
{
    const uint8_t pdu[READ_BYTES] = { 3, (uint8_t)((reg - 1) >> 8), (uint8_t)(reg - 1),
                                      0, 1 };
    uint8_t answer[256];

    assert_int_equal(unit_request(sim_unit(r->bench.sim, 0), pdu, READ_BYTES, answer),
                     4);
    return answer[2] << 8 | answer[3];
}

/* --- time --- */

/* What the line takes: the request's characters, t3.5, the meter's response time, the
 * answer's characters, t3.5 until the gateway takes it for whole. */
static int64_t exchange_ns(const struct unit *u, int baud, int parity, int words)
{
    const int64_t bits = parity == HAL_PARITY_NONE ? 10 : 11;
    const int64_t request = 8 * bits * 1000000000 / baud,
                  answer = (5 + 2 * words) * bits * 1000000000 / baud,
                  silence = baud > 19200 ? 1750000 : INT64_C(38500000000) / baud;

    return request + silence + 1 * MS + u->hal.serial_number % 50 * 10000 + answer +
           silence;
}

static void test_an_answer_takes_as_long_as_its_bytes(void **state)
{
    static const struct {
        int baud, parity, words;
    } cases[] = { { 9600, 0, 10 },  { 19200, 0, 10 }, { 38400, 0, 10 }, { 9600, 1, 2 },
                  { 19200, 2, 28 }, { 19200, 0, 1 },  { 1200, 0, 28 } };

    (void)state;
    for (size_t k = 0; k < COUNT_OF(cases); k++) {
        struct rig r;
        rig_open(&r, "timeout=5000", cases[k].baud, cases[k].parity);
        const int64_t start_ns = sim_now(r.bench.sim);
        ask(&r, 0, 7, 1, 1, cases[k].words);
        run_ms(&r, 4000);
        assert_int_equal(r.client[0].count, 1);
        assert_near(
            last(&r, 0)->at_ns - start_ns,
            exchange_ns(r.meter, cases[k].baud, cases[k].parity, cases[k].words),
            20000);
        rig_close(&r);
    }
}

/* The figure: 10 registers at 19200 baud in 20 to 60 ms. */
static void test_ten_registers_at_19200(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "", 19200, 0);
    ask(&r, 0, 1, 1, 1, 10);
    run_ms(&r, 100);
    assert_in_range(last(&r, 0)->at_ns - 3000 * MS, 20 * MS, 60 * MS);
    rig_close(&r);
}

static void test_requests_go_one_after_the_other(void **state)
{
    struct rig r;
    int64_t one_ns;

    (void)state;
    rig_open(&r, "", 19200, 0);
    connect_client(&r, 1);
    one_ns = exchange_ns(r.meter, 19200, 0, 2);
    for (int k = 0; k < 3; k++) {
        ask(&r, 0, 10 + k, 1, 1, 2);
        ask(&r, 1, 20 + k, 2, 1, 2);
    }
    run_ms(&r, 1000);
    for (int k = 0; k < 3; k++) {
        assert_answer(&r.client[0].sent[k], 10 + k, 1, 2);
        assert_answer(&r.client[1].sent[k], 20 + k, 2, 2);
        /* Whose turn comes first waits for the one before. */
        assert_near(r.client[0].sent[k].at_ns - 3000 * MS, one_ns * (2 * k + 1),
                    0.2 * MS);
        assert_near(r.client[1].sent[k].at_ns - 3000 * MS, one_ns * (2 * k + 2),
                    0.2 * MS);
    }
    assert_int_equal(bridge_is_waited_for(r.bridge), false);
    set(&r, "gap=50");
    const int64_t start_ns = last(&r, 1)->at_ns + 1000 * MS;
    sim_run(r.bench.sim, start_ns);
    ask(&r, 0, 1, 1, 1, 2);
    ask(&r, 0, 2, 1, 1, 2);
    run_ms(&r, 1000);
    assert_near(r.client[0].sent[4].at_ns - r.client[0].sent[3].at_ns, one_ns + 50 * MS,
                0.2 * MS);
    rig_close(&r);
}

/* --- the queue, and meters that do not answer --- */

static void test_a_full_queue(void **state)
{
    struct rig r;
    struct bridge_counters counters;

    (void)state;
    rig_open(&r, "queue=2", 19200, 0);
    for (int k = 0; k < 4; k++) /* one on the line, two wait, one is too many */
        ask(&r, 0, k, 1, 1, 1);
    assert_int_equal(r.client[0].count, 1);
    assert_exception(last(&r, 0), 3, 1, 6);
    run_ms(&r, 500);
    assert_int_equal(r.client[0].count, 4);
    bridge_counters(r.bridge, &counters);
    assert_int_equal(counters.full, 1);
    assert_int_equal(counters.requests, 4);
    assert_int_equal(counters.exceptions, 1);

    set(&r, "queue=0,full=silence");
    ask(&r, 0, 5, 1, 1, 1);
    ask(&r, 0, 6, 1, 1, 1);
    run_ms(&r, 500);
    assert_int_equal(r.client[0].count, 5);
    assert_answer(last(&r, 0), 5, 1, 1);

    set(&r, "queue=0,full=drop");
    ask(&r, 0, 7, 1, 1, 1);
    ask(&r, 0, 8, 1, 1, 1);
    assert_true(r.client[0].ended && !r.client[0].reset);
    run_ms(&r, 500);
    assert_int_equal(r.client[0].count, 5);
    rig_close(&r);
}

static void test_a_dead_meter(void **state)
{
    static const struct {
        const char *options;
        int code, ms;
    } cases[] = { { "", 0x0B, 1000 },
                  { "dead=0x0A,timeout=300", 0x0A, 300 },
                  { "dead=silence", 0, 1000 },
                  { "timeout=200,retries=2", 0x0B, 600 } };

    (void)state;
    for (size_t k = 0; k < COUNT_OF(cases); k++) {
        struct rig r;
        rig_open(&r, cases[k].options, 19200, 0);
        ask(&r, 0, 9, 77, 1, 1);
        run_ms(&r, 3000);
        assert_int_equal(r.client[0].count, cases[k].code != 0);
        if (cases[k].code) {
            assert_exception(last(&r, 0), 9, 77, cases[k].code);
            assert_in_range(last(&r, 0)->at_ns - 3000 * MS, cases[k].ms * MS,
                            (cases[k].ms + 30) * MS);
        }
        /* Others have waited for it. */
        assert_false(bridge_is_waited_for(r.bridge));
        rig_close(&r);
    }
}

/* A wrong rate or parity reaches no meter. */
static void test_a_gateway_that_is_set_wrong(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "baud=9600", 19200, 0);
    ask(&r, 0, 1, 1, 1, 1);
    run_ms(&r, 1500);
    assert_exception(last(&r, 0), 1, 1, 0x0B);
    set(&r, "parity=even");
    ask(&r, 0, 2, 1, 1, 1);
    run_ms(&r, 1500);
    assert_exception(last(&r, 0), 2, 1, 0x0B);
    set(&r, "baud=19200,parity=none");
    ask(&r, 0, 3, 1, 1, 1);
    run_ms(&r, 1500);
    assert_answer(last(&r, 0), 3, 1, 1);
    rig_close(&r);
}

/* An answer to a request that was given up is taken for the next one's: for ever, as
 * long as the client asks on at once. */
static void check_late_answers(const char *text, int other_reg)
{
    struct rig r;

    rig_open(&r, text, 19200, 0);
    const int imbalance = register_of(&r, 143), first = register_of(&r, 142);
    assert_int_not_equal(imbalance, first);
    fault(&r, FAULT_BUS_ANSWER_LATE, 0.32);
    ask(&r, 0, 1, 1, 142, 1);
    run_ms(&r, 312); /* the gateway has given up */
    assert_exception(last(&r, 0), 1, 1, 0x0B);
    ask(&r, 0, 2, 1, other_reg, 1);
    run_ms(&r, 60);
    assert_answer(last(&r, 0), 2, 1, 1);
    assert_int_equal(word_of(last(&r, 0), 0), first);
    rig_close(&r);
}

static void test_late_answers(void **state)
{
    (void)state;
    check_late_answers("timeout=300", 143);
    check_late_answers("timeout=300,match=answer", 143);
}

/* An answer of another function is no answer for those who look. */
static void test_match(void **state)
{
    static const uint8_t write[READ_BYTES] = { 6, 0, 142, 0, 55 };
    struct rig r;

    (void)state;
    for (int answer = 0; answer < 2; answer++) {
        rig_open(&r, answer ? "timeout=300,match=answer" : "timeout=300", 19200, 0);
        fault(&r, FAULT_BUS_ANSWER_LATE, 0.32);
        ask(&r, 0, 1, 1, 142, 1);
        run_ms(&r, 312);
        bridge_request(r.client[0].bridge, 2, 1, write, READ_BYTES);
        run_ms(&r, 60);
        assert_int_equal(last(&r, 0)->byte[7], answer ? 0x86 : 3);
        rig_close(&r);
    }
}

static void test_bus_faults_act_through_it(void **state)
{
    static const struct {
        enum fault_id id;
        double value;
        int code, unit;
    } cases[] = {
        { FAULT_BUS_BAD_CRC, 1, 0x0B, 1 },      { FAULT_BUS_TRUNCATED, 2, 0x0B, 1 },
        { FAULT_BUS_EXTRA_BYTES, 1, 0x0B, 1 },  { FAULT_BUS_NOISE, 20, 0x0B, 1 },
        { FAULT_BUS_ANSWER_LATE, 2, 0x0B, 1 },  { FAULT_BUS_WRONG_BAUD, 9600, 0x0B, 1 },
        { FAULT_BUS_WRONG_PARITY, 2, 0x0B, 1 }, { FAULT_BUS_SWAPPED, 1, 0x0B, 1 },
        { FAULT_BUS_DRIVER_STUCK, 1, 0x0B, 1 }, { FAULT_BUS_SILENCE, 1, 0x0B, 1 },
        { FAULT_BUS_ANSWER_LOST, 1, 0x0B, 1 },  { FAULT_BUS_EXCEPTION, 4, 4, 1 },
        { FAULT_BUS_WRONG_ID, 1, 0, 2 },        { FAULT_BUS_ECHO, 1, 0, 1 },
    };

    (void)state;
    for (size_t k = 0; k < COUNT_OF(cases); k++) {
        struct rig r;
        rig_open(&r, "", 19200, 0);
        fault(&r, cases[k].id, cases[k].value);
        ask(&r, 0, 1, 1, 1, 4);
        run_ms(&r, 1500);
        if (r.client[0].count != 1)
            fail_msg("%s: %d answers", fault_table[cases[k].id].name,
                     r.client[0].count);
        if (last(&r, 0)->byte[7] != (cases[k].code ? 0x83 : 3))
            fail_msg("%s: function %02X", fault_table[cases[k].id].name,
                     last(&r, 0)->byte[7]);
        if (cases[k].code)
            assert_exception(last(&r, 0), 1, cases[k].unit, cases[k].code);
        else
            assert_answer(last(&r, 0), 1, cases[k].unit, 4);
        rig_close(&r);
    }
}

/* --- who is meant --- */

static void test_transaction_ids(void **state)
{
    static const struct {
        const char *options;
        int id[3];
    } cases[] = { { "", { 500, 700, 900 } },
                  { "transaction=own", { 1, 2, 3 } },
                  { "transaction=plus_one", { 501, 701, 901 } },
                  { "transaction=before", { 0, 500, 700 } } };

    (void)state;
    for (size_t k = 0; k < COUNT_OF(cases); k++) {
        struct rig r;
        rig_open(&r, cases[k].options, 19200, 0);
        for (int n = 0; n < 3; n++) {
            ask(&r, 0, 500 + 200 * n, 1, 1, 1);
            run_ms(&r, 100);
            assert_answer(last(&r, 0), cases[k].id[n], 1, 1);
        }
        rig_close(&r);
    }
}

static void test_units_0_and_255(void **state)
{
    static const struct {
        const char *options;
        int unit, code; /* 0: an answer, −1: nothing */
    } cases[] = { { "unit_0=first", 0, 0 },        { "unit_0=0x0A", 0, 0x0A },
                  { "unit_0=silence", 0, -1 },     { "", 0, -1 },
                  { "unit_255=first", 255, 0 },    { "unit_255=0x0A", 255, 0x0A },
                  { "unit_255=silence", 255, -1 }, { "", 255, 0x0B } };

    (void)state;
    for (size_t k = 0; k < COUNT_OF(cases); k++) {
        struct rig r;
        rig_open(&r, cases[k].options, 19200, 0);
        ask(&r, 0, 3, cases[k].unit, 1, 2);
        run_ms(&r, 1500);
        assert_int_equal(r.client[0].count, cases[k].code >= 0);
        if (cases[k].code > 0)
            assert_exception(last(&r, 0), 3, cases[k].unit, cases[k].code);
        else if (cases[k].code == 0)
            assert_answer(last(&r, 0), 3, cases[k].unit, 2);
        rig_close(&r);
    }
}

/* --- connections --- */

static void test_connections(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "connections=2", 19200, 0);
    connect_client(&r, 1);
    connect_client(&r, 2);
    assert_null(r.client[2].bridge); /* refused */
    bridge_disconnect(r.client[1].bridge);
    connect_client(&r, 2);
    assert_non_null(r.client[2].bridge);

    set(&r, "connections=2,next=hangs");
    connect_client(&r, 3);
    ask(&r, 3, 1, 1, 1, 1);
    ask(&r, 3, 2, 1, 1, 1);
    run_ms(&r, 2000);
    assert_int_equal(r.client[3].count, 0);
    bridge_disconnect(r.client[2].bridge);
    run_ms(&r, 100);
    assert_int_equal(r.client[3].count, 2); /* what it had asked */
    assert_answer(&r.client[3].sent[0], 1, 1, 1);

    set(&r, "connections=2,next=evicts");
    ask(&r, 0, 5, 1, 1, 1);
    run_ms(&r, 100);
    connect_client(&r, 1);
    assert_true(r.client[3].ended); /* longest without a request */
    assert_false(r.client[0].ended);
    rig_close(&r);
}

static void test_a_client_that_leaves_is_asked_for_nevertheless(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "", 19200, 0);
    connect_client(&r, 1);
    ask(&r, 0, 1, 1, 1, 10);
    ask(&r, 0, 2, 1, 1, 10);
    bridge_disconnect(r.client[0].bridge);
    ask(&r, 1, 3, 1, 1, 10);
    run_ms(&r, 500);
    assert_int_equal(r.client[0].count, 0);
    assert_answer(last(&r, 1), 3, 1, 10);
    assert_true(last(&r, 1)->at_ns - 3000 * MS >
                3 * exchange_ns(r.meter, 19200, 0, 10) - MS);
    rig_close(&r);
}

static void test_keep_alive_and_idle(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "keep_alive=no", 19200, 0);
    ask(&r, 0, 1, 1, 1, 1);
    run_ms(&r, 100);
    assert_int_equal(r.client[0].count, 1);
    assert_true(r.client[0].ended && !r.client[0].reset);
    rig_close(&r);

    rig_open(&r, "idle=10", 19200, 0);
    run_ms(&r, 6000);
    ask(&r, 0, 1, 1, 1, 1);
    run_ms(&r, 9900);
    assert_false(r.client[0].ended);
    run_ms(&r, 200);
    assert_true(r.client[0].ended);
    assert_int_equal(r.client[0].ended_ns, 19000 * MS);
    rig_close(&r);
}

/* --- what it keeps --- */

static void test_cache(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "cache=500", 19200, 0);
    ask(&r, 0, 1, 1, 1, 2);
    run_ms(&r, 100);
    const int frames = r.bench.count;
    ask(&r, 0, 2, 1, 1, 2);
    assert_int_equal(r.client[0].count, 2); /* at once */
    assert_answer(last(&r, 0), 2, 1, 2);
    assert_memory_equal(last(&r, 0)->byte + 2, r.client[0].sent[0].byte + 2, 11);
    assert_int_equal(r.bench.count, frames);
    ask(&r, 0, 3, 1, 1, 3); /* another question */
    run_ms(&r, 100);
    assert_answer(last(&r, 0), 3, 1, 3);
    run_ms(&r, 400);
    ask(&r, 0, 4, 1, 1, 2); /* too old */
    assert_int_equal(r.client[0].count, 3);
    run_ms(&r, 100);
    assert_int_equal(r.client[0].count, 4);
    rig_close(&r);
}

static void test_stale_values_of_a_dead_meter(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "stale=yes,dead=0x0A", 19200, 0);
    ask(&r, 0, 1, 1, 1, 2);
    run_ms(&r, 100);
    fault(&r, FAULT_BUS_SILENCE, 1);
    run_ms(&r, 60000);
    ask(&r, 0, 2, 1, 1, 2);
    run_ms(&r, 1500);
    assert_answer(last(&r, 0), 2, 1, 2);
    assert_memory_equal(last(&r, 0)->byte + 2, r.client[0].sent[0].byte + 2, 11);
    ask(&r, 0, 3, 1, 7, 2); /* never asked before */
    run_ms(&r, 1500);
    assert_exception(last(&r, 0), 3, 1, 0x0A);
    rig_close(&r);
}

static void test_segments(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "segments=split,segment_gap=30", 19200, 0);
    ask(&r, 0, 1, 1, 1, 10);
    ask(&r, 0, 2, 1, 1, 1);
    run_ms(&r, 200);
    assert_int_equal(r.client[0].count, 4);
    assert_int_equal(r.client[0].sent[0].size, 9);
    assert_int_equal(r.client[0].sent[1].size, 20);
    assert_int_equal(r.client[0].sent[1].at_ns - r.client[0].sent[0].at_ns, 30 * MS);
    /* The next frame waits for the end of this one. */
    assert_true(r.client[0].sent[2].at_ns >= r.client[0].sent[1].at_ns);
    assert_int_equal(transaction_of(&r.client[0].sent[2]), 2);
    rig_close(&r);

    rig_open(&r, "segments=merged,segment_gap=50", 19200, 0);
    ask(&r, 0, 1, 1, 1, 1);
    ask(&r, 0, 2, 1, 1, 1);
    run_ms(&r, 300);
    assert_int_equal(r.client[0].count, 1);
    assert_int_equal(last(&r, 0)->size, 22);
    rig_close(&r);
}

/* --- faults of the gateway --- */

static void test_one_behind(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "", 19200, 0);
    const int imbalance = register_of(&r, 143), first = register_of(&r, 142);
    fault(&r, FAULT_GATEWAY_ONE_BEHIND, 1);
    ask(&r, 0, 1, 1, 142, 1);
    run_ms(&r, 100);
    assert_int_equal(r.client[0].count, 0); /* there is none before it */
    ask(&r, 0, 2, 1, 143, 1);
    run_ms(&r, 100);
    assert_answer(last(&r, 0), 2, 1, 1);
    assert_int_equal(word_of(last(&r, 0), 0), first);
    ask(&r, 0, 3, 2, 143, 2);
    run_ms(&r, 100); /* the other meter has no such fault */
    assert_answer(last(&r, 0), 3, 2, 2);
    fault(&r, FAULT_GATEWAY_ONE_BEHIND, 0);
    ask(&r, 0, 4, 1, 143, 1);
    run_ms(&r, 100);
    assert_int_equal(word_of(last(&r, 0), 0), imbalance);
    rig_close(&r);
}

static void test_wrong_ids(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "", 19200, 0);
    fault(&r, FAULT_GATEWAY_TRANSACTION, -1);
    fault(&r, FAULT_GATEWAY_UNIT, 3);
    ask(&r, 0, 1000, 1, 1, 1);
    run_ms(&r, 100);
    assert_answer(last(&r, 0), 999, 4, 1);
    rig_close(&r);
}

/* Nth polls: with gateway_one_in 3 the third, sixth … are hit, and of them so many. */
static void test_zeros_of_one_poll(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "", 19200, 0);
    fault(&r, FAULT_GATEWAY_ONE_IN, 3);
    fault(&r, FAULT_GATEWAY_ZEROS, 1);
    for (int k = 1; k <= 7; k++) {
        ask(&r, 0, k, 1, 142, 1);
        run_ms(&r, 100);
        assert_answer(last(&r, 0), k, 1, 1);
        assert_int_equal(word_of(last(&r, 0), 0) == 0, k == 3);
    }
    fault(&r, FAULT_GATEWAY_ONE_IN, 1);
    ask(&r, 0, 8, 99, 142, 1); /* exceptions stay what they are */
    run_ms(&r, 1500);
    assert_exception(last(&r, 0), 8, 99, 0x0B);
    rig_close(&r);
}

static void test_stale_polls(void **state)
{
    static const uint8_t write[READ_BYTES] = { 6, 0, 142, 0, 55 };
    struct rig r;

    (void)state;
    rig_open(&r, "", 19200, 0);
    ask(&r, 0, 1, 1, 143, 1);
    run_ms(&r, 100);
    const int before = word_of(last(&r, 0), 0);
    fault(&r, FAULT_GATEWAY_STALE, 3);
    bridge_request(r.client[0].bridge, 2, 1, write, READ_BYTES);
    run_ms(&r, 300);
    assert_int_equal(last(&r, 0)->byte[7], 6);
    assert_int_not_equal(before, 55);
    for (int k = 3; k <= 5; k++) {
        ask(&r, 0, k, 1, 143, 1);
        run_ms(&r, 100);
        assert_int_equal(word_of(last(&r, 0), 0), k < 5 ? before : 55);
    }
    rig_close(&r);
}

static void test_late_split_and_exception(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "", 19200, 0);
    fault(&r, FAULT_GATEWAY_LATE, 0.5);
    ask(&r, 0, 1, 1, 1, 1);
    run_ms(&r, 400);
    assert_int_equal(r.client[0].count, 0);
    assert_true(bridge_is_waited_for(r.bridge));
    fault(&r, FAULT_GATEWAY_LATE, 0);
    ask(&r, 0, 2, 1, 1, 1);
    run_ms(&r, 400);
    assert_int_equal(r.client[0].count, 2);
    assert_answer(&r.client[0].sent[0], 2, 1, 1); /* it has overtaken */
    assert_answer(&r.client[0].sent[1], 1, 1, 1);
    fault(&r, FAULT_GATEWAY_SPLIT, 40);
    fault(&r, FAULT_GATEWAY_EXCEPTION, 6);
    ask(&r, 0, 3, 1, 1, 1);
    run_ms(&r, 400);
    assert_int_equal(r.client[0].sent[2].size, 8);
    assert_int_equal(r.client[0].sent[3].size, 1);
    assert_int_equal(r.client[0].sent[3].byte[0], 6);
    assert_int_equal(r.client[0].sent[3].at_ns - r.client[0].sent[2].at_ns, 40 * MS);
    rig_close(&r);
}

static void test_reset_and_half_open(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r, "connections=1,next=hangs", 19200, 0);
    fault(&r, FAULT_GATEWAY_RESET, 1);
    ask(&r, 0, 1, 1, 1, 1);
    run_ms(&r, 100);
    assert_true(r.client[0].ended && r.client[0].reset);
    fault(&r, FAULT_GATEWAY_RESET, 0);
    fault(&r, FAULT_GATEWAY_HALF_OPEN, 1);
    connect_client(&r, 1);
    connect_client(&r, 2); /* hangs, until the first one is forgotten */
    ask(&r, 1, 1, 1, 1, 1);
    run_ms(&r, 100);
    fault(&r, FAULT_GATEWAY_HALF_OPEN, 0);
    ask(&r, 1, 2, 1, 1, 1);
    ask(&r, 2, 3, 1, 1, 1);
    run_ms(&r, 100);
    assert_int_equal(r.client[1].count, 0);
    assert_false(r.client[1].ended);
    assert_answer(last(&r, 2), 3, 1, 1);
    bridge_disconnect(r.client[1].bridge); /* its client gives up */
    rig_close(&r);
}

static int hits_of(double percent, int *first)
{
    struct rig r;
    int hits = 0;

    rig_open(&r, "", 19200, 0);
    fault(&r, FAULT_GATEWAY_EXCEPTION, 6);
    fault(&r, FAULT_GATEWAY_CHANCE, percent);
    *first = 0;
    for (int k = 1; k <= 60; k++) {
        ask(&r, 0, k, 1, 1, 1);
        run_ms(&r, 20);
        const bool hit = last(&r, 0)->byte[7] & 0x80;
        hits += hit;
        if (hit && !*first)
            *first = k;
    }
    rig_close(&r);
    return hits;
}

static void test_chance(void **state)
{
    int first, again;

    (void)state;
    assert_int_equal(hits_of(100, &first), 60);
    assert_int_equal(hits_of(0, &first), 0);
    const int hits = hits_of(30, &first);
    assert_in_range(hits, 8, 30); /* 18 in the mean, by one seed */
    assert_int_equal(hits_of(30, &again), hits);
    assert_int_equal(first, again);
}

/* --- the same again; options --- */

static uint32_t story(void)
{
    struct rig r;
    uint32_t sum = 0;

    rig_open(&r, "queue=1,retries=1,timeout=250,segments=merged", 9600, 1);
    connect_client(&r, 1);
    fault(&r, FAULT_BUS_NOISE, 1);
    fault(&r, FAULT_GATEWAY_CHANCE, 40);
    fault(&r, FAULT_GATEWAY_TRANSACTION, 1);
    for (int k = 0; k < 40; k++) {
        ask(&r, k & 1, k, 1 + (k % 3 == 0), 1 + k, 3);
        run_ms(&r, 37);
    }
    run_ms(&r, 2000);
    for (int n = 0; n < 2; n++)
        for (int k = 0; k < r.client[n].count; k++) {
            const struct sent *s = &r.client[n].sent[k];
            sum = sum * 31 + (uint32_t)s->at_ns;
            for (int i = 0; i < s->size; i++)
                sum = sum * 31 + s->byte[i];
        }
    rig_close(&r);
    return sum;
}

static void test_the_same_requests_have_the_same_answers(void **state)
{
    (void)state;
    assert_int_equal(story(), story());
}

static void test_options(void **state)
{
    static const struct {
        const char *text, *error;
    } wrong[] = {
        { "queue=-1", "queue: a whole number from 0 to 1000 requests, not '-1'" },
        { "timeout=5", "timeout: a whole number from 10 to 60000 ms, not '5'" },
        { "timeout=1.5 days", "timeout: a whole number" },
        { "baud=9601", "baud: 1200, 2400, 4800, 9600, 19200 or 38400; not 9601" },
        { "full=0x0B", "full: one of 0x06,silence,drop; not '0x0B'" },
        { "convertor", "unknown kind 'convertor'; the kinds are serial_server, conv" },
        { "bauds=9600", "unknown setting 'bauds'; there are kind, baud" },
    };
    struct bridge_options o;

    (void)state;
    for (size_t k = 0; k < COUNT_OF(wrong); k++) {
        GError *error = NULL;
        bridge_options_start(&o);
        assert_false(bridge_options_parse(&o, wrong[k].text, &error));
        if (!strstr(error->message, wrong[k].error))
            fail_msg("%s: %s", wrong[k].text, error->message);
        g_error_free(error);
    }
    for (int k = 0; k < bridge_kind_count; k++)
        options(bridge_kinds[k].name);
    o = options("converter, timeout=2 s, idle=1 min, dead=0x0a");
    assert_int_equal(o.timeout, 2000);
    assert_int_equal(o.idle, 60);
    assert_int_equal(o.dead, BRIDGE_DEAD_PATH);
    assert_int_equal(o.retries, 1);
    for (int k = 0; k < bridge_row_count; k++) {
        char text[BRIDGE_VALUE];
        const struct bridge_row *row = &bridge_rows[k];
        bridge_value_text(row, row->max, text);
        if (row->preset >= 0)
            assert_true(bridge_options_set(&o, row->key, text, NULL));
        assert_int_equal(bridge_option(&o, row),
                         row->preset >= 0 ? row->max : row->preset);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_answer_takes_as_long_as_its_bytes),
        cmocka_unit_test(test_ten_registers_at_19200),
        cmocka_unit_test(test_requests_go_one_after_the_other),
        cmocka_unit_test(test_a_full_queue),
        cmocka_unit_test(test_a_dead_meter),
        cmocka_unit_test(test_a_gateway_that_is_set_wrong),
        cmocka_unit_test(test_late_answers),
        cmocka_unit_test(test_match),
        cmocka_unit_test(test_bus_faults_act_through_it),
        cmocka_unit_test(test_transaction_ids),
        cmocka_unit_test(test_units_0_and_255),
        cmocka_unit_test(test_connections),
        cmocka_unit_test(test_a_client_that_leaves_is_asked_for_nevertheless),
        cmocka_unit_test(test_keep_alive_and_idle),
        cmocka_unit_test(test_cache),
        cmocka_unit_test(test_stale_values_of_a_dead_meter),
        cmocka_unit_test(test_segments),
        cmocka_unit_test(test_one_behind),
        cmocka_unit_test(test_wrong_ids),
        cmocka_unit_test(test_zeros_of_one_poll),
        cmocka_unit_test(test_stale_polls),
        cmocka_unit_test(test_late_split_and_exception),
        cmocka_unit_test(test_reset_and_half_open),
        cmocka_unit_test(test_chance),
        cmocka_unit_test(test_the_same_requests_have_the_same_answers),
        cmocka_unit_test(test_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
