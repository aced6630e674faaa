/* Every row of tests/data/modbus/cases.csv: those of TCP against modbus_fixture over a
 * socket, those of RTU through the firmware's framing in simulated time (19200 baud
 * 8N1). Request: hex bytes, "/" a new segment, "~N" a pause of N ms, "EOF" an end of
 * sending. Expectation: "RESP hex [THEN CLOSE]", "SILENT ms", "CLOSE"; "||" between
 * choices. */
#include "core/rtu.h"
#include "tests/support/check.h"
#include "tests/support/modbus_fixture.h"

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

enum {
    BYTES = 8192,
    PATIENCE_MS = 3000,
    SURPLUS_MS = 4,
    SILENCE_MS = 300,
    CHAR_US = 521
};

/* What came back. */
struct outcome {
    uint8_t byte[BYTES];
    int count;
    bool closed;
};

/* How one kind of line carries out a request. */
struct line {
    void (*send)(void *user, const uint8_t *bytes, int count);
    void (*pause)(void *user, int ms);
    void (*end)(void *user); /* of sending */
    void *user;
};

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Bytes up to something that is none; moves *text there. */
static int take_bytes(const char **text, uint8_t *bytes)
{
    int count = 0;

    for (;; *text += 2) {
        *text += strspn(*text, " ");
        if (hex_digit((*text)[0]) < 0 || hex_digit((*text)[1]) < 0)
            return count;
        assert_true(count < BYTES);
        bytes[count++] = (uint8_t)(hex_digit((*text)[0]) << 4 | hex_digit((*text)[1]));
    }
}

static void play(const char *text, const struct line *line)
{
    uint8_t bytes[BYTES];

    for (;;) {
        int count = take_bytes(&text, bytes);
        if (count)
            line->send(line->user, bytes, count);
        if (*text == '~')
            line->pause(line->user, (int)strtol(text + 1, (char **)&text, 10));
        else if (*text == '/')
            text++;
        else if (!strncmp(text, "EOF", 3)) {
            line->end(line->user);
            text += 3;
        } else
            break;
    }
    assert_int_equal(*text, 0);
}

/* One choice of an expectation. */
struct choice {
    uint8_t byte[BYTES];
    int count;
    bool closes;
};

static void parse_choice(const char *text, struct choice *c)
{
    text += strspn(text, " ");
    c->count = 0;
    c->closes = strstr(text, "CLOSE") != NULL;
    if (!strncmp(text, "RESP ", 5)) {
        text += 5;
        c->count = take_bytes(&text, c->byte);
        assert_true(c->count > 0 && (!*text || !strcmp(text, "THEN CLOSE")));
    } else {
        assert_true(!strncmp(text, "SILENT ", 7) || !strcmp(text, "CLOSE"));
    }
}

enum { CHOICES = 3 };

struct expectation {
    struct choice choice[CHOICES];
    int choices, longest;
    bool silent; /* one choice is that nothing happens */
};

static void parse_expectation(char *text, struct expectation *e)
{
    e->choices = e->longest = 0;
    e->silent = false;
    while (text) {
        char *next = strstr(text, " || ");
        assert_true(e->choices < CHOICES);
        struct choice *c = &e->choice[e->choices++];
        if (next) {
            *next = 0;
            next += 4;
        }
        parse_choice(text, c);
        e->longest = c->count > e->longest ? c->count : e->longest;
        e->silent |= c->count == 0 && !c->closes;
        text = next;
    }
}

static bool fits(const struct outcome *o, const struct expectation *e)
{
    for (int k = 0; k < e->choices; k++) {
        const struct choice *c = &e->choice[k];
        if (o->count == c->count && o->closed == c->closes &&
            !memcmp(o->byte, c->byte, (size_t)c->count))
            return true;
    }
    return false;
}

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

static void run_tcp(int port, const char *request, const struct expectation *e,
                    struct outcome *o)
{
    int fd = connect_to(port);
    const struct line line = { tcp_send, tcp_pause, tcp_end, &fd };

    play(request, &line);
    tcp_receive(fd, e, o);
    close(fd);
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

static void rtu_advance(uint64_t us)
{
    uint64_t to_us = serial.now_us + us;

    while (rtu_deadline(&serial.rtu) <= to_us)
        rtu_run(&serial.rtu, &serial.fixture, &serial.board, rtu_deadline(&serial.rtu));
    serial.now_us = to_us;
}

static void rtu_send(void *user, const uint8_t *bytes, int count)
{
    (void)user;
    for (int k = 0; k < count; k++) {
        rtu_advance(CHAR_US);
        rtu_byte(&serial.rtu, &serial.fixture, &serial.board, bytes[k], 0,
                 serial.now_us);
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

static void run_rtu(const char *request, struct outcome *o)
{
    const struct line line = { rtu_send, rtu_pause, rtu_end, NULL };

    serial.board.sent = o;
    rtu_advance(SILENCE_MS * 1000);
    play(request, &line);
    rtu_advance(SILENCE_MS * 1000);
}

/* --- the file --- */

static int run_row(char *line, const char *transport, int port)
{
    static struct expectation e;
    static struct outcome o;
    char *id = strtok(line, ","), *kind = strtok(NULL, ",");
    char *request = strtok(NULL, ","), *expected = strtok(NULL, ",");

    assert_non_null(expected);
    if (strcmp(kind, transport))
        return 0;
    char *shown = strdup(expected);
    parse_expectation(expected, &e);
    o.count = 0;
    o.closed = false;
    if (port)
        run_tcp(port, request, &e, &o);
    else
        run_rtu(request, &o);
    if (!fits(&o, &e)) {
        print_error("%s: expected %.80s; got %d bytes, %s:", id, shown, o.count,
                    o.closed ? "closed" : "open");
        for (int k = 0; k < o.count && k < 40; k++)
            print_error(" %02x", o.byte[k]);
        print_error("\n");
        fail();
    }
    free(shown);
    return 1;
}

static int run_file(const char *transport, int port)
{
    FILE *file = fopen(TESTS_DIR "/data/modbus/cases.csv", "r");
    char *line = NULL;
    size_t size = 0;
    int rows = 0;

    assert_non_null(file);
    assert_true(getline(&line, &size, file) > 0); /* the header */
    while (getline(&line, &size, file) > 0)
        rows += run_row(line, transport, port);
    free(line);
    fclose(file);
    print_message("%d rows of %s\n", rows, transport);
    return rows;
}

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
    assert_int_equal(run_file("tcp", port), 108);
}

static void rows_over_rtu(void **state)
{
    (void)state;
    rtu_start(&serial.rtu);
    rtu_configure(&serial.rtu, 19200, HAL_PARITY_NONE, FIXTURE_UNIT);
    fixture_start(&serial.fixture);
    assert_int_equal(run_file("rtu", 0), 33);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(rows_over_tcp, stop_fixture),
        cmocka_unit_test(rows_over_rtu),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
