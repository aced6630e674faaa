/* One WebSocket client, bounded in every direction. Messages come in whenever its loop is
 * served, perhaps while a script computes (aside.h); what they ask for is done later, one
 * after the other, in the program's own turn. What goes out waits here while the client
 * does not read, and a client that does not read is dropped. */
#pragma once

#include "sim/web/web_request.h"
#include <libsoup/soup.h>

enum {
    WEB_MESSAGE_MAX = 1 << 16, /* bytes of a message that comes */
    WEB_PENDING_MAX = 64,      /* messages that wait for their turn */
    WEB_UNREAD_MAX = 1 << 20,  /* bytes that wait to go */
    WEB_UNREAD_SECONDS = 10,   /* for so long */
    WEB_TURN_MAX = 1 << 16,    /* bytes that go to all of them in a turn */
    WEB_TURN_LEAST = 1 << 10   /* of a small message */
};

struct web_client {
    SoupWebsocketConnection *connection;
    GIOStream *stream;
    GSocket *socket; /* of it */
    GAsyncQueue *in; /* texts */
    void (*wake)(void *user);
    void *wake_user;
    int gone; /* atomic: closed, or to be dropped */
    guint64 come,
        whole; /* bytes that have come: till the last look, the last message */
    GQueue out;
    gsize out_size;
    gint64 unread_us; /* since when it does not read; 0: it does */
    bool owes;        /* the socket has not taken all that was sent */
    /* Of the turn. */
    bool busy;       /* a line of it is under way */
    bool may_change; /* it has shown the token */
    bool watches[WEB_TOPICS];
    int meter, view; /* whose panel it watches */
    bool stale;      /* which may have changed since it was shown */
    guint8 *frame;   /* the panel's bytes as they were sent; NULL: none yet */
};

/* Takes a reference. wake(user): there is something to do. */
struct web_client *web_client_new(SoupWebsocketConnection *connection,
                                  GIOStream *stream, void (*wake)(void *user),
                                  void *user);
void web_client_free(struct web_client *c);

bool web_client_is_gone(const struct web_client *c);

/* Is there a message? The next one, to be freed; NULL: none. */
bool web_client_asks(const struct web_client *c);
char *web_client_next(struct web_client *c);

/* Puts a text, which is given away, behind those that wait. */
void web_client_send(struct web_client *c, char *text);

/* Sends what waits as far as the client reads, and as the turn's bytes suffice. True:
 * something is left. */
bool web_client_flush(struct web_client *c, gsize *turn);

/* Can it be sent something that is worth nothing later? */
bool web_client_reads(const struct web_client *c);
