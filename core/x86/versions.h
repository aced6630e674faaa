/* The functions in which a meter spends its time are compiled once for each instruction
 * set, under names of their own; versions.c chooses when the program starts. Integers
 * alone: the same bits with every one.
 *
 * VERSIONED(name, type) of each; CMakeLists.txt gives the names. */
#pragma once

#include "core/crc.h"
#include "core/fundamental.h"
#include "core/products.h"

typedef void fundamental_version(struct fundamental *f,
                                 struct block *const seen[ACQUIRE_SEEN]);
typedef void stretch_version(struct products *p, const struct block *block, int from,
                             int to);
typedef void block_version(struct products *p, const struct block *block);
typedef void weighted_version(struct products *p, const struct block *block,
                              const uint16_t *w);
typedef uint32_t crc_version(uint32_t crc, const void *data, uint32_t size);

#define VERSIONED_FUNCTIONS                                                            \
    VERSIONED(fundamental_block, fundamental_version)                                  \
    VERSIONED(products_of_stretch, stretch_version)                                    \
    VERSIONED(products_of_block, block_version)                                        \
    VERSIONED(products_weighted, weighted_version)                                     \
    VERSIONED(crc_ieee_more, crc_version)

#define VERSIONED(name, type) type name##_plain, name##_avx2, name##_avx512;
VERSIONED_FUNCTIONS
#undef VERSIONED
