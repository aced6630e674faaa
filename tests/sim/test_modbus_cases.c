/* Every row of tests/data/modbus/cases.csv: those of TCP against modbus_fixture over a
 * socket, those of RTU through the firmware's framing in simulated time (19200 baud
 * 8N1). The same over the line and over a pty: test_line_cases.c. */
#include "core/rtu.h"
#include "tests/support/modbus_cases.h"
#include "tests/support/modbus_fixture.h"
#include "tests/support/no_reset_system.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000, SURPLUS_MS = 4, SILENCE_MS = 300, CHAR_US = 521 };

/* --- TCP --- */

static void tcp_send(void *user, const uint8_t *bytes, int count)
{
    int fd = *(int *)user;
    ssize_t sent = send(fd, bytes, (size_t)count, MSG_NOSIGNAL);

    assert_true(sent == count || errno == EPIPE || errno == ECONNRESET);
}

static void tcp_pause(void *user, int ms)
{
    (void)user;
    poll(NULL, 0, ms);
}

static void tcp_end(void *user)
{
    shutdown(*(int *)user, SHUT_WR);
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Until all that can be expected is there, and nothing more comes. */
static void tcp_receive(int fd, const struct expectation *e, struct outcome *o)
{
    int64_t end_ms = now_ms() + (e->silent ? SILENCE_MS : PATIENCE_MS);
    bool may_close = false;

    for (int k = 0; k < e->choices; k++)
        may_close |= e->choice[k].closes;
    while (!o->closed && o->count < BYTES) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        int64_t left = end_ms - now_ms();
        if (o->count >= e->longest && e->longest && !may_close)
            left = left < SURPLUS_MS ? left : SURPLUS_MS;
        if (left < 0 || poll(&p, 1, (int)left) == 0)
            break;
        ssize_t n = recv(fd, o->byte + o->count, (size_t)(BYTES - o->count), 0);
        o->closed = n <= 0;
        o->count += n > 0 ? (int)n : 0;
    }
}

static int connect_to(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

    assert_true(fd >= 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static bool run_tcp(void *user, char *request, struct expectation *e, struct outcome *o)
{
    int port = *(int *)user;
    int fd = connect_to(port);
    const struct case_way way = { tcp_send, tcp_pause, tcp_end, &fd };

    play(request, &way);
    tcp_receive(fd, e, o);
    close(fd);
    return true;
}

/* --- RTU: the firmware's framing, in simulated time --- */

struct hal {
    struct outcome *sent;
};

static struct {
    struct rtu rtu;
    struct meter fixture;
    struct hal board;
    uint64_t now_us;
} serial;

void hal_uart_send(struct hal *h, const uint8_t *frame, uint32_t size)
{
    assert_true(h->sent->count + (int)size <= BYTES);
    memcpy(h->sent->byte + h->sent->count, frame, size);
    h->sent->count += (int)size;
}

static void rtu_serve(uint64_t now_us)
{
    uint8_t pdu[METER_PDU_MAX];
    const uint8_t *request;
    int length = rtu_request(&serial.rtu, now_us, &request);

    if (length)
        rtu_answer(&serial.rtu, &serial.board, pdu,
                   pdu_answer(&serial.fixture, request, length, pdu), now_us);
}

static void rtu_advance(uint64_t us)
{
    uint64_t to_us = serial.now_us + us;

    while (rtu_deadline(&serial.rtu) <= to_us)
        rtu_serve(rtu_deadline(&serial.rtu));
    serial.now_us = to_us;
}

static void rtu_send(void *user, const uint8_t *bytes, int count)
{
    (void)user;
    for (int k = 0; k < count; k++) {
        rtu_advance(CHAR_US);
        rtu_serve(serial.now_us);
        rtu_byte(&serial.rtu, bytes[k], 0, serial.now_us);
    }
}

static void rtu_pause(void *user, int ms)
{
    (void)user;
    rtu_advance((uint64_t)ms * 1000);
}

static void rtu_end(void *user)
{
    (void)user;
    fail_msg("a serial line has no end");
}

static bool run_rtu(void *user, char *request, struct expectation *e, struct outcome *o)
{
    const struct case_way way = { rtu_send, rtu_pause, rtu_end, NULL };

    serial.board.sent = o;
    rtu_advance(SILENCE_MS * 1000);
    (void)user;
    (void)e;
    play(request, &way);
    rtu_advance(SILENCE_MS * 1000);
    return true;
}

/* --- the file --- */

static pid_t start_fixture(int *port)
{
    int out[2];
    char text[16] = "";

    assert_int_equal(pipe(out), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(out[1], STDOUT_FILENO);
        close(out[0]);
        close(out[1]);
        execl(MODBUS_FIXTURE, MODBUS_FIXTURE, (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    assert_true(read(out[0], text, sizeof text - 1) > 0);
    close(out[0]);
    *port = atoi(text);
    assert_in_range(*port, 1, 65535);
    return child;
}

static pid_t server;

static int stop_fixture(void **state)
{
    int status;

    (void)state;
    kill(server, SIGTERM);
    waitpid(server, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static void rows_over_tcp(void **state)
{
    int port;

    (void)state;
    server = start_fixture(&port);
    assert_int_equal(case_file("tcp", run_tcp, &port), 108);
}

static void rows_over_rtu(void **state)
{
    (void)state;
    rtu_start(&serial.rtu);
    rtu_configure(&serial.rtu, 19200, HAL_PARITY_NONE, FIXTURE_UNIT);
    fixture_start(&serial.fixture);
    assert_int_equal(case_file("rtu", run_rtu, NULL), 33);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(rows_over_tcp, stop_fixture),
        cmocka_unit_test(rows_over_rtu),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
