/* Meters on a line with a master, and what the line carried, for tests. */
#pragma once

#include "sim/line/line_master.h"
#include "sim/line/line_unit.h"
#include "sim/plant/demo.h"
#include "tests/support/check.h"

enum { RECORDED_MOST = 4000 };

struct recorded {
    char name[LINE_NAME];
    int64_t start_ns, end_ns;
    bool collided;
    int size;
    uint8_t byte[300];
};

struct bench {
    struct sim *sim;
    struct line *line;
    struct line_master *master;
    struct line_exchange x;
    bool done;
    int count; /* transmissions that the listener was told of */
    struct recorded recorded[RECORDED_MOST];
};

static inline void bench_record(void *user, const struct line_sent *sent)
{
    struct bench *b = user;

    assert_true(b->count < RECORDED_MOST);
    struct recorded *r = &b->recorded[b->count++];
    *r = (struct recorded){ .start_ns = sent->start_ns,
                            .end_ns = sent->end_ns,
                            .collided = sent->collided,
                            .size = MIN(sent->size, 300) };
    g_strlcpy(r->name, sent->name, sizeof r->name);
    memcpy(r->byte, sent->byte, (size_t)r->size);
}

static inline struct unit *bench_meter(struct bench *b, int address, int baud,
                                       int parity)
{
    static const int rates[] = { 1200, 2400, 4800, 9600, 19200, 38400 };
    struct unit *u =
        unit_new(&(struct unit_options){ .model = model_find("s4100"),
                                         .wiring = WAVEFORM_WYE,
                                         .ct_primary_a = 100,
                                         .ct_output_v = 1,
                                         .pt_ratio = 1,
                                         .serial_number = 1000 + (unsigned)address,
                                         .seed = (unsigned)address },
                 sim_now(b->sim));
    uint16_t code = 0;

    while (rates[code] != baud)
        code++;
    const struct unit_factory factory = {
        .given = { [SETTING_ADDRESS] = true,
                   [SETTING_BAUD] = true,
                   [SETTING_PARITY] = true },
        .value = { [SETTING_ADDRESS] = (uint16_t)address,
                   [SETTING_BAUD] = code,
                   [SETTING_PARITY] = (uint16_t)parity },
    };
    assert_int_equal(unit_program(u, &factory), UNIT_PROGRAMMED);
    unit_power(u, true);
    sim_add_unit(b->sim, u);
    assert_non_null(line_attach_unit(b->line, u, "meter"));
    return u;
}

static inline void bench_open(struct bench *b, uint32_t baud, enum hal_parity parity,
                              enum line_echo echo)
{
    memset(b, 0, sizeof *b);
    b->sim = sim_new();
    b->line = line_new(b->sim, "line1", 1);
    line_set_listener(b->line, bench_record, b);
    b->master = line_master_new(
        b->line,
        &(struct line_master_options){ .baud = baud, .parity = parity, .echo = echo });
    assert_non_null(b->master);
}

static inline void bench_close(struct bench *b)
{
    line_master_free(b->master);
    sim_free(b->sim);
}

static inline void bench_done(void *user)
{
    struct bench *b = user;

    b->done = true;
    sim_stop(b->sim);
}

/* Carries out b->x; its outcome. */
static inline enum line_result bench_run(struct bench *b, enum line_exchange_kind kind)
{
    b->x.kind = kind;
    b->x.done = bench_done;
    b->x.user = b;
    b->done = false;
    if (!b->x.timeout_ns)
        b->x.timeout_ns = 500000000;
    if (sim_now(b->sim) == 0) /* meters hear nothing before their first t3.5 */
        sim_run(b->sim, 100000000);
    line_master_start(b->master, &b->x);
    for (int n = 0; !b->done && n < 1000; n++)
        sim_run(b->sim, sim_now(b->sim) + 100000000);
    assert_true(b->done);
    return b->x.result;
}

static inline void bench_wait(struct bench *b, int64_t ns)
{
    sim_run(b->sim, sim_now(b->sim) + ns);
}

/* A read of `count` registers from wire address `addr`. */
static inline enum line_result bench_read(struct bench *b, int id, int addr, int count)
{
    const uint8_t request[6] = { (uint8_t)id,   3, (uint8_t)(addr >> 8),
                                 (uint8_t)addr, 0, (uint8_t)count };

    memcpy(b->x.request, request, 6);
    b->x.request_size = line_master_finish(b->x.request, 6);
    return bench_run(b, LINE_REQUEST);
}

static inline enum line_result bench_write(struct bench *b, int id, int addr, int value)
{
    const uint8_t request[6] = { (uint8_t)id,           6,
                                 (uint8_t)(addr >> 8),  (uint8_t)addr,
                                 (uint8_t)(value >> 8), (uint8_t)value };

    memcpy(b->x.request, request, 6);
    b->x.request_size = line_master_finish(b->x.request, 6);
    return bench_run(b, id ? LINE_REQUEST : LINE_BROADCAST);
}

/* The first register of the answer. */
static inline int bench_value(const struct bench *b)
{
    return b->x.answer[3] << 8 | b->x.answer[4];
}
