/* The rows of tests/data/modbus/cases.csv on RS-485: those of RTU in simulated time, to
 * the microsecond, and in real time over a pty; the PDUs of the TCP rows in RTU frames;
 * and a libmodbus client on the pty. The fixture is the product's framing and PDU code
 * in front of registers of its own (19200 baud 8N1). */
#include "core/crc.h"
#include "sim/line/line.h"
#include "tests/support/modbus_cases.h"
#include "tests/tools/fixture_line.h"
#include "tests/tools/fixture_registers.h"

#include <errno.h>
#include <modbus.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { SILENCE_MS = 300, PAUSE_MS = 1000, RTU_ROWS = 33, TCP_PDUS = 76 };

/* --- in simulated time --- */

struct wire {
    struct sim *sim;
    struct line_station *station;
    struct outcome *o;
};

static void uart(void *user, struct link_uart *uart)
{
    (void)user;
    *uart = (struct link_uart){ .baud = 19200 };
}

static void receive(void *user, uint8_t byte, unsigned flags)
{
    struct wire *w = user;

    assert_int_equal(flags, 0);
    if (!w->o)
        return;
    assert_true(w->o->count < BYTES);
    w->o->byte[w->o->count++] = byte;
}

static void wire_wait(struct wire *w, int64_t ms)
{
    sim_run(w->sim, sim_now(w->sim) + ms * 1000000);
}

static void wire_send(void *user, const uint8_t *bytes, int count)
{
    struct wire *w = user;

    sim_run(w->sim, line_send(w->station, bytes, count));
}

static void wire_pause(void *user, int ms)
{
    wire_wait(user, ms);
}

static void no_end(void *user)
{
    (void)user;
    fail_msg("a serial line has no end");
}

static bool run_on_wire(void *user, char *request, struct expectation *e,
                        struct outcome *o)
{
    struct wire *w = user;
    const struct case_way way = { wire_send, wire_pause, no_end, w };

    (void)e;
    w->o = o;
    play(request, &way);
    wire_wait(w, SILENCE_MS);
    return true;
}

static int finish(uint8_t *frame, int size)
{
    uint16_t crc = crc_modbus(frame, (uint32_t)size);

    frame[size] = (uint8_t)crc;
    frame[size + 1] = (uint8_t)(crc >> 8);
    return size + 2;
}

/* MBAP and PDU into address, PDU and CRC. False where the bytes are not one ADU. */
static bool to_rtu(uint8_t *bytes, int *count)
{
    if (*count < 8 || bytes[2] || bytes[3] || *count != 6 + (bytes[4] << 8 | bytes[5]))
        return false;
    *count -= 6;
    memmove(bytes, bytes + 6, (size_t)*count);
    bytes[0] = FIXTURE_ADDRESS;
    *count = finish(bytes, *count);
    return true;
}

static bool is_request_of_ours(const uint8_t *adu)
{
    return adu[6] <= 1 || adu[6] == 255;
}

/* Function codes from 0x80 on are answers of others to RTU. */
static bool run_pdu(void *user, char *request, struct expectation *e, struct outcome *o)
{
    static uint8_t bytes[BYTES];
    struct wire *w = user;
    const char *text = request;
    int count = take_bytes(&text, bytes);

    if (*text || !is_request_of_ours(bytes) || bytes[7] & 0x80 ||
        !to_rtu(bytes, &count))
        return false;
    for (int k = 0; k < e->choices; k++) {
        struct choice *c = &e->choice[k];
        if (!c->count || c->closes || !to_rtu(c->byte, &c->count))
            return false;
    }
    w->o = o;
    wire_send(w, bytes, count);
    wire_wait(w, SILENCE_MS);
    return true;
}

static int run_file_on_wire(const char *transport, case_runner run)
{
    static const struct line_station_type type = { .uart = uart, .receive = receive };
    struct wire w = { .sim = sim_new() };
    struct line *l = line_new(w.sim, "line1", 1);
    struct fixture_line *f =
        fixture_line_new(l, fixture_registers_new(), FIXTURE_ADDRESS);

    w.station = line_attach(l, &type, "master", &w);
    wire_wait(&w, SILENCE_MS);
    int rows = case_file(transport, run, &w);
    sim_free(w.sim);
    fixture_line_free(f);
    return rows;
}

static void rows_of_rtu_on_the_wire(void **state)
{
    (void)state;
    assert_int_equal(run_file_on_wire("rtu", run_on_wire), RTU_ROWS);
}

static void pdus_of_tcp_on_the_wire(void **state)
{
    (void)state;
    assert_int_equal(run_file_on_wire("tcp", run_pdu), TCP_PDUS);
}

/* --- over a pty --- */

static struct {
    pid_t pid;
    char path[64];
    int fd;
    int patience; /* pauses and limits are so many times as long */
} pty;

static int start_pty(void **state)
{
    int out[2];
    FILE *from;

    (void)state;
    if (pipe(out))
        return -1;
    pty.pid = fork();
    if (pty.pid == 0) {
        dup2(out[1], STDOUT_FILENO);
        close(out[0]);
        close(out[1]);
        execl(MODBUS_FIXTURE, MODBUS_FIXTURE, "--pty", (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    from = fdopen(out[0], "r");
    int got = fscanf(from, "%*d %63s", pty.path);
    fclose(from);
    poll(NULL, 0, SILENCE_MS); /* after power-up t3.5 of silence come first */
    return pty.pid > 0 && got == 1 ? 0 : -1;
}

static int stop_pty(void **state)
{
    int status;

    (void)state;
    kill(pty.pid, SIGTERM);
    waitpid(pty.pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* Reads until the answer's bytes are the last that have come, or nothing comes. */
static bool await_answer(int fd, const uint8_t *answer, int count, int left_ms)
{
    uint8_t byte[BYTES] = { 0 };
    struct pollfd p = { .fd = fd, .events = POLLIN };

    while (poll(&p, 1, left_ms) > 0) {
        memmove(byte, byte + 1, (size_t)count - 1);
        assert_int_equal(read(fd, byte + count - 1, 1), 1);
        if (!memcmp(byte, answer, (size_t)count))
            return true;
    }
    return false;
}

/* Whatever those before have asked is answered: a register that nobody else reads has
 * come, and the fixture answers in order. */
static void settle(int fd)
{
    enum { FIRST = 0x40, TRIES = 12, REQUEST = 6, ANSWER = 5 };

    for (int k = 0; k < TRIES; k++) {
        uint8_t request[REQUEST + 2] = { FIXTURE_ADDRESS,      3, 0,
                                         (uint8_t)(FIRST + k), 0, 1 };
        uint8_t answer[ANSWER + 2] = { FIXTURE_ADDRESS, 3, 2, 0xA0,
                                       (uint8_t)(FIRST + k) };
        finish(request, REQUEST);
        finish(answer, ANSWER);
        assert_int_equal(write(fd, request, sizeof request), sizeof request);
        if (await_answer(fd, answer, sizeof answer, 1000 << MIN(k, 4)))
            return;
    }
    fail_msg("the fixture does not answer");
}

static modbus_t *open_client(void)
{
    modbus_t *client = modbus_new_rtu(pty.path, 19200, 'N', 8, 1);

    assert_non_null(client);
    modbus_set_slave(client, FIXTURE_ADDRESS);
    modbus_set_response_timeout(client, 60, 0);
    modbus_set_byte_timeout(client, 60, 0);
    assert_int_equal(modbus_connect(client), 0);
    settle(modbus_get_socket(client));
    return client;
}

static void pty_send(void *user, const uint8_t *bytes, int count)
{
    (void)user;
    assert_int_equal(write(pty.fd, bytes, (size_t)count), count);
}

/* A host's clock is not that of a wire: pauses are so long that a fixture which has to
 * wait for its turn of a processor sees them, too. Where it has not, the row is repeated
 * with longer ones. */
static void pty_pause(void *user, int ms)
{
    (void)user;
    poll(NULL, 0, pty.patience * (3 * ms + PAUSE_MS));
}

static void pty_receive(const struct expectation *e, struct outcome *o)
{
    int left_ms = e->silent ? SILENCE_MS : pty.patience * 10000;

    for (;;) {
        struct pollfd p = { .fd = pty.fd, .events = POLLIN };
        bool whole = !e->silent && o->count >= e->longest;
        if (poll(&p, 1, whole ? 5 : o->count && e->silent ? SILENCE_MS : left_ms) <= 0)
            return;
        ssize_t count = read(pty.fd, o->byte + o->count, (size_t)(BYTES - o->count));
        assert_true(count > 0);
        o->count += (int)count;
    }
}

static bool run_on_pty(void *user, char *request, struct expectation *e,
                       struct outcome *o)
{
    const struct case_way way = { pty_send, pty_pause, no_end, NULL };

    (void)user;
    for (pty.patience = 1; pty.patience <= 16; pty.patience *= 2) {
        o->count = 0;
        tcflush(pty.fd, TCIOFLUSH);
        play(request, &way);
        pty_receive(e, o);
        poll(NULL, 0, 10 * pty.patience); /* silence before the next row */
        if (fits(o, e))
            break;
    }
    return true;
}

static void rows_of_rtu_over_a_pty(void **state)
{
    modbus_t *client = open_client();

    (void)state;
    pty.fd = modbus_get_socket(client);
    assert_int_equal(case_file("rtu", run_on_pty, NULL), RTU_ROWS);
    modbus_close(client);
    modbus_free(client);
}

/* Clients come and go. */
static void libmodbus_reads_and_writes(void **state)
{
    const uint16_t values[3] = { 11, 22, 33 };
    uint16_t word[125];

    (void)state;
    for (int turn = 0; turn < 3; turn++) {
        modbus_t *client = open_client();
        assert_int_equal(modbus_read_registers(client, 0, 125, word), 125);
        for (int k = 0; k < 125; k++)
            assert_int_equal(word[k], 0xA000 + k);
        assert_int_equal(modbus_read_input_registers(client, 0x100, 2, word), 2);
        assert_int_equal(word[1], 0xA101);
        assert_int_equal(modbus_write_register(client, 0x99, (uint16_t)(1234 + turn)),
                         1);
        assert_int_equal(modbus_write_registers(client, 0x9A, 3, values), 3);
        assert_int_equal(modbus_read_registers(client, 0x99, 4, word), 4);
        assert_int_equal(word[0], 1234 + turn);
        assert_int_equal(word[3], 33);
        assert_int_equal(modbus_read_registers(client, 0xB4, 1, word), -1);
        assert_int_equal(errno, EMBXILADD);
        modbus_close(client);
        modbus_free(client);
    }
}

static void await_bytes(int fd, int count)
{
    for (int ms = 0, there = 0; there < count && ms < 60000; ms++) {
        poll(NULL, 0, 1);
        assert_int_equal(ioctl(fd, FIONREAD, &there), 0);
    }
}

/* A client that repeats its request before it reads finds both answers. */
static void a_late_answer_is_not_dropped(void **state)
{
    enum { ANSWER = 5 + 2 };
    modbus_t *client = open_client();
    uint8_t request[8] = { FIXTURE_ADDRESS, 3, 0, 0, 0, 1 }, answer[2 * ANSWER];

    (void)state;
    pty.fd = modbus_get_socket(client);
    finish(request, 6);
    for (int k = 1; k <= 2; k++) {
        pty_send(NULL, request, sizeof request);
        await_bytes(pty.fd, k * ANSWER);
    }
    assert_int_equal(read(pty.fd, answer, sizeof answer), sizeof answer);
    assert_memory_equal(answer, answer + ANSWER, ANSWER);
    modbus_close(client);
    modbus_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_rtu_on_the_wire),
        cmocka_unit_test(pdus_of_tcp_on_the_wire),
        cmocka_unit_test_setup_teardown(rows_of_rtu_over_a_pty, start_pty, stop_pty),
        cmocka_unit_test_setup_teardown(a_late_answer_is_not_dropped, start_pty,
                                        stop_pty),
        cmocka_unit_test_setup_teardown(libmodbus_reads_and_writes, start_pty,
                                        stop_pty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
