/* The four buttons: raw contacts in, debounced presses out (docs/decisions.md, Panel).
 *
 * A contact counts when it has been steady for KEYS_DEBOUNCE_US, each key by itself, so
 * a contact that never comes to rest does not take the others along. A key that is held
 * repeats, until it counts as stuck: from then on it is as if it were up, and the other
 * keys work. A key that goes down while another is held does not count. All times are
 * those of the contacts and of what follows from them, never of the call:
 * the outcome is the same however often a board calls. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Bits of a mask of keys. */
enum meter_key {
    METER_KEY_PLUS = 1,
    METER_KEY_MINUS = 2,
    METER_KEY_BACK = 4,
    METER_KEY_SELECT = 8
};

enum {
    KEYS = 4,
    KEYS_DEBOUNCE_US = 20000,
    KEYS_REPEAT_DELAY_US = 600000, /* from the press to the first repeat */
    KEYS_REPEAT_US = 200000,
    KEYS_STUCK_US = 10000000 /* from the press */
};

struct keys {
    uint8_t raw;               /* the contacts, as last reported */
    uint8_t down;              /* debounced */
    uint8_t active;            /* the key that is being held, or 0 */
    uint64_t settles_us[KEYS]; /* where raw and down differ */
    uint64_t repeat_us;        /* of the active key */
    uint64_t stuck_us;
};

struct key_event {
    enum meter_key key;
    bool repeat;
    uint64_t at_us;
};

/* The contacts as they are at now_us. What is due before belongs to keys_next first. */
void keys_contacts(struct keys *k, unsigned down, uint64_t now_us);

/* Takes the next event due by now_us; false when there is none. */
bool keys_next(struct keys *k, uint64_t now_us, struct key_event *event);

/* When something is due next; UINT64_MAX: nothing. */
uint64_t keys_deadline(const struct keys *k);
