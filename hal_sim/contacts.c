/* Contacts of the buttons. See contacts.h. */
#include "hal_sim/contacts.h"
#include <string.h>

void contacts_start(struct contacts *c)
{
    memset(c, 0, sizeof *c);
    c->next_ns = INT64_MAX;
}

void contacts_press(struct contacts *c, unsigned pressed, unsigned stuck,
                    int64_t bounce_ns, int64_t now_ns)
{
    unsigned wanted = (pressed | stuck) & ((1u << KEYS) - 1);
    unsigned changed = wanted ^ c->wanted;

    c->pressed = (uint8_t)pressed;
    c->wanted = (uint8_t)wanted;
    c->closed = (uint8_t)((c->closed & ~changed) | (wanted & changed));
    c->bouncing &= (uint8_t)~changed;
    if (bounce_ns <= 0 || !changed)
        return;
    c->bouncing |= (uint8_t)changed;
    for (int k = 0; k < KEYS; k++)
        if (changed >> k & 1)
            c->rest_ns[k] = now_ns + bounce_ns;
    if (c->next_ns == INT64_MAX)
        c->next_ns = now_ns + CONTACTS_BOUNCE_NS;
}

static void bounce(struct contacts *c, int k)
{
    uint8_t bit = (uint8_t)(1u << k);

    if (!(c->bouncing & bit))
        return;
    if (c->next_ns < c->rest_ns[k]) {
        c->closed ^= bit;
        return;
    }
    c->closed = (uint8_t)((c->closed & ~bit) | (c->wanted & bit));
    c->bouncing &= (uint8_t)~bit;
}

bool contacts_run(struct contacts *c, int64_t now_ns)
{
    uint8_t before = c->closed;

    if (c->next_ns > now_ns)
        return false;
    for (int k = 0; k < KEYS; k++)
        bounce(c, k);
    c->next_ns = c->bouncing ? c->next_ns + CONTACTS_BOUNCE_NS : INT64_MAX;
    return c->closed != before;
}
