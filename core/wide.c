/* 128-bit arithmetic and scale factors. See wide.h. The long division is Knuth's
 * algorithm D (TAOCP 4.3.1) with two digits of 32 bits. */
#include "core/wide.h"

static int leading_zeros(uint64_t x)
{
    return x ? __builtin_clzll(x) : 64;
}

struct wide wide_mul(uint64_t a, uint64_t b)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t low = a0 * b0;
    uint64_t mid = a1 * b0 + (low >> 32);
    uint64_t mid2 = a0 * b1 + (uint32_t)mid;
    return (struct wide){ a1 * b1 + (mid >> 32) + (mid2 >> 32),
                          (mid2 << 32) | (uint32_t)low };
}

struct wide wide_add(struct wide a, struct wide b)
{
    struct wide sum = { a.hi + b.hi, a.lo + b.lo };
    sum.hi += sum.lo < a.lo;
    return sum;
}

struct wide wide_sub(struct wide a, struct wide b)
{
    return (struct wide){ a.hi - b.hi - (a.lo < b.lo), a.lo - b.lo };
}

struct wide wide_shift_right(struct wide a, unsigned bits)
{
    if (bits == 0)
        return a;
    if (bits >= 128)
        return (struct wide){ 0, 0 };
    if (bits >= 64)
        return (struct wide){ 0, a.hi >> (bits - 64) };
    return (struct wide){ a.hi >> bits, (a.hi << (64 - bits)) | (a.lo >> bits) };
}

static struct wide shift_left(struct wide a, unsigned bits)
{
    if (bits == 0)
        return a;
    if (bits >= 64)
        return (struct wide){ bits >= 128 ? 0 : a.lo << (bits - 64), 0 };
    return (struct wide){ (a.hi << bits) | (a.lo >> (64 - bits)), a.lo << bits };
}

int wide_compare(struct wide a, struct wide b)
{
    if (a.hi != b.hi)
        return a.hi < b.hi ? -1 : 1;
    return a.lo < b.lo ? -1 : a.lo > b.lo;
}

/* One 32-bit digit of the quotient of (u, next digit) by the normalised v. */
static uint64_t divide_digit(uint64_t u, uint32_t next, uint64_t v, uint64_t *rest)
{
    uint64_t v1 = v >> 32, v0 = (uint32_t)v;
    uint64_t q = u / v1, r = u % v1;

    while (q >> 32 || q * v0 > ((r << 32) | next)) {
        q--;
        r += v1;
        if (r >> 32)
            break;
    }
    *rest = ((u << 32) | next) - q * v;
    return q;
}

uint64_t wide_div(struct wide a, uint64_t b)
{
    if (b == 0 || a.hi >= b)
        return UINT64_MAX;
    if (a.hi == 0)
        return a.lo / b;
    int shift = leading_zeros(b);
    struct wide n = shift_left(a, (unsigned)shift);
    uint64_t v = b << shift, rest;
    uint64_t q1 = divide_digit(n.hi, (uint32_t)(n.lo >> 32), v, &rest);
    uint64_t q0 = divide_digit(rest, (uint32_t)n.lo, v, &rest);
    return (q1 << 32) | q0;
}

uint32_t wide_sqrt64(uint64_t a)
{
    uint64_t root = 0, bit = 1ull << 62;

    while (bit) {
        uint64_t trial = root + bit;
        root >>= 1;
        if (a >= trial) {
            a -= trial;
            root += bit;
        }
        bit >>= 2;
    }
    return (uint32_t)root;
}

/* A 32-bit root of the leading bits, then a Newton step, which leaves an error of a few
 * units, then put right to the unit. */
uint64_t wide_sqrt(struct wide a)
{
    if (a.hi == 0)
        return wide_sqrt64(a.lo);
    const unsigned shift = 64u - ((unsigned)leading_zeros(a.hi) & ~1u);
    const uint64_t top = wide_sqrt64(wide_shift_right(a, shift).lo);
    const uint64_t above =
        shift == 64 && top == UINT32_MAX ? UINT64_MAX : (top + 1) << (shift / 2);
    const uint64_t q = wide_div(a, above);
    uint64_t root = (above >> 1) + (q >> 1) + (above & q & 1);

    while (wide_compare(wide_mul(root, root), a) > 0)
        root--;
    while (root != UINT64_MAX && wide_compare(wide_mul(root + 1, root + 1), a) <= 0)
        root++;
    return root;
}

uint64_t wide_muldiv(uint64_t a, uint64_t b, uint64_t c)
{
    return wide_div(wide_add(wide_mul(a, b), (struct wide){ 0, c / 2 }), c);
}

static int64_t with_sign(uint64_t value, int negative)
{
    if (value > INT64_MAX)
        value = INT64_MAX;
    return negative ? -(int64_t)value : (int64_t)value;
}

int64_t wide_muldiv_signed(int64_t a, uint64_t b, uint64_t c)
{
    return with_sign(wide_muldiv(magnitude(a), b, c), a < 0);
}

int64_t wide_mulshift_signed(int64_t a, uint64_t b, unsigned bits)
{
    const struct wide half = { 0, (uint64_t)1 << (bits - 1) };
    const struct wide sum = wide_add(wide_mul(magnitude(a), b), half);
    const struct wide q = wide_shift_right(sum, bits);

    return with_sign(q.hi ? UINT64_MAX : q.lo, a < 0);
}

/* num ÷ den as (num << up) ÷ den with a quotient of exactly 32 bits. */
struct scale scale_ratio(uint64_t num, uint64_t den)
{
    int up = 33 + leading_zeros(num) - leading_zeros(den);
    uint64_t q;

    if (up >= 0)
        q = wide_div(shift_left((struct wide){ 0, num }, (unsigned)up), den);
    else
        q = wide_div(wide_shift_right((struct wide){ 0, num }, (unsigned)-up), den);
    while (q >> 33) {
        q >>= 1;
        up--;
    }
    q = (q + 1) >> 1;
    up--;
    if (q >> 32) {
        q >>= 1;
        up--;
    }
    return (struct scale){ (uint32_t)q, up };
}

struct scale scale_multiply(struct scale a, struct scale b)
{
    uint64_t m = (uint64_t)a.mant * b.mant;
    int shift = a.shift + b.shift;

    if (!(m >> 63)) {
        m <<= 1;
        shift++;
    }
    m = (m >> 32) + (m >> 31 & 1);
    if (m >> 32) {
        m >>= 1;
        shift--;
    }
    return (struct scale){ (uint32_t)m, shift - 32 };
}

static uint64_t shift_right_round(struct wide a, int bits)
{
    if (bits <= 0) {
        struct wide up = shift_left(a, (unsigned)-bits);
        return up.hi ? UINT64_MAX : up.lo;
    }
    struct wide half = shift_left((struct wide){ 0, 1 }, (unsigned)(bits - 1));
    struct wide sum = wide_shift_right(wide_add(a, half), (unsigned)bits);
    return sum.hi ? UINT64_MAX : sum.lo;
}

uint64_t scale_apply(struct scale s, uint64_t x)
{
    return shift_right_round(wide_mul(x, s.mant), s.shift);
}

int64_t scale_apply_signed(struct scale s, int64_t x)
{
    return with_sign(scale_apply(s, magnitude(x)), x < 0);
}

uint64_t scale_apply_root(struct scale s, uint64_t x, int halves)
{
    if (x == 0)
        return 0;
    int up = leading_zeros(x) & ~1;
    uint64_t root = wide_sqrt64(x << up);
    return shift_right_round(wide_mul(root, s.mant), s.shift + up / 2 + halves);
}

uint64_t wide_square_root_of_sum(uint64_t a, uint64_t b, uint64_t c)
{
    return wide_sqrt(
        wide_add(wide_add(wide_mul(a, a), wide_mul(b, b)), wide_mul(c, c)));
}
