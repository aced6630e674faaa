/* SHA-256 (FIPS 180-4), for a tape in a browser, where no library stands behind it; the
 * program itself has GLib's, and tests hold both against each other. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BLOCK = 64, SHA256_SIZE = 32, SHA256_TEXT = 2 * SHA256_SIZE + 1 };

struct sha256 {
    uint32_t state[8];
    uint64_t size; /* bytes so far */
    uint8_t block[SHA256_BLOCK];
};

void sha256_start(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *bytes, size_t size);

/* Of all that was added, in hexadecimal; more may be added afterwards. */
void sha256_text(const struct sha256 *h, char text[SHA256_TEXT]);
