/* The filters' constants derived anew from the definitions in fundamental.h: taps by
 * the filtering of random samples, the gain of q and the frequency polynomial by
 * formula. */
#include "core/fundamental.h"
#include "tests/support/waves.h"

enum { TAPS = 7 };

/* ½(1 + cos(2πm/14)) · cos or sin(2πm/7), in Q15. */
static void make_taps(long tap0[TAPS], long tap90[TAPS])
{
    for (int m = 0; m < TAPS; m++) {
        long double hann = (1 + cosl(2 * PI * m / 14)) / 2 * 32768;
        tap0[m] = lrintl(hann * cosl(2 * PI * m / 7));
        tap90[m] = lrintl(hann * sinl(2 * PI * m / 7));
    }
}

/* Three moving sums of six are one filter of 16 taps; group j of a block is centred on
 * its sample 6j + 2.5. */
static void make_sum_weights(int64_t weight[16])
{
    memset(weight, 0, 16 * sizeof *weight);
    for (int a = 0; a < GROUP; a++)
        for (int b = 0; b < GROUP; b++)
            for (int c = 0; c < GROUP; c++)
                weight[a + b + c]++;
}

/* A stream of blocks: each call gives the filters the next one and the two before. */
struct stream {
    struct fundamental f;
    struct block block[ACQUIRE_SEEN];
    int count;
};

static struct block *next_block(struct stream *s)
{
    return &s->block[s->count % ACQUIRE_SEEN];
}

static void push_block(struct stream *s)
{
    struct block *seen[ACQUIRE_SEEN];

    for (int k = 0; k < ACQUIRE_SEEN; k++)
        seen[k] = &s->block[(s->count + ACQUIRE_SEEN - k) % ACQUIRE_SEEN];
    s->count++;
    fundamental_block(&s->f, seen);
}

enum { FED = 6 * BLOCK }; /* samples of the random stream */

static int64_t group_sum(const int32_t *x, int j)
{
    int64_t weight[16], sum = 0;

    make_sum_weights(weight);
    for (int n = 0; n < 16; n++)
        sum += weight[n] * x[GROUP * j - 5 + n];
    return sum;
}

static void check_outputs(const struct fundamental *f, int ch, const int32_t *x,
                          int first_group)
{
    long tap0[TAPS], tap90[TAPS];

    make_taps(tap0, tap90);
    for (int j = 0; j <= GROUPS; j++) { /* the last is the next block's first */
        int64_t even = tap0[0] * group_sum(x, first_group + j), odd = 0;
        for (int m = 1; m < TAPS; m++) {
            int64_t left = group_sum(x, first_group + j - m);
            int64_t right = group_sum(x, first_group + j + m);
            even += tap0[m] * (left + right);
            odd += tap90[m] * (left - right);
        }
        /* 2^-21 in all; the bits that codes lose on the way make up to 12 */
        assert_near((long double)f->u0[1 + j][ch], even * 0x1p-21L, 12);
        assert_near((long double)f->u90[1 + j][ch], odd * 0x1p-21L, 12);
    }
}

static void taps(void **state)
{
    struct random dice = { 7 };
    static struct stream s;
    static int32_t x[HAL_CHANNELS][FED];

    (void)state;
    for (int n = 0; n < FED; n++) {
        for (int ch = 0; ch < HAL_CHANNELS; ch++) {
            x[ch][n] = (int32_t)random_range(&dice, 0, (1 << 24) - 2) - 8388607;
            next_block(&s)->x[ch][n % BLOCK] = x[ch][n];
        }
        if (n % BLOCK == BLOCK - 1)
            push_block(&s);
    }
    int metered = FED / BLOCK - ACQUIRE_SEEN; /* the block that the outputs belong to */
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        check_outputs(&s.f, ch, x[ch], metered * GROUPS);
}

/* gain(f): three sums of six in each channel, halved codes, 5 bits dropped at the end.
 */
static long double gain(long double hz)
{
    long tap0[TAPS], tap90[TAPS];
    long double half = PI * hz / HAL_SAMPLE_RATE, w = 2 * PI * hz / 420;
    long double six = sinl(6 * half) / sinl(half), h0, h90 = 0;

    make_taps(tap0, tap90);
    h0 = tap0[0];
    for (int m = 1; m < TAPS; m++) {
        h0 += 2 * tap0[m] * cosl(m * w);
        h90 += 2 * tap90[m] * sinl(m * w);
    }
    long double sums = six * six * six;
    return sums * sums * h0 / 0x1p21L * h90 / 0x1p21L;
}

static void gain_polynomial(void **state)
{
    (void)state;
    for (int64_t uhz = 40000000; uhz <= 70000000; uhz += 12345) {
        long double exact = ldexpl(1, 37) / gain(uhz * 1e-6L);
        long double error = (long double)fundamental_inverse_gain(uhz) / exact - 1;
        if (fabsl(error) > 4e-6L)
            fail_msg("gain at %.6Lf Hz: %.3Lg", uhz * 1e-6L, error);
    }
}

static int64_t frequency_of(long double hz)
{
    struct fundamental f = { 0 };

    f.den[1] = (int64_t)1 << 60;
    f.num[1] = (int64_t)llrintl(2 * cosl(2 * PI * hz / 420) * 0x1p60L);
    return fundamental_frequency_uhz(&f, 1);
}

static void frequency_polynomial(void **state)
{
    (void)state;
    for (long double hz = 40.001L; hz < 70; hz += 0.01234L)
        assert_near((long double)frequency_of(hz), hz * 1e6L, 1.5L);
    assert_int_equal(frequency_of(39.99L), 0);
    assert_int_equal(frequency_of(70.01L), 0);
    assert_int_equal(frequency_of(200), 0);
}

/* One second of a wave through the filters; the last block's state stays in *f. */
static void run_second(struct fundamental *f, const struct waves *w)
{
    static struct stream s;

    memset(&s, 0, sizeof s);
    for (int b = 0; b < 60 + 2 * ACQUIRE_SEEN; b++) {
        waves_fill(w, b * BLOCK, BLOCK, next_block(&s)->x);
        push_block(&s);
        if (b == 2 * ACQUIRE_SEEN - 1) /* out of the filter: what came out of nothing */
            fundamental_clear_frequency(&s.f);
    }
    *f = s.f;
}

static void frequency_of_sines(void **state)
{
    static const double hz[] = { 45, 45.25, 50, 54.321, 59.7, 60, 64.99, 65 };
    static const double volts[] = { 347, 90, 20 };
    struct fundamental f;
    struct waves w;

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(hz); k++)
        for (unsigned j = 0; j < COUNT_OF(volts); j++) {
            waves_set_balanced(&w, hz[k], volts[j], 0, 0, 33.0 * k);
            run_second(&f, &w);
            for (int phase = 0; phase < 3; phase++)
                assert_near((long double)fundamental_frequency_uhz(&f, phase),
                            hz[k] * 1e6L, volts[j] < 90 ? 700 : 100);
        }
}

static void no_frequency_without_a_voltage(void **state)
{
    struct fundamental f;
    struct waves w;

    (void)state;
    waves_set_balanced(&w, 60, 1, 0, 0, 0);
    run_second(&f, &w);
    assert_int_equal(fundamental_frequency_uhz(&f, 0), 0);
    assert_true(fundamental_power(&f, 0) < fundamental_min_power);
    waves_set_balanced(&w, 60, 12, 0, 0, 0);
    run_second(&f, &w);
    assert_true(fundamental_power(&f, 0) > fundamental_min_power);
    assert_int_not_equal(fundamental_frequency_uhz(&f, 0), 0);
}

/* Every single q, not only its mean: no ripple at any frequency. */
static void reactive_power_has_no_ripple(void **state)
{
    static const double hz[] = { 45, 50, 52.34, 60, 65 };
    static const double lag[] = { 90, 60, 30, -30, -90, 150 };
    struct fundamental f;
    struct waves w;

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(hz); k++)
        for (unsigned j = 0; j < COUNT_OF(lag); j++) {
            waves_set_balanced(&w, hz[k], 230, 40, lag[j], 17);
            run_second(&f, &w);
            uint64_t inverse = fundamental_inverse_gain(llrint(hz[k] * 1e6));
            long double va =
                waves_codes_per_unit(&w, 0) * 230 * waves_codes_per_unit(&w, 3) * 40;
            long double exact = va * sinl(lag[j] * PI / 180);
            for (int n = 0; n < GROUPS; n++)
                assert_near((long double)f.q[n][2] * (long double)inverse / 0x1p20L,
                            exact, va * 1e-5L);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taps),
        cmocka_unit_test(gain_polynomial),
        cmocka_unit_test(frequency_polynomial),
        cmocka_unit_test(frequency_of_sines),
        cmocka_unit_test(no_frequency_without_a_voltage),
        cmocka_unit_test(reactive_power_has_no_ripple),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
