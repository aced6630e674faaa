/* The last answers. See bridge_cache.h. */
#include "sim/bridge/bridge_cache.h"
#include <stdbool.h>
#include <string.h>

enum { READ_BYTES = 5, FUNCTION_LAST = 4 };

GHashTable *bridge_cache_new(void)
{
    return g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
                                 (GDestroyNotify)(void *)g_bytes_unref, g_free);
}

static bool is_read(const uint8_t *request, int size)
{
    return size == READ_BYTES && request[0] >= 1 && request[0] <= FUNCTION_LAST;
}

static GBytes *key_of(uint8_t unit, const uint8_t *request)
{
    uint8_t key[1 + READ_BYTES] = { unit };

    memcpy(key + 1, request, READ_BYTES);
    return g_bytes_new(key, sizeof key);
}

void bridge_cache_put(GHashTable *cache, uint8_t unit, const uint8_t *request,
                      int request_size, const uint8_t *answer, int size, int64_t at_ns)
{
    if (!is_read(request, request_size) || answer[0] != request[0])
        return;
    if (g_hash_table_size(cache) >= BRIDGE_CACHE_MAX)
        g_hash_table_remove_all(cache);
    struct bridge_cached *entry = g_new0(struct bridge_cached, 1);
    entry->at_ns = at_ns;
    entry->size = size;
    memcpy(entry->pdu, answer, (size_t)size);
    g_hash_table_replace(cache, key_of(unit, request), entry);
}

const struct bridge_cached *bridge_cache_find(GHashTable *cache, uint8_t unit,
                                              const uint8_t *request, int request_size)
{
    if (!is_read(request, request_size))
        return NULL;
    g_autoptr(GBytes) key = key_of(unit, request);

    return g_hash_table_lookup(cache, key);
}
