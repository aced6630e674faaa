/* State that comes from outside, as bytes of a snapshot: what no run could have left is
 * refused. A table says between what its numbers lie; the rest is each chip's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `count` numbers of `size` bytes side by side, unsigned when min is not negative. */
struct sound_row {
    size_t offset, count, size;
    int64_t min, max;
};

/* 73 years of a device's time, before and after its power-up, or never (INT64_MAX). */
#define SOUND_NS_MAX (INT64_C(1) << 61)

#define SOUND_ROW(type, member, least, most)                                           \
    {                                                                                  \
        offsetof(type, member), 1, sizeof(((type *)NULL)->member), least, most         \
    }
#define SOUND_ROWS(type, member, least, most)                                          \
    {                                                                                  \
        offsetof(type, member),                                                        \
            sizeof(((type *)NULL)->member) / sizeof(*((type *)NULL)->member),          \
            sizeof(*((type *)NULL)->member), least, most                               \
    }
#define SOUND_FLAG(type, member)   SOUND_ROW(type, member, 0, 1)
#define SOUND_MOMENT(type, member) SOUND_ROW(type, member, -SOUND_NS_MAX, SOUND_NS_MAX)

bool sound_rows(const void *state, const struct sound_row *rows, size_t count);
