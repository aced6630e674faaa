/* libFuzzer target of the port of HTTP, with the metrics for a text, through its socket: whatever bytes a
 * client sends, in two pieces, it gets one whole answer or none, and the next client is
 * served. The first byte says where the first piece ends. */
#include "sim/web/http_door.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { TURNS = 200, IDLE_TURNS = 12, CHECK_EVERY = 16, ANSWER = 1024 };

static const char body[] = "metersim_meters 3\n";
static int port;

static void require(bool kept)
{
    if (!kept)
        abort();
}

static void print_metrics(void *user, GString *text)
{
    (void)user;
    g_string_append(text, body);
}

static int try_to_connect(void)
{
    const struct sockaddr_in to = { .sin_family = AF_INET,
                                    .sin_port = htons((uint16_t)port),
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    require(fd >= 0);
    if (connect(fd, (const struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    /* Others have all ports of this host just now, or libFuzzer's clock interrupted it. */
    require(errno == EADDRNOTAVAIL || errno == EINTR);
    close(fd);
    g_usleep(10000);
    return -1;
}

/* It closes with a reset, so that no port is left waiting. */
static int connect_client(void)
{
    const struct linger reset = { 1, 0 };
    int fd;

    do
        fd = try_to_connect();
    while (fd < 0);
    require(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) == 0);
    return fd;
}

/* The answer's length: until the server hangs up, or nothing more happens. */
static size_t receive(int fd, char answer[ANSWER], int turns)
{
    size_t got = 0;

    for (int k = 0, idle = 0; k < turns && idle < IDLE_TURNS; k++) {
        const bool worked = g_main_context_iteration(NULL, FALSE);
        const ssize_t n = recv(fd, answer + got, ANSWER - 1 - got, MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EAGAIN))
            break;
        got += n > 0 ? (size_t)n : 0;
        idle = worked || n > 0 ? 0 : idle + 1;
    }
    answer[got] = '\0';
    return got;
}

static size_t talk(const void *bytes, size_t size, size_t first, char answer[ANSWER])
{
    int fd = connect_client();

    send(fd, bytes, first, MSG_NOSIGNAL);
    size_t got = receive(fd, answer, first < size ? IDLE_TURNS : TURNS);
    if (first < size && !got) {
        send(fd, (const char *)bytes + first, size - first, MSG_NOSIGNAL);
        got = receive(fd, answer, TURNS);
    }
    close(fd);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    return got;
}

/* One status line, and as many bytes as it says. Empty lines may stand before a request;
 * OPTIONS of "*" asks for nothing but an answer (RFC 9110, 9.3.7). */
static void check_answer(const char *answer, size_t got, const char *request)
{
    const char *length = strstr(answer, "\r\nContent-Length: "),
               *end = strstr(answer, "\r\n\r\n"),
               *begin = request + strspn(request, "\r\n");
    const bool head = !strncmp(begin, "HEAD", 4),
               ping = !strncmp(begin + strcspn(begin, " \t"), " *", 2);

    require(!strncmp(answer, "HTTP/1.", 7) && end);
    if (!strncmp(answer + 9, "100", 3))
        return; /* it was asked for, and the answer comes with the body */
    require(!strncmp(answer + 9, "200", 3) || answer[9] == '4' || answer[9] == '5');
    const size_t after = got - (size_t)(end + 4 - answer);
    require(head || !length || (size_t)atoi(length + 18) == after);
    if (!strncmp(answer + 9, "200", 3))
        require(head || ping ? !after : !strcmp(end + 4, body));
}

static void open_door(void)
{
    struct http_door *d = http_door_open(aside_new(), "127.0.0.1", &port, NULL);

    require(d != NULL);
    http_door_add_text(d, "/metrics", "text/plain", print_metrics, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char good[] = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    static unsigned count;
    char answer[ANSWER];

    if (port == 0)
        open_door();
    if (size < 2)
        return 0;
    char *request = g_strndup((const char *)bytes + 1, size - 1);
    const size_t first = bytes[0] % (size - 1) + 1;
    const size_t got = talk(bytes + 1, size - 1, first, answer);
    if (got)
        check_answer(answer, got, request);
    g_free(request);
    if (++count % CHECK_EVERY == 0) {
        const size_t whole = talk(good, sizeof good - 1, sizeof good - 1, answer);
        check_answer(answer, whole, good);
        require(!strncmp(answer + 9, "200", 3));
    }
    return 0;
}
