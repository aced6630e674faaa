/* Instructions that take time, and what is read off them. */
#include "hal_sim/image/cpu_figures.h"
#include "hal_sim/image/machine.h"
#include "waveform/base/store.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Of 154.8288 MHz. */
enum { CLOCK_FS = 6458747 };

static struct cpu_time with(uint32_t least, uint32_t most, uint64_t seed)
{
    struct cpu_time t = { .cycles = { least, most } };

    cpu_time_start(&t, seed);
    return t;
}

static int64_t blocks(struct cpu_time *t, int count)
{
    int64_t ns = 0;

    while (count--)
        ns += cpu_time_block(t, 7, CLOCK_FS);
    return ns;
}

static void no_ns_is_lost(void **state)
{
    struct cpu_time t = with(1900, 1900, 1);

    (void)state;
    assert_int_equal(blocks(&t, 1000000), 85901335); /* 13.3 M cycles × 6.458747 ns */
    assert_int_equal(t.instructions, 7000000);
    assert_int_equal(t.blocks, 1000000);
}

static void a_range_is_used_whole_and_evenly(void **state)
{
    struct cpu_time t = with(1000, 3000, 1);
    int64_t least = INT64_MAX, most = 0;

    (void)state;
    for (int k = 0; k < 100000; k++) {
        const int64_t ns = cpu_time_block(&t, 1000, CLOCK_FS);
        least = ns < least ? ns : least;
        most = ns > most ? ns : most;
    }
    assert_in_range(least, 6458, 6480);
    assert_in_range(most, 19360, 19377);
    t = with(1000, 3000, 1);
    assert_in_range(blocks(&t, 1000000) / 1000, 90300, 90550); /* mean 2.0 */
}

static void a_seed_decides(void **state)
{
    struct cpu_time a = with(1200, 2600, 5), b = with(1200, 2600, 5),
                    c = with(1200, 2600, 6);

    (void)state;
    assert_int_equal(blocks(&a, 1000), blocks(&b, 1000));
    assert_memory_equal(&a, &b, sizeof a);
    assert_int_not_equal(blocks(&a, 1000), blocks(&c, 1000));
}

static void a_snapshot_goes_on_and_keeps_its_limits(void **state)
{
    struct cpu_time a = with(1200, 2600, 5), b = with(1200, 2600, 9);
    struct store saved = { .loading = false };

    (void)state;
    blocks(&a, 1000);
    cpu_time_store(&a, &saved);
    struct store s = store_load(saved.byte, saved.size);
    cpu_time_store(&b, &s);
    assert_true(store_loaded(&s));
    assert_int_equal(blocks(&a, 1000), blocks(&b, 1000));
    memset(saved.byte, 0xFF, saved.size);
    s = store_load(saved.byte, saved.size);
    cpu_time_store(&b, &s);
    assert_true(s.failed);
    store_free(&saved);
}

static struct machine *machine_at(int64_t now_ns)
{
    struct machine *m = calloc(1, sizeof *m);

    assert_non_null(m);
    m->flash = calloc(1, 4);
    m->ram = calloc(1, MACHINE_RAM_SIZE);
    assert_true(m->flash && m->ram);
    memcpy(m->flash, (const uint8_t[]){ 0, 1, 0, 0x20 }, 4); /* stack: 256 bytes */
    m->soc.now_ns = now_ns;
    m->soc.usart.told_baud = 19200;
    cpu_figures_start(&m->figures);
    return m;
}

static void free_machine(struct machine *m)
{
    free(m->flash);
    free(m->ram);
    free(m);
}

static void happen(struct machine *m, int64_t now_ns, enum meter_board_event event)
{
    m->soc.now_ns = now_ns;
    cpu_figures_event(&m->figures, &m->soc, event);
}

static void what_is_before_the_main_loop_does_not_count(void **state)
{
    struct machine *m = machine_at(0);
    struct device_figure f[DEVICE_FIGURES];

    (void)state;
    happen(m, 1000, METER_BOARD_READY);
    happen(m, 3000, METER_BOARD_SELECTED);
    assert_int_equal(cpu_figures_list(&m->figures, m, f), 0);
    free_machine(m);
}

static void latencies_are_from_the_first_edge_and_once(void **state)
{
    struct machine *m = machine_at(0);
    const struct cpu_range *r = m->figures.latency;

    (void)state;
    cpu_figures_wait(&m->figures, m);
    happen(m, 1000, METER_BOARD_READY);
    happen(m, 398000, METER_BOARD_READY);
    happen(m, 399000, METER_BOARD_SELECTED);
    happen(m, 500000, METER_BOARD_SELECTED);
    assert_int_equal(r[CPU_SELECT].count, 1);
    assert_int_equal(r[CPU_SELECT].most, 398000);
    happen(m, 1000000, METER_BOARD_RECEIVED);
    happen(m, 1000000 + 2005208 + 700, METER_BOARD_DRIVES); /* 3.5 × 11 ÷ 19200 */
    assert_int_equal(r[CPU_ANSWER].most, 700);
    happen(m, 9000000, METER_BOARD_SENT);
    happen(m, 9001500, METER_BOARD_LETS_GO);
    assert_int_equal(r[CPU_LET_GO].least, 1500);
    free_machine(m);
}

static void load_is_what_does_not_wait(void **state)
{
    struct machine *m = machine_at(0);
    struct device_figure f[DEVICE_FIGURES];

    (void)state;
    cpu_figures_wait(&m->figures, m);
    for (int k = 1; k <= 10; k++) {
        m->soc.now_ns = k * INT64_C(250000000) - 10000000; /* 10 of 250 ms are busy */
        cpu_figures_wake(&m->figures, m);
        m->soc.now_ns += 10000000;
        cpu_figures_wait(&m->figures, m);
    }
    memset(m->ram, 0xA5, 100);
    const int count = cpu_figures_list(&m->figures, m, f);
    assert_string_equal(f[CPU_LATENCIES].unit, "%");
    assert_int_equal(f[CPU_LATENCIES].count, 2);
    assert_true(f[CPU_LATENCIES].mean > 3.999 && f[CPU_LATENCIES].mean < 4.001);
    assert_true(f[count - 1].mean == 156); /* of the stack */
    free_machine(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_ns_is_lost),
        cmocka_unit_test(a_range_is_used_whole_and_evenly),
        cmocka_unit_test(a_seed_decides),
        cmocka_unit_test(a_snapshot_goes_on_and_keeps_its_limits),
        cmocka_unit_test(what_is_before_the_main_loop_does_not_count),
        cmocka_unit_test(latencies_are_from_the_first_edge_and_once),
        cmocka_unit_test(load_is_what_does_not_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
