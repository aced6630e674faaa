/* Sensors and front end: preparation and conversion. See sensors.h. All arithmetic on
 * samples is + − × ÷ √ and comparison in double, so the codes are the same on every
 * processor. */
#include "hal_sim/sensors.h"
#include "hal_sim/sensors_view.h"
#include <math.h>
#include <string.h>

/* A core starts, or goes on; new remanence is put into it at once. */
static void prepare_core(struct sensors *s, int k)
{
    const struct faults *f = s->faults;
    struct ct_core *core = &s->core[k];
    double remanence = f->value[FAULT_CT_REMANENCE][k];
    bool starts = !(s->saturating >> k & 1);

    if (starts)
        ct_core_start(core);
    ct_core_prepare(core, f->value[FAULT_CT_SATURATION][k],
                    sensors_ct_tangent(s, k, sensors_ct_minutes(s, k)),
                    f->value[FAULT_CT_DC][k] / 100, sensors_codes_at_rated(s, k));
    ct_core_set_hysteresis(
        core, fmax(f->value[FAULT_CT_HYSTERESIS][k], fabs(remanence)) / 100);
    if (starts || remanence != s->remanence[k])
        ct_core_magnetise(core, remanence / 100);
    s->saturating |= (uint8_t)(1 << k);
}

static bool has_core(const struct sensors *s, int k)
{
    const struct faults *f = s->faults;
    return f->value[FAULT_CT_SATURATION][k] > 0 && f->value[FAULT_CT_OPEN][k] == 0 &&
           f->value[FAULT_CT_SHORTED][k] == 0 && !s->rope && !(s->destroyed >> k & 1);
}

static void prepare_class(struct sensors *s, int k)
{
    double value = s->faults->value[FAULT_CT_CLASS][k];

    ct_class_prepare(&s->error[k], value, s->codes_per_a * s->ct_primary_a);
    s->classed &= (uint8_t) ~(1 << k);
    if (value != 0)
        s->classed |= (uint8_t)(1 << k);
}

void sensors_prepare(struct sensors *s, const struct faults *f, enum hal_ct_range range)
{
    const double range_v = range == HAL_CT_THIRD_V ? 1.0 / 3.0 : 1.0;
    const double codes_per_input_v = HAL_CODES / (HAL_VOLT_PEAK_DV / 10.0);
    const double codes_per_ct_v =
        HAL_CODES / (HAL_CURRENT_PEAK_PERMIL / 1000.0 * range_v);

    s->faults = f;
    s->range = range;
    s->codes_per_v = codes_per_input_v / s->pt_ratio;
    s->codes_per_a = codes_per_ct_v * s->ct_output_v / s->ct_primary_a;
    adc_prepare(&s->adc, f);
    for (int k = 0; k < 3; k++) {
        if (f->value[FAULT_CT_CURRENT_OUTPUT][k] != 0)
            s->destroyed |= (uint8_t)(1 << k);
        if (has_core(s, k))
            prepare_core(s, k);
        else
            s->saturating &= (uint8_t) ~(1 << k);
        s->remanence[k] = f->value[FAULT_CT_REMANENCE][k];
        prepare_class(s, k);
    }
}

static void run_cores(struct sensors *s, int n, double x[][WAVEFORM_BLOCK])
{
    struct ct_core *core[3];
    double *wave[3];
    int cores = 0;

    for (int k = 0; s->saturating >> k; k++)
        if (s->saturating >> k & 1) {
            core[cores] = &s->core[k];
            wave[cores++] = x[3 + k];
        }
    if (cores > 0)
        ct_core_run(core, cores, n, wave);
}

void sensors_convert(struct sensors *s, int n, double x[][WAVEFORM_BLOCK],
                     int32_t codes[][WAVEFORM_BLOCK])
{
    run_cores(s, n, x);
    for (int k = 0; s->classed >> k; k++)
        if (s->classed >> k & 1)
            ct_class_run(&s->error[k], n, x[3 + k]);
    for (int ch = 0; ch < 3; ch++)
        if (s->faults->value[FAULT_ADC_DEAD_V][ch] != 0)
            memset(x[ch], 0, (size_t)n * sizeof *x[ch]);
    adc_convert(&s->adc, &s->noise_state, n, x, codes);
}
