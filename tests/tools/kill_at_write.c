/* For LD_PRELOAD: counts what a program and its children do to files, and kills all of
 * them by SIGKILL before call number KILL_AT, so a test can stop a run at every state
 * that its files pass through, without a clock. Streams have no buffer, so each piece is
 * a state. KILL_COUNT=FILE: the number of calls is written there at the end. */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static struct shared {
    int count; /* atomic */
    pid_t first;
} * shared;
static long kill_at;

__attribute__((constructor)) static void start(void)
{
    const char *text = getenv("KILL_AT");

    kill_at = text ? strtol(text, NULL, 10) : 0;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    shared->first = getpid();
}

__attribute__((destructor)) static void report(void)
{
    const char *path = getenv("KILL_COUNT");
    char text[16];

    if (!path || getpid() != shared->first)
        return;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int size = snprintf(text, sizeof text, "%d\n", shared->count);
    if (fd < 0 || write(fd, text, (size_t)size) != size)
        abort();
    close(fd);
}

/* The children die with the first process (PR_SET_PDEATHSIG). */
static void count(void)
{
    if (!shared) /* the constructor of another library */
        return;
    if (__atomic_add_fetch(&shared->count, 1, __ATOMIC_SEQ_CST) != kill_at)
        return;
    kill(shared->first, SIGKILL);
    raise(SIGKILL);
}

/* ISO C has no way from void * to a function, POSIX has. */
#define REAL(name) (*(__typeof__(&(name)) *)&(void *){ dlsym(RTLD_NEXT, #name) })

size_t fwrite(const void *data, size_t size, size_t items, FILE *file)
{
    count();
    return REAL(fwrite)(data, size, items, file);
}

int fclose(FILE *file)
{
    count();
    return REAL(fclose)(file);
}

int rename(const char *from, const char *to)
{
    count();
    return REAL(rename)(from, to);
}

int unlink(const char *path)
{
    count();
    return REAL(unlink)(path);
}

int mkdir(const char *path, mode_t mode)
{
    count();
    return REAL(mkdir)(path, mode);
}

int ftruncate(int fd, off_t size)
{
    count();
    return REAL(ftruncate)(fd, size);
}

int vfprintf(FILE *file, const char *format, va_list list)
{
    count();
    return REAL(vfprintf)(file, format, list);
}

static FILE *without_buffer(FILE *file)
{
    if (file)
        setvbuf(file, NULL, _IONBF, 0);
    return file;
}

FILE *fopen(const char *path, const char *mode)
{
    count();
    return without_buffer(REAL(fopen)(path, mode));
}

FILE *fdopen(int fd, const char *mode)
{
    count();
    return without_buffer(REAL(fdopen)(fd, mode));
}
