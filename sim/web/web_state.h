/* The state of a served plant. Private to sim/web/web*.c: web.c lets clients in, web_turn.c
 * does what they ask for. */
#pragma once

#include "sim/web/web.h"
#include "sim/web/web_client.h"
#include "sim/web/web_events.h"
#include "sim/web/web_guard.h"
#include "sim/web/web_panel.h"

struct web {
    struct web_options options;
    struct console *console; /* NULL: none yet */
    char token[WEB_TOKEN];
    GPtrArray *clients; /* struct web_client */
    struct web_panels *panels;
    struct web_events *events; /* NULL: nobody watches */
    struct web_traffic *traffic;
    /* Of the turn. */
    GSource *source;
    GAsyncQueue *answers; /* struct web_answer: of the console */
    gint64 tick_us, second_us;
    int64_t shown_ns; /* simulated time of the panels as they were sent */
    bool unread;      /* something waits to go */
    bool more;        /* the turn has not sufficed for all */
    guint asked_next, shown_next, sent_next; /* whose turn it is */
    guint to_show; /* clients whose panels this tick has not come to */
    bool asked;    /* something may have changed since, though time stands */
};
