/* The Modbus TCP gateway over real sockets: framing, order, errors, ports, and
 * libmodbus as a client that knows nothing of this project. */
#include "sim/program/error.h"
#include "tests/sim/gateway_fixture.h"
#include "tests/support/modbus_client.h"

#include <gio/gio.h>

static void splits_at_every_byte(void **state)
{
    struct fixture f;
    uint8_t request[REQUEST_BYTES], answer[260];
    (void)state;

    fixture_open(&f, NULL);
    int fd = client_connect(f.port);
    int bytes = write_answer(answer, 0, 0x1234, 9, 100, 2);
    write_request(request, 0x1234, 9, 100, 2);
    for (int cut = 1; cut < REQUEST_BYTES; cut++) {
        client_send(&f, fd, request, cut);
        client_expect_silence(&f, fd, 5);
        client_send(&f, fd, request + cut, REQUEST_BYTES - cut);
        client_expect(&f, fd, answer, bytes);
    }
    for (int i = 0; i < REQUEST_BYTES; i++) {
        client_send(&f, fd, request + i, 1);
        fixture_run(&f, 2);
    }
    client_expect(&f, fd, answer, bytes);
    assert_int_equal(f.handled, REQUEST_BYTES);
    close(fd);
    fixture_close(&f);
}

static void a_frame_and_a_half_in_one_segment(void **state)
{
    struct fixture f;
    uint8_t request[2 * REQUEST_BYTES], answer[260];
    (void)state;

    fixture_open(&f, NULL);
    int fd = client_connect(f.port);
    write_request(request, 1, 1, 0, 1);
    write_request(request + REQUEST_BYTES, 2, 1, 5, 125);
    for (int cut = 1; cut < REQUEST_BYTES; cut++) {
        client_send(&f, fd, request, REQUEST_BYTES + cut);
        client_expect(&f, fd, answer, write_answer(answer, 0, 1, 1, 0, 1));
        client_send(&f, fd, request + REQUEST_BYTES + cut, REQUEST_BYTES - cut);
        client_expect(&f, fd, answer, write_answer(answer, 0, 2, 1, 5, 125));
    }
    close(fd);
    fixture_close(&f);
}

/* Far more than one receive buffer, answers far more than one batch. */
static void pipelined_requests_are_answered_in_order(void **state)
{
    static const int counts[] = { 2, 16, 100, 1000 };
    static uint8_t requests[1000 * REQUEST_BYTES], answers[1000 * 59];
    struct fixture f;
    (void)state;

    fixture_open(&f, NULL);
    int fd = client_connect(f.port);
    for (size_t n = 0; n < sizeof counts / sizeof *counts; n++) {
        int out = 0;
        for (int i = 0; i < counts[n]; i++) {
            int id = (i * 40503) & 0xFFFF;
            write_request(requests + i * REQUEST_BYTES, id, i % 100, i, 1 + i % 25);
            out += write_answer(answers + out, 0, id, i % 100, i, 1 + i % 25);
        }
        client_send(&f, fd, requests, counts[n] * REQUEST_BYTES);
        client_expect(&f, fd, answers, out);
    }
    close(fd);
    fixture_close(&f);
}

static void transaction_and_unit_come_back(void **state)
{
    static const int ids[] = { 0, 1, 0x00FF, 0x7FFF, 0x8000, 0xFFFF };
    struct fixture f;
    uint8_t request[REQUEST_BYTES], answer[260];
    (void)state;

    fixture_open(&f, NULL);
    int fd = client_connect(f.port);
    for (int unit = 0; unit < UNIT_ABSENT; unit++) {
        int id = ids[unit % 6];
        write_request(request, id, unit, 3, 4);
        client_send(&f, fd, request, REQUEST_BYTES);
        client_expect(&f, fd, answer, write_answer(answer, 0, id, unit, 3, 4));
    }
    close(fd);
    fixture_close(&f);
}

static void impossible_lengths_close_after_the_answers(void **state)
{
    static const int lengths[] = { 0, 1, 255, 256, 0x7FFF, 65535 };
    (void)state;

    for (size_t n = 0; n < 2 * sizeof lengths / sizeof *lengths; n++) {
        struct fixture f;
        uint8_t bytes[REQUEST_BYTES + 6], answer[260];
        fixture_open(&f, NULL);
        int fd = client_connect(f.port);
        write_request(bytes, 77, 1, 0, 3);
        memset(bytes + REQUEST_BYTES, 0, 6);
        bytes[REQUEST_BYTES + 3] = n % 2; /* the length counts for any protocol */
        put_u16(bytes + REQUEST_BYTES + 4, lengths[n / 2]);
        client_send(&f, fd, bytes, sizeof bytes);
        client_expect(&f, fd, answer, write_answer(answer, 0, 77, 1, 0, 3));
        client_expect_end(&f, fd, PATIENCE_MS);
        close(fd);
        fixture_run(&f, 5);
        assert_int_equal(fixture_counters(&f).protocol_errors, 1);
        assert_int_equal(fixture_counters(&f).open, 0);
        fixture_close(&f);
    }
}

static void foreign_protocols_are_skipped_by_their_length(void **state)
{
    static const int lengths[] = { 2, 6, 254 };
    struct fixture f;
    (void)state;

    fixture_open(&f, NULL);
    int fd = client_connect(f.port);
    for (int n = 0; n < 3; n++) {
        uint8_t foreign[260] = { 0, 1, 0, 1, 0, (uint8_t)lengths[n], 1, 3 };
        if (n == 2)
            foreign[2] = 0x80, foreign[3] = 0;
        client_send(&f, fd, foreign, 6 + lengths[n]);
        client_expect_silence(&f, fd, 10);
        client_read(&f, fd, 500 + n);
    }
    assert_int_equal(f.handled, 3);
    assert_int_equal(fixture_counters(&f).protocol_errors, 3);
    close(fd);
    fixture_close(&f);
}

static void shortest_and_longest_frames(void **state)
{
    struct fixture f;
    uint8_t frame[260] = { 9, 8, 0, 0, 0, 2, UNIT_ECHO, 0x41 };
    (void)state;

    fixture_open(&f, NULL);
    int fd = client_connect(f.port);
    client_send(&f, fd, frame, 8);
    client_expect(&f, fd, frame, 8);
    for (int i = 8; i < 260; i++)
        frame[i] = (uint8_t)i;
    put_u16(frame + 4, 254);
    client_send(&f, fd, frame, 260);
    client_expect(&f, fd, frame, 260);
    close(fd);
    fixture_close(&f);
}

static void absent_and_silent_units(void **state)
{
    static const uint8_t functions[] = { 3, 0x2B, 0x83 };
    struct fixture f;
    (void)state;

    fixture_open(&f, NULL);
    int fd = client_connect(f.port);
    for (int n = 0; n < 3; n++) {
        uint8_t request[] = { 1, 2, 0, 0, 0, 2, UNIT_ABSENT, functions[n] };
        uint8_t answer[] = { 1, 2, 0, 0, 0, 3, UNIT_ABSENT, functions[n] | 0x80, 0x0B };
        client_send(&f, fd, request, sizeof request);
        client_expect(&f, fd, answer, sizeof answer);
    }
    uint8_t silent[REQUEST_BYTES];
    write_request(silent, 5, UNIT_SILENT, 0, 1);
    client_send(&f, fd, silent, REQUEST_BYTES);
    client_expect_silence(&f, fd, 20);
    client_read(&f, fd, 6);
    struct gateway_counters counters = fixture_counters(&f);
    assert_int_equal(counters.requests, 5);
    assert_int_equal(counters.answers, 4);
    assert_int_equal(counters.exceptions, 3);
    close(fd);
    fixture_close(&f);
}

static void half_close_is_answered_then_closed(void **state)
{
    struct fixture f;
    uint8_t request[REQUEST_BYTES], answer[260];
    (void)state;

    fixture_open(&f, NULL);
    int fd = client_connect(f.port);
    write_request(request, 3, 1, 0, 2);
    assert_int_equal(send(fd, request, REQUEST_BYTES, 0), REQUEST_BYTES);
    shutdown(fd, SHUT_WR);
    client_expect(&f, fd, answer, write_answer(answer, 0, 3, 1, 0, 2));
    client_expect_end(&f, fd, PATIENCE_MS);
    close(fd);

    fd = client_connect(f.port);
    assert_int_equal(send(fd, request, 9, 0), 9);
    shutdown(fd, SHUT_WR);
    client_expect_end(&f, fd, PATIENCE_MS);
    close(fd);
    assert_int_equal(f.handled, 1);
    fixture_close(&f);
}

static void ports_have_their_own_units(void **state)
{
    struct fixture f, other = { .base = 30000 };
    uint8_t request[REQUEST_BYTES], answer[260];
    (void)state;

    fixture_open(&f, NULL);
    int port = gateway_listen(f.gateway, "localhost", 0, toy_handler, &other, NULL);
    assert_true(port > 0 && port != f.port);
    int a = client_connect(f.port), b = client_connect(port);
    for (int i = 0; i < 10; i++) {
        write_request(request, i, 2, i, 5);
        client_send(&f, a, request, REQUEST_BYTES);
        client_send(&f, b, request, REQUEST_BYTES);
        client_expect(&f, a, answer, write_answer(answer, 0, i, 2, i, 5));
        client_expect(&f, b, answer, write_answer(answer, 30000, i, 2, i, 5));
    }
    assert_int_equal(f.handled, 10);
    assert_int_equal(other.handled, 10);
    close(a);
    close(b);
    fixture_close(&f);
}

static void expect_no_port(struct fixture *f, const char *host, int port,
                           const char *text)
{
    GError *error = NULL;

    assert_int_equal(gateway_listen(f->gateway, host, port, toy_handler, f, &error),
                     -1);
    assert_int_equal(error_exit_code(error), ERROR_MISUSE);
    assert_string_equal(error->message, text);
    g_error_free(error);
    assert_int_equal(gateway_listen(f->gateway, host, port, toy_handler, f, NULL), -1);
}

static void refused_ports_say_why(void **state)
{
    struct fixture f;
    (void)state;

    fixture_open(&f, NULL);
    char *text =
        g_strdup_printf("cannot listen on 127.0.0.1:%d: address in use; choose "
                        "another with --tcp HOST:PORT",
                        f.port);
    expect_no_port(&f, "127.0.0.1", f.port, text);
    g_free(text);
    expect_no_port(&f, "meter.example", 502,
                   "cannot listen on meter.example:502: not a numeric address or "
                   "localhost, or not a port of 0..65535; choose another with --tcp "
                   "HOST:PORT");
    expect_no_port(&f, "127.0.0.1", 65536,
                   "cannot listen on 127.0.0.1:65536: not a numeric address or "
                   "localhost, or not a port of 0..65535; choose another with --tcp "
                   "HOST:PORT");
    expect_no_port(&f, "192.0.2.1", 1502,
                   "cannot listen on 192.0.2.1:1502: this machine has no such address; "
                   "choose another with --tcp HOST:PORT");
    expect_no_port(&f, "2001:db8::1", 1502,
                   "cannot listen on [2001:db8::1]:1502: this machine has no such "
                   "address; choose another with --tcp HOST:PORT");
    int fd = client_connect(f.port);
    client_read(&f, fd, 1);
    close(fd);
    fixture_close(&f);
}

static void serves_over_ipv6(void **state)
{
    struct fixture f;
    struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
    (void)state;

    fixture_open(&f, NULL);
    int port = gateway_listen(f.gateway, "::1", 0, toy_handler, &f, NULL);
    if (port < 0) {
        fixture_close(&f);
        skip();
    }
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    to.sin6_port = htons((uint16_t)port);
    assert_return_code(connect(fd, (struct sockaddr *)&to, sizeof to), errno);
    client_read(&f, fd, 1);
    close(fd);
    fixture_close(&f);
}

static bool accepted_from(int fd, int client)
{
    struct sockaddr_in peer, local;
    socklen_t peer_size = sizeof peer, local_size = sizeof local;

    return getpeername(fd, (struct sockaddr *)&peer, &peer_size) == 0 &&
           getsockname(client, (struct sockaddr *)&local, &local_size) == 0 &&
           peer_size == local_size && memcmp(&peer, &local, sizeof peer) == 0;
}

static void expect_option(int fd, int level, int name, int value)
{
    int got = -1;
    socklen_t size = sizeof got;

    assert_return_code(getsockopt(fd, level, name, &got, &size), errno);
    assert_int_equal(got, value);
}

/* Accepted sockets must have what the listening socket was given. */
static void dead_peers_are_noticed(void **state)
{
    struct fixture f;
    int server = -1;
    (void)state;

    fixture_open(&f, NULL);
    int fd = client_connect(f.port);
    client_read(&f, fd, 1);
    for (int i = 3; i < 1000 && server < 0; i++) {
        if (accepted_from(i, fd))
            server = i;
    }
    assert_true(server >= 0);
    expect_option(server, SOL_SOCKET, SO_KEEPALIVE, 1);
    expect_option(server, IPPROTO_TCP, TCP_NODELAY, 1);
    expect_option(server, IPPROTO_TCP, TCP_KEEPIDLE, 60);
    expect_option(server, IPPROTO_TCP, TCP_KEEPINTVL, 10);
    expect_option(server, IPPROTO_TCP, TCP_KEEPCNT, 6);
    expect_option(server, IPPROTO_TCP, TCP_USER_TIMEOUT, 30000);
    close(fd);
    fixture_close(&f);
}

/* A fixed seed: the same garbage at every run. */
static void garbage_does_no_harm(void **state)
{
    GRand *random = g_rand_new_with_seed(4711);
    struct fixture f;
    uint8_t bytes[600];
    (void)state;

    fixture_open(&f, NULL);
    int good = client_connect(f.port);
    for (int round = 0; round < 300; round++) {
        int fd = client_connect(f.port);
        int count = g_rand_int_range(random, 1, sizeof bytes);
        for (int i = 0; i < count; i++)
            bytes[i] = (uint8_t)g_rand_int(random);
        if (round % 2) /* half of them get past the header */
            memcpy(bytes, (uint8_t[]){ 0, 1, 0, 0, 0, 6, 1, 3 }, 8);
        assert_int_equal(send(fd, bytes, (size_t)count, MSG_NOSIGNAL), count);
        client_read(&f, good, round);
        close(fd);
    }
    fixture_run(&f, 20);
    assert_int_equal(fixture_counters(&f).open, 1);
    close(good);
    g_rand_free(random);
    fixture_close(&f);
}

struct libmodbus_client {
    int port;
    int failures;
    gint done;
};

static void libmodbus_read(struct libmodbus_client *c, modbus_t *modbus, int count)
{
    uint16_t registers[125];

    if (modbus_read_registers(modbus, 40, count, registers) != count)
        c->failures++;
    for (int i = 0; i < count; i++)
        c->failures += registers[i] != 17 * 1000 + 40 + i;
}

static gpointer libmodbus_thread(gpointer data)
{
    struct libmodbus_client *c = data;
    modbus_t *modbus = modbus_client_new(c->port);
    uint16_t value;

    modbus_set_slave(modbus, 17);
    if (modbus_connect(modbus) != 0)
        c->failures++;
    for (int count = 1; count <= 125; count++)
        libmodbus_read(c, modbus, count);
    if (modbus_read_input_registers(modbus, 0, 1, &value) != -1 || errno != EMBXILFUN)
        c->failures++;
    modbus_set_slave(modbus, UNIT_ABSENT);
    if (modbus_read_registers(modbus, 0, 1, &value) != -1 || errno != EMBXGTAR)
        c->failures++;
    modbus_close(modbus);
    modbus_free(modbus);
    g_atomic_int_set(&c->done, 1);
    return NULL;
}

static void libmodbus_understands_the_answers(void **state)
{
    struct fixture f;
    int64_t end_ms = now_ms() + 4 * PATIENCE_MS;
    (void)state;

    fixture_open(&f, NULL);
    struct libmodbus_client c = { .port = f.port };
    GThread *thread = g_thread_new("libmodbus", libmodbus_thread, &c);
    while (!g_atomic_int_get(&c.done) && now_ms() < end_ms)
        fixture_step(&f);
    assert_true(g_atomic_int_get(&c.done));
    g_thread_join(thread);
    assert_int_equal(c.failures, 0);
    assert_int_equal(f.handled, 127);
    fixture_close(&f);
}

/* Asks again at once until the loop has ticked often enough, and then no more. */
struct brisk_client {
    int port, ticks, failures, asked, done;
};

enum { TICKS = 20 };

static gboolean on_tick(gpointer ticks)
{
    g_atomic_int_inc((int *)ticks);
    return G_SOURCE_CONTINUE;
}

static gpointer brisk_thread(gpointer data)
{
    struct brisk_client *c = data;
    modbus_t *modbus = modbus_client_new(c->port);
    uint16_t value;

    modbus_set_slave(modbus, 17);
    if (modbus_connect(modbus) != 0)
        c->failures++;
    while (!c->failures && g_atomic_int_get(&c->ticks) < TICKS) {
        c->failures += modbus_read_registers(modbus, c->asked % 1000, 1, &value) != 1 ||
                       value != 17 * 1000 + c->asked % 1000;
        c->asked++;
    }
    g_atomic_int_set(&c->done, 1);
    while (g_atomic_int_get(&c->ticks) < 2 * TICKS)
        g_usleep(1000); /* connected, and silent */
    modbus_close(modbus);
    modbus_free(modbus);
    return NULL;
}

/* The gateway waits for the client by itself, and comes back to the loop nevertheless: while
 * it asks, and when it asks no more. */
static void a_brisk_client_leaves_the_loop_its_turns(void **state)
{
    struct fixture f;
    (void)state;

    fixture_open(&f, NULL);
    struct brisk_client c = { .port = f.port };
    GSource *tick = g_timeout_source_new(1);
    g_source_set_callback(tick, on_tick, &c.ticks, NULL);
    g_source_attach(tick, f.context);
    GThread *thread = g_thread_new("brisk", brisk_thread, &c);
    while (!g_atomic_int_get(&c.done) || g_atomic_int_get(&c.ticks) < 2 * TICKS)
        g_main_context_iteration(f.context, TRUE);
    g_thread_join(thread);
    assert_int_equal(c.failures, 0);
    assert_int_equal(f.handled, c.asked);
    g_source_destroy(tick);
    g_source_unref(tick);
    fixture_close(&f);
}

static void runs_on_the_default_loop(void **state)
{
    struct fixture f = { .gateway = gateway_new(NULL, NULL) };
    (void)state;

    f.port = gateway_listen(f.gateway, "127.0.0.1", 0, toy_handler, &f, NULL);
    int fd = client_connect(f.port);
    client_read(&f, fd, 1); /* the NULL context is the default one here, too */
    close(fd);
    gateway_free(f.gateway);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_at_every_byte),
        cmocka_unit_test(a_frame_and_a_half_in_one_segment),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
        cmocka_unit_test(transaction_and_unit_come_back),
        cmocka_unit_test(impossible_lengths_close_after_the_answers),
        cmocka_unit_test(foreign_protocols_are_skipped_by_their_length),
        cmocka_unit_test(shortest_and_longest_frames),
        cmocka_unit_test(absent_and_silent_units),
        cmocka_unit_test(half_close_is_answered_then_closed),
        cmocka_unit_test(ports_have_their_own_units),
        cmocka_unit_test(refused_ports_say_why),
        cmocka_unit_test(serves_over_ipv6),
        cmocka_unit_test(dead_peers_are_noticed),
        cmocka_unit_test(garbage_does_no_harm),
        cmocka_unit_test(libmodbus_understands_the_answers),
        cmocka_unit_test(a_brisk_client_leaves_the_loop_its_turns),
        cmocka_unit_test(runs_on_the_default_loop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
