/* Signals that end the program. See stop.h. Handlers call nothing but what POSIX allows
 * there (clock_gettime, open, read, timer_settime, write …). */
#include "sim/serve/stop.h"
#include "sim/program/error.h"
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Less than the second, for what follows. */
#define PATIENCE_NS INT64_C(900000000)
#define SECOND_NS   INT64_C(1000000000)

static volatile sig_atomic_t requested;
static int64_t
    asked_ns; /* when the signal came, as served_ns counts; the handlers' own */
static int ends[2] = { -1, -1 }; /* of a pipe */
static timer_t timer;
static guint source;

/* How long the first thread has waited for a processor: the second number of its
 * statistics; 0 where the kernel keeps none. */
static int64_t starved_ns(void)
{
    char text[64];
    int fd = open("/proc/self/schedstat", O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? 0 : read(fd, text, sizeof text);
    int64_t ns = 0;

    if (fd >= 0)
        close(fd);
    ssize_t k = 0;
    while (k < size && text[k] != ' ')
        k++;
    for (k++; k < size && g_ascii_isdigit(text[k]); k++)
        ns = ns * 10 + (text[k] - '0');
    return ns;
}

/* Time that passes while the program runs, or waits for something of its own choice. A
 * host that is busy with others does not make it stuck. */
static int64_t served_ns(void)
{
    struct timespec t = { 0, 0 };

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND_NS + t.tv_nsec - starved_ns();
}

static void set_timer(int64_t ns)
{
    const struct itimerspec after = { .it_value = { ns / SECOND_NS, ns % SECOND_NS } };

    timer_settime(timer, 0, &after, NULL);
}

static void on_alarm(int number)
{
    int error = errno;
    int64_t left_ns = asked_ns + PATIENCE_NS - served_ns();

    if (left_ns > 0) {
        set_timer(left_ns);
    } else {
        signal(number, SIG_DFL);
        raise(number);
    }
    errno = error;
}

static void on_signal(int number)
{
    int error = errno;

    (void)number;
    if (!requested) {
        asked_ns = served_ns();
        set_timer(PATIENCE_NS);
    }
    requested = 1;
    if (write(ends[1], "", 1) < 0)
        errno = 0; /* it is full: the loop is awake */
    errno = error;
}

static gboolean on_byte(gint fd, GIOCondition condition, gpointer loop)
{
    (void)fd;
    (void)condition;
    g_main_loop_quit(loop);
    source = 0;
    return G_SOURCE_REMOVE;
}

bool stop_open(GMainLoop *loop, GError **error)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
    const struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    const struct sigaction alarm = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };

    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
        return error_set(error, "no timer: %s", g_strerror(errno));
    if (!g_unix_open_pipe(ends, FD_CLOEXEC, error) ||
        !g_unix_set_fd_nonblocking(ends[1], TRUE, error))
        return false;
    source = g_unix_fd_add(ends[0], G_IO_IN, on_byte, loop);
    sigaction(SIGALRM, &alarm, NULL);
    for (size_t k = 0; k < G_N_ELEMENTS(numbers); k++)
        sigaction(numbers[k], &action, NULL);
    return true;
}

bool stop_requested(void)
{
    return requested;
}

void stop_close(void)
{
    if (ends[0] < 0)
        return;
    set_timer(0);
    if (source)
        g_source_remove(source);
    source = 0;
}
