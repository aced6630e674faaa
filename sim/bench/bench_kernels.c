/* Row k: core's kernels by themselves, beside their bare operations (bare.h). */
#include "core/fundamental.h"
#include "core/products.h"
#include "sim/bench/bare.h"
#include "sim/bench/bench.h"
#ifdef HAS_VERSIONS
#include "waveform/base/versions.h"

VERSIONS_DECLARE(bare_do)
VERSIONS_CHOOSE(bare_do)
#endif

enum { BLOCKS = 100000 };

/* Any codes do: no kernel has a branch that depends on them. */
static void fill(void *codes, size_t bytes)
{
    int32_t *x = codes;

    for (size_t n = 0; n < bytes / sizeof *x; n++)
        x[n] = (int32_t)(n * 2654435761u) >> 8;
}

static double bare_ns(struct bare *b, enum bare_part part)
{
    const gint64 start = bench_cpu_ns();

    for (int n = 0; n < BLOCKS; n++)
        bare_do(b, part);
    return bench_cpu_seconds_since(start) * 1e9 / BLOCKS / BARE_SETS;
}

static double products_ns(const struct block *block)
{
    struct products p;
    const gint64 start = bench_cpu_ns();

    for (int n = 0; n < BLOCKS; n++) {
        products_of_stretch(&p, block, 0, BLOCK);
        products_of_block(&p, block);
    }
    return bench_cpu_seconds_since(start) * 1e9 / BLOCKS / BLOCK;
}

static double fundamental_ns(struct fundamental *f, struct block *blocks)
{
    struct block *seen[ACQUIRE_SEEN] = { &blocks[2], &blocks[1], &blocks[0] };
    const gint64 start = bench_cpu_ns();

    for (int n = 0; n < BLOCKS; n++)
        fundamental_block(f, seen);
    return bench_cpu_seconds_since(start) * 1e9 / BLOCKS / BLOCK;
}

void bench_kernels(struct bench *b)
{
    struct bench_row *whole = bench_row(b, "k", "x the bare operations",
                                        "the core's kernels: products, fundamental");
    struct bench_row *products = bench_row(b, "k1", "ns", "  products, per sample set");
    struct bench_row *fundamental =
        bench_row(b, "k2", "ns", "  fundamental, per sample set");
    struct bench_row *rows[BARE_PARTS] = {
        bench_row(b, "k3", "ns", "  bare: products with their sums"),
        bench_row(b, "k4", "ns", "  bare: sums of groups"),
        bench_row(b, "k5", "ns", "  bare: filters"),
    };
    struct block blocks[ACQUIRE_SEEN];
    struct fundamental f = { 0 };
    struct bare bare = { 0 };

    fill(blocks, sizeof blocks);
    fill(bare.channel, sizeof bare.channel);
    fill(bare.set, sizeof bare.set);
    for (int n = 0; n < b->runs; n++) {
        const double multiplied = products_ns(blocks),
                     filtered = fundamental_ns(&f, blocks);
        double limit = 0;
        for (enum bare_part part = 0; part < BARE_PARTS; part++) {
            const double ns = bare_ns(&bare, part);
            bench_add(rows[part], ns);
            limit += ns;
        }
        bench_add(products, multiplied);
        bench_add(fundamental, filtered);
        bench_add(whole, (multiplied + filtered) / limit);
    }
}
