/* Opening serial devices. See serial_device.h. */
#include "sim/line/serial_device.h"
#include "sim/line/pty_link.h"
#include "sim/program/error.h"
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Linux' Documentation/admin-guide/devices.txt: slaves of Unix98 ptys. */
enum { PTY_MAJOR = 136, PTY_MAJORS = 8 };

static const struct {
    long baud;
    speed_t speed;
} rates[] = { { 1200, B1200 }, { 2400, B2400 },   { 4800, B4800 },
              { 9600, B9600 }, { 19200, B19200 }, { 38400, B38400 } };

int serial_device_rate_code(long baud)
{
    for (int k = 0; k < (int)G_N_ELEMENTS(rates); k++)
        if (rates[k].baud == baud)
            return k;
    return -1;
}

bool serial_device_has_rate(long baud)
{
    return serial_device_rate_code(baud) >= 0;
}

speed_t serial_device_speed(long baud)
{
    const int code = serial_device_rate_code(baud);

    return code < 0 ? B19200 : rates[code].speed;
}

bool serial_device_is_pty(int fd)
{
    struct stat is;

    return fstat(fd, &is) == 0 && S_ISCHR(is.st_mode) &&
           major(is.st_rdev) >= PTY_MAJOR && major(is.st_rdev) < PTY_MAJOR + PTY_MAJORS;
}

static int fail(GError **error, const char *path, const char *why)
{
    error_set(error, "%s: %s", path, why);
    return -1;
}

static const char *no_device =
    "this is no serial device; name one such as /dev/ttyUSB0";

static int fail_to_open(GError **error, const char *path, int reason)
{
    switch (reason) {
    case EISDIR:
    case ENXIO: /* a socket */
        return fail(error, path, no_device);
    case ENOENT:
    case ENODEV:
        return fail(
            error, path,
            "there is no such device; is the adapter plugged in (ls /dev/tty*)?");
    case EACCES:
    case EPERM:
        return fail(
            error, path,
            "permission denied; ls -lL shows the group that may use the device: "
            "join it (usermod -aG dialout $USER, then log in again)");
    case EBUSY: /* TIOCEXCL */
        return fail(error, path, "in use by another program; end that one first");
    default:
        return fail(error, path, strerror(reason));
    }
}

int serial_device_open(const char *path, GError **error)
{
    if (pty_link_is_dead(path))
        return fail(error, path,
                    "the metersim serve behind this pty has ended; start it again");
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return fail_to_open(error, path, errno);
    if (!isatty(fd))
        fail(error, path, no_device);
    else if (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
        fail(error, path, "in use by another program; end that one first");
    else
        return fd;
    close(fd);
    return -1;
}
