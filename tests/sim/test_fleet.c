/* Many units in one simulation: threads and slack change nothing in what a unit does.
 * Each unit has a tape, whose hash holds every sample, turn, request and answer. */
#include "sim/plant/demo.h"
#include "sim/plant/sim.h"
#include "sim/plant/workers.h"
#include "sim/record/tape_file.h"
#include "sim/serve/fleet.h"
#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { UNITS = 37, TURNS = 10000 };

#define SECOND_NS INT64_C(1000000000)

static void count_turn(void *user, int n)
{
    int *seen = user;

    g_atomic_int_inc(&seen[n]);
}

static void each_turn_is_taken_once(void **state)
{
    static int seen[TURNS];

    (void)state;
    for (int threads = 1; threads <= 5; threads++) {
        struct workers *w = workers_new(threads);
        for (int round = 0; round < 50; round++)
            workers_run(w, TURNS - 7 * round, count_turn, seen);
        workers_run(w, 0, count_turn, seen);
        workers_free(w);
    }
    for (int n = 0; n < TURNS - 7 * 49; n++)
        assert_int_equal(seen[n], 5 * 50);
    assert_int_equal(seen[TURNS - 1], 5);
}

static struct unit *taped_unit(int n, struct tape_file *tape)
{
    struct unit_options options = { .model = model_find(n % 3 ? "s4100" : "s4000r"),
                                    .wiring = WAVEFORM_WYE,
                                    .ct_primary_a = 200,
                                    .ct_output_v = 1,
                                    .pt_ratio = 1,
                                    .serial_number = (uint32_t)n,
                                    .seed = (uint64_t)n,
                                    .sink = tape ? tape_file_write : NULL,
                                    .sink_user = tape };
    struct unit *u = unit_new(&options, 0);
    struct demo d;
    struct waveform_grid grid;
    struct waveform_load load;

    demo_default(&d);
    d.amps = 10 + n;
    demo_grid(&d, &grid);
    demo_load(&d, &load);
    waveform_set_grid(u->world, &grid);
    waveform_set_load(u->world, &load);
    unit_set_fault(u, FAULT_ADC_NOISE, -1, n % 2 ? 10 : 0);
    unit_power(u, true);
    return u;
}

struct fleet {
    struct sim *sim;
    struct tape_file *tape[UNITS];
};

static void fleet_make(struct fleet *f, int workers, bool tapes)
{
    f->sim = sim_new();
    for (int n = 0; n < UNITS; n++) {
        f->tape[n] = tapes ? tape_file_open("-") : NULL;
        sim_add_unit(f->sim, taped_unit(n, f->tape[n]));
    }
    sim_set_workers(f->sim, workers);
}

static void lose_phases(void *user)
{
    struct fleet *f = user;

    for (int n = 0; n < UNITS; n += 2) {
        struct unit *u = sim_unit(f->sim, n);
        assert_int_equal(u->now_ns, sim_now(f->sim));
        unit_set_fault(u, FAULT_PHASE_LOSS, n % 3, 1);
    }
}

/* 3.3 s with an event; the hash of all units' tapes. */
static char *hash_of_fleet(int workers)
{
    GString *all = g_string_new(NULL);
    struct fleet f;

    fleet_make(&f, workers, true);
    sim_at(f.sim, SECOND_NS / 7, lose_phases, &f);
    for (int64_t t = 0; t < 33; t++)
        sim_run(f.sim, t * SECOND_NS / 10);
    for (int n = 0; n < UNITS; n++) {
        char hash[TAPE_FILE_HASH];
        assert_int_equal(tape_file_close(f.tape[n], hash), 0);
        g_string_append(all, hash);
    }
    sim_free(f.sim);
    return g_string_free(all, FALSE);
}

static void tapes_do_not_depend_on_the_number_of_workers(void **state)
{
    char *one = hash_of_fleet(1);

    (void)state;
    for (int workers = 2; workers <= 8; workers += 3) {
        char *many = hash_of_fleet(workers);
        assert_string_equal(one, many);
        g_free(many);
    }
    g_free(one);
}

static int read_all(struct unit *u, uint8_t answer[METER_PDU_MAX])
{
    const uint8_t request[5] = { 3, 0, 0, 0, 100 };

    return unit_request(u, request, sizeof request, answer);
}

static const int64_t slack_ns = SECOND_NS / 4;

/* Readings and energies of every unit at a time are those of units without slack. */
static void a_unit_behind_answers_as_of_now(void **state)
{
    struct fleet eager, slack;

    (void)state;
    fleet_make(&eager, 1, false);
    fleet_make(&slack, 2, false);
    sim_set_slack(slack.sim, slack_ns);
    for (int64_t t = 1; t <= 2100; t++) {
        int n = (int)(t * 5 % UNITS);
        uint8_t a[METER_PDU_MAX] = { 0 }, b[METER_PDU_MAX] = { 0 };
        sim_run(eager.sim, t * 2000000);
        sim_run(slack.sim, t * 2000000);
        struct unit *u = sim_unit(slack.sim, n);
        assert_int_equal(u->now_ns, t * 2000000);
        int size = read_all(sim_unit(eager.sim, n), a);
        assert_int_equal(read_all(u, b), size);
        assert_memory_equal(a, b, sizeof a);
    }
    sim_free(eager.sim);
    sim_free(slack.sim);
}

static void nobody_is_further_behind_than_the_slack(void **state)
{
    struct fleet f;
    int behind = 0;

    (void)state;
    fleet_make(&f, 1, false);
    struct unit *unit[UNITS];
    for (int n = 0; n < UNITS; n++)
        unit[n] = sim_unit(f.sim, n);
    sim_set_slack(f.sim, slack_ns);
    for (int64_t t = 1; t < 500; t++) {
        sim_run(f.sim, t * 2100000);
        for (int n = 0; n < UNITS; n++) {
            assert_true(unit[n]->now_ns + slack_ns + 2100000 >= sim_now(f.sim));
            behind += unit[n]->now_ns < sim_now(f.sim);
        }
    }
    assert_true(behind > 400 * UNITS); /* it is used */
    sim_settle(f.sim);
    for (int n = 0; n < UNITS; n++)
        assert_int_equal(unit[n]->now_ns, sim_now(f.sim));
    sim_free(f.sim);
}

static void events_find_all_units_at_their_time(void **state)
{
    struct fleet f;

    (void)state;
    fleet_make(&f, 2, false);
    struct unit *last = sim_unit(f.sim, UNITS - 1);
    sim_set_slack(f.sim, slack_ns);
    sim_at(f.sim, 123456789, lose_phases, &f);
    for (int64_t t = 1; t < 70; t++)
        sim_run(f.sim, t * 2000000);
    assert_true(last->now_ns >= 123456789);
    sim_free(f.sim);
}

static void all_cores_work_when_meters_times_speed_is_much(void **state)
{
    static const struct {
        int units;
        double speed; /* 0: as fast as possible */
        bool shared;
    } rows[] = { { 1, 1, false },    { 1, 1e6, false },  { 1, 0, false },
                 { 1000, 1, false }, { 1999, 1, false }, { 2000, 1, true },
                 { 33, 60, false },  { 34, 60, true },   { 1000, 60, true },
                 { 31, 0, false },   { 32, 0, true },    { 15808, 1, true } };

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(rows); k++)
        if (fleet_is_shared(rows[k].units, rows[k].speed) != rows[k].shared)
            fail_msg("%d meters at speed %g", rows[k].units, rows[k].speed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_turn_is_taken_once),
        cmocka_unit_test(tapes_do_not_depend_on_the_number_of_workers),
        cmocka_unit_test(a_unit_behind_answers_as_of_now),
        cmocka_unit_test(nobody_is_further_behind_than_the_slack),
        cmocka_unit_test(events_find_all_units_at_their_time),
        cmocka_unit_test(all_cores_work_when_meters_times_speed_is_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
