/* Ptys and serial devices on a line. See serial_port.h. */
#include "sim/line/serial_port.h"
#include "core/crc.h"
#include "sim/line/pty_link.h"
#include "sim/line/serial_device.h"
#include "sim/program/error.h"
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

enum { GATHERED_MAX = 1024, SHORTEST = 4 };

struct serial_port {
    struct line *line;
    struct line_station *station; /* NULL: the line is gone */
    int fd, slave;                /* slave -1: a device */
    char *path;                   /* what a client opens */
    struct pty_link *link;
    GSource *input, *quiet;
    uint8_t gathered[GATHERED_MAX];
    int count;
    gint64 written_us;     /* when the client was last sent a byte; 0: never */
    uint64_t start;        /* event: the line will have been silent for t3.5 */
    struct link_uart uart; /* a device is set so */
    /* A socket. */
    void (*ended)(void *user);
    void *ended_user;
    uint8_t packed[GATHERED_MAX]; /* of a frame on the wire, which leaves as a whole */
    int packed_count;
    int64_t heard_ns; /* its last byte */
};

static const struct line_station_type port_type;

/* --- from the client to the wire --- */

static void send_gathered(void *user)
{
    struct serial_port *p = user;

    p->start = 0;
    line_send(p->station, p->gathered, p->count);
    p->count = 0;
}

/* Clients that have just read an answer write at once; t3.5 of silence comes before a
 * frame all the same. What is gathered until then goes out with it. */
static void flush(struct serial_port *p)
{
    struct sim *sim = line_sim(p->line);
    int64_t busy_ns = line_busy_until_ns(p->line),
            at_ns = busy_ns ? busy_ns + line_wire_silence_ns(p->uart.baud) : 0;

    g_source_set_ready_time(p->quiet, -1);
    if (p->count && p->station && !p->start)
        p->start = sim_at(sim, at_ns, send_gathered, p);
}

static gboolean on_quiet(gpointer user)
{
    flush(user);
    return G_SOURCE_CONTINUE;
}

static bool is_frame(const struct serial_port *p)
{
    return p->count >= SHORTEST && crc_modbus(p->gathered, (uint32_t)p->count) == 0;
}

static gint64 quiet_us(const struct serial_port *p)
{
    return (p->slave >= 0 || p->ended ? SERIAL_PORT_QUIET_PTY_MS
                                      : SERIAL_PORT_QUIET_MS) *
           1000;
}

/* What a client that has ended left unread would confuse the next one. The slave of a
 * pty is always open, so a new client cannot be distinguished from an old one; but
 * nobody who still reads leaves bytes for that long. (Without the delay a client that
 * repeats its request would lose the late answer to the first one between its poll and
 * its read.) */
static void drop_stale(struct serial_port *p)
{
    if (p->slave < 0 || !p->written_us ||
        g_get_monotonic_time() - p->written_us < SERIAL_PORT_STALE_MS * 1000)
        return;
    tcflush(p->slave, TCIFLUSH);
    p->written_us = 0;
}

static void gather(struct serial_port *p, const uint8_t *bytes, int count)
{
    if (p->count == 0)
        drop_stale(p);
    count = MIN(count, GATHERED_MAX - p->count); /* no frame is as long */
    memcpy(p->gathered + p->count, bytes, (size_t)count);
    p->count += count;
    if (is_frame(p) || p->count == GATHERED_MAX)
        flush(p);
    else
        g_source_set_ready_time(p->quiet, g_get_monotonic_time() + quiet_us(p));
}

static gboolean on_input(gint fd, GIOCondition condition, gpointer user)
{
    struct serial_port *p = user;
    uint8_t bytes[GATHERED_MAX];
    ssize_t count = read(fd, bytes, sizeof bytes);

    (void)condition;
    if (count > 0) {
        gather(p, bytes, (int)count);
        return G_SOURCE_CONTINUE;
    }
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return G_SOURCE_CONTINUE;
    if (p->ended) {
        p->ended(p->ended_user);
        return G_SOURCE_REMOVE;
    }
    error_warn("%s: %s; it is no longer served", p->path,
               count ? strerror(errno) : "the device was removed");
    return G_SOURCE_REMOVE;
}

/* --- the station --- */

static void set_termios(int fd, const struct link_uart *uart);

/* As the first other station. */
static void uart(void *user, struct link_uart *uart)
{
    struct serial_port *p = user;
    struct link_uart first = { .baud = 19200 };

    for (int k = 0; line_station_at(p->line, k); k++) {
        struct line_station *s = line_station_at(p->line, k);
        if (line_station_type_of(s) != &port_type) {
            line_station_type_of(s)->uart(line_station_user(s), &first);
            break;
        }
    }
    *uart = (struct link_uart){ .baud = first.baud, .parity = first.parity };
    if (p->slave < 0 && !p->ended &&
        (uart->baud != p->uart.baud || uart->parity != p->uart.parity))
        set_termios(p->fd, uart);
    p->uart = *uart;
}

static void send_packed(void *user)
{
    struct serial_port *p = user;
    ssize_t sent =
        send(p->fd, p->packed, (size_t)p->packed_count, MSG_DONTWAIT | MSG_NOSIGNAL);

    (void)sent; /* an end is seen by on_input */
    p->packed_count = 0;
}

static void pack(struct serial_port *p, uint8_t byte)
{
    if (p->packed_count == GATHERED_MAX)
        send_packed(p);
    p->packed[p->packed_count++] = byte;
    p->heard_ns = sim_now(line_sim(p->line));
}

static int64_t packed_ns(void *user)
{
    const struct serial_port *p = user;

    return p->packed_count ? p->heard_ns + line_wire_silence_ns(p->uart.baud)
                           : INT64_MAX;
}

/* A client that does not read loses bytes, as on a wire. */
static void receive(void *user, uint8_t byte, unsigned flags)
{
    struct serial_port *p = user;

    if (p->ended) {
        pack(p, byte);
        return;
    }
    ssize_t written = write(p->fd, &byte, 1);
    p->written_us = g_get_monotonic_time();
    (void)written;
    (void)flags;
}

static void leave(void *user)
{
    struct serial_port *p = user;

    if (p->start)
        sim_cancel(line_sim(p->line), p->start);
    p->start = 0;
    p->station = NULL;
}

static const struct line_station_type port_type = { .uart = uart,
                                                    .receive = receive,
                                                    .deadline_ns = packed_ns,
                                                    .run = send_packed,
                                                    .free = leave };

/* --- opening --- */

static void set_termios(int fd, const struct link_uart *uart)
{
    struct termios t;

    if (tcgetattr(fd, &t))
        return;
    cfmakeraw(&t);
    t.c_cflag |= CLOCAL | CREAD;
    t.c_cflag &= ~(tcflag_t)(PARENB | PARODD | CSTOPB);
    if (uart->parity != HAL_PARITY_NONE)
        t.c_cflag |= PARENB;
    if (uart->parity == HAL_PARITY_ODD)
        t.c_cflag |= PARODD;
    cfsetispeed(&t, serial_device_speed(uart->baud));
    cfsetospeed(&t, serial_device_speed(uart->baud));
    tcsetattr(fd, TCSANOW, &t);
}

static bool fail(GError **error, const char *what, const char *why)
{
    error_set(error, "%s: %s", what, why);
    return false;
}

static bool open_pty(struct serial_port *p, GError **error)
{
    const struct link_uart plain = { .baud = 19200 };
    char name[64];

    p->fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (p->fd < 0 || grantpt(p->fd) || unlockpt(p->fd) ||
        ptsname_r(p->fd, name, sizeof name))
        return fail(error, "no pty can be had", strerror(errno));
    p->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (p->slave < 0)
        return fail(error, name, strerror(errno));
    set_termios(p->slave, &plain);
    p->path = g_strdup(name);
    return true;
}

static bool open_device(struct serial_port *p, const char *where, GError **error)
{
    p->path = g_strdup(where);
    p->fd = serial_device_open(where, error);
    return p->fd >= 0;
}

static bool open_it(struct serial_port *p, const char *where, const char *link,
                    GError **error)
{
    if (strcmp(where, "pty"))
        return open_device(p, where, error);
    if (!open_pty(p, error))
        return false;
    if (!link)
        return true;
    p->link = pty_link_make(link, p->path, error);
    g_free(p->path);
    p->path = g_strdup(link);
    return p->link != NULL;
}

static gboolean dispatch_quiet(GSource *source, GSourceFunc callback, gpointer user)
{
    (void)source;
    return callback(user);
}

static GSourceFuncs quiet_functions = { .dispatch = dispatch_quiet };

static void watch(struct serial_port *p, GMainContext *context)
{
    p->quiet = g_source_new(&quiet_functions, sizeof(GSource));
    g_source_set_callback(p->quiet, on_quiet, p, NULL);
    g_source_attach(p->quiet, context);
    p->input = g_unix_fd_source_new(p->fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
    g_source_set_callback(p->input, G_SOURCE_FUNC(on_input), p, NULL);
    g_source_attach(p->input, context);
}

struct serial_port *serial_port_open(GMainContext *context, struct line *l,
                                     const char *where, const char *link,
                                     GError **error)
{
    struct serial_port *p = g_new0(struct serial_port, 1);

    p->line = l;
    p->fd = p->slave = -1;
    if (!open_it(p, where, link, error)) {
        serial_port_free(p);
        return NULL;
    }
    p->station = line_attach(l, &port_type, where, p);
    if (!p->station) {
        fail(error, where, "too many stations on the line");
        serial_port_free(p);
        return NULL;
    }
    watch(p, context);
    return p;
}

struct serial_port *serial_port_adopt(struct line *l, int fd, void (*ended)(void *user),
                                      void *user)
{
    struct serial_port *p = g_new0(struct serial_port, 1);

    p->line = l;
    p->fd = fd;
    p->slave = -1;
    p->ended = ended;
    p->ended_user = user;
    p->station = line_attach(l, &port_type, "rtu over tcp", p);
    if (!p->station || !g_unix_set_fd_nonblocking(fd, TRUE, NULL)) {
        serial_port_free(p);
        return NULL;
    }
    watch(p, NULL);
    return p;
}

static void drop_source(GSource *source)
{
    if (!source)
        return;
    g_source_destroy(source);
    g_source_unref(source);
}

void serial_port_free(struct serial_port *p)
{
    if (!p)
        return;
    drop_source(p->input);
    drop_source(p->quiet);
    if (p->station)
        line_detach(p->station);
    pty_link_remove(p->link);
    if (p->slave >= 0)
        close(p->slave);
    if (p->fd >= 0)
        close(p->fd);
    g_free(p->path);
    g_free(p);
}

const char *serial_port_path(const struct serial_port *p)
{
    return p->path;
}

void serial_port_settings(const struct serial_port *p, char *text, size_t size)
{
    g_snprintf(text, size, "%u 8%c1", p->uart.baud, "NEO"[p->uart.parity]);
}
