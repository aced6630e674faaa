/* Debouncing and repeat. See keys.h. */
#include "core/keys.h"

void keys_contacts(struct keys *k, unsigned down, uint64_t now_us)
{
    unsigned changed = (down ^ k->raw) & ((1u << KEYS) - 1);

    for (int n = 0; n < KEYS; n++)
        if (changed >> n & 1)
            k->settles_us[n] = now_us + KEYS_DEBOUNCE_US;
    k->raw = (uint8_t)(k->raw ^ changed);
}

/* The key whose contact settles first, or -1; the lower one when two are level. */
static int next_to_settle(const struct keys *k)
{
    int first = -1;

    for (int n = 0; n < KEYS; n++)
        if (((k->raw ^ k->down) >> n & 1) &&
            (first < 0 || k->settles_us[n] < k->settles_us[first]))
            first = n;
    return first;
}

uint64_t keys_deadline(const struct keys *k)
{
    int settling = next_to_settle(k);
    uint64_t due = settling < 0 ? UINT64_MAX : k->settles_us[settling];

    if (k->active && k->repeat_us < due)
        due = k->repeat_us;
    return due;
}

/* True when a press has come of it. */
static bool settle(struct keys *k, int n, struct key_event *event)
{
    uint8_t bit = (uint8_t)(1u << n);

    k->down ^= bit;
    if (!(k->down & bit)) {
        if (k->active == bit)
            k->active = 0;
        return false;
    }
    if (k->active)
        return false;
    k->active = bit;
    k->repeat_us = k->settles_us[n] + KEYS_REPEAT_DELAY_US;
    k->stuck_us = k->settles_us[n] + KEYS_STUCK_US;
    *event = (struct key_event){ (enum meter_key)bit, false, k->settles_us[n] };
    return true;
}

static bool repeat(struct keys *k, struct key_event *event)
{
    *event = (struct key_event){ (enum meter_key)k->active, true, k->repeat_us };
    k->repeat_us += KEYS_REPEAT_US;
    if (event->at_us < k->stuck_us)
        return true;
    k->active = 0;
    return false;
}

bool keys_next(struct keys *k, uint64_t now_us, struct key_event *event)
{
    while (keys_deadline(k) <= now_us) {
        int settling = next_to_settle(k);
        bool first =
            settling >= 0 && (!k->active || k->settles_us[settling] <= k->repeat_us);
        if (first ? settle(k, settling, event) : repeat(k, event))
            return true;
    }
    return false;
}
