/* A served plant for browsers and programs, over one WebSocket at /ws of an HTTP port
 * (messages: web_request.h), and the page at /. Reading is free for whoever reaches the
 * port by its own name; the console is for those who show the token.
 *
 * Sockets are served whenever their loop is (aside.h), perhaps by another thread while a
 * script computes. What clients ask for is done in a turn of the default loop, where the
 * plant and its scripts may be used. At rest there is no turn. */
#pragma once

#include "sim/console/console.h"
#include "sim/web/http_door.h"
#include "sim/web/web_plant.h"
#include "sim/web/web_traffic.h"

enum { WEB_CLIENTS = 128 };

struct web;

struct web_options {
    struct web_plant plant;
    struct aside *loop;
    struct http_door *door;
    char **names; /* by which the port is reached, besides addresses; or NULL */
};

/* NULL with *error set: the kernel has no random numbers. */
struct web *web_new(const struct web_options *options, GError **error);
/* Before the door and the console; NULL is allowed. */
void web_free(struct web *w);

/* Who answers lines of the console; before the first turn. */
void web_set_console(struct web *w, struct console *console);

const char *web_token(const struct web *w);

/* To be told of the traffic. */
struct web_traffic *web_watched_traffic(struct web *w);
