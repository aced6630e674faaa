/* A port of HTTP as a client sees it, with the metrics for a text, and the histogram
 * behind them. */
#include "lines_fixture.h"
#include "sim/gateway/latency.h"
#include "sim/web/http_door.h"
#include <gio/gio.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void print_hello(void *user, GString *text)
{
    g_string_append_printf(text, "calls %d\n", ++*(int *)user);
}

static struct aside *loop;

static struct http_door *listening(int *calls, int *port)
{
    GError *error = NULL;
    struct http_door *m;

    *calls = *port = 0;
    loop = aside_new();
    m = http_door_open(loop, "127.0.0.1", port, &error);
    assert_non_null(m);
    http_door_add_text(m, "/metrics", "text/plain", print_hello, calls);
    assert_true(*port > 0);
    return m;
}

static void end(struct http_door *m)
{
    http_door_close(m);
    aside_free(loop);
}

static GSocketConnection *connect_to(int port)
{
    GSocketClient *client = g_socket_client_new();
    GSocketConnection *c =
        g_socket_client_connect_to_host(client, "127.0.0.1", (guint16)port, NULL, NULL);

    g_object_unref(client);
    assert_non_null(c);
    g_socket_set_timeout(g_socket_connection_get_socket(c), 60);
    return c;
}

/* Sends, turns the loop until the server has closed, and gives what came. */
static char *exchange(GSocketConnection *c, const char *request)
{
    GSocket *socket = g_socket_connection_get_socket(c);
    GString *answer = g_string_new(NULL);
    char bytes[1024];
    gssize n = 1;

    g_socket_send_with_blocking(socket, request, strlen(request), TRUE, NULL, NULL);
    for (int turn = 0; turn < 60000 && n != 0; turn++) {
        g_main_context_iteration(NULL, FALSE);
        GError *error = NULL;
        n = g_socket_receive_with_blocking(socket, bytes, sizeof bytes, FALSE, NULL,
                                           &error);
        if (n > 0)
            g_string_append_len(answer, bytes, n);
        else if (n < 0 && error->code == G_IO_ERROR_WOULD_BLOCK)
            g_usleep(1000);
        else if (n < 0)
            n = 0; /* reset */
        g_clear_error(&error);
    }
    assert_true(n == 0);
    g_object_unref(c);
    return g_string_free(answer, FALSE);
}

static void assert_answer(int port, const char *request, const char *start,
                          const char *end)
{
    char *answer = exchange(connect_to(port), request);

    if (!g_str_has_prefix(answer, start) || !g_str_has_suffix(answer, end))
        fail_msg("to '%s': '%s'", request, answer);
    g_free(answer);
}

static void a_scrape_gets_the_text(void **state)
{
    int calls, port;
    struct http_door *m = listening(&calls, &port);

    (void)state;
    assert_answer(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
                  "HTTP/1.1 200 OK\r\n", "\r\n\r\ncalls 1\n");
    assert_answer(port, "GET /metrics?a=b HTTP/1.1\r\nHost: x\r\n\r\n",
                  "HTTP/1.1 200 OK\r\n", "calls 2\n");
    assert_answer(port, "GET /metrics HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\n",
                  "calls 3\n");
    end(m);
}

/* The same headers, its length included, and nothing behind them. */
static void head_is_get_without_its_text(void **state)
{
    int calls, port;
    struct http_door *m = listening(&calls, &port);
    char *answer =
        exchange(connect_to(port), "HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n");

    (void)state;
    assert_true(g_str_has_prefix(answer, "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(answer, "\r\nContent-Length: 8\r\n"));
    assert_true(g_str_has_suffix(answer, "\r\n\r\n"));
    g_free(answer);
    end(m);
}

static void other_requests_are_refused(void **state)
{
    int calls, port;
    struct http_door *m = listening(&calls, &port);
    char *long_one = g_strnfill(1000000, 'a');

    (void)state;
    assert_answer(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 404 ", "\n");
    assert_answer(port, "GET /metricsx HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 404 ",
                  "\n");
    assert_answer(port, "GET /metrics/x HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 404 ",
                  "\n");
    assert_answer(port,
                  "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
                  "HTTP/1.1 405 ", "\r\n\r\nonly GET and HEAD\n");
    char *allowed =
        exchange(connect_to(port), "DELETE /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_non_null(strstr(allowed, "\r\nAllow: GET, HEAD\r\n"));
    g_free(allowed);
    assert_answer(port, "nonsense\r\n\r\n", "HTTP/1.0 400 ", "");
    char *answer = exchange(connect_to(port), long_one);
    assert_true(!*answer || strstr(answer, " 4"));
    assert_int_equal(calls, 0);
    g_free(answer);
    g_free(long_one);
    end(m);
}

/* Clients that say nothing hold up nobody; beyond the most, a client is turned away;
 * and when the server goes, nothing of them is left (the sanitizers look). */
static void silent_clients_are_bounded(void **state)
{
    GSocketConnection *silent[HTTP_CLIENTS];
    int calls, port;
    struct http_door *m = listening(&calls, &port);

    (void)state;
    for (int k = 0; k < HTTP_CLIENTS - 1; k++)
        silent[k] = connect_to(port);
    assert_answer(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 ",
                  "calls 1\n");
    silent[HTTP_CLIENTS - 1] = connect_to(port);
    for (int turn = 0; turn < 50; turn++) {
        g_main_context_iteration(NULL, FALSE);
        g_usleep(1000);
    }
    assert_answer(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "", "");
    assert_int_equal(calls, 1);
    end(m);
    for (int k = 0; k < HTTP_CLIENTS; k++)
        g_object_unref(silent[k]);
}

static void an_address_in_use_is_said(void **state)
{
    int calls, port;
    struct http_door *m = listening(&calls, &port);
    GError *error = NULL;

    (void)state;
    assert_null(http_door_open(loop, "127.0.0.1", &port, &error));
    assert_non_null(error);
    g_clear_error(&error);
    assert_null(http_door_open(loop, "nowhere", &port, &error));
    assert_non_null(strstr(error->message, "nowhere"));
    g_error_free(error);
    end(m);
}

static void quantiles_are_bounds(void **state)
{
    struct latency l = { .total = 0 };

    (void)state;
    assert_true(latency_quantile(&l, 0.99) == 0);
    for (int n = 0; n < 98; n++)
        latency_add(&l, 15e-6);
    latency_add(&l, 1e-3);
    latency_add(&l, 3);
    assert_true(latency_quantile(&l, 0.5) == 2e-5);
    assert_true(latency_quantile(&l, 0.98) == 2e-5);
    assert_true(latency_quantile(&l, 0.99) == 1e-3);
    assert_true(latency_quantile(&l, 1) == latency_bound_s[LATENCY_BOUNDS - 1]);
    assert_int_equal(l.count[LATENCY_BOUNDS], 1);
    assert_true(fabs(l.sum_s - (98 * 15e-6 + 1e-3 + 3)) < 1e-12);
}

static int polls;

static gint count_polls(GPollFD *fds, guint count, gint timeout_ms)
{
    polls++;
    return g_poll(fds, count, timeout_ms);
}

static gboolean note(gpointer user)
{
    *(bool *)user = true;
    return G_SOURCE_REMOVE;
}

static void attach(GSource *source, GMainContext *context, bool *noted)
{
    g_source_set_callback(source, note, noted, NULL);
    g_source_attach(source, context);
    g_source_unref(source);
}

/* The default loop turns for each request of Modbus; while nothing of HTTP is due, the
 * loop within asks for nothing by itself. What needs no descriptor is served, too. */
static void a_loop_within_costs_no_call(void **state)
{
    enum { TURNS = 100, WAIT_MS = 20 };
    bool ready = false, late = false;
    int calls, port;
    struct http_door *m = listening(&calls, &port);

    (void)state;
    aside_enter(loop);
    GMainContext *inner = g_main_context_get_thread_default();
    aside_leave(loop);
    g_main_context_set_poll_func(inner, count_polls);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    polls = 0;
    for (int k = 0; k < TURNS; k++)
        g_main_context_iteration(NULL, FALSE);
    assert_int_equal(polls, 0);
    attach(g_idle_source_new(), inner, &ready);
    attach(g_timeout_source_new(WAIT_MS), inner, &late);
    while (!ready || !late)
        g_main_context_iteration(NULL, TRUE);
    end(m);
}

static bool serve_loop(void *user)
{
    aside_serve(user);
    return true;
}

static gboolean not_now(gpointer user)
{
    (void)user;
    fail_msg("the default loop runs while a script computes");
    return G_SOURCE_REMOVE;
}

/* A line of the console that never ends by itself; nothing else turns a loop. */
static void a_scrape_while_a_script_computes(void **state)
{
    static const char request[] = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    int calls, port;
    struct http_door *m = listening(&calls, &port);
    struct lines l;
    char answer[1024] = "";

    (void)state;
    lines_open_with(&l, NULL, serve_loop, loop);
    GSocketConnection *c = connect_to(port);
    GSocket *socket = g_socket_connection_get_socket(c);
    g_socket_send(socket, request, sizeof request - 1, NULL, NULL);
    const guint idle = g_idle_add(not_now, NULL);
    for (int k = 0; k < 60 && calls == 0; k++)
        lines_run(&l, "while true do end");
    g_source_remove(idle);
    assert_true(*l.error->str);
    assert_int_equal(calls, 1);
    assert_true(g_socket_receive(socket, answer, sizeof answer - 1, NULL, NULL) > 0);
    assert_true(g_str_has_prefix(answer, "HTTP/1.1 200 OK"));
    g_object_unref(c);
    lines_close(&l);
    end(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scrape_gets_the_text),
        cmocka_unit_test(head_is_get_without_its_text),
        cmocka_unit_test(other_requests_are_refused),
        cmocka_unit_test(silent_clients_are_bounded),
        cmocka_unit_test(an_address_in_use_is_said),
        cmocka_unit_test(a_scrape_while_a_script_computes),
        cmocka_unit_test(a_loop_within_costs_no_call),
        cmocka_unit_test(quantiles_are_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
