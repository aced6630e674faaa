/* State as bytes. See store.h. */
#include "waveform/base/store.h"
#include <stdlib.h>
#include <string.h>

void store_free(struct store *s)
{
    free(s->byte);
    *s = (struct store){ .loading = false };
}

struct store store_load(const void *bytes, size_t size)
{
    return (struct store){ .loading = true, .from = bytes, .size = size };
}

bool store_loaded(const struct store *s)
{
    return !s->failed && s->at == s->size;
}

static void append(struct store *s, const void *data, size_t size)
{
    if (size > s->room - s->size) {
        size_t room = 2 * s->room + size + 4096;
        uint8_t *byte = realloc(s->byte, room);
        if (!byte)
            abort();
        s->byte = byte;
        s->room = room;
    }
    memcpy(s->byte + s->size, data, size);
    s->size += size;
}

static void read_bytes(struct store *s, void *data, size_t size)
{
    if (s->failed || size > s->size - s->at) {
        s->failed = true;
        memset(data, 0, size);
        return;
    }
    memcpy(data, s->from + s->at, size);
    s->at += size;
}

void store_bytes(struct store *s, void *data, size_t size)
{
    if (size == 0)
        return;
    if (s->loading)
        read_bytes(s, data, size);
    else
        append(s, data, size);
}

int store_count(struct store *s, int count, int min, int max)
{
    int32_t number = count;

    STORE(s, number);
    if (number >= min && number <= max)
        return number;
    s->failed = true;
    return min;
}

void store_reals(struct store *s, double *x, size_t count, double min, double max)
{
    store_bytes(s, x, count * sizeof *x);
    for (size_t k = 0; s->loading && k < count; k++)
        if (!(x[k] >= min && x[k] <= max)) {
            s->failed = true;
            x[k] = 0;
        }
}

void store_integers(struct store *s, int64_t *x, size_t count, int64_t min, int64_t max)
{
    store_bytes(s, x, count * sizeof *x);
    for (size_t k = 0; s->loading && k < count; k++)
        if (x[k] < min || x[k] > max) {
            s->failed = true;
            x[k] = 0;
        }
}

void store_flag(struct store *s, bool *flag)
{
    *flag = store_count(s, *flag, 0, 1);
}

void store_text(struct store *s, char *text, size_t room)
{
    int length = store_count(s, (int)strlen(text), 0, (int)room - 1);

    store_bytes(s, text, (size_t)length);
    text[length] = '\0';
}
