/* SIGINT, SIGTERM and SIGHUP: a loop quits, a computation learns of it, and one that
 * never asks is ended. */
#include "sim/serve/stop.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/wait.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
