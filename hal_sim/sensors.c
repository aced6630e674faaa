/* Sensors and front end. See sensors.h. All arithmetic is + − × ÷ and comparison in
 * double, so the codes are the same on every processor. */
#include "hal_sim/sensors.h"
#include "waveform/turn.h"

static const double over_range = 1.2 * 1.4142135623730951; /* peak ÷ rated rms */
static const double rated_input_v = 347.0;

static const double integrator_hz = 0.3; /* corner of a rope CT's integrator */

void sensors_prepare(struct sensors *s, const struct faults *f, enum hal_ct_range range)
{
    const double range_v = range == HAL_CT_THIRD_V ? 1.0 / 3.0 : 1.0;
    const double codes_per_input_v = HAL_CODES / (HAL_VOLT_PEAK_DV / 10.0);
    const double codes_per_ct_v = HAL_CODES / (HAL_CURRENT_PEAK_PERMIL / 1000.0 * range_v);

    s->faults = f;
    s->codes_per_v = codes_per_input_v / s->pt_ratio;
    s->codes_per_a = codes_per_ct_v * s->ct_output_v / s->ct_primary_a;
    for (int k = 0; k < 3; k++) {
        s->offset[k] = f->value[FAULT_ADC_OFFSET_V][k] / 100 * HAL_CODES;
        s->offset[3 + k] = f->value[FAULT_ADC_OFFSET_I][k] / 100 * HAL_CODES;
    }
    s->noise_codes = f->value[FAULT_ADC_NOISE][0];
}

struct gain {
    double re, im;
};

static struct gain multiply(struct gain a, struct gain b)
{
    return (struct gain){ a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re };
}

/* One pole: 1 ÷ (1 + j·f/corner). */
static struct gain low_pass(double hz, double corner)
{
    double x = hz / corner, size = 1 + x * x;
    return (struct gain){ 1 / size, -x / size };
}

/* j·f ÷ (j·f + corner): the integrator of a rope CT after its H·di/dt; leads. */
static struct gain integrator(double hz)
{
    double x, size;

    if (hz == 0)
        return (struct gain){ 0, 0 };
    x = integrator_hz / hz;
    size = 1 + x * x;
    return (struct gain){ 1 / size, x / size };
}

static struct gain lead(double degrees)
{
    struct gain g;
    turn_sin_cos(turn_from_ratio(degrees, 360).frac, &g.im, &g.re);
    return g;
}

/* Without a neutral the meter's N terminal floats at the mean of its connected inputs:
 * equal resistors of 2.5 MΩ to one star point. */
static void connect_voltages(const struct sensors *s, struct gain gain,
                             double re[][WAVEFORM_CHANNELS],
                             double im[][WAVEFORM_CHANNELS])
{
    static const uint8_t inputs_of[] = { [WAVEFORM_AN] = 1, [WAVEFORM_AB] = 2,
                                         [WAVEFORM_ABN] = 2, [WAVEFORM_DELTA] = 3,
                                         [WAVEFORM_WYE] = 3 };
    int inputs = inputs_of[s->wiring];
    bool star = s->wiring == WAVEFORM_AB || s->wiring == WAVEFORM_DELTA;

    for (int ch = 0; ch < inputs; ch++)
        for (int k = 0; k < inputs; k++) {
            double share = (ch == k) - (star ? 1.0 / inputs : 0);
            re[ch][k] = share * gain.re * s->codes_per_v;
            im[ch][k] = share * gain.im * s->codes_per_v;
        }
}

/* What one current input makes of its conductor. A CT passes no DC. */
static struct gain current_gain(const struct sensors *s, int k, double hz)
{
    const struct faults *f = s->faults;
    double ratio = (1 + f->value[FAULT_CT_RATIO_ERROR][k] / 100) * s->codes_per_a;
    double minutes = f->value[FAULT_CT_PHASE_ERROR][k];
    struct gain gain = { ratio, 0 };

    if (f->value[FAULT_CT_OPEN][k] != 0 || hz == 0)
        return (struct gain){ 0, 0 };
    if (f->value[FAULT_CT_REVERSED][k] != 0)
        gain.re = -gain.re;
    if (minutes != 0)
        gain = multiply(gain, lead(minutes / 60 * 60 / hz));
    return s->rope ? multiply(gain, integrator(hz)) : gain;
}

void sensors_view(void *user, double hz, double re[][WAVEFORM_CHANNELS],
                  double im[][WAVEFORM_CHANNELS])
{
    const struct sensors *s = user;
    struct gain filter = low_pass(hz, SENSORS_ANTIALIAS_HZ);

    connect_voltages(s, filter, re, im);
    for (int k = 0; k < 3; k++) {
        struct gain gain = multiply(current_gain(s, k, hz), filter);
        int conductor = (int)s->faults->value[FAULT_CT_SWAPPED][k];
        conductor = conductor ? conductor - 1 : k;
        re[3 + k][3 + conductor] = gain.re;
        im[3 + k][3 + conductor] = gain.im;
    }
}

static uint64_t next_random(uint64_t *state) /* splitmix64 */
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* Sum of four uniform 16-bit numbers: mean 0, variance 4 · (65536² − 1) / 12. */
static double next_noise(struct sensors *s)
{
    uint64_t r = next_random(&s->noise_state);
    int32_t sum = (int32_t)((r & 0xFFFF) + (r >> 16 & 0xFFFF) + (r >> 32 & 0xFFFF) +
                            (r >> 48)) -
                  2 * 65535;
    return sum * (s->noise_codes / 37837.22);
}

static double limit(double x, double most)
{
    x = x > most ? most : x;
    return x < -most ? -most : x;
}

/* The multiplication by the magic number rounds to nearest even without a call. */
static int32_t round_to_code(double x)
{
    const double magic = 6755399441055744.0; /* 1.5 · 2^52 */
    x = limit(x, HAL_CODES - 1);
    return (int32_t)((x + magic) - magic);
}

void sensors_convert(struct sensors *s, int n, double x[][WAVEFORM_BLOCK],
                     int32_t codes[][WAVEFORM_BLOCK])
{
    const double clip_v = over_range * rated_input_v / (HAL_VOLT_PEAK_DV / 10.0) * HAL_CODES;
    const double clip_i = over_range / (HAL_CURRENT_PEAK_PERMIL / 1000.0) * HAL_CODES;

    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        const double offset = s->offset[ch], clip = ch < 3 ? clip_v : clip_i;
        for (int t = 0; t < n; t++)
            x[ch][t] = limit(x[ch][t], clip) + offset;
    }
    if (s->noise_codes > 0)
        for (int t = 0; t < n; t++)
            for (int ch = 0; ch < HAL_CHANNELS; ch++)
                x[ch][t] += next_noise(s);
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        for (int t = 0; t < n; t++)
            codes[ch][t] = round_to_code(x[ch][t]);
}
