/* Ready files and notifications. See ready.h. */
#include "sim/serve/ready.h"
#include "sim/program/error.h"
#include "sim/program/json_rows.h"
#include "sim/program/output.h"
#include "sim/program/version.h"
#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A datagram to the socket that systemd names; '@' is the abstract namespace. */
static void notify(const char *state)
{
    const char *name = g_getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = { .sun_family = AF_UNIX };

    if (!name || !*name || strlen(name) >= sizeof to.sun_path)
        return;
    memcpy(to.sun_path, name, strlen(name));
    if (to.sun_path[0] == '@')
        to.sun_path[0] = '\0';
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&to,
                         size) < 0)
        error_warn("NOTIFY_SOCKET %s cannot be told: %s", name, g_strerror(errno));
    if (fd >= 0)
        close(fd);
}

static void add_meter(JsonBuilder *b, const struct serve_tcp *t, int index)
{
    const struct unit *u = sim_unit(t->sim, index);
    const char *given = t->scenario ? scenario_meter_name(t->scenario, u) : NULL;
    int port, unit;
    g_autofree char *name =
        given ? g_strdup(given) : g_strdup_printf("meter%d", index + 1);

    json_builder_begin_object(b);
    json_rows_text(b, "name", name);
    json_rows_text(b, "model", u->model->name);
    serve_tcp_place(t, index, &port, &unit);
    if (port >= 0)
        json_rows_number(b, "port", port);
    else
        json_rows_text(b, "port", NULL);
    json_rows_number(b, "unit", unit);
    json_rows_number(b, "serial", u->hal.serial_number);
    json_builder_end_object(b);
}

static void add_addresses(JsonBuilder *b, const struct serve_ready *r)
{
    json_builder_set_member_name(b, "tcp");
    json_builder_begin_array(b);
    for (int n = 0; n < r->tcp->ports; n++) {
        g_autofree char *text = g_strdup_printf("%s:%d", r->tcp->host, r->tcp->port[n]);
        json_builder_add_string_value(b, text);
    }
    json_builder_end_array(b);
    json_builder_set_member_name(b, "rtu");
    json_builder_begin_array(b);
    for (guint k = 0; k < r->rtu->len; k++)
        json_builder_add_string_value(b, g_ptr_array_index(r->rtu, k));
    json_builder_end_array(b);
    json_rows_text(b, "console", r->console);
    json_rows_text(b, "metrics", r->metrics);
    json_rows_text(b, "http", r->http);
}

static GString *text_of(const struct serve_ready *r)
{
    g_autoptr(JsonBuilder) b = json_builder_new();

    json_builder_begin_object(b);
    json_rows_text(b, "version", version_text);
    json_rows_number(b, "pid", getpid());
    add_addresses(b, r);
    json_builder_set_member_name(b, "meters");
    json_builder_begin_array(b);
    for (int k = 0; k < sim_unit_count(r->tcp->sim); k++)
        add_meter(b, r->tcp, k);
    json_builder_end_array(b);
    json_builder_end_object(b);
    g_autoptr(JsonNode) root = json_builder_get_root(b);
    g_autofree char *json = json_to_string(root, TRUE);
    GString *text = g_string_new(json);
    g_string_append_c(text, '\n');
    return text;
}

bool ready_write(const char *path, const struct serve_ready *r, GError **error)
{
    bool written = true;

    if (path) {
        g_autoptr(GString) text = text_of(r);
        written = output_write(path, text, error);
    }
    if (written)
        notify("READY=1\n");
    else
        g_prefix_error(error, "--ready: ");
    return written;
}

void ready_remove(const char *path)
{
    notify("STOPPING=1\n");
    if (path && g_file_test(path, G_FILE_TEST_IS_REGULAR))
        g_unlink(path);
}

static gboolean on_input(gint fd, GIOCondition condition, gpointer loop)
{
    char bytes[256];
    ssize_t n = read(fd, bytes, sizeof bytes);

    (void)condition;
    if (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)))
        return G_SOURCE_CONTINUE;
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

void ready_follow_parent(GMainLoop *loop)
{
    g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, loop);
}
