/* What moves in a stretch of samples: every layer's envelope over all of them, then the
 * lines, from waves that are the same for all lines of an order. See motion.h. */
#include "waveform/kernels.h"
#include "waveform/motion.h"

/* The n times of a stretch, and the sources' factors there. */
struct moments {
    int n;
    double t[WAVEFORM_BLOCK], factor[WAVEFORM_BLOCK][WAVEFORM_PHASES];
};

static void find_moments(const struct motion *m, const struct motion_stretch *s,
                         struct moments *at)
{
    at->n = s->n;
    kernel_times(s->begin_s, s->sample, s->rate, s->n, at->t);
    for (int k = 0; m->events > 0 && k < s->n; k++)
        for (int j = 0; j < WAVEFORM_PHASES; j++)
            at->factor[k][j] = motion_factor(m, j, at->t[k]);
}

static void drive_values(const struct motion_layer *layer, const struct moments *at,
                         double *drive)
{
    if (layer->drive) {
        load_drive_values(&layer->drive->drive[layer->branch], at->t, at->n, drive);
        return;
    }
    for (int k = 0; k < at->n; k++)
        drive[k] = 1;
}

/* Without events every factor is 1, nothing is a transient, and a law is a number. */
static void layer_values(const struct motion *m, const struct motion_layer *layer,
                         const struct moments *at, const double *drive, double *g)
{
    static const double one[WAVEFORM_PHASES] = { 1, 1, 1 };
    if (m->events == 0) {
        kernel_scale(drive, motion_driven_value(layer, one, 1, 0), at->n, g);
        return;
    }
    for (int k = 0; k < at->n; k++)
        g[k] = motion_driven_value(layer, at->factor[k], drive[k], at->t[k]);
}

static void add_line(const struct motion *m, const struct motion_line *l,
                     const struct motion_stretch *s, const double *g,
                     double x[][WAVEFORM_BLOCK])
{
    const double *sine = basis_sine(&m->basis, l->order) + s->from;
    const double *cosine = basis_cosine(&m->basis, l->order) + s->from;
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        if (l->seen.re[ch] != 0 || l->seen.im[ch] != 0)
            kernel_add_wave(g, sine, cosine, l->seen.re[ch], l->seen.im[ch], s->n,
                            x[ch] + s->at);
}

void motion_add_stretch(const struct motion *m, const struct motion_stretch *s,
                        double x[][WAVEFORM_BLOCK])
{
    double drive[MOTION_LAYERS][WAVEFORM_BLOCK], g[MOTION_LAYERS][WAVEFORM_BLOCK];
    struct moments at;
    find_moments(m, s, &at);
    for (int n = 0; n < m->layers; n++) {
        const struct motion_layer *layer = &m->layer[n];
        const double *own = layer->twin >= 0 ? drive[layer->twin] : drive[n];
        if (layer->twin < 0)
            drive_values(layer, &at, drive[n]);
        layer_values(m, layer, &at, own, g[n]);
    }
    for (int k = 0; k < m->lines; k++)
        add_line(m, &m->line[k], s, g[m->line[k].layer], x);
}
