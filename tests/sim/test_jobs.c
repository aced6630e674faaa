/* Tickets for processes: no more than there are, those of the killed come back,
 * once. */
#include "sim/program/jobs.h"
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { TICKETS = 3, HOLDERS = 2 };

/* Takes all that are free, and gives them back. */
static int count_free(struct jobs *j)
{
    int count = 0;

    while (jobs_acquire(j, 0))
        count++;
    for (int k = 0; k < count; k++)
        jobs_release(j, 0);
    return count;
}

static bool is_readable(struct jobs *j)
{
    struct pollfd fd = { jobs_fd(j), POLLIN, 0 };

    return poll(&fd, 1, 0) == 1;
}

static void no_more_than_there_are(void **state)
{
    struct jobs *j = jobs_new(TICKETS, HOLDERS);

    (void)state;
    assert_non_null(j);
    assert_true(is_readable(j));
    for (int k = 0; k < TICKETS; k++)
        assert_true(jobs_acquire(j, k % HOLDERS));
    assert_false(jobs_acquire(j, 0));
    assert_false(is_readable(j));
    jobs_release(j, 1);
    assert_true(is_readable(j));
    jobs_release(j, 1); /* it holds none any more */
    assert_int_equal(count_free(j), 1);
    jobs_reclaim(j, 0);
    assert_int_equal(count_free(j), TICKETS);
    jobs_free(j);
}

/* What a process that was killed held comes back when its holder is settled. */
static void the_killed_give_back(void **state)
{
    struct jobs *j = jobs_new(TICKETS, HOLDERS);
    int status;

    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        bool taken = jobs_acquire(j, 1) && jobs_acquire(j, 1);
        raise(taken ? SIGKILL : SIGTERM);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
    assert_int_equal(count_free(j), TICKETS - 2);
    jobs_reclaim(j, 1);
    jobs_reclaim(j, 1);
    jobs_release(j, 1); /* of one that ended late */
    assert_int_equal(count_free(j), TICKETS);
    jobs_free(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_than_there_are),
        cmocka_unit_test(the_killed_give_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
