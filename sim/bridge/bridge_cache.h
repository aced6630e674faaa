/* The last answer to each read that went through a gateway. Bounded: when it is full, it
 * forgets all. */
#pragma once

#include <glib.h>
#include <stdint.h>

enum { BRIDGE_CACHE_MAX = 1024 };

struct bridge_cached {
    int64_t at_ns;
    int size;
    uint8_t pdu[253];
};

GHashTable *bridge_cache_new(void); /* to be unreferenced */

/* Of a read (functions 01 to 04) that was answered; others are not kept. */
void bridge_cache_put(GHashTable *cache, uint8_t unit, const uint8_t *request,
                      int request_size, const uint8_t *answer, int size, int64_t at_ns);

/* NULL: there is none. */
const struct bridge_cached *bridge_cache_find(GHashTable *cache, uint8_t unit,
                                              const uint8_t *request, int request_size);
