/* The guard against one call without an end: it ends who works on, and nobody who waits
 * for the machine. */
#include "sim/program/stuck.h"
#include "tests/support/check.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile bool for_ever = true;

static int status_of(void (*work)(void))
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        work();
        _exit(7);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void never_comes_back(void)
{
    stuck_guard(g_get_monotonic_time());
    while (for_ever)
        ;
}

/* Longer than the guard's patience, without work. */
static void sleeps(void)
{
    stuck_guard(g_get_monotonic_time());
    for (int k = 0; k < 30; k++)
        g_usleep(100000);
}

static void works_unguarded(void)
{
    stuck_guard(g_get_monotonic_time());
    stuck_guard(0);
    for (clock_t from = clock(); clock() - from < 3 * CLOCKS_PER_SEC;)
        ;
}

static void only_work_without_end_is_ended(void **state)
{
    (void)state;
    assert_true(stuck_ended(status_of(never_comes_back)));
    assert_int_equal(WEXITSTATUS(status_of(sleeps)), 7);
    assert_int_equal(WEXITSTATUS(status_of(works_unguarded)), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_work_without_end_is_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
