/* The state of a gateway of the field. Its files use one another in one direction:
 * bridge.c (connections), bridge_queue.c (requests, the line), bridge_answer.c (what
 * becomes of answers), bridge_send.c (bytes on their way out, ends of connections). */
#pragma once

#include "sim/bridge/bridge.h"
#include "sim/line/line_master.h"

enum {
    BRIDGE_PDU_MAX = 253,
    BRIDGE_HEADER = 7,
    BRIDGE_FRAME_MAX = 260,
    BRIDGE_SPLIT_BYTES = 9 /* of a first segment: header, function, count of bytes */
};

/* A request, as it came and as it goes over the line. */
struct bridge_ask {
    struct bridge_client *client; /* NULL: it is gone */
    uint16_t transaction;
    uint8_t unit, address; /* of the request; on the line */
    int attempts, size;
    uint8_t pdu[BRIDGE_PDU_MAX];
};

struct bridge_client {
    struct bridge *bridge;
    const struct bridge_peer *peer;
    void *user;
    bool served;    /* else it hangs until there is room */
    bool forgotten; /* half open: it is never answered again */
    int64_t used_ns;
    uint64_t idle;       /* event; 0: none */
    int64_t free_ns;     /* what has been sent is out then */
    GQueue held;         /* struct bridge_ask, while it hangs */
    GPtrArray *sendings; /* that wait for their time */
    GByteArray *merged;  /* answers that leave together … */
    uint64_t merging;    /* … at this event */
    bool ends_with_merged;
};

struct bridge {
    struct sim *sim;
    struct line *line;
    struct line_master *master;
    struct bridge_options options;
    int meters_baud; /* of the line's first meter, when the gateway was made */
    enum hal_parity meters_parity;
    GPtrArray *clients;
    GQueue queue;           /* struct bridge_ask */
    struct bridge_ask *now; /* on the line, or about to be */
    struct line_exchange x;
    uint64_t start; /* event: the pause on the line is over */
    int64_t line_free_ns;
    uint16_t own_id, before_id;
    GHashTable *cache;
    uint8_t last[BRIDGE_PDU_MAX]; /* the answer before */
    int last_size;                /* 0: there is none yet */
    struct bridge_counters counters;
    sim_event admit;    /* a place may be free: for connections that hang … */
    uint64_t admitting; /* … at this event */
    void (*changed)(void *user, bool waited); /* NULL: nobody wants to know */
    void *changed_user;
};

/* An answer before it is sent. */
struct bridge_reply {
    uint16_t transaction;
    uint8_t unit;
    int size;
    uint8_t pdu[BRIDGE_PDU_MAX];
    int64_t late_ns;
    int split_ms; /* 0: as the options say */
    bool lost;    /* it is not sent at all */
    bool forgets; /* half open from now on */
    bool resets;
};
