/* SIGINT, SIGTERM and SIGHUP: a loop quits, a computation learns of it, and one that
 * never asks is ended. */
#include "sim/serve/stop.h"
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

static void run_loop(GMainLoop *loop)
{
    g_main_loop_run(loop);
}

static void compute_and_ask(GMainLoop *loop)
{
    (void)loop;
    while (!stop_requested())
        ;
}

static void compute_for_good(GMainLoop *loop)
{
    (void)loop;
    for (volatile unsigned k = 0;; k++)
        ;
}

/* A loop takes the processor of this process, which is the last in the queue for it. */
static pid_t starve(void)
{
    cpu_set_t one;
    pid_t parent = getpid();

    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    sched_setaffinity(0, sizeof one, &one);
    pid_t loop = fork();
    if (loop == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        while (getppid() == parent)
            ;
        _exit(0);
    }
    if (nice(19) < 0)
        _exit(8);
    return loop;
}

/* Stops when it is asked to, and computes 30 ms for that: some 2 s of such a host. */
static void end_on_a_busy_host(GMainLoop *loop)
{
    const clock_t work = CLOCKS_PER_SEC / 1000 * 30;
    pid_t other = starve();

    compute_and_ask(loop);
    for (clock_t start = clock(); clock() - start < work;)
        ;
    kill(other, SIGKILL);
}

/* The status of a process that does this and gets the signal. */
static int status_of(void (*work)(GMainLoop *loop), int number, double *seconds)
{
    int ready[2], status;
    char byte;

    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        GMainLoop *loop = g_main_loop_new(NULL, FALSE);
        if (!stop_open(loop, NULL) || write(ready[1], "", 1) != 1)
            _exit(9);
        work(loop);
        stop_close();
        if (number == SIGINT && work == run_loop)
            g_usleep(1200000); /* what follows may last */
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    gint64 start = g_get_monotonic_time();
    kill(pid, number);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    *seconds = (double)(g_get_monotonic_time() - start) / 1e6;
    close(ready[0]);
    close(ready[1]);
    return status;
}

static void signals_end(void **state)
{
    double s;

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(numbers); k++) {
        int status = status_of(run_loop, numbers[k], &s);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        status = status_of(compute_and_ask, numbers[k], &s);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        status = status_of(compute_for_good, numbers[k], &s);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM);
        assert_true(s > 0.8);
    }
}

/* It is not stuck: nobody lets it run. */
static void a_busy_host_is_waited_for(void **state)
{
    double s;

    (void)state;
    int status = status_of(end_on_a_busy_host, SIGTERM, &s);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_end),
        cmocka_unit_test(a_busy_host_is_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
