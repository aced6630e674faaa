/* Turns and their sine and cosine: polynomials on an eighth of a turn either side of the
 * nearest quarter. Their error is the rounding of the angle and of the last addition. */
#include "waveform/base/turn.h"
#include "waveform/base/constants.h"
#include "waveform/base/turn_polynomials.h"
#include <math.h>

struct turn turn_add(struct turn a, struct turn b)
{
    struct turn sum = { a.whole + b.whole, a.frac + b.frac };
    sum.whole += sum.frac < a.frac;
    return sum;
}

struct turn turn_sub(struct turn a, struct turn b)
{
    struct turn difference = { a.whole - b.whole, a.frac - b.frac };
    difference.whole -= a.frac < b.frac;
    return difference;
}

/* The upper half of the 128-bit product, without a 128-bit type. */
static uint64_t multiply_high(uint64_t a, uint64_t b)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    uint64_t other = a0 * b1 + (uint32_t)middle;
    return a1 * b1 + (middle >> 32) + (other >> 32);
}

struct turn turn_scale(struct turn t, uint64_t n)
{
    return (struct turn){ t.whole * n + multiply_high(t.frac, n), t.frac * n };
}

/* x in [0, 1) as a 64-bit fraction. */
static uint64_t to_frac(double x)
{
    return (uint64_t)(x * TWO_TO_64);
}

struct turn turn_from_ratio(double numerator, double denominator)
{
    double q = numerator / denominator;
    if (!(fabs(q) < TWO_TO_53))
        return (struct turn){ 0, 0 };
    if (q < 0 && q > -1 / TWO_TO_53) /* so near to 0 that q − floor(q) would be 1 */
        return turn_sub((struct turn){ 0, 0 }, (struct turn){ 0, to_frac(-q) });
    double whole = floor(q), scaled = (q - whole) * TWO_TO_64;
    /* What the quotient's 53 bits leave over; fma is exact, by definition. */
    double rest = fma(-q, denominator, numerator) / denominator * TWO_TO_64;
    int64_t low = (int64_t)rint(rest + (scaled - floor(scaled)));
    struct turn t = { (uint64_t)(int64_t)whole, (uint64_t)scaled };
    return turn_add(t, (struct turn){ low < 0 ? UINT64_MAX : 0, (uint64_t)low });
}

uint64_t turn_multiply(struct turn t, double order)
{
    if (order < 0)
        return -turn_multiply(t, -order);
    if (!(order < TWO_TO_53))
        return 0;
    double whole = floor(order);
    uint64_t frac = to_frac(order - whole);
    return (uint64_t)whole * t.frac + frac * t.whole + multiply_high(frac, t.frac);
}

/* The rotation by the nearest quarter is a product with 0 and ±1, which is exact: a
 * branch on the quarter would be mispredicted every other time. */
void turn_sin_cos(uint64_t frac, double *sine, double *cosine)
{
    static const double QUARTER[5] = { 0, 1, 0, -1, 0 };
    uint64_t quarter = (frac + (UINT64_C(1) << 61)) >> 62;
    double y = (double)(int64_t)(frac - (quarter << 62)) * (2 * PI / TWO_TO_64);
    double zz = y * y, s = turn_polynomial_sin(y, zz), c = turn_polynomial_cos(zz);
    double quarter_sin = QUARTER[quarter & 3], quarter_cos = QUARTER[(quarter & 3) + 1];
    *sine = s * quarter_cos + c * quarter_sin;
    *cosine = c * quarter_cos - s * quarter_sin;
}

double turn_sin(uint64_t frac)
{
    uint64_t quarter = (frac + (UINT64_C(1) << 61)) >> 62;
    double y = (double)(int64_t)(frac - (quarter << 62)) * (2 * PI / TWO_TO_64);
    double zz = y * y;
    double x = quarter & 1 ? turn_polynomial_cos(zz) : turn_polynomial_sin(y, zz);
    return quarter & 2 ? -x : x;
}

/* Newton from the nearest eighth: each step leaves a sixth of the error's cube. */
struct turn turn_from_vector(double re, double im)
{
    double length = sqrt(re * re + im * im);
    if (!(length > 0))
        return (struct turn){ 0, 0 };
    uint64_t frac = fabs(im) > fabs(re) ? UINT64_C(1) << 62 : 0;
    if (frac ? im < 0 : re < 0)
        frac += UINT64_C(1) << 63;
    for (int step = 0; step < 5; step++) {
        double sine, cosine;
        turn_sin_cos(frac, &sine, &cosine);
        double error = (im * cosine - re * sine) / length * (TWO_TO_64 / (2 * PI));
        frac += (uint64_t)(int64_t)error;
    }
    return (struct turn){ frac >> 63 ? UINT64_MAX : 0, frac };
}
