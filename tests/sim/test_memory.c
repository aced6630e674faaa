/* What a live meter needs, in bytes that were allocated, blocks' headers with them: a
 * plain one, one with a drawn load, and that none grows while it runs. What it has in
 * time of need (harmonics, a table of faults) comes and goes. */
#include "sim/plant/demo.h"
#include "sim/plant/plant.h"
#include "sim/plant/sim.h"
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { METERS = 40, KIB = 1024, HEADER = sizeof(size_t) };

#define SECOND_NS INT64_C(1000000000)

/* Of all libraries of the project: the linker turns their calls here (CMakeLists.txt). */
static size_t allocated;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *old);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void __wrap_free(void *old);

static void *counted(void *new)
{
    allocated += new ? malloc_usable_size(new) + HEADER : 0;
    return new;
}

static void discount(void *old)
{
    allocated -= old ? malloc_usable_size(old) + HEADER : 0;
}

void *__wrap_malloc(size_t size)
{
    return counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
    discount(old);
    return counted(__real_realloc(old, size));
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return counted(__real_aligned_alloc(alignment, size));
}

void __wrap_free(void *old)
{
    discount(old);
    __real_free(old);
}

static size_t before;

static double each(void)
{
    return (double)(allocated - before) / METERS;
}

static struct sim *fleet(bool drawn)
{
    struct demo d;

    before = allocated;
    demo_default(&d);
    struct sim *s = sim_new();
    for (unsigned n = 0; n < METERS; n++)
        sim_add_unit(s, demo_unit(&d, n));
    if (drawn) {
        struct plant *p = plant_new(s, &d);
        plant_draw(p, 1);
        plant_free(p);
    }
    sim_run(s, 2 * SECOND_NS);
    return s;
}

static void check_meter(bool drawn, int kib)
{
    struct sim *s = fleet(drawn);
    const double start = each();

    print_message("          %s: %.0f bytes a meter\n", drawn ? "drawn" : "plain",
                  start);
    assert_true(start > sizeof(struct unit) && start <= kib * KIB);
    sim_run(s, 62 * SECOND_NS);
    assert_true(each() <= start);
    sim_free(s);
    assert_int_equal(allocated, before);
}

static void a_plain_meter(void **state)
{
    (void)state;
    check_meter(false, 18);
}

static void a_meter_with_a_drawn_load(void **state)
{
    (void)state;
    check_meter(true, 20);
}

/* By a world whose blocks no longer begin with the meter's: neither has its own. */
static void a_meter_whose_load_changed_in_a_block(void **state)
{
    struct sim *s = fleet(false);
    const double start = each();

    (void)state;
    for (int n = 0; n < METERS; n++) {
        sim_run(s, sim_now(s) + SECOND_NS / 100);
        const struct waveform_load load = waveform_load(sim_unit(s, n)->world);
        waveform_set_load(sim_unit(s, n)->world, &load);
    }
    sim_run(s, sim_now(s) + 2 * SECOND_NS);
    assert_true(each() <= start);
    sim_free(s);
}

static void a_fault_that_is_over_leaves_nothing(void **state)
{
    struct sim *s = fleet(false);
    const double start = each();

    (void)state;
    for (int n = 0; n < METERS; n++)
        unit_set_fault(sim_unit(s, n), FAULT_CT_REVERSED, 1, 1);
    sim_run(s, sim_now(s) + SECOND_NS);
    assert_true(each() >= start + sizeof(struct faults));
    for (int n = 0; n < METERS; n++)
        unit_set_fault(sim_unit(s, n), FAULT_CT_REVERSED, 1, 0);
    sim_run(s, sim_now(s) + SECOND_NS);
    assert_true(each() <= start);
    sim_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_meter),
        cmocka_unit_test(a_meter_with_a_drawn_load),
        cmocka_unit_test(a_meter_whose_load_changed_in_a_block),
        cmocka_unit_test(a_fault_that_is_over_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
