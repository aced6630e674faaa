/* Phasors of the three phases. Lengths and the angle between current and voltage come
 * from the meter's readings (P and Q: IEC 62053-24, a lagging current has Q above 0);
 * the angles between the voltages, which no reading has, from the newest samples. */
#include "gui/phasors.h"
#include "gui/samples.h"
#include <math.h>
#include <stdio.h>

static const double pi = 3.14159265358979;

/* The angle of the fundamental, radians. A Hann window makes whole periods unnecessary:
 * three periods or more keep the error below 0.1 degrees. */
static double angle_of(const int32_t *x, double hz)
{
    double re = 0, im = 0;

    for (int k = 0; k < SAMPLES; k++) {
        double t = 2 * pi * hz / HAL_SAMPLE_RATE * k;
        double weight = 1 - cos(2 * pi * (k + 0.5) / SAMPLES);
        re += weight * x[k] * cos(t);
        im -= weight * x[k] * sin(t);
    }
    return atan2(im, re);
}

static int ten_degrees(double radians)
{
    int a = (int)lrint(radians * 1800 / pi) % 3600;

    return a > 1800 ? a - 3600 : a <= -1800 ? a + 3600 : a;
}

/* Voltages against the first that is alive, radians; where they should be if unknown.
 */
static void voltage_angles(const struct unit *u, const struct device_phasors *s,
                           double angle[3])
{
    int32_t x[HAL_CHANNELS][SAMPLES];
    double hz = (double)s->uhz * 1e-6;
    double first = 0;
    bool found = false;

    for (int k = 0; k < 3; k++)
        angle[k] = -2 * pi / 3 * k;
    if (hz < 10 || samples_read(u, x) == 0)
        return;
    for (int k = 0; k < 3; k++) {
        if (s->v[k] == 0)
            continue;
        double a = angle_of(x[k], hz);
        if (!found)
            first = a + 2 * pi / 3 * k;
        found = true;
        angle[k] = a - first;
    }
}

static void put_degrees(char text[FORMAT_TEXT], int tenths)
{
    int size = tenths < 0 ? -tenths : tenths;

    snprintf(text, FORMAT_TEXT, "%s%d.%d°", tenths < 0 ? "−" : "", size / 10,
             size % 10);
}

static void format_texts(struct frame_phasor *f, const struct device_phasors *s, int k)
{
    format_micro_text(f->v, (int64_t)s->v[k], "V");
    format_micro_text(f->i, (int64_t)s->i[k], "A");
    format_micro_text(f->p, s->p[k], "W");
    format_micro_text(f->q, s->q[k], "var");
    if (s->s[k]) {
        double pf = (double)s->p[k] / (double)s->s[k];
        snprintf(f->pf, sizeof f->pf, "%s%.3f", pf < 0 ? "−" : "", fabs(pf));
    } else {
        snprintf(f->pf, sizeof f->pf, "–");
    }
    if (f->v_permil)
        put_degrees(f->v_degrees, f->v_angle);
    if (f->i_permil)
        put_degrees(f->i_degrees, f->i_angle);
}

static int permil(uint64_t x, uint64_t of)
{
    return of ? (int)((x * 1000 + of / 2) / of) : 0;
}

void phasors_read(struct frame *f, const struct unit *u)
{
    struct device_phasors last;
    const struct device_phasors *s = &last;
    double angle[3];
    uint64_t v = 0, i = 0;

    if (unit_seconds(u) == 0 || !u->device->kind->inside)
        return;
    u->device->kind->inside->phasors(u->device, &last);
    voltage_angles(u, s, angle);
    for (int k = 0; k < 3; k++) {
        v = s->v[k] > v ? s->v[k] : v;
        i = s->i[k] > i ? s->i[k] : i;
    }
    for (int k = 0; k < 3; k++) {
        struct frame_phasor *p = &f->phasor[k];
        if (!(f->phases >> k & 1))
            continue;
        double lag = atan2((double)s->q[k], (double)s->p[k]);
        p->v_permil = permil(s->v[k], v);
        p->i_permil = permil(s->i[k], i);
        p->v_angle = ten_degrees(angle[k]);
        p->i_angle = ten_degrees(angle[k] - lag);
        format_texts(p, s, k);
    }
}
