/* The contacts of the four buttons: what fingers and faults do to them. A contact that
 * bounces changes every CONTACTS_BOUNCE_NS until it comes to rest. */
#pragma once

#include "core/keys.h"

enum { CONTACTS_BOUNCE_NS = 700000 };

struct contacts {
    uint8_t pressed;       /* by fingers; bits of enum meter_key */
    uint8_t wanted;        /* where they come to rest */
    uint8_t closed;        /* as they are now */
    uint8_t bouncing;      /* on their way there … */
    int64_t rest_ns[KEYS]; /* … until then */
    int64_t next_ns;       /* their next change; INT64_MAX: none */
};

void contacts_start(struct contacts *c);

/* Fingers press so from now on; `stuck` is closed besides. */
void contacts_press(struct contacts *c, unsigned pressed, unsigned stuck,
                    int64_t bounce_ns, int64_t now_ns);

/* What is due by now_ns: true when a contact has changed. */
bool contacts_run(struct contacts *c, int64_t now_ns);
