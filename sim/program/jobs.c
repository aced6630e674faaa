/* Tickets for processes. See jobs.h. The free ones are an eventfd, which all processes
 * share and poll can wait for; who holds how many is in shared memory, so that those of
 * a process that was killed come back. */
#include "sim/program/jobs.h"
#include <errno.h>
#include <glib.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

struct jobs {
    int fd;
    size_t size;
    atomic_int *held; /* [holder] */
};

struct jobs *jobs_new(int tickets, int holders)
{
    size_t size = sizeof(atomic_int) * (size_t)MAX(holders, 1);
    void *held =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int fd = eventfd((unsigned)tickets, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC);

    if (held == MAP_FAILED || fd < 0) {
        if (held != MAP_FAILED)
            munmap(held, size);
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    struct jobs *j = g_new0(struct jobs, 1);
    *j = (struct jobs){ fd, size, held };
    return j;
}

void jobs_free(struct jobs *j)
{
    munmap(j->held, j->size);
    close(j->fd);
    g_free(j);
}

static void put_back(const struct jobs *j, uint64_t count)
{
    while (count > 0 && write(j->fd, &count, sizeof count) < 0 && errno == EINTR)
        ;
}

bool jobs_acquire(struct jobs *j, int holder)
{
    uint64_t one;

    if (read(j->fd, &one, sizeof one) != sizeof one)
        return false;
    atomic_fetch_add(&j->held[holder], 1);
    return true;
}

/* One that was settled meanwhile is not put back twice. */
void jobs_release(struct jobs *j, int holder)
{
    int held = atomic_load(&j->held[holder]);

    while (held > 0 && !atomic_compare_exchange_weak(&j->held[holder], &held, held - 1))
        ;
    if (held > 0)
        put_back(j, 1);
}

void jobs_reclaim(struct jobs *j, int holder)
{
    put_back(j, (uint64_t)atomic_exchange(&j->held[holder], 0));
}

int jobs_fd(const struct jobs *j)
{
    return j->fd;
}
