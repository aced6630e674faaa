/* Names, units and validity of the quantities, and their conversion. See quantity.h. */
#include "core/quantity.h"
#include "core/wide.h"

enum {
#define K(id, unit, units) UNIT_OF_##id = UNIT_##unit,
#include "core/quantity_kind.def"
#undef K
};

const char *const quantity_kind_units[QUANTITY_KINDS] = {
#define K(id, unit, units) units,
#include "core/quantity_kind.def"
#undef K
};

const struct quantity_row quantity_table[QUANTITIES] = {
#define Q(id, text, kind, role, types, phase)                                          \
    { text, QUANTITY_##kind, UNIT_OF_##kind, ROLE_##role, types, PHASE_##phase },
#include "core/quantity.def"
#undef Q
};

int quantity_decimals(enum quantity_unit unit)
{
    static const uint8_t decimals[] = {
        [UNIT_A] = 6,  [UNIT_V] = 6,  [UNIT_W] = 9, [UNIT_E] = 6,
        [UNIT_PF] = 6, [UNIT_HZ] = 6, [UNIT_N] = 0,
    };
    return decimals[unit];
}

uint64_t quantity_ten(int exponent)
{
    uint64_t ten = 1;

    while (exponent-- > 0)
        ten *= 10;
    return ten;
}

int64_t quantity_power_of_ten(int64_t x, int exponent)
{
    if (exponent < 0)
        return wide_muldiv_signed(x, quantity_ten(-exponent), 1);
    return wide_muldiv_signed(x, 1, quantity_ten(exponent));
}

/* The quotient is taken with 25 to 26 bits and a sticky bit, so that one rounding to
 * nearest even is exact. Readings are far from the subnormal range. */
uint32_t quantity_float_bits(int64_t num, uint64_t den)
{
    uint32_t sign = num < 0 ? 0x80000000u : 0;
    uint64_t n = magnitude(num);
    int exponent = 0;

    if (n == 0)
        return 0;
    while (n >> 62 == 0 && exponent > -64) {
        n <<= 1;
        exponent--;
    }
    while (den >> 36) { /* not reached with powers of ten up to 10^9 */
        den >>= 1;
        exponent--;
    }
    uint64_t q = n / den, sticky = n % den != 0;
    while (q >> 26) {
        sticky |= q & 1;
        q >>= 1;
        exponent++;
    }
    while (!(q >> 25)) {
        q <<= 1;
        exponent--;
    }
    /* q has 26 bits: 24 of the significand, a round bit, one more. */
    uint32_t mantissa = (uint32_t)(q >> 2), rest = (uint32_t)(q & 3);
    uint32_t half = 2;
    if (rest > half || (rest == half && (sticky || (mantissa & 1))))
        mantissa++;
    if (mantissa >> 24) {
        mantissa >>= 1;
        exponent++;
    }
    return sign | (uint32_t)(exponent + 25 + 127) << 23 | (mantissa & 0x7FFFFF);
}
