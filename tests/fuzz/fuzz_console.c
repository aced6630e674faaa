/* libFuzzer target of the console, through its socket: whatever bytes a client sends,
 * it is answered or dropped, and the next client is served. Time stands still. */
#include "sim/console/console.h"
#include "sim/plant/demo.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { TURNS = 400, CHECK_EVERY = 16, RENEW_EVERY = 2000 };

/* A client that has let so much simulated time pass hangs up. */
#define PATIENCE_NS INT64_C(5000000000)

static struct sim *sim;
static struct pace *pace;
static struct console *console;
static char path[64];

static void require(bool kept)
{
    if (!kept)
        abort();
}

static void open_all(void)
{
    struct demo d;

    demo_default(&d);
    snprintf(path, sizeof path, "/tmp/metersim-fuzz-%d.sock", (int)getpid());
    sim = sim_new();
    sim_add_unit(sim, demo_unit(&d, 0));
    pace = pace_new(NULL, sim, 1);
    pace_hold(pace);
    console = console_open(sim, pace, NULL, path, NULL);
    require(console != NULL);
}

static void close_all(void)
{
    console_close(console);
    pace_free(pace);
    sim_free(sim);
}

static int connect_client(void)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

    strcpy(to.sun_path, path);
    require(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
    return fd;
}

/* Sends, and reads until the server hangs up or nothing more comes; the first answer
 * is kept. */
static void talk(const void *bytes, size_t size, char *answer, size_t room)
{
    int fd = connect_client();
    size_t sent = 0, got = 0;
    char part[4096];
    const int64_t end_ns = sim_now(sim) + PATIENCE_NS;
    ssize_t n;

    for (int k = 0; k < TURNS; k++) {
        while (sent < size && (n = send(fd, (const char *)bytes + sent, size - sent,
                                        MSG_NOSIGNAL)) > 0)
            sent += (size_t)n;
        if (sent == size)
            shutdown(fd, SHUT_WR);
        bool worked = g_main_context_iteration(NULL, FALSE);
        n = recv(fd, part, sizeof part, 0);
        if (n > 0 && got + (size_t)n < room) {
            memcpy(answer + got, part, (size_t)n);
            got += (size_t)n;
        }
        if (n == 0 || (n < 0 && errno != EAGAIN) || (k > 50 && !worked) ||
            sim_now(sim) > end_ns)
            break;
    }
    close(fd);
    answer[got] = '\0';
    pace_hold(pace); /* the client may have let time go, without an end */
    while (g_main_context_iteration(NULL, FALSE))
        ;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static unsigned count;
    char answer[8192];

    if (count % RENEW_EVERY == 0) {
        if (console)
            close_all();
        open_all();
    }
    talk(bytes, size, answer, sizeof answer);
    if (++count % CHECK_EVERY == 0) {
        talk("6 * 7\n", 6, answer, sizeof answer);
        require(strstr(answer, "\"value\":42") != NULL);
    }
    return 0;
}
