/* Who may come in by HTTP, what their messages mean, and frames in words. */
#include "sim/web/http_head.h"
#include "sim/web/web_guard.h"
#include "sim/web/web_pdu.h"
#include "sim/web/web_request.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void tokens_differ_and_are_compared_whole(void **state)
{
    char one[WEB_TOKEN], other[WEB_TOKEN];

    (void)state;
    assert_true(web_token_make(one) && web_token_make(other));
    assert_int_equal(strlen(one), WEB_TOKEN - 1);
    assert_string_not_equal(one, other);
    assert_true(web_token_is(one, one));
    assert_false(web_token_is(one, other));
    assert_false(web_token_is(one, ""));
    strcpy(other, one);
    other[WEB_TOKEN - 2] = other[WEB_TOKEN - 2] == '0' ? '1' : '0';
    assert_false(web_token_is(one, other));
    other[WEB_TOKEN - 2] = '\0';
    assert_false(web_token_is(one, other));
}

static void hosts_are_addresses_or_own_names(void **state)
{
    static const char *const own[] = { "127.0.0.1",       "127.0.0.1:80", "[::1]",
                                       "[::1]:80",        "localhost",    "LocalHost:9",
                                       "plant.example:80" };
    static const char *const foreign[] = { "",
                                           "evil.example",
                                           "127.0.0.1.evil.example",
                                           "localhost.evil.example",
                                           "localhost:8x",
                                           "[::1",
                                           "[::1]x",
                                           "plant.example.org" };
    char *names[] = { "plant.example", NULL };

    (void)state;
    for (gsize k = 0; k < G_N_ELEMENTS(own); k++)
        assert_true(web_host_is_own(own[k], names));
    for (gsize k = 0; k < G_N_ELEMENTS(foreign); k++)
        assert_false(web_host_is_own(foreign[k], names));
    assert_false(web_host_is_own("plant.example", NULL));
    assert_false(web_host_is_own(NULL, names));
}

static void origins_are_this_host_and_port(void **state)
{
    (void)state;
    assert_true(web_origin_is_own(NULL, "localhost:80"));
    assert_true(web_origin_is_own("http://localhost:80", "localhost:80"));
    assert_true(web_origin_is_own("https://localhost:80", "localhost:80"));
    assert_false(web_origin_is_own("http://localhost", "localhost:80"));
    assert_false(web_origin_is_own("null", "localhost:80"));
    assert_false(web_origin_is_own("ftp://localhost:80", "localhost:80"));
}

/* Whole, and byte by byte. */
static bool is_taken(const char *text, gsize size)
{
    struct http_head whole = { .size = 0 }, pieces = whole;
    const bool taken = http_head_takes(&whole, text, size);
    bool bytewise = true;

    for (gsize k = 0; k < size && bytewise; k++)
        bytewise = http_head_takes(&pieces, text + k, 1);
    assert_int_equal(bytewise, taken);
    return taken;
}

#define GET "GET / HTTP/1.1\r\n"

static void heads_that_libsoup_may_see(void **state)
{
    static const char *const good[] = {
        GET "Host: a\r\n\r\n",
        "\r\n\n" GET "Host: [::1]:80\r\nContent-Length: 12 \r\n\r\n",
        "GET /a/b HTTP/1.1\nX: http://a/\n\n",
        GET "Host: a\r\n\r\n folded\r\nTransfer-Encoding: body\r\n",
        "Host: a/b HTTP/1.1\r\n\r\n",
    };
    static const char *const bad[] = {
        GET "Host: a/b\r\n\r\n",
        "GET /\nHOST:/\n",
        GET "Content-Length: 1x\r\n",
        GET "content-length:\r\n",
        GET "Content-Length: -1\r\n",
        GET "Content-Length: 1\r\nContent-Length: 1\r\n",
        GET "Content-Length: 1234567890\r\n",
        GET "Content-Length:                           1x\r\n",
        GET "Transfer-Encoding: chunked\r\n",
        GET "Host: a\r\n b\r\n",
        GET "A: b\r\n\tc\r\n",
    };
    static char large[HTTP_HEAD + 2] = GET "A: ";

    (void)state;
    for (gsize k = 0; k < G_N_ELEMENTS(good); k++)
        assert_true(is_taken(good[k], strlen(good[k])));
    for (gsize k = 0; k < G_N_ELEMENTS(bad); k++)
        assert_false(is_taken(bad[k], strlen(bad[k])));
    assert_false(is_taken(GET "A: \0\r\n", sizeof GET + 6));
    memset(large + strlen(large), 'b', HTTP_HEAD + 1 - strlen(large));
    assert_true(is_taken(large, HTTP_HEAD));
    assert_false(is_taken(large, HTTP_HEAD + 1));
}

static void assert_refused(const char *message, const char *part)
{
    struct web_request r;
    const char *wrong;

    assert_false(web_request_parse(&r, message, &wrong));
    assert_non_null(strstr(wrong, part));
    web_request_clear(&r);
}

/* Before they cost anything. */
static void large_requests_are_refused(void **state)
{
    char *word = g_strnfill(WEB_WORDS_MAX, 'x'), *many = g_strnfill(60000, ',');
    char *list = g_strdup_printf("{\"id\":[%s],\"meters\":\"\"}", many);
    char *search = g_strdup_printf("{\"meters\":\"%s\"}", word);
    char *longer = g_strdup_printf("{\"meters\":\"%sx\"}", word);
    char *text = g_strdup_printf("{\"id\":\"%s\",\"meters\":\"\"}", many);
    struct web_request r;
    const char *wrong;

    (void)state;
    assert_refused(list, "64 values");
    assert_refused(longer, "256 bytes");
    assert_refused("{}{}", "one object");
    assert_refused("{\"meters\":\"}\"} 1", "one object");
    assert_true(web_request_parse(&r, search, &wrong));
    web_request_clear(&r);
    assert_true(web_request_parse(&r, text, &wrong));
    web_request_clear(&r);
    for (char **at = (char *[]){ word, many, list, search, longer, text, NULL }; *at;
         at++)
        g_free(*at);
}

static void messages_are_requests_or_lines(void **state)
{
    struct web_request r;
    const char *wrong;
    char *deep = g_strnfill(1000, '[');
    char *nested = g_strconcat("{\"id\":", deep, NULL);

    (void)state;
    assert_true(web_request_parse(&r, "1 + 1", &wrong) && r.verb == WEB_CONSOLE);
    assert_true(web_request_parse(&r, "{\"id\":\"[[\\\"{\",\"lua\":\"1\"}", &wrong));
    assert_true(r.verb == WEB_CONSOLE && r.id);
    web_request_clear(&r);
    assert_true(web_request_parse(
        &r, "{\"watch\":\"panel\",\"meter\":7,\"view\":\"waves\"}", &wrong));
    assert_true(r.verb == WEB_WATCH && r.topic == WEB_PANEL && r.meter == 7);
    assert_int_equal(r.view, 2);
    web_request_clear(&r);
    assert_true(web_request_parse(&r, "{\"faults\":1.5}", &wrong) && r.meter == -1);
    web_request_clear(&r);
    assert_refused("{\"watch\":3}", "watched");
    assert_refused("{\"watch\":\"panel\",\"view\":\"front\"}", "view");
    assert_refused("{\"meters\":\"\",\"count\":201}", "up to 200");
    assert_refused("{\"meters\":\"\",\"from\":-1}", "from");
    assert_refused("{\"token\":7}", "token");
    assert_refused("{", "JSON");
    assert_refused(nested, "nested");
    g_free(nested);
    g_free(deep);
}

static void assert_words(const char *bytes, int size, bool request, const char *words)
{
    GString *text = g_string_new(NULL);

    web_pdu_append(text, (const uint8_t *)bytes, size, request);
    assert_string_equal(text->str, words);
    g_string_free(text, TRUE);
}

static void frames_have_words(void **state)
{
    (void)state;
    assert_words("\x03\x00\x14\x00\x02", 5, true, "read 21, 2");
    assert_words("\x06\x00\x95\x00\x3c", 5, true, "write 150: 003C");
    assert_words("\x10\x00\x95\x00\x01\x02\x00\x3c", 8, true, "write 150: 003C");
    assert_words("\x03\x04\x01\x02\x03\x04", 6, false, "2 registers: 0102 0304");
    assert_words("\x83\x02", 2, false, "exception 02, illegal data address");
    assert_words("\x83\x7f", 2, false, "exception 7F, unknown");
    assert_words("\x03\x04\x01", 3, false, "function 03 04 01");
    assert_words("\x2b\x0e\x01\x00", 4, true, "function 2B 0E 01 00");
    assert_words("", 0, true, "nothing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_differ_and_are_compared_whole),
        cmocka_unit_test(hosts_are_addresses_or_own_names),
        cmocka_unit_test(origins_are_this_host_and_port),
        cmocka_unit_test(heads_that_libsoup_may_see),
        cmocka_unit_test(messages_are_requests_or_lines),
        cmocka_unit_test(large_requests_are_refused),
        cmocka_unit_test(frames_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
