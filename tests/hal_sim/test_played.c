/* What ends between two samples: the exact energy is that of the sample sets that were
 * played, as the tape shows them. */
#include "tests/hal_sim/reel.h"
#include "waveform/event.h"

static struct reel reel;

static const double watts = 3 * 277 * 80 * 0.5; /* at 60° */

static struct unit *make(void)
{
    struct unit_options o = reel_unit(1);

    reel.size = 0;
    o.sink = reel_keep;
    o.sink_user = &reel;
    return unit_new(&o, 0);
}

static void set_world(struct unit *u, double amps)
{
    struct waveform_grid grid = { .hz = 60 };
    struct waveform_load load = { .ab = false };

    for (int k = 0; k < 3; k++) {
        grid.volts[k] = 277;
        grid.degrees[k] = -120 * k;
        load.amps[k] = amps;
        load.lag_degrees[k] = 60;
    }
    waveform_set_grid(u->world, &grid);
    waveform_set_load(u->world, &load);
}

/* Sample sets on the tape from `at` on: all of them, and those in which channels
 * `first` … first + 2 are not silent. */
struct played {
    int64_t all, loud;
};

static struct played count_played(size_t *at, int first)
{
    struct tape_record record;
    struct played played = { 0, 0 };

    while (reel_next(&reel, at, &record)) {
        int count = record.kind == TAPE_SAMPLES ? record.size / 24 : 0;
        for (int n = 0; n < count; n++) {
            bool loud = false;
            for (int ch = first; ch < first + 3; ch++)
                loud |= memcmp(record.data + (ch * count + n) * 4, "\0\0\0", 4) != 0;
            played.all++;
            played.loud += loud;
        }
    }
    return played;
}

static double truth_wh(const struct unit *u)
{
    struct waveform_truth t;

    waveform_truth(u->world, &t);
    return t.wh_import_total;
}

/* No whole number of samples: 253.26, 2.52, 0.756, 83.916, 2519.748. */
static const int64_t odd_ns[] = { 100500000, 1000000, 300000, 33300000, 999900000 };

/* A load for that long, then none: the exact energy is that of the samples that had the
 * current, not that of the duration. */
static void truth_is_of_the_samples_played(void **state)
{
    struct unit *u = make();
    size_t at = 0;
    int64_t now = 0;

    (void)state;
    unit_power(u, true);
    for (unsigned k = 0; k < COUNT_OF(odd_ns); k++) {
        const double before = truth_wh(u), asked = (double)odd_ns[k] * 2520e-9;
        set_world(u, 80);
        unit_advance(u, now += odd_ns[k]);
        set_world(u, 0);
        unit_advance(u, now += 777777777);
        int64_t loud = count_played(&at, WAVEFORM_IA).loud;
        assert_true(fabs((double)loud - asked) < 1);
        assert_near((truth_wh(u) - before) * 3600 * 2520 / watts, (double)loud, 1e-6);
    }
    unit_free(u);
}

/* The same of a sag to 0 V, which the world ends by itself. */
static void truth_is_of_the_samples_that_sagged(void **state)
{
    struct unit *u = make();
    size_t at = 0;
    int64_t now = 0;

    (void)state;
    set_world(u, 80);
    unit_power(u, true);
    for (unsigned k = 0; k < COUNT_OF(odd_ns); k++) {
        struct waveform_event sag = event_defaults(WAVEFORM_EVENT_SAG);
        const double before = truth_wh(u), asked = (double)odd_ns[k] * 2520e-9;
        sag.percent = 0;
        sag.duration_s = (double)odd_ns[k] * 1e-9;
        assert_int_equal(waveform_add_event(u->world, &sag), 0);
        unit_advance(u, now += 1777777777);
        struct played v = count_played(&at, WAVEFORM_VA);
        assert_true(v.loud < v.all && fabs((double)(v.all - v.loud) - asked) < 1);
        assert_near((truth_wh(u) - before) * 3600 * 2520 / watts, (double)v.loud, 1e-6);
    }
    unit_free(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(truth_is_of_the_samples_played),
        cmocka_unit_test(truth_is_of_the_samples_that_sagged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
