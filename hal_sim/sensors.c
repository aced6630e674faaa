/* Sensors and front end. See sensors.h. All arithmetic is + − × ÷ and comparison in
 * double, so the codes are the same on every processor. */
#include "hal_sim/sensors.h"

static const double over_range = 1.2 * 1.4142135623730951; /* peak ÷ rated rms */
static const double rated_input_v = 347.0;

void sensors_prepare(struct sensors *s, const struct faults *f, enum hal_ct_range range)
{
    const double range_v = range == HAL_CT_THIRD_V ? 1.0 / 3.0 : 1.0;
    const double codes_per_input_v = HAL_CODES / (HAL_VOLT_PEAK_DV / 10.0);
    const double codes_per_ct_v = HAL_CODES / (HAL_CURRENT_PEAK_PERMIL / 1000.0 * range_v);

    for (int k = 0; k < 3; k++) {
        double ratio = 1 + f->value[FAULT_CT_RATIO_ERROR][k] / 100;
        if (f->value[FAULT_CT_REVERSED][k] != 0)
            ratio = -ratio;
        if (f->value[FAULT_CT_OPEN][k] != 0)
            ratio = 0;
        s->gain[k] = codes_per_input_v / s->pt_ratio;
        s->gain[3 + k] = codes_per_ct_v * s->ct_output_v / s->ct_primary_a * ratio;
        s->offset[k] = f->value[FAULT_ADC_OFFSET_V][k] / 100 * HAL_CODES;
        s->offset[3 + k] = f->value[FAULT_ADC_OFFSET_I][k] / 100 * HAL_CODES;
    }
    s->noise_codes = f->value[FAULT_ADC_NOISE][0];
}

/* Without a neutral the meter's N terminal floats at the mean of its connected inputs:
 * three equal resistors of 2.5 MΩ to one star point. */
static void float_star_point(int n, int inputs, double x[][WAVEFORM_BLOCK])
{
    for (int t = 0; t < n; t++) {
        double star = inputs == 3 ? (x[0][t] + x[1][t] + x[2][t]) / 3
                                  : (x[0][t] + x[1][t]) / 2;
        for (int k = 0; k < inputs; k++)
            x[k][t] -= star;
    }
    for (int k = inputs; k < 3; k++)
        for (int t = 0; t < n; t++)
            x[k][t] = 0;
}

static void disconnect(int n, int first, double x[][WAVEFORM_BLOCK])
{
    for (int k = first; k < 3; k++)
        for (int t = 0; t < n; t++)
            x[k][t] = 0;
}

static void connect_inputs(const struct sensors *s, int n, double x[][WAVEFORM_BLOCK])
{
    switch (s->wiring) {
    case WAVEFORM_DELTA:
        float_star_point(n, 3, x);
        break;
    case WAVEFORM_AB:
        float_star_point(n, 2, x);
        break;
    case WAVEFORM_ABN:
        disconnect(n, 2, x);
        break;
    case WAVEFORM_AN:
        disconnect(n, 1, x);
        break;
    case WAVEFORM_WYE:
        break;
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

    connect_inputs(s, n, x);
    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        const double gain = s->gain[ch], offset = s->offset[ch];
        const double clip = ch < 3 ? clip_v : clip_i;
        for (int t = 0; t < n; t++)
            x[ch][t] = limit(x[ch][t] * gain, clip) + offset;
    }
    if (s->noise_codes > 0)
        for (int t = 0; t < n; t++)
            for (int ch = 0; ch < HAL_CHANNELS; ch++)
                x[ch][t] += next_noise(s);
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        for (int t = 0; t < n; t++)
            codes[ch][t] = round_to_code(x[ch][t]);
}
