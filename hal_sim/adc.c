/* Amplifier and ADC. See adc.h. All arithmetic is + − × ÷ and comparison in double, so
 * the codes are the same on every processor. */
#include "hal_sim/adc.h"
#include "waveform/base/multiversion.h"
#include "waveform/base/random.h"

static const double sqrt2 = 1.4142135623730951; /* peak ÷ rms */
static const double rated_input_v = 347.0;

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
}

static void add_noise(const struct adc *a, uint64_t *state, int n,
                      double x[][WAVEFORM_BLOCK])
{
    const double scale = a->noise_codes / RANDOM_BELL_DEVIATION;

    for (int t = 0; t < n; t++)
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            x[ch][t] += random_bell(state) * scale;
}

/* A number that is none becomes `high`: codes always lie in their range. */
static inline double within(double x, double low, double high)
{
    x = x < high ? x : high;
    return x > low ? x : low;
}

/* Limits of a channel after its offset. To clip, then to add, gives the same bits as to
 * add, then to clip at the sums: rounding is monotonic. */
static double high_of(const struct adc *a, int ch, double most)
{
    return within(a->clip[ch] + a->offset[ch], -most, most);
}

static double low_of(const struct adc *a, int ch, double most)
{
    return within(a->offset[ch] - a->clip[ch], -most, most);
}

MULTIVERSION
static void amplify(double *restrict x, int n, double offset, double low, double high)
{
    for (int t = 0; t < n; t++)
        x[t] = within(x[t] + offset, low, high);
}

/* The addition of the magic number, 1.5 · 2^52, rounds to nearest even without a call.
 */
MULTIVERSION
static void amplify_and_round(const double *restrict x, int32_t *restrict code, int n,
                              double offset, double low, double high)
{
    const double magic = 6755399441055744.0;

    for (int t = 0; t < n; t++)
        code[t] = (int32_t)((within(x[t] + offset, low, high) + magic) - magic);
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
    const double most = HAL_CODES - 1, none = 1e300;

    if (a->bent)
        bend(a, n, x);
    if (a->noise_codes > 0) {
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            amplify(x[ch], n, a->offset[ch], low_of(a, ch, none), high_of(a, ch, none));
        add_noise(a, noise_state, n, x);
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            amplify_and_round(x[ch], codes[ch], n, 0, -most, most);
    } else {
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            amplify_and_round(x[ch], codes[ch], n, a->offset[ch], low_of(a, ch, most),
                              high_of(a, ch, most));
    }
    if (a->stuck)
        stick(a, n, codes);
    if (a->slip)
        slip(a, n, codes);
}
