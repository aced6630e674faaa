/* What the tests of loads share: a world of 100 V, loads of a size, samples to fill. */
#pragma once

#include "waveform/event.h"
#include "waveform/load_kind.h"
#include "waveform/load_part.h"
#include "waveform/profile.h"
#include "waveform/waveform.h"
#include <malloc.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define PI 3.14159265358979323846

enum { RATE = 2520 };

static const struct waveform_grid GRID = { .hz = 60,
                                           .volts = { 100, 100, 100 },
                                           .degrees = { 0, -120, 120 } };

static struct waveform_truth t;

static inline void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.17g is not %.17g", value, expected);
}

static inline struct waveform *new_world(enum waveform_wiring wiring)
{
    struct waveform *w = waveform_new(wiring);
    waveform_set_grid(w, &GRID);
    return w;
}

static inline void fill_samples(struct waveform *w, int64_t count)
{
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    while (count > 0) {
        int n = count < WAVEFORM_BLOCK ? (int)count : WAVEFORM_BLOCK;
        waveform_fill(w, n, x);
        count -= n;
    }
}

static inline struct waveform_load_spec load_of(enum waveform_load_kind kind,
                                                double amps)
{
    struct waveform_load_spec spec = load_defaults(kind);
    spec.amps = amps;
    return spec;
}

static inline void add(struct waveform *w, struct waveform_load_spec spec)
{
    assert_int_equal(waveform_add_load(w, &spec), 0);
}
