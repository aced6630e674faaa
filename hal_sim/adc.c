/* Amplifier and ADC. See adc.h. All arithmetic is + − × ÷ and comparison in double, so
 * the codes are the same on every processor. */
#include "hal_sim/adc.h"
#include "waveform/base/random.h"

static const double sqrt2 = 1.4142135623730951; /* peak ÷ rms */
static const double rated_input_v = 347.0;
static const double most_code = HAL_CODES - 1;

static void stick_bit(struct adc *a, int ch, double bit)
{
    int n = (int)(bit < 0 ? -bit : bit);

    a->ones[ch] = n > 0 && bit > 0 ? 1u << (n - 1) : 0;
    a->zeros[ch] = n > 0 && bit < 0 ? 1u << (n - 1) : 0;
    a->stuck |= n > 0;
}

static void lose_bits(struct adc *a, int bits)
{
    for (int ch = 0; ch < HAL_CHANNELS && bits < 24; ch++) {
        a->zeros[ch] |= (1u << (24 - bits)) - 1;
        a->stuck = true;
    }
}

void adc_prepare(struct adc *a, const struct faults *f)
{
    const double rated_v = rated_input_v / (HAL_VOLT_PEAK_DV / 10.0) * HAL_CODES;
    const double rated_i = HAL_CODES / (HAL_CURRENT_PEAK_PERMIL / 1000.0);

    a->stuck = a->bent = false;
    a->slip = (int)f->value[FAULT_ADC_SLIP][0];
    for (int k = 0; k < 3; k++) {
        a->clip[k] = f->value[FAULT_CLIP_V][k] / 100 * sqrt2 * rated_v;
        a->clip[3 + k] = f->value[FAULT_CLIP_I][k] / 100 * sqrt2 * rated_i;
        a->offset[k] = f->value[FAULT_ADC_OFFSET_V][k] / 100 * HAL_CODES;
        a->offset[3 + k] = f->value[FAULT_ADC_OFFSET_I][k] / 100 * HAL_CODES;
        stick_bit(a, k, f->value[FAULT_ADC_STUCK_V][k]);
        stick_bit(a, 3 + k, f->value[FAULT_ADC_STUCK_I][k]);
        a->bend[k] = a->bend[3 + k] = f->value[FAULT_ADC_BEND][k] / 100;
        a->bent |= a->bend[k] != 0;
    }
    lose_bits(a, (int)f->value[FAULT_ADC_BITS][0]);
    a->noise_codes = f->value[FAULT_ADC_NOISE][0];
    adc_find_spans(a);
}

/* A number that is none becomes `high`. */
static inline double within(double x, double low, double high)
{
    x = x < high ? x : high;
    return x > low ? x : low;
}

/* A channel after its offset, within the codes, unless noise comes before that limit. To
 * clip, then to add, gives the same bits as to add, then to clip at the sums: rounding is
 * monotonic. */
void adc_find_spans(struct adc *a)
{
    const double most = a->noise_codes > 0 ? 1e300 : most_code;

    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        a->span[ch] = (struct adc_span){
            .offset = a->offset[ch],
            .low = within(a->offset[ch] - a->clip[ch], -most, most),
            .high = within(a->clip[ch] + a->offset[ch], -most, most),
        };
}

static void convert_with_noise(const struct adc *a, uint64_t *state, int n,
                               double x[][WAVEFORM_BLOCK],
                               int32_t codes[][WAVEFORM_BLOCK])
{
    const struct adc_noise noise = { *state, a->noise_codes / RANDOM_BELL_DEVIATION,
                                     most_code };

    adc_kernel_noise((const double(*)[WAVEFORM_BLOCK])x, n, a->span, &noise, codes);
    *state += (uint64_t)n * ADC_NOISE_STEP;
}

static void stick(const struct adc *a, int n, int32_t codes[][WAVEFORM_BLOCK])
{
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        for (int t = 0; t < n; t++) {
            uint32_t word = ((uint32_t)codes[ch][t] | a->ones[ch]) & ~a->zeros[ch];
            word &= 2 * HAL_CODES - 1;
            codes[ch][t] = (int32_t)(word ^ HAL_CODES) - HAL_CODES;
        }
}

static void bend(const struct adc *a, int n, double x[][WAVEFORM_BLOCK])
{
    const double full = HAL_CODES;

    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        for (int t = 0; t < n; t++) {
            double share = x[ch][t] / full;
            x[ch][t] -= a->bend[ch] * share * share * x[ch][t];
        }
}

static void slip(const struct adc *a, int n, int32_t codes[][WAVEFORM_BLOCK])
{
    int32_t set[HAL_CHANNELS];

    for (int t = 0; t < n; t++) {
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            set[ch] = codes[(ch + a->slip) % HAL_CHANNELS][t];
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            codes[ch][t] = set[ch];
    }
}

void adc_convert(const struct adc *a, uint64_t *noise_state, int n,
                 double x[][WAVEFORM_BLOCK], int32_t codes[][WAVEFORM_BLOCK])
{
    if (a->bent)
        bend(a, n, x);
    if (a->noise_codes > 0)
        convert_with_noise(a, noise_state, n, x, codes);
    else
        adc_kernel_round((const double(*)[WAVEFORM_BLOCK])x, n, a->span, codes);
    if (a->stuck)
        stick(a, n, codes);
    if (a->slip)
        slip(a, n, codes);
}
