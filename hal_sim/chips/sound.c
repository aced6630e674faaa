/* See sound.h. Bytes are read as numbers: a bool that is neither 0 nor 1 may not be read
 * as one. */
#include "hal_sim/chips/sound.h"
#include <string.h>

/* Little-endian, as every host of this program is. */
static int64_t number_at(const uint8_t *at, size_t size, bool negative)
{
    uint64_t value = 0;

    memcpy(&value, at, size);
    if (negative && size < sizeof value && at[size - 1] & 0x80)
        value |= UINT64_MAX << 8 * size;
    return (int64_t)value;
}

static bool is_within(int64_t value, const struct sound_row *r)
{
    if (r->max == SOUND_NS_MAX && value == INT64_MAX)
        return true;
    return value >= r->min && value <= r->max;
}

bool sound_rows(const void *state, const struct sound_row *rows, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        const uint8_t *at = (const uint8_t *)state + rows[k].offset;
        for (size_t n = 0; n < rows[k].count; n++, at += rows[k].size)
            if (!is_within(number_at(at, rows[k].size, rows[k].min < 0), &rows[k]))
                return false;
    }
    return true;
}
