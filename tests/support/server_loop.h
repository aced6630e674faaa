/* The main loop of a server that a test or a measurement starts: it ends on SIGTERM, or
 * by itself, so that what broke leaves nothing behind. */
#pragma once

#include <glib-unix.h>
#include <signal.h>

enum { SERVER_LOOP_LIFETIME_S = 600 };

static inline gboolean server_loop_quit(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

static inline void server_loop_run(void)
{
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);

    g_timeout_add_seconds(SERVER_LOOP_LIFETIME_S, server_loop_quit, loop);
    g_unix_signal_add(SIGTERM, server_loop_quit, loop);
    g_main_loop_run(loop);
    g_main_loop_unref(loop);
}
