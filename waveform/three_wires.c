/* The triangle of three currents. See three_wires.h. Angles by turn.h and roots alone,
 * because samples are made of them. */
#include "waveform/three_wires.h"
#include "waveform/base/constants.h"
#include "waveform/grid.h"
#include <math.h>

static const double CLOSED = 1e-9; /* of the max: a sum that is all rounding */

static struct phasor at_angle(double size, double degrees)
{
    struct phasor p;
    turn_sin_cos(grid_signed_turns(degrees, 360).frac, &p.im, &p.re);
    return (struct phasor){ size * p.re, size * p.im };
}

static struct phasor conjugate(struct phasor a)
{
    return (struct phasor){ a.re, -a.im };
}

static double size_of(struct phasor a)
{
    return sqrt(phasor_square(a));
}

static struct phasor sum_of(const struct phasor x[WAVEFORM_PHASES])
{
    return phasor_add(phasor_add(x[0], x[1]), x[2]);
}

static bool sums_to_zero(const struct phasor x[WAVEFORM_PHASES])
{
    double max = fmax(size_of(x[0]), fmax(size_of(x[1]), size_of(x[2])));
    return size_of(sum_of(x)) <= CLOSED * max;
}

static void star_phasors(const struct waveform_grid *grid,
                         struct phasor volts[WAVEFORM_PHASES])
{
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        volts[k] = at_angle(grid->volts[k], grid->degrees[k]);
    if (sums_to_zero(volts))
        return;
    struct phasor sum = sum_of(volts);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        volts[k].re -= sum.re / 3;
        volts[k].im -= sum.im / 3;
    }
}

void three_wires_star(const struct waveform_grid *grid, double volts[WAVEFORM_PHASES],
                      struct turn angle[WAVEFORM_PHASES])
{
    struct phasor own[WAVEFORM_PHASES], star[WAVEFORM_PHASES];
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        own[k] = at_angle(grid->volts[k], grid->degrees[k]);
    bool moved = !sums_to_zero(own);
    star_phasors(grid, star);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        volts[k] = moved ? size_of(star[k]) : grid->volts[k];
        angle[k] = moved ? turn_from_vector(star[k].re, star[k].im)
                         : turn_from_ratio(grid->degrees[k], 360);
    }
}

/* Law of cosines; `side`: 1 or −1, which way round. */
static void triangle(const double amps[WAVEFORM_PHASES], double side,
                     struct phasor i[WAVEFORM_PHASES])
{
    double product = 2 * amps[0] * amps[1], cosine = 1;
    if (product > 0)
        cosine = (amps[2] * amps[2] - amps[0] * amps[0] - amps[1] * amps[1]) / product;
    cosine = fmax(-1, fmin(1, cosine));
    i[0] = (struct phasor){ amps[0], 0 };
    i[1] =
        (struct phasor){ amps[1] * cosine, side * amps[1] * sqrt(1 - cosine * cosine) };
    i[2] = (struct phasor){ -i[0].re - i[1].re, -i[0].im - i[1].im };
}

/* ΣV·I* of what is asked for and of what is there, as one phasor: real where they
 * agree. */
static struct phasor match(const struct phasor volts[WAVEFORM_PHASES],
                           const double lag[WAVEFORM_PHASES],
                           const struct phasor i[WAVEFORM_PHASES])
{
    struct phasor sum = { 0, 0 };
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        struct phasor wanted = phasor_multiply(volts[k], at_angle(1, -lag[k]));
        sum = phasor_add(sum, phasor_multiply(i[k], conjugate(wanted)));
    }
    return sum;
}

static void turn_triangle(const struct phasor volts[WAVEFORM_PHASES],
                          const struct waveform_load *load,
                          struct phasor i[WAVEFORM_PHASES])
{
    struct phasor other[WAVEFORM_PHASES];
    triangle(load->amps, -1, i);
    triangle(load->amps, 1, other);
    struct phasor fit = match(volts, load->lag_degrees, i);
    struct phasor fit_other = match(volts, load->lag_degrees, other);
    bool mirror = phasor_square(fit_other) > phasor_square(fit);
    double size = size_of(mirror ? fit_other : fit);
    for (int k = 0; k < WAVEFORM_PHASES && size > 0; k++)
        i[k] = phasor_divide(phasor_multiply(mirror ? other[k] : i[k],
                                             conjugate(mirror ? fit_other : fit)),
                             (struct phasor){ size, 0 });
}

static void currents(const struct waveform_load *load,
                     const struct turn angle[WAVEFORM_PHASES],
                     struct phasor i[WAVEFORM_PHASES])
{
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        struct phasor at;
        turn_sin_cos(angle[k].frac, &at.im, &at.re);
        i[k] = phasor_multiply(at_angle(load->amps[k], -load->lag_degrees[k]), at);
    }
}

void three_wires_close(const struct waveform_grid *grid, struct waveform_load *load)
{
    struct phasor volts[WAVEFORM_PHASES], i[WAVEFORM_PHASES];
    struct turn angle[WAVEFORM_PHASES];
    double size[WAVEFORM_PHASES];
    three_wires_star(grid, size, angle);
    currents(load, angle, i);
    if (sums_to_zero(i))
        return;
    star_phasors(grid, volts);
    turn_triangle(volts, load, i);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        struct turn own = turn_from_vector(i[k].re, i[k].im);
        if (phasor_square(i[k]) > 0)
            load->lag_degrees[k] =
                (double)(int64_t)(angle[k].frac - own.frac) * (360 / TWO_TO_64);
    }
}

double three_wires_sum(const struct waveform_grid *grid,
                       const struct waveform_load *load)
{
    struct phasor i[WAVEFORM_PHASES];
    struct turn angle[WAVEFORM_PHASES];
    double size[WAVEFORM_PHASES];
    three_wires_star(grid, size, angle);
    currents(load, angle, i);
    return size_of(sum_of(i));
}

double three_wires_excess(const double amps[WAVEFORM_PHASES])
{
    double sum = amps[0] + amps[1] + amps[2];
    double max = fmax(amps[0], fmax(amps[1], amps[2]));
    double excess = 2 * max - sum;
    return excess > 1e-6 * max ? excess : 0;
}

static struct phasor harmonic_of(const struct waveform_load *load, int k,
                                 struct turn volts, double order)
{
    const struct waveform_harmonics *h = &load->harmonics[k];
    struct turn own = turn_sub(volts, grid_signed_turns(load->lag_degrees[k], 360));
    struct phasor sum = { 0, 0 }, at;
    for (int n = 0; n < h->count; n++) {
        double amps = load->amps[k] * h->item[n].percent / 100;
        turn_sin_cos(turn_multiply(own, order) +
                         grid_signed_turns(h->item[n].degrees, 360).frac,
                     &at.im, &at.re);
        if (h->item[n].order == order)
            sum = phasor_add(sum, (struct phasor){ amps * at.re, amps * at.im });
    }
    return sum;
}

double three_wires_harmonic_sum(const struct waveform_grid *grid,
                                const struct waveform_load *load, double *order)
{
    struct turn angle[WAVEFORM_PHASES];
    double size[WAVEFORM_PHASES], max = 0;
    three_wires_star(grid, size, angle);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        for (int n = 0; n < load->harmonics[k].count; n++) {
            double one = load->harmonics[k].item[n].order;
            struct phasor sum = { 0, 0 };
            for (int j = 0; j < WAVEFORM_PHASES; j++)
                sum = phasor_add(sum, harmonic_of(load, j, angle[j], one));
            if (size_of(sum) <= max)
                continue;
            max = size_of(sum);
            *order = one;
        }
    return max;
}

double three_wires_watts(const struct waveform_grid *grid,
                         const struct waveform_load *load)
{
    struct turn angle[WAVEFORM_PHASES];
    double volts[WAVEFORM_PHASES], watts = 0;
    three_wires_star(grid, volts, angle);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        watts += volts[k] * at_angle(load->amps[k], load->lag_degrees[k]).re;
    return watts;
}

static void add_to(struct waveform_line *line, int wire, struct phasor x)
{
    line->re[WAVEFORM_IA + wire] += x.re;
    line->im[WAVEFORM_IA + wire] += x.im;
}

static struct phasor current_of(const struct waveform_line *line, int wire)
{
    return (struct phasor){ line->re[WAVEFORM_IA + wire],
                            line->im[WAVEFORM_IA + wire] };
}

void three_wires_line(struct waveform_line *line, const bool lost[WAVEFORM_PHASES])
{
    struct phasor i[WAVEFORM_PHASES];
    int cut = lost[0] + lost[1] + lost[2], gone = lost[0] ? 0 : lost[1] ? 1 : 2;
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        i[k] = current_of(line, k);
    if (cut == 0 && sums_to_zero(i))
        return;
    struct phasor sum = sum_of(i);
    int from = (gone + 1) % WAVEFORM_PHASES, to = (gone + 2) % WAVEFORM_PHASES;
    struct phasor between = phasor_sub(i[from], i[to]);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        double sign = k == from ? 1 / 3. : k == to ? -1 / 3. : 0;
        struct phasor own = { between.re * sign, between.im * sign };
        if (cut == 0)
            own = (struct phasor){ i[k].re - sum.re / 3, i[k].im - sum.im / 3 };
        else if (cut > 1)
            own = (struct phasor){ 0, 0 };
        add_to(line, k, phasor_sub(own, i[k]));
    }
}
