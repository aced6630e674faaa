/* Semihosting by BKPT 0xAB. See semihost.h. */
#include "hal_target/cortex_m/semihost.h"
#include <string.h>

enum {
    SYS_OPEN = 0x01,
    SYS_CLOSE = 0x02,
    SYS_WRITE0 = 0x04,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_SEEK = 0x0A,
    SYS_GET_CMDLINE = 0x15,
    SYS_EXIT_EXTENDED = 0x20,
    APPLICATION_EXIT = 0x20026
};

static int32_t call(uint32_t operation, uintptr_t argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register uintptr_t r1 __asm__("r1") = argument;

    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return (int32_t)r0;
}

int semihost_open(const char *path, enum semihost_mode mode)
{
    const uintptr_t block[] = { (uintptr_t)path, mode, strlen(path) };

    return call(SYS_OPEN, (uintptr_t)block);
}

/* The call returns the number of bytes that it did not read. */
int semihost_read(int handle, void *data, uint32_t size)
{
    const uintptr_t block[] = { (uintptr_t)handle, (uintptr_t)data, size };
    int32_t left = call(SYS_READ, (uintptr_t)block);

    return left < 0 || (uint32_t)left > size ? -1 : (int)(size - (uint32_t)left);
}

int semihost_write(int handle, const void *data, uint32_t size)
{
    const uintptr_t block[] = { (uintptr_t)handle, (uintptr_t)data, size };

    return call(SYS_WRITE, (uintptr_t)block) ? -1 : 0;
}

int semihost_seek(int handle, uint32_t position)
{
    const uintptr_t block[] = { (uintptr_t)handle, position };

    return call(SYS_SEEK, (uintptr_t)block) ? -1 : 0;
}

int semihost_close(int handle)
{
    const uintptr_t block[] = { (uintptr_t)handle };

    return call(SYS_CLOSE, (uintptr_t)block) ? -1 : 0;
}

void semihost_print(const char *text)
{
    call(SYS_WRITE0, (uintptr_t)text);
}

int semihost_command_line(char *line, uint32_t size)
{
    uintptr_t block[] = { (uintptr_t)line, size };

    return call(SYS_GET_CMDLINE, (uintptr_t)block) ? -1 : 0;
}

_Noreturn void semihost_exit(int code)
{
    const uintptr_t block[] = { APPLICATION_EXIT, (uintptr_t)code };

    for (;;)
        call(SYS_EXIT_EXTENDED, (uintptr_t)block);
}
