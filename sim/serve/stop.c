/* Signals that end the program. See stop.h. Handlers call nothing but what POSIX allows
 * there (timer_settime, write). */
#include "sim/serve/stop.h"
#include "sim/program/error.h"
#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Less than the second, for what follows. */
static const struct itimerspec patience = { .it_value.tv_nsec = 900000000 };

static volatile sig_atomic_t requested;
static int ends[2] = { -1, -1 }; /* of a pipe */
static timer_t timer;
static guint source;

static void on_signal(int number)
{
    int error = errno;

    (void)number;
    if (!requested)
        timer_settime(timer, 0, &patience, NULL);
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
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };

    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
        return error_set(error, "no timer: %s", g_strerror(errno));
    if (!g_unix_open_pipe(ends, FD_CLOEXEC, error) ||
        !g_unix_set_fd_nonblocking(ends[1], TRUE, error))
        return false;
    source = g_unix_fd_add(ends[0], G_IO_IN, on_byte, loop);
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
    const struct itimerspec never = { .it_value.tv_nsec = 0 };

    if (ends[0] < 0)
        return;
    timer_settime(timer, 0, &never, NULL);
    if (source)
        g_source_remove(source);
    source = 0;
}
