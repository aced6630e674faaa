/* Serial devices as this program opens them: for itself alone, so that two programs
 * never talk at once on one line. The lock is flock's on the device, which other
 * programs that ask for it (picocom, socat with a lock) honour; it goes with the
 * process. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/* The rates of the meters (S COM, BAUD), slowest first. */
#define SERIAL_DEVICE_RATES "1200, 2400, 4800, 9600, 19200 or 38400"

/* Of a rate: its place among them, which is the meters' setting; −1: none of theirs. */
int serial_device_rate_code(long baud);
bool serial_device_has_rate(long baud);
/* Of a rate of the meters; B19200 for others. */
speed_t serial_device_speed(long baud);

/* A descriptor, not blocking and locked; −1 with `error` (of G_IO_ERROR) set: what is
 * wrong with this device, and what to do. */
int serial_device_open(const char *path, GError **error);

/* A pty has no parity: the kernel drops it, and glibc fails with EINVAL when it is all
 * that is to be changed. */
bool serial_device_is_pty(int fd);
