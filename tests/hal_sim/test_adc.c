/* The ADC: noise, stuck bits, clipping with offset, and that no cut changes a bit. */
#include "hal_sim/adc.h"
#include "tests/support/check.h"

static struct faults faults;
static struct adc adc;

static int fresh(void **state)
{
    (void)state;
    fault_clear_all(&faults);
    adc_prepare(&adc, &faults);
    return 0;
}

static int32_t convert(int ch, double value)
{
    double x[HAL_CHANNELS][WAVEFORM_BLOCK] = { { 0 } };
    int32_t codes[HAL_CHANNELS][WAVEFORM_BLOCK];
    uint64_t noise = 0;

    x[ch][0] = value;
    adc_convert(&adc, &noise, 1, x, codes);
    return codes[ch][0];
}

/* The order of the block: clip, offset, limit, round, in the plain words of adc.h. */
static int32_t plainly(double x, double clip, double offset)
{
    x = fmin(fmax(x, -clip), clip) + offset;
    return (int32_t)nearbyint(fmin(fmax(x, -8388607), 8388607));
}

static void clips_then_adds_its_offset(void **state)
{
    struct random dice = { 4 };

    (void)state;
    for (int n = 0; n < 20000; n++) {
        int k = n % 3;
        faults.value[FAULT_ADC_OFFSET_V][k] = 20 * random_unit(&dice) - 10;
        faults.value[FAULT_CLIP_V][k] = 1 + 119 * random_unit(&dice);
        adc_prepare(&adc, &faults);
        double offset = faults.value[FAULT_ADC_OFFSET_V][k] / 100 * 8388608;
        double clip =
            faults.value[FAULT_CLIP_V][k] / 100 * sqrt(2) * 347 / 588.9 * 8388608;
        double x = (random_unit(&dice) - 0.5) * 2e7;
        assert_near(convert(k, x), plainly(x, clip, offset), fabs(x) > clip ? 1 : 0);
        assert_int_equal(convert(3 + k, 1234.5), 1234);
    }
}

static void noise_has_its_rms(void **state)
{
    double sum = 0, square = 0;
    uint64_t seed = 1;
    const int blocks = 2000;

    (void)state;
    faults.value[FAULT_ADC_NOISE][0] = 12;
    adc_prepare(&adc, &faults);
    for (int n = 0; n < blocks; n++) {
        double x[HAL_CHANNELS][WAVEFORM_BLOCK] = { { 0 } };
        int32_t codes[HAL_CHANNELS][WAVEFORM_BLOCK];
        adc_convert(&adc, &seed, WAVEFORM_BLOCK, x, codes);
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            for (int t = 0; t < WAVEFORM_BLOCK; t++) {
                sum += codes[ch][t];
                square += (double)codes[ch][t] * codes[ch][t];
            }
    }
    double count = blocks * 252.0;
    assert_near(sum / count, 0, 12 * 4 / sqrt(count));
    assert_near(sqrt(square / count - 1 / 12.0), 12, 12 * 4 / sqrt(2 * count));
}

/* Over a ramp every bit is one as often as zero, but the stuck one; the word differs
 * from the sound one by exactly that bit. */
static void a_stuck_bit_shows_in_the_histogram(void **state)
{
    (void)state;
    for (int bit = -24; bit <= 24; bit++) {
        int ones = 0;
        if (bit == 0)
            continue;
        faults.value[FAULT_ADC_STUCK_I][1] = bit;
        adc_prepare(&adc, &faults);
        for (int n = 0; n < 1000; n++) {
            int32_t code = (int32_t)((n * 16127 + 7 * n * n) % 16000000) - 8000000;
            uint32_t bits = 1u << (abs(bit) - 1);
            uint32_t got = (uint32_t)convert(4, code) & 0xFFFFFF;
            ones += (got & bits) != 0;
            assert_int_equal(got, ((uint32_t)code & 0xFFFFFF & ~bits) |
                                      (bit > 0 ? bits : 0));
            assert_int_equal(convert(3, code), code);
        }
        assert_int_equal(ones, bit > 0 ? 1000 : 0);
    }
    faults.value[FAULT_ADC_STUCK_I][1] = 24;
    adc_prepare(&adc, &faults);
    assert_int_equal(convert(4, 5), 5 - 8388608);
}

static void any_cuts_give_the_same_words(void **state)
{
    int32_t whole[HAL_CHANNELS][WAVEFORM_BLOCK], part[HAL_CHANNELS][WAVEFORM_BLOCK];
    double x[HAL_CHANNELS][WAVEFORM_BLOCK], y[HAL_CHANNELS][WAVEFORM_BLOCK];
    struct random dice = { 6 };
    uint64_t seed[2] = { 9, 9 };

    (void)state;
    faults.value[FAULT_ADC_NOISE][0] = 50;
    faults.value[FAULT_ADC_STUCK_V][0] = -3;
    faults.value[FAULT_ADC_OFFSET_I][2] = 4;
    adc_prepare(&adc, &faults);
    for (int round = 0; round < 50; round++) {
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            for (int t = 0; t < WAVEFORM_BLOCK; t++)
                x[ch][t] = y[ch][t] = (random_unit(&dice) - 0.5) * 1.7e7;
        adc_convert(&adc, &seed[0], WAVEFORM_BLOCK, x, whole);
        for (int t = 0; t < WAVEFORM_BLOCK;) {
            double in[HAL_CHANNELS][WAVEFORM_BLOCK];
            int32_t out[HAL_CHANNELS][WAVEFORM_BLOCK];
            int n = (int)random_range(&dice, 1, 11);
            n = n < WAVEFORM_BLOCK - t ? n : WAVEFORM_BLOCK - t;
            for (int ch = 0; ch < HAL_CHANNELS; ch++)
                memcpy(in[ch], &y[ch][t], (size_t)n * sizeof **in);
            adc_convert(&adc, &seed[1], n, in, out);
            for (int ch = 0; ch < HAL_CHANNELS; ch++)
                memcpy(&part[ch][t], out[ch], (size_t)n * sizeof **out);
            t += n;
        }
        assert_memory_equal(whole, part, sizeof whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(clips_then_adds_its_offset, fresh),
        cmocka_unit_test_setup(noise_has_its_rms, fresh),
        cmocka_unit_test_setup(a_stuck_bit_shows_in_the_histogram, fresh),
        cmocka_unit_test_setup(any_cuts_give_the_same_words, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
