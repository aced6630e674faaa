/* The guard of a process against one call without an end. See stuck.h. SIGALRM comes every
 * second from the deadline on. Only processor time counts: a process that gets none, on
 * a machine that is busy, is not stuck. One that waits for something ends at last. */
#include "sim/program/stuck.h"
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

enum { ALARMS_MAX = 60 };
#define CPU_S 0.5

static volatile sig_atomic_t alarms;
static double cpu_s; /* at the first alarm; the handler's own */

static double processor_time(void)
{
    struct timespec t = { 0, 0 };

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void on_alarm(int number)
{
    const double now_s = processor_time();

    if (alarms++ == 0)
        cpu_s = now_s;
    if (now_s - cpu_s < CPU_S && alarms < ALARMS_MAX)
        return;
    signal(number, SIG_DFL);
    raise(number);
}

void stuck_guard(gint64 deadline_us)
{
    const struct sigaction act = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
    struct itimerval timer = { { 0, 0 }, { 0, 0 } };

    if (deadline_us) {
        gint64 us = MAX(deadline_us - g_get_monotonic_time(), 0) + G_USEC_PER_SEC;
        timer.it_interval.tv_sec = 1;
        timer.it_value.tv_sec = us / G_USEC_PER_SEC;
        timer.it_value.tv_usec = us % G_USEC_PER_SEC;
    }
    setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 0 }, { 0, 0 } }, NULL);
    alarms = 0;
    sigaction(SIGALRM, &act, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
}

gboolean stuck_ended(int status)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
}
