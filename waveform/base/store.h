/* State as bytes, and back. One description of a structure serves both ways: in saving
 * each call appends what it is given, in loading it fills it in, so that the two cannot
 * drift apart. Bytes are the host's own; a file of them must name the build that
 * made it. Reading is bounded: what is not there, or out of range, sets `failed` and
 * gives zeros, so a caller may go on to the end and check once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store {
    bool loading, failed;
    uint8_t *byte; /* saved so far; owned */
    size_t size, room;
    const uint8_t *from; /* being loaded; the caller's */
    size_t at;
};

/* For saving all zeros is a beginning. Aborts without memory. */
void store_free(struct store *s);

struct store store_load(const void *bytes, size_t size);

/* Everything was there and in range, and nothing is left over. */
bool store_loaded(const struct store *s);

void store_bytes(struct store *s, void *data, size_t size);
#define STORE(s, x) store_bytes((s), &(x), sizeof(x))

/* A number within min…max; `min` where it was not. */
int store_count(struct store *s, int count, int min, int max);
void store_flag(struct store *s, bool *flag);

/* Numbers that must lie within min…max (a double that is none lies nowhere): one that
 * is loaded and does not is 0, and `failed` is set. */
void store_reals(struct store *s, double *x, size_t count, double min, double max);
void store_integers(struct store *s, int64_t *x, size_t count, int64_t min,
                    int64_t max);
#define STORE_REAL(s, x, max) store_reals((s), &(x), 1, -(max), (max))
#define STORE_REALS(s, x, max)                                                         \
    store_reals((s), (x), sizeof(x) / sizeof *(x), -(max), (max))

/* Beyond whatever a plant has: volts, amperes, watts, codes … */
#define STORE_SIZE_MAX 1e15
#define STORE_NS_MAX   (INT64_C(1) << 61) /* 73 years of simulated time */

/* Enumerators from 0 to `max`. */
#define STORE_ENUM(s, x, max) ((x) = store_count((s), (int)(x), 0, (max)))

/* A text of less than `room` bytes. */
void store_text(struct store *s, char *text, size_t room);
