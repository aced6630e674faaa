/* How much is done for web clients in a turn of the loop, whatever they send: between two
 * turns whoever else waits is served. Turns, messages and bytes are counted; no time. */
#include "gateway_fixture.h"
#include "sim/web/http_stream.h"
#include "sim/web/web_state.h"
#include "sim/web/web_turn.h"
#include <gio/gio.h>

enum { CLIENTS = 20, MESSAGES = 50, METERS = 300 };

/* Sockets whose input is metered. */

struct pipe {
    GSocketConnection *here;
    GIOStream *metered;
    int far;
};

static void pipe_open(struct pipe *p, struct aside *loop, size_t more)
{
    static const char head[] = "GET / HTTP/1.1\r\n\r\n";
    static const char noise[60000];
    int fds[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    GSocket *socket = g_socket_new_from_fd(fds[0], NULL);
    p->here = g_socket_connection_factory_create_connection(socket);
    p->metered = http_stream_new(p->here, loop);
    p->far = fds[1];
    g_object_unref(socket);
    assert_int_equal(write(p->far, head, sizeof head - 1), sizeof head - 1);
    assert_int_equal(write(p->far, noise, more), more);
}

static void pipe_close(struct pipe *p)
{
    g_object_unref(p->metered);
    g_object_unref(p->here);
    close(p->far);
}

/* As libsoup does: until there is nothing for now. */
static gsize read_all(const struct pipe *p)
{
    GPollableInputStream *in =
        G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(p->metered));
    char bytes[1024];
    gsize size = 0;
    gssize n;

    while ((n = g_pollable_input_stream_read_nonblocking(in, bytes, sizeof bytes, NULL,
                                                         NULL)) > 0)
        size += (gsize)n;
    return size;
}

static void input_is_shared_out(void **state)
{
    struct aside *loop = aside_new();
    struct pipe p[CLIENTS];
    gsize had[CLIENTS] = { 0 };
    const int round = CLIENTS * ASIDE_PIECE / ASIDE_TURN;

    (void)state;
    for (int k = 0; k < CLIENTS; k++)
        pipe_open(&p[k], loop, 60000);
    for (int turn = 0; turn < 10 * round; turn++) {
        gsize all = 0;
        aside_serve(loop);
        for (int k = 0; k < CLIENTS; k++) {
            const gsize size = read_all(&p[k]);
            assert_true(size <= ASIDE_PIECE);
            had[k] += size;
            all += size;
        }
        assert_true(all > 0 && all <= ASIDE_TURN);
    }
    for (int k = 0; k < CLIENTS; k++) {
        assert_int_equal(had[k], 10 * ASIDE_PIECE);
        pipe_close(&p[k]);
    }
    aside_free(loop);
}

/* A request's head is answered at once: a turn has no more of them than pieces. */
static void a_head_counts_as_a_piece(void **state)
{
    struct aside *loop = aside_new();
    struct pipe p[CLIENTS];
    int served = 0;

    (void)state;
    for (int k = 0; k < CLIENTS; k++)
        pipe_open(&p[k], loop, 0);
    aside_serve(loop);
    for (int k = 0; k < CLIENTS; k++)
        served += read_all(&p[k]) > 0;
    assert_int_equal(served, ASIDE_TURN / ASIDE_PIECE);
    for (int k = 0; k < CLIENTS; k++)
        pipe_close(&p[k]);
    aside_free(loop);
}

/* A plant, its web and a gateway on the default loop. */

struct served {
    struct fixture gateway;
    struct sim *sim;
    struct pace *pace;
    struct aside *loop;
    struct http_door *door;
    struct web *web;
    int port;
};

static void place(void *user, int index, int *port, int *unit)
{
    (void)user;
    *port = 502;
    *unit = index + 1;
}

static void open_served(struct served *s)
{
    GError *error = NULL;

    *s = (struct served){ .sim = sim_new() };
    for (int k = 0; k < METERS; k++)
        sim_add_unit(
            s->sim,
            unit_new(&(struct unit_options){ .model = model_find("s4100") }, 0));
    s->pace = pace_new(NULL, s->sim, 1);
    pace_hold(s->pace);
    s->gateway.gateway = gateway_new(NULL, NULL);
    s->gateway.port =
        gateway_listen(s->gateway.gateway, "127.0.0.1", 0, toy_handler, s, &error);
    s->loop = aside_new();
    s->door = http_door_open(s->loop, "127.0.0.1", &s->port, &error);
    s->web = web_new(
        &(struct web_options){
            .plant = { .sim = s->sim, .pace = s->pace, .place = place },
            .loop = s->loop,
            .door = s->door },
        &error);
    assert_null(error);
}

static void close_served(struct served *s)
{
    web_free(s->web);
    http_door_close(s->door);
    aside_free(s->loop);
    gateway_free(s->gateway.gateway);
    pace_free(s->pace);
    sim_free(s->sim);
}

static int connect_to(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port) };
    const int fd = socket(AF_INET, SOCK_STREAM, 0), at_once = 1;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    return fd;
}

/* What has come, without waiting. */
static ssize_t take(int fd, char *bytes, size_t size)
{
    const ssize_t n = recv(fd, bytes, size, MSG_DONTWAIT);

    assert_true(n > 0 || (n < 0 && errno == EAGAIN));
    return MAX(n, 0);
}

/* A masked frame whose mask is zero. */
static size_t put_frame(char *at, const char *text)
{
    const size_t size = strlen(text);

    assert_true(size < 126);
    at[0] = (char)0x81;
    at[1] = (char)(0x80 | size);
    memset(at + 2, 0, 4);
    memcpy(at + 6, text, size);
    return size + 6;
}

static int open_hostile(const struct served *s)
{
    static const char head[] =
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: "
        "Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    const int fd = connect_to(s->port);
    char answer[2048] = "";
    size_t size = 0;

    assert_int_equal(send(fd, head, sizeof head - 1, 0), sizeof head - 1);
    while (!strstr(answer, "\r\n\r\n")) {
        g_main_context_iteration(NULL, TRUE);
        size += (size_t)take(fd, answer + size, sizeof answer - 1 - size);
    }
    assert_true(g_str_has_prefix(answer, "HTTP/1.1 101"));
    return fd;
}

static void send_many(int fd, const char *text, int times)
{
    char bytes[8192];
    size_t size = 0;

    for (int k = 0; k < times; k++)
        size += put_frame(bytes + size, text);
    assert_int_equal(send(fd, bytes, size, 0), size);
}

/* How often the words stand in what has come. */
static int count_words(int fd, const char *words, size_t *size)
{
    static char bytes[1 << 20];
    int count = 0;
    const size_t come = (size_t)take(fd, bytes, sizeof bytes - 1);

    bytes[come] = '\0';
    *size += come;
    for (const char *at = bytes;
         (at = memmem(at, (size_t)(bytes + come - at), words, strlen(words))); at++)
        count++;
    return count;
}

/* The answers: each is one object with an "ok". */
static int count_answers(int fd)
{
    size_t size = 0;

    return count_words(fd, "\"ok\":", &size);
}

/* Turns until a request is answered. */
static int poll_once(int fd)
{
    static const uint8_t request[] = { 0, 1, 0, 0, 0, 6, 1, 3, 0, 10, 0, 1 };
    char answer[64];
    int turns = 0;

    assert_int_equal(send(fd, request, sizeof request, 0), sizeof request);
    do {
        g_main_context_iteration(NULL, FALSE);
        turns++;
    } while (!take(fd, answer, sizeof answer));
    return turns;
}

static void modbus_is_answered_between_two_messages(void **state)
{
    struct served s;
    int hostile[CLIENTS], answers = 0, all_turns = 0;

    (void)state;
    open_served(&s);
    const int modbus = connect_to(s.gateway.port);
    poll_once(modbus);
    for (int k = 0; k < CLIENTS; k++)
        hostile[k] = open_hostile(&s);
    for (int k = 0; k < CLIENTS; k++)
        send_many(hostile[k], "{\"meters\":\"\",\"count\":3}", MESSAGES);
    while (answers < CLIENTS * MESSAGES) {
        const int turns = poll_once(modbus);
        assert_true(turns <= 2);
        all_turns += turns;
        for (int k = 0; k < CLIENTS; k++)
            answers += count_answers(hostile[k]);
        assert_true(answers <= all_turns);
    }
    for (int k = 0; k < CLIENTS; k++)
        close(hostile[k]);
    close(modbus);
    close_served(&s);
}

/* Turns go on till `count` messages with the words have come to the clients; from the first
 * of them on no more than `most` of them, and `bytes`, come a turn. */
static void expect_shared_out(const int *fds, const char *words, int count, int most,
                              size_t bytes)
{
    size_t size = 0;
    int come = 0, turns = 0;

    while (come < count) {
        g_main_context_iteration(NULL, TRUE);
        for (int k = 0; k < CLIENTS; k++)
            come += count_words(fds[k], words, &size);
        turns += come > 0;
        assert_true(come <= most * turns);
        assert_true(size <= bytes * (size_t)turns);
    }
    assert_int_equal(come, count);
    assert_true(come > most * (turns - 2)); /* nor does it take longer than that */
}

static void open_clients(struct served *s, int *fds)
{
    open_served(s);
    for (int k = 0; k < CLIENTS; k++)
        fds[k] = open_hostile(s);
}

static void close_clients(struct served *s, const int *fds)
{
    for (int k = 0; k < CLIENTS; k++)
        close(fds[k]);
    close_served(s);
}

static void panels_are_shown_some_at_a_time(void **state)
{
    struct served s;
    int fds[CLIENTS];
    char text[64];
    size_t size = 0;

    (void)state;
    open_clients(&s, fds);
    for (int k = 0; k < CLIENTS; k++) {
        g_snprintf(text, sizeof text, "{\"watch\":\"panel\",\"meter\":%d}", k + 1);
        send_many(fds[k], text, 1);
    }
    for (int panels = 0; panels < CLIENTS;) {
        g_main_context_iteration(NULL, TRUE);
        for (int k = 0; k < CLIENTS; k++)
            panels += count_words(fds[k], "\"event\":\"panel\"", &size);
    }
    for (int k = 0; k < CLIENTS; k++)
        unit_switch(sim_unit(s.sim, k), !sim_unit(s.sim, k)->powered);
    sim_run(s.sim, 3000000000); /* every panel is another one */
    expect_shared_out(fds, "\"event\":\"panel\"", CLIENTS, 8, 1 << 17);
    close_clients(&s, fds);
}

static void send_all(struct served *s, int times, size_t size)
{
    for (int k = 0; k < CLIENTS; k++)
        for (int n = 0; n < times; n++)
            web_client_send(g_ptr_array_index(s->web->clients, k),
                            g_strnfill(size, 'x'));
    web_turn_wake(s->web);
}

/* 64 KiB or 64 messages; the last of a turn may be large. */
static void what_is_sent_is_shared_out(void **state)
{
    enum { LARGE = 20000 };
    struct served s;
    int fds[CLIENTS];

    (void)state;
    open_clients(&s, fds);
    send_all(&s, 50, 2);
    expect_shared_out(fds, "xx", 50 * CLIENTS, 64, 1 << 16);
    close_clients(&s, fds);
    open_clients(&s, fds);
    send_all(&s, 2, LARGE);
    expect_shared_out(fds, "\x81\x7e", 2 * CLIENTS, (1 << 16) / LARGE + 1,
                      (1 << 16) + LARGE);
    close_clients(&s, fds);
}

static void count_text(void *user, char *text)
{
    ++*(int *)user;
    g_free(text);
}

/* A hundred meters at a look, fifty changes or few more. */
static void events_are_looked_for_some_at_a_time(void **state)
{
    struct served s;
    int sent = 0;

    (void)state;
    open_served(&s);
    struct web_events *e = web_events_new(&s.web->options.plant);
    unit_set_fault(sim_unit(s.sim, 250), FAULT_CT_REVERSED, 0, 1);
    web_events_begin(e);
    assert_true(web_events_look(e, count_text, &sent));
    assert_true(web_events_look(e, count_text, &sent));
    assert_int_equal(sent, 0);
    assert_false(web_events_look(e, count_text, &sent));
    assert_int_equal(sent, 1);
    for (int k = 0; k < METERS; k++)
        unit_set_fault(sim_unit(s.sim, k), FAULT_CT_OPEN, 0, 1);
    web_events_begin(e);
    for (int look = 1; look <= METERS / 50; look++) {
        assert_int_equal(web_events_look(e, count_text, &sent), look < METERS / 50);
        assert_int_equal(sent, 1 + 50 * look);
    }
    web_events_free(e);
    close_served(&s);
}

/* Frames that wait, by how many watch; what is more is counted. */
static void traffic_is_bounded(void **state)
{
    static const uint8_t frame[] = { 0, 1, 0, 0, 0, 6, 1, 3, 0, 10, 0, 1 };
    static const struct {
        int watchers, kept;
    } rows[] = { { 1, 200 }, { 10, 200 }, { 20, 100 }, { 5000, 1 } };
    struct served s;
    char *text;

    (void)state;
    open_served(&s);
    struct web_traffic *t = web_traffic_new(s.sim);
    web_traffic_tcp(t, 1, 0, GATEWAY_RECEIVED, frame, sizeof frame);
    assert_null(web_traffic_next(t)); /* nobody watched */
    for (size_t k = 0; k < G_N_ELEMENTS(rows); k++) {
        int kept = 0;
        web_traffic_watch(t, rows[k].watchers);
        for (int n = 0; n < 500; n++)
            web_traffic_tcp(t, 1, 0, GATEWAY_RECEIVED, frame, sizeof frame);
        for (; (text = web_traffic_next(t)) && !strstr(text, "left_out"); kept++)
            g_free(text);
        char *left = g_strdup_printf("\"left_out\":%d}", 500 - rows[k].kept);
        assert_int_equal(kept, rows[k].kept);
        assert_non_null(text && strstr(text, left) ? text : NULL);
        assert_null(web_traffic_next(t));
        g_free(text);
        g_free(left);
    }
    web_traffic_free(t);
    close_served(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(input_is_shared_out),
        cmocka_unit_test(a_head_counts_as_a_piece),
        cmocka_unit_test(modbus_is_answered_between_two_messages),
        cmocka_unit_test(panels_are_shown_some_at_a_time),
        cmocka_unit_test(what_is_sent_is_shared_out),
        cmocka_unit_test(events_are_looked_for_some_at_a_time),
        cmocka_unit_test(traffic_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
