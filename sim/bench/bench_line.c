/* Row e: one meter on an RS-485 line at 19200 baud, 8 data bits, even parity, polled
 * for ten registers as fast as the protocol lets, in simulated time. */
#include "sim/bench/bench.h"
#include "sim/line/line_master.h"
#include "sim/line/line_unit.h"
#include "sim/program/error.h"
#include <stdio.h>

#define SECOND_NS INT64_C(1000000000)

enum { BAUD_19200 = 4, SECONDS = 20 };

struct poll {
    struct sim *sim;
    struct line *line;
    struct line_master *master;
    struct line_exchange x;
    int answers, failures;
};

static void send_request(struct poll *p);

static void on_done(void *user)
{
    struct poll *p = user;

    if (p->x.result == LINE_ANSWERED)
        p->answers++;
    else
        p->failures++;
    send_request(p);
}

static void send_request(struct poll *p)
{
    p->x = (struct line_exchange){ .kind = LINE_REQUEST,
                                   .request = { 1, 3, 0, 0, 0, 10 },
                                   .timeout_ns = SECOND_NS / 2,
                                   .done = on_done,
                                   .user = p };
    p->x.request_size = line_master_finish(p->x.request, 6);
    line_master_start(p->master, &p->x);
}

static void add_meter(struct poll *p)
{
    struct unit *u = unit_new(&(struct unit_options){ .model = model_find("s4100"),
                                                      .wiring = WAVEFORM_WYE,
                                                      .ct_primary_a = 100,
                                                      .ct_output_v = 1,
                                                      .pt_ratio = 1,
                                                      .serial_number = 1000 },
                              0);

    unit_program(
        u, &(struct unit_factory){ .given = { [SETTING_ADDRESS] = true,
                                              [SETTING_BAUD] = true,
                                              [SETTING_PARITY] = true },
                                   .value = { [SETTING_ADDRESS] = 1,
                                              [SETTING_BAUD] = BAUD_19200,
                                              [SETTING_PARITY] = HAL_PARITY_EVEN } });
    unit_power(u, true);
    sim_add_unit(p->sim, u);
    line_attach_unit(p->line, u, "meter");
}

void bench_line(struct bench *b)
{
    const struct line_master_options options = { .baud = 19200,
                                                 .parity = HAL_PARITY_EVEN };
    struct poll p = { .sim = sim_new() };
    struct bench_row *rate = bench_row(
        b, "e", "1/s simulated", "RTU at 19200 8E1, polled at once for 10 registers");
    struct bench_row *speed = bench_row(b, "e1", "x real time", "  the same, speed");

    p.line = line_new(p.sim, "bench", 1);
    p.master = line_master_new(p.line, &options);
    add_meter(&p);
    sim_run(p.sim, SECOND_NS / 10); /* meters hear nothing before their first t3.5 */
    send_request(&p);
    for (int n = 0; n < b->runs; n++) {
        int before = p.answers;
        gint64 start = bench_cpu_ns();
        sim_run(p.sim, sim_now(p.sim) + SECONDS * SECOND_NS);
        bench_add(speed, SECONDS / bench_cpu_seconds_since(start));
        bench_add(rate, (double)(p.answers - before) / SECONDS);
    }
    if (p.failures)
        error_warn("row e: %d exchanges failed", p.failures);
    line_master_free(p.master);
    sim_free(p.sim);
}
