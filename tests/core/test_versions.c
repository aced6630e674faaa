/* Every version of the hot functions gives the bits of the plain one: random codes to the
 * limits, every stretch of a block. */
#include "core/fundamental.h"
#include "tests/support/waves.h"

#ifdef HAS_VERSIONS
#include "core/x86/versions.h"

enum { BLOCKS = 200 };

static void random_block(struct block *b, struct random *dice, int rail)
{
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        for (int n = 0; n < BLOCK; n++)
            b->x[ch][n] =
                rail ? (random_range(dice, 0, 1) ? HAL_CODES - 1 : -HAL_CODES)
                     : (int32_t)random_range(dice, 0, 2 * HAL_CODES - 1) - HAL_CODES;
    /* the A-B element of 25 bits */
    for (int n = 0; rail && n < BLOCK; n++)
        b->x[0][n] -= b->x[1][n];
}

static void compare_fundamental(fundamental_version *version)
{
    struct random dice = { 11 };
    struct fundamental plain = { 0 }, other = { 0 };
    struct block ring[ACQUIRE_SEEN] = { 0 };

    for (int n = 0; n < BLOCKS; n++) {
        struct block *seen[ACQUIRE_SEEN];
        random_block(&ring[n % ACQUIRE_SEEN], &dice, n % 50 > 40);
        for (int k = 0; k < ACQUIRE_SEEN; k++)
            seen[k] = &ring[(n + ACQUIRE_SEEN - k) % ACQUIRE_SEEN];
        fundamental_block_plain(&plain, seen);
        version(&other, seen);
        assert_memory_equal(&plain, &other, sizeof plain);
    }
}

static void compare_products(stretch_version *stretch, block_version *whole,
                             weighted_version *weighted)
{
    struct random dice = { 12 };
    struct block block;
    struct products plain = { .vi = { 0 } }, other = plain;
    uint16_t w[BLOCK];

    for (int rail = 0; rail < 2; rail++) {
        random_block(&block, &dice, rail);
        for (int from = 0; from <= BLOCK; from++)
            for (int to = from; to <= BLOCK; to++) {
                products_of_stretch_plain(&plain, &block, from, to);
                stretch(&other, &block, from, to);
                assert_memory_equal(&plain, &other, sizeof plain);
            }
        products_of_block_plain(&plain, &block);
        whole(&other, &block);
        assert_memory_equal(&plain, &other, sizeof plain);
        for (int n = 0; n < BLOCK; n++)
            w[n] = (uint16_t)random_range(&dice, 0, 1 << 15);
        products_weighted_plain(&plain, &block, w);
        weighted(&other, &block, w);
        assert_memory_equal(&plain, &other, sizeof plain);
    }
}

/* Every length and place in memory; each goes on from the CRC before. */
static void compare_crc(crc_version *version)
{
    struct random dice = { 13 };
    uint8_t message[300];
    uint32_t crc = 0;

    for (uint32_t size = 0; size < sizeof message; size++) {
        const uint32_t from = random_range(&dice, 0, (uint32_t)sizeof message - size);
        for (uint32_t n = 0; n < sizeof message; n++)
            message[n] = (uint8_t)random_bits(&dice);
        const uint32_t plain = crc_ieee_more_plain(crc, message + from, size);
        crc = version(crc, message + from, size);
        assert_int_equal(crc, plain);
    }
}

static void avx2_gives_the_same_bits(void **state)
{
    (void)state;
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("pclmul"))
        return;
    compare_crc(crc_ieee_more_avx2);
    compare_fundamental(fundamental_block_avx2);
    compare_products(products_of_stretch_avx2, products_of_block_avx2,
                     products_weighted_avx2);
}

static void avx512_gives_the_same_bits(void **state)
{
    (void)state;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512vl") ||
        !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512dq") ||
        !__builtin_cpu_supports("pclmul"))
        return;
    compare_crc(crc_ieee_more_avx512);
    compare_fundamental(fundamental_block_avx512);
    compare_products(products_of_stretch_avx512, products_of_block_avx512,
                     products_weighted_avx512);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(avx2_gives_the_same_bits),
        cmocka_unit_test(avx512_gives_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

/* One version, which the other tests run. */
static void there_is_one_version(void **state)
{
    struct fundamental f = { 0 };
    struct block block = { { { 0 } } },
                 *seen[ACQUIRE_SEEN] = { &block, &block, &block };

    (void)state;
    fundamental_block(&f, seen);
    assert_int_equal(f.u0[GROUPS][0], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(there_is_one_version) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
