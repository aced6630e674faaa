/* The socket of a console: lines in, lines out, bounded in every direction. What a line
 * means is for console.c. */
#pragma once

#include <gio/gio.h>

struct console_socket;
struct console_client;

struct console_socket_calls {
    /* One line, without its end; valid UTF-8. The next comes after
     * console_client_answer. */
    void (*line)(void *user, struct console_client *client, const char *line);
    /* The client is gone, and so is what it asked for. */
    void (*gone)(void *user, struct console_client *client);
};

/* Removes the sockets "PID.sock" in a folder whose servers are gone. */
void console_socket_sweep(const char *folder);

/* NULL with *error set. An old socket that nobody serves any more is replaced. */
struct console_socket *console_socket_open(const char *path,
                                           const struct console_socket_calls *calls,
                                           void *user, GError **error);
void console_socket_close(struct console_socket *s);

/* The one answer to the line that was given; a line end is added. */
void console_client_answer(struct console_client *client, const char *line);
