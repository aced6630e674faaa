/* Cycles: every sample in exactly one, boundaries at the reference voltage's upward
 * zero crossings whatever the harmonics, and a fall-back without a voltage. */
#include "core/cycle.h"
#include "tests/support/waves.h"

enum { BLOCKS = 300 };

/* Ends of cycles, as sample numbers, found by watching the running cycle's count. */
struct ends {
    int count;
    int64_t at[2000];
    int64_t vi; /* Σ over books and the running cycle, phase 0 */
    uint64_t samples;
};

static void run(const struct waves *w, uint8_t phases, struct ends *ends)
{
    struct fundamental f = { 0 };
    struct cycle c = { .carried = -1,
                       .phases = phases,
                       .weight = { 32768, 32768, 32768 } };
    struct block block[ACQUIRE_SEEN];
    struct products sum;

    memset(ends, 0, sizeof *ends);
    memset(block, 0, sizeof block);
    for (int b = 0; b < BLOCKS + ACQUIRE_SEEN - 1; b++) {
        struct block *seen[ACQUIRE_SEEN];
        for (int k = 0; k < ACQUIRE_SEEN; k++)
            seen[k] = &block[(b + ACQUIRE_SEEN - k) % ACQUIRE_SEEN];
        waves_fill(w, b * BLOCK, BLOCK, seen[0]->x);
        fundamental_block(&f, seen);
        uint32_t before = c.now.count;
        int metered = b - (ACQUIRE_SEEN - 1);
        if (metered < 0)
            continue;
        cycle_block(&c, &f, seen[ACQUIRE_SEEN - 1], &sum);
        if (c.now.count != before + BLOCK)
            ends->at[ends->count++] = (metered + 1) * BLOCK - c.now.count;
    }
    for (int d = 0; d < DIRECTIONS; d++) {
        ends->vi += c.phase[0].direction[d].vi[0];
        ends->samples += c.total.direction[d].count;
    }
    ends->vi += c.now.vi[0];
    ends->samples += c.now.count;
}

static int64_t exact_vi(const struct waves *w)
{
    int64_t sum = 0;
    int32_t x[HAL_CHANNELS][BLOCK];

    for (int b = 0; b < BLOCKS; b++) {
        waves_fill(w, b * BLOCK, BLOCK, x);
        for (int n = 0; n < BLOCK; n++)
            sum += (int64_t)x[0][n] * x[3][n];
    }
    return sum;
}

/* The first sample after the k-th upward crossing of the tone at `degrees`. */
static void check_ends(const struct ends *ends, double hz, double degrees)
{
    int first = 3; /* the filter comes out of nothing */

    assert_true(ends->count > 4);
    for (int k = first; k < ends->count; k++) {
        long double turns =
            (long double)ends->at[k] * hz / HAL_SAMPLE_RATE + degrees / 360;
        long double past = turns - floorl(turns + 0.5L); /* turns after a crossing */
        long double samples = past * HAL_SAMPLE_RATE / hz;
        if (samples < -0.2L || samples > 1.2L)
            fail_msg("%.2f Hz: cycle %d starts %.2Lf samples after a crossing", hz, k,
                     samples);
    }
    if (hz > 60) /* then some blocks hold two ends, of which the last is seen */
        return;
    long double cycles = (long double)(ends->at[ends->count - 1] - ends->at[first]) *
                         hz / HAL_SAMPLE_RATE;
    assert_int_equal(ends->count - 1 - first, lrintl(cycles));
}

static void every_sample_belongs_to_one_cycle(void **state)
{
    static const double hz[] = { 45, 47.7, 50, 59.7, 60, 62.1, 65 };
    struct waves w;
    struct ends ends;

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(hz); k++) {
        waves_set_balanced(&w, hz[k], 277, 60, 30, 41.0 * k);
        run(&w, 7, &ends);
        assert_int_equal(ends.samples, BLOCKS * BLOCK);
        assert_true(ends.vi == exact_vi(&w));
        check_ends(&ends, hz[k], 41.0 * k);
    }
}

/* A raw comparator counts three crossings a cycle here. */
static void harmonics_make_no_crossings(void **state)
{
    static const double degrees[] = { 0, 90, 180, 270 };
    static const double hz[] = { 50, 59.9, 60 };
    struct waves w;
    struct ends ends;

    (void)state;
    for (unsigned j = 0; j < COUNT_OF(hz); j++)
        for (unsigned k = 0; k < COUNT_OF(degrees); k++) {
            waves_set_balanced(&w, hz[j], 230, 60, 30, 10);
            w.channel[0].tone[1] = (struct tone){ 11, 27.6, degrees[k] };
            w.channel[0].count = 2;
            run(&w, 7, &ends);
            check_ends(&ends, hz[j], 10);
        }
}

static void the_next_phase_takes_over(void **state)
{
    struct waves w;
    struct ends ends;

    (void)state;
    waves_set_balanced(&w, 60, 230, 60, 30, 5);
    w.channel[0].count = 0;
    run(&w, 7, &ends);
    check_ends(&ends, 60, 5 - 120);
    w.channel[1].count = 0;
    run(&w, 7, &ends);
    check_ends(&ends, 60, 5 - 240);
    w.channel[0].count = w.channel[1].count = 1; /* but a phase in use comes first */
    run(&w, 7, &ends);
    check_ends(&ends, 60, 5);
}

static void without_a_voltage_cycles_still_end(void **state)
{
    struct waves w;
    struct ends ends;

    (void)state;
    waves_set_balanced(&w, 60, 0, 60, 0, 5);
    run(&w, 7, &ends);
    assert_int_equal(ends.samples, BLOCKS * BLOCK);
    assert_true(ends.count > 100);
    for (int k = 1; k < ends.count; k++)
        assert_true(ends.at[k] - ends.at[k - 1] <= CYCLE_LONGEST + BLOCK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_belongs_to_one_cycle),
        cmocka_unit_test(harmonics_make_no_crossings),
        cmocka_unit_test(the_next_phase_takes_over),
        cmocka_unit_test(without_a_voltage_cycles_still_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
