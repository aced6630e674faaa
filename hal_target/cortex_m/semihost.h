/* Files and the console of the host that runs the emulator (Arm, "Semihosting for
 * AArch32 and AArch64", 2.0). Without a debugger or an emulator these calls fault. */
#pragma once

#include <stdint.h>

/* MODIFY and UPDATE: to be read and written; UPDATE and WRITE begin with an empty file.
 * The numbers are those of the specification. */
enum semihost_mode {
    SEMIHOST_READ = 1,
    SEMIHOST_MODIFY = 3,
    SEMIHOST_WRITE = 5,
    SEMIHOST_UPDATE = 7
};

/* A handle, or -1. */
int semihost_open(const char *path, enum semihost_mode mode);

/* Bytes that were read: 0 at the end of the file; -1: an error. */
int semihost_read(int handle, void *data, uint32_t size);

/* 0, or -1 when not all bytes could be written. */
int semihost_write(int handle, const void *data, uint32_t size);

/* The next read or write is at `position`. 0, or -1. */
int semihost_seek(int handle, uint32_t position);

/* 0, or -1. */
int semihost_close(int handle);

/* Text to the console, up to its NUL. */
void semihost_print(const char *text);

/* The command line, NUL-terminated; 0, or -1 when it does not fit. */
int semihost_command_line(char *line, uint32_t size);

_Noreturn void semihost_exit(int code);
