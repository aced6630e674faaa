/* The fixture on a line. See fixture_line.h. */
#include "tests/tools/fixture_line.h"
#include "core/pdu.h"
#include "hal_sim/board.h"
#include "sim/line/line.h"
#include "sim/line/serial_port.h"
#include "sim/plant/pace.h"
#include <string.h>

struct fixture_line {
    struct line *line;
    struct line_station *station;
    struct meter *meter;
    struct rtu rtu;
    struct hal board;
    uint8_t answer[RTU_FRAME_MAX];
    int size;
};

static uint64_t now_us(const struct fixture_line *f)
{
    return (uint64_t)sim_now(line_sim(f->line)) / 1000;
}

static void answer(void *user)
{
    struct fixture_line *f = user;

    line_send(f->station, f->answer, f->size);
}

static void on_sent(void *user, const uint8_t *frame, uint32_t size)
{
    struct fixture_line *f = user;
    struct sim *sim = line_sim(f->line);

    memcpy(f->answer, frame, size);
    f->size = (int)size;
    sim_at(sim, sim_now(sim) + LINK_RESPONSE_NS, answer, f);
}

static void uart(void *user, struct link_uart *uart)
{
    (void)user;
    *uart = (struct link_uart){ .baud = 19200 };
}

static void run(void *user)
{
    struct fixture_line *f = user;
    uint8_t pdu[METER_PDU_MAX];
    const uint8_t *request;
    int length = rtu_request(&f->rtu, now_us(f), &request);

    if (length)
        rtu_answer(&f->rtu, &f->board, pdu, pdu_answer(f->meter, request, length, pdu),
                   now_us(f));
}

static void receive(void *user, uint8_t byte, unsigned flags)
{
    struct fixture_line *f = user;

    run(f);
    rtu_byte(&f->rtu, byte, flags, now_us(f));
}

static int64_t deadline_ns(void *user)
{
    const struct fixture_line *f = user;
    uint64_t at_us = rtu_deadline(&f->rtu);

    return at_us == UINT64_MAX ? INT64_MAX : (int64_t)at_us * 1000;
}

static const struct line_station_type type = {
    .uart = uart, .receive = receive, .deadline_ns = deadline_ns, .run = run
};

struct fixture_line *fixture_line_new(struct line *l, struct meter *meter, int address)
{
    struct fixture_line *f = g_new0(struct fixture_line, 1);

    f->line = l;
    f->meter = meter;
    board_start(&f->board, 1);
    f->board.uart_sent = on_sent;
    f->board.uart_user = f;
    rtu_start(&f->rtu);
    rtu_configure(&f->rtu, 19200, HAL_PARITY_NONE, (uint8_t)address);
    f->station = line_attach(l, &type, "fixture", f);
    return f;
}

void fixture_line_free(struct fixture_line *f)
{
    board_free(&f->board);
    g_free(f);
}

struct fixture_pty {
    struct sim *sim;
    struct fixture_line *device;
    struct serial_port *port;
    struct pace *pace;
};

struct fixture_pty *fixture_pty_open(struct meter *meter, int address, GError **error)
{
    struct fixture_pty *f = g_new0(struct fixture_pty, 1);
    struct line *l;

    f->sim = sim_new();
    l = line_new(f->sim, "line1", 1);
    f->device = fixture_line_new(l, meter, address);
    f->port = serial_port_open(NULL, l, "pty", NULL, error);
    f->pace = pace_new(NULL, f->sim, 1);
    if (f->port)
        return f;
    fixture_pty_free(f);
    return NULL;
}

const char *fixture_pty_path(const struct fixture_pty *f)
{
    return serial_port_path(f->port);
}

void fixture_pty_free(struct fixture_pty *f)
{
    if (!f)
        return;
    pace_free(f->pace);
    serial_port_free(f->port);
    sim_free(f->sim);
    fixture_line_free(f->device);
    g_free(f);
}
