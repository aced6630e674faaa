/* Exact values of a world: from its lines in closed form, or from samples of a
 * recording. Both fill the same sums; the definitions of the values stand in one place.
 */
#pragma once

#include "waveform/lines.h"
#include "waveform/waveform.h"

/* Mean squares and products of the voltages and currents that the wiring's elements
 * see, and the rms phasors of their fundamentals. All zeros to begin with. */
struct truth_sums {
    double v2[WAVEFORM_PHASES], vll2[WAVEFORM_PHASES], i2[WAVEFORM_PHASES];
    double p[WAVEFORM_PHASES];
    double v_re[WAVEFORM_PHASES], v_im[WAVEFORM_PHASES];
    double i_re[WAVEFORM_PHASES], i_im[WAVEFORM_PHASES];
};

struct truth_energy {
    double wh_import[WAVEFORM_PHASES], wh_export[WAVEFORM_PHASES];
    double wh_import_total, wh_export_total, varh_total;
};

/* A line of another order than those added before. DC is left out. */
void truth_add_line(struct truth_sums *sums, enum waveform_wiring wiring,
                    const struct waveform_line *line);

/* A sample of the six channels, DC taken off, that stands for `weight` of the time;
 * sine and cosine of the fundamental's phase there. */
void truth_add_sample(struct truth_sums *sums, enum waveform_wiring wiring,
                      const double x[WAVEFORM_CHANNELS], double sine, double cosine,
                      double weight);

/* The same of n samples (1…WAVEFORM_BLOCK) one after the other, to the same bits. */
struct truth_samples {
    double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    double weight[WAVEFORM_BLOCK], sine[WAVEFORM_BLOCK], cosine[WAVEFORM_BLOCK];
};
void truth_add_samples(struct truth_sums *sums, enum waveform_wiring wiring, int n,
                       const struct truth_samples *samples);

/* Adds the powers of the voltages of one line and the currents of another of its order:
 * active, and reactive where it is the fundamental. */
void truth_add_product(double p[WAVEFORM_PHASES], double q[WAVEFORM_PHASES],
                       enum waveform_wiring wiring, const struct waveform_line *v,
                       const struct waveform_line *i);

/* All of `truth` but the energies, which are set to 0. */
void truth_from_sums(const struct truth_sums *sums, enum waveform_wiring wiring,
                     double hz, struct waveform_truth *truth);

/* Adds `seconds` of the constant powers of `power`, by their signs. */
void truth_add_energy(struct truth_energy *energy, const struct waveform_truth *power,
                      double seconds);

void truth_set_energy(struct waveform_truth *truth, const struct truth_energy *energy);
