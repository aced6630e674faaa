/* Who waits for `metersim serve` learns when it is ready, and where everything is: a file
 * of JSON (--ready), and the protocol of sd_notify(3). And the other way round: --parent
 * ends the server when its standard input ends. */
#pragma once

#include "sim/serve/serve_tcp.h"

struct serve_ready {
    const struct serve_tcp *tcp;
    GPtrArray *rtu;      /* paths of ptys and devices */
    const char *console; /* path, or NULL: none */
    const char *metrics; /* address, or NULL: none */
    const char *http;    /* address, without its token, or NULL: none */
};

/* When all listen. The file appears whole. path NULL: no file. */
bool ready_write(const char *path, const struct serve_ready *r, GError **error);

/* At the end. path NULL: nothing. */
void ready_remove(const char *path);

/* Ends the loop at the end of standard input, whose bytes are dropped. */
void ready_follow_parent(GMainLoop *loop);
