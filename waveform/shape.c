/* The integrals of the shapes, worked out. Angles go through turn_sin_cos, so the
 * coefficients are the same on every processor; the Fourier coefficients of the shapes
 * on a resistor are those of √2·sin θ, which makes 1 A rms of full conduction. */
#include "waveform/shape.h"
#include "waveform/base/constants.h"
#include <math.h>

void shape_add(struct shape *s, double order, double re, double im)
{
    if (s->count < s->capacity)
        s->line[s->count] = (struct shape_line){ order, re, im };
    s->count++;
}

static double sin_of(double degrees)
{
    double sine, cosine;
    turn_sin_cos(turn_from_ratio(degrees, 360).frac, &sine, &cosine);
    return sine;
}

static double cos_of(double degrees)
{
    return sin_of(degrees + 90);
}

/* The sign of the cosine series about the crest: + at 6k + 1, − at 6k − 1. At a crest
 * of an odd h, cos(h(θ − 90°)) is (−1)^((h−1)/2)·sin hθ; a delay turns it by h times.
 */
static void add_block(struct shape *s, int h, double sign, double delay)
{
    double amplitude = sign * (h % 4 == 1 ? 1 : -1) / h;
    shape_add(s, h, amplitude * cos_of(h * delay), -amplitude * sin_of(h * delay));
}

void shape_pulses(struct shape *s, int pulses, double delay_degrees, int orders)
{
    add_block(s, 1, 1, delay_degrees);
    for (int k = pulses; k - 1 <= orders; k += pulses) {
        add_block(s, k - 1, -1, delay_degrees);
        if (k + 1 <= orders)
            add_block(s, k + 1, 1, delay_degrees);
    }
}

/* ∫ cos(πx/β)·cos(hx) over the pulse, up to a factor; its limit where π/β meets h. */
static double pulse_integral(int h, double width_degrees)
{
    double p = 180 / width_degrees;
    if (fabs(p - h) < 1e-7)
        return PI / (4 * p) * 2;
    return 2 * p * cos_of(h * width_degrees / 2) / ((p - h) * (p + h));
}

void shape_rectifier(struct shape *s, double width_degrees, int orders)
{
    double first = pulse_integral(1, width_degrees);
    for (int h = 1; h <= orders; h += 2)
        shape_add(s, h,
                  (h % 4 == 1 ? 1 : -1) * pulse_integral(h, width_degrees) / first, 0);
}

void shape_phase_fired(struct shape *s, double angle_degrees, int orders)
{
    double sine = sin_of(angle_degrees);
    shape_add(s, 1, 1 - angle_degrees / 180 + sin_of(2 * angle_degrees) / (2 * PI),
              -sine * sine / PI);
    for (int h = 3; h <= orders; h += 2) {
        double less = (h - 1) * angle_degrees, more = (h + 1) * angle_degrees;
        shape_add(s, h, (sin_of(more) / (h + 1) - sin_of(less) / (h - 1)) / PI,
                  ((1 - cos_of(less)) / (h - 1) - (1 - cos_of(more)) / (h + 1)) / PI);
    }
}

void shape_half_wave(struct shape *s, int orders)
{
    shape_add(s, 0, SQRT2 / PI, 0);
    shape_add(s, 1, 0.5, 0);
    for (int h = 2; h <= orders; h += 2)
        shape_add(s, h, 0, -2 / (PI * (h - 1) * (h + 1)));
}

/* With the period of n = on + off cycles, line j stands at u = j/n. */
static void add_burst_line(struct shape *s, int j, int on, int n)
{
    double less = (double)(n - j) / n, more = (double)(n + j) / n;
    double less_degrees = 360.0 * on * (n - j) / n;
    double more_degrees = 360.0 * on * (n + j) / n;
    double scale = 1 / (2 * PI * n);
    shape_add(s, (double)j / n,
              scale * (sin_of(less_degrees) / less - sin_of(more_degrees) / more),
              scale * ((1 - cos_of(more_degrees)) / more +
                       (1 - cos_of(less_degrees)) / less));
}

void shape_burst(struct shape *s, int on, int off, int orders)
{
    int n = on + off;
    shape_add(s, 1, (double)on / n, 0);
    for (int64_t j = 1; off > 0 && j <= (int64_t)n * orders; j++)
        if (j % n != 0)
            add_burst_line(s, (int)j, on, n);
}

static void add_notch_line(struct shape *s, int h, double depth, double width,
                           double delay)
{
    double re = 0, im = 0, scale = -2 * depth / (PI * h);
    for (int k = 0; k < 2; k++) {
        double from = h * (30 + 120 * k + delay), to = from + h * width;
        re += scale * (cos_of(from) - cos_of(to));
        im += scale * (sin_of(to) - sin_of(from));
    }
    shape_add(s, h, re, im);
}

void shape_notches(struct shape *s, double depth, double width_degrees,
                   double delay_degrees, int orders)
{
    for (int h = 1; h <= orders; h += 2)
        add_notch_line(s, h, depth, width_degrees, delay_degrees);
}
