/* A serve of its own for tests of the console: started on a free port, ended with the
 * test; and a client of its socket that asks one line and takes one answer. */
#pragma once

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

struct served {
    char folder[64], socket[96];
    GPid pid;
    FILE *out;
    int port;
    GString *banner; /* what it printed before it served */
};

struct asker {
    GSocketConnection *connection;
    GDataInputStream *in;
};

/* extra: options or a scenario, up to NULL; four at most. */
static void serve_start_with(struct served *s, const char *metersim,
                             const char *const *extra)
{
    const char *argv[12] = { metersim, "serve", "--tcp", "127.0.0.1:0", "--console" };
    char line[256];
    int out;

    strcpy(s->folder, "/tmp/metersim_console_XXXXXX");
    if (!g_mkdtemp(s->folder))
        abort();
    snprintf(s->socket, sizeof s->socket, "%s/console.sock", s->folder);
    argv[5] = s->socket;
    for (int k = 0; extra[k]; k++)
        argv[6 + k] = extra[k];
    if (!g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                                  NULL, NULL, &s->pid, NULL, &out, NULL, NULL))
        abort();
    s->out = fdopen(out, "r");
    s->port = 0;
    s->banner = g_string_new("");
    while (fgets(line, sizeof line, s->out) && strncmp(line, "Ctrl-C", 6)) {
        sscanf(line, "Modbus TCP on 127.0.0.1:%d", &s->port);
        g_string_append(s->banner, line);
    }
    if (!s->port)
        abort();
}

static inline void serve_start(struct served *s, const char *metersim,
                               const char *extra)
{
    serve_start_with(s, metersim, (const char *const[]){ extra, NULL });
}

/* The exit code. What it printed at the end goes to `rest` unless that is NULL. */
static int serve_end(struct served *s, GString *rest)
{
    char line[256];
    int status;

    kill(s->pid, SIGTERM);
    while (rest && fgets(line, sizeof line, s->out))
        g_string_append(rest, line);
    waitpid(s->pid, &status, 0);
    fclose(s->out);
    g_string_free(s->banner, TRUE);
    g_unlink(s->socket);
    g_rmdir(s->folder);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline int serve_stop(struct served *s)
{
    return serve_end(s, NULL);
}

static bool asker_open(struct asker *a, const char *path)
{
    GSocketClient *client = g_socket_client_new();
    GSocketAddress *address = g_unix_socket_address_new(path);

    a->connection =
        g_socket_client_connect(client, G_SOCKET_CONNECTABLE(address), NULL, NULL);
    a->in = a->connection ? g_data_input_stream_new(g_io_stream_get_input_stream(
                                G_IO_STREAM(a->connection)))
                          : NULL;
    g_object_unref(address);
    g_object_unref(client);
    return a->connection != NULL;
}

static void asker_send(struct asker *a, const char *text)
{
    g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(a->connection)),
                              text, strlen(text), NULL, NULL, NULL);
}

/* To be freed; NULL: the connection is closed. */
static char *asker_answer(struct asker *a)
{
    return g_data_input_stream_read_line(a->in, NULL, NULL, NULL);
}

static char *ask(struct asker *a, const char *line)
{
    asker_send(a, line);
    asker_send(a, "\n");
    return asker_answer(a);
}

static void asker_close(struct asker *a)
{
    g_clear_object(&a->in);
    g_clear_object(&a->connection);
}
