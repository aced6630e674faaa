/* Sensors: the linear view entry by entry, clipping, rounding, offset and noise. */
#include "hal_sim/sensors.h"
#include "hal_sim/sensors_view.h"
#include "tests/support/check.h"

static struct faults faults;
static struct sensors s;
static double re[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS];
static double im[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS];

static const double code_per_v = 8388608 / 588.9, code_per_rated = 8388608 / 1.7;

static int fresh(void **state)
{
    (void)state;
    fault_clear_all(&faults);
    s = (struct sensors){ .ct_primary_a = 200,
                          .ct_output_v = 1,
                          .pt_ratio = 1,
                          .wiring = WAVEFORM_WYE,
                          .noise_state = 42 };
    sensors_prepare(&s, &faults, HAL_CT_1V);
    return 0;
}

static void view(double hz)
{
    memset(re, 0, sizeof re);
    memset(im, 0, sizeof im);
    sensors_view(&s, hz, re, im);
}

/* The anti-alias filter, one pole. */
static double filter_size(double hz)
{
    return 1 / sqrt(1 + pow(hz / SENSORS_ANTIALIAS_HZ, 2));
}

static void gains_of_a_wye(void **state)
{
    static const double hz[] = { 45, 60, 65, 1260, 2400 };

    (void)state;
    for (unsigned n = 0; n < COUNT_OF(hz); n++) {
        view(hz[n]);
        for (int out = 0; out < 6; out++)
            for (int in = 0; in < 6; in++) {
                double gain = out < 3 ? code_per_v : code_per_rated / 200;
                double expected = out == in ? gain * filter_size(hz[n]) : 0;
                assert_near(hypot(re[out][in], im[out][in]), expected, gain * 1e-12);
                if (out == in)
                    assert_near(atan2(im[out][in], re[out][in]),
                                -atan(hz[n] / SENSORS_ANTIALIAS_HZ), 1e-12);
            }
    }
}

static void instrument_transformers_divide(void **state)
{
    (void)state;
    s.pt_ratio = 12;
    s.ct_primary_a = 3000;
    sensors_prepare(&s, &faults, HAL_CT_1V);
    view(60);
    assert_near(hypot(re[1][1], im[1][1]), code_per_v / 12 * filter_size(60), 1e-9);
    assert_near(hypot(re[4][4], im[4][4]), code_per_rated / 3000 * filter_size(60),
                1e-9);
}

/* What CT output and input range make of rated current, against the right pair. */
static void ct_outputs_and_ranges(void **state)
{
    static const struct {
        double output_v;
        enum hal_ct_range range;
        double times;
    } rows[] = {
        { 1, HAL_CT_1V, 1 },
        { 1 / 3.0, HAL_CT_THIRD_V, 1 },
        { 1, HAL_CT_THIRD_V, 3 },
        { 1 / 3.0, HAL_CT_1V, 1 / 3.0 },
    };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        s.ct_output_v = rows[k].output_v;
        sensors_prepare(&s, &faults, rows[k].range);
        view(60);
        assert_near(hypot(re[3][3], im[3][3]),
                    code_per_rated / 200 * rows[k].times * filter_size(60), 1e-7);
    }
}

/* Row sums and shares of the voltage inputs for each wiring. */
static void wiring_and_star_point(void **state)
{
    static const struct {
        enum waveform_wiring wiring;
        double share[3][3];
    } rows[] = {
        { WAVEFORM_AN, { { 1 } } },
        { WAVEFORM_AB, { { 0.5, -0.5 }, { -0.5, 0.5 } } },
        { WAVEFORM_ABN, { { 1 }, { 0, 1 } } },
        { WAVEFORM_DELTA,
          { { 2 / 3.0, -1 / 3.0, -1 / 3.0 },
            { -1 / 3.0, 2 / 3.0, -1 / 3.0 },
            { -1 / 3.0, -1 / 3.0, 2 / 3.0 } } },
        { WAVEFORM_WYE, { { 1 }, { 0, 1 }, { 0, 0, 1 } } },
        { WAVEFORM_BN, { { 0, 1 } } },
        { WAVEFORM_CN, { { 0, 0, 1 } } },
    };

    (void)state;
    for (unsigned n = 0; n < COUNT_OF(rows); n++) {
        s.wiring = rows[n].wiring;
        sensors_prepare(&s, &faults, HAL_CT_1V);
        view(0); /* DC: the filter passes it whole */
        for (int out = 0; out < 3; out++)
            for (int in = 0; in < 3; in++)
                assert_near(re[out][in] / code_per_v, rows[n].share[out][in], 1e-12);
    }
}

/* A lone input on conductor B: its CT and PT are there, other conductors reach it only
 * by faults. */
static void an_input_on_another_conductor(void **state)
{
    const double amp = code_per_rated / 200;

    (void)state;
    s.wiring = WAVEFORM_BN;
    faults.value[FAULT_CT_REVERSED][0] = 1;
    faults.value[FAULT_PT_RATIO_ERROR][0] = 1;
    sensors_prepare(&s, &faults, HAL_CT_1V);
    view(60);
    assert_near(re[3][4] / amp, -1, 0.001);
    assert_near(re[0][1] / code_per_v, 1.01, 0.001);
    assert_true(re[3][3] == 0 && re[3][5] == 0 && re[0][0] == 0 && re[0][2] == 0);
    faults.value[FAULT_CT_SWAPPED][0] = 3;
    faults.value[FAULT_PT_SWAPPED][0] = 1;
    view(60);
    assert_near(re[3][5] / amp, -1, 0.001);
    assert_near(re[0][0] / code_per_v, 1.01, 0.001);
    assert_true(re[3][3] == 0 && re[3][4] == 0 && re[0][1] == 0 && re[0][2] == 0);
}

/* Whichever conductor touches earth is missing in all voltages to N, also one that the
 * meter has no input on. */
static void earth_is_where_n_is(void **state)
{
    (void)state;
    s.wiring = WAVEFORM_BN;
    faults.value[FAULT_EARTH_FAULT][0] = 0.5;
    faults.value[FAULT_EARTH_FAULT][1] = 1;
    sensors_prepare(&s, &faults, HAL_CT_1V);
    view(0);
    assert_near(re[0][0] / code_per_v, -0.5, 1e-12);
    assert_near(re[0][1] / code_per_v, 0, 1e-12);
    assert_true(re[0][2] == 0);
}

static void faults_of_current_transformers(void **state)
{
    const double gain = code_per_rated / 200;

    (void)state;
    faults.value[FAULT_CT_REVERSED][0] = 1;
    faults.value[FAULT_CT_OPEN][1] = 1;
    faults.value[FAULT_CT_RATIO_ERROR][2] = -2.5;
    sensors_prepare(&s, &faults, HAL_CT_1V);
    view(60);
    assert_near(re[3][3] / gain, -1, 1e-4);
    assert_near(hypot(re[4][4], im[4][4]), 0, 0);
    assert_near(hypot(re[5][5], im[5][5]) / gain, 0.975 * filter_size(60), 1e-9);
    fresh(NULL);
    faults.value[FAULT_CT_SWAPPED][0] = 3;
    faults.value[FAULT_CT_SWAPPED][2] = 1;
    sensors_prepare(&s, &faults, HAL_CT_1V);
    view(60);
    assert_near(re[3][3], 0, 0);
    assert_near(re[3][5] / gain, 1, 1e-4);
    assert_near(re[5][3] / gain, 1, 1e-4);
    assert_near(re[4][4] / gain, 1, 1e-4);
}

/* 30 minutes of lead at 60 Hz, and 60/f of it at f. */
static void phase_error_falls_with_frequency(void **state)
{
    static const double hz[] = { 50, 60, 300 };

    (void)state;
    faults.value[FAULT_CT_PHASE_ERROR][0] = 30;
    sensors_prepare(&s, &faults, HAL_CT_1V);
    for (unsigned k = 0; k < COUNT_OF(hz); k++) {
        view(hz[k]);
        double lead = atan2(im[3][3], re[3][3]) + atan(hz[k] / SENSORS_ANTIALIAS_HZ);
        double expected = atan(tan(0.5 * (double)PI / 180) * 60 / hz[k]);
        assert_near(lead, expected, 1e-9);
    }
}

/* The integrator of a rope CT leads by atan(0.3 ÷ f) and loses as much as a high-pass.
 */
static void rope_coils(void **state)
{
    (void)state;
    s.rope = true;
    sensors_prepare(&s, &faults, HAL_CT_1V);
    view(60);
    double lead = atan2(im[3][3], re[3][3]) + atan(60.0 / SENSORS_ANTIALIAS_HZ);
    assert_near(lead, atan(0.3 / 60), 1e-12);
    assert_near(hypot(re[3][3], im[3][3]),
                code_per_rated / 200 * filter_size(60) / sqrt(1 + pow(0.3 / 60, 2)),
                1e-6);
}

static int32_t converted(int ch, double x)
{
    double in[HAL_CHANNELS][WAVEFORM_BLOCK] = { { 0 } };
    int32_t codes[HAL_CHANNELS][WAVEFORM_BLOCK];

    in[ch][0] = x;
    sensors_convert(&s, 1, in, codes);
    return codes[ch][0];
}

static void clipping_at_120_percent(void **state)
{
    const double peak = 1.2 * sqrt(2);
    const double most_v = peak * 347 * code_per_v, most_i = peak * code_per_rated;

    (void)state;
    assert_true(most_v < 8388607 && most_i < 8388607);
    for (int ch = 0; ch < 6; ch++) {
        double most = ch < 3 ? most_v : most_i;
        assert_int_equal(converted(ch, 1e9), lrint(most));
        assert_int_equal(converted(ch, -1e9), lrint(-most));
        assert_int_equal(converted(ch, most + 1), lrint(most));
        assert_int_equal(converted(ch, most - 5), lrint(most - 5));
        assert_int_equal(converted(ch, -most + 5), lrint(-most + 5));
    }
}

static void rounding_to_the_nearest_code(void **state)
{
    static const double x[] = { 0,         0.49,        0.5,       0.51,  1.5,
                                2.5,       -0.5,        -1.5,      -2.49, 8000000.5,
                                8000001.5, -8000000.51, 1234567.25 };
    struct random dice = { 17 };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(x); k++)
        assert_int_equal(converted(2, x[k]), lrint(x[k]));
    for (int n = 0; n < 10000; n++) {
        double y = (random_unit(&dice) - 0.5) * 16000000;
        assert_int_equal(converted(5, y), lrint(y));
    }
}

/* The ADC's own limit comes after the front end's. */
static void offsets(void **state)
{
    (void)state;
    faults.value[FAULT_ADC_OFFSET_V][1] = 0.5;
    faults.value[FAULT_ADC_OFFSET_I][2] = -10;
    sensors_prepare(&s, &faults, HAL_CT_1V);
    assert_int_equal(converted(1, 0), 41943);
    assert_int_equal(converted(1, 1000), 42943);
    assert_int_equal(converted(0, 1000), 1000);
    assert_int_equal(converted(5, 0), -838861);
    assert_int_equal(converted(5, -1e9), -8388607);
}

static void fill_with_noise(uint64_t seed, int32_t codes[HAL_CHANNELS][WAVEFORM_BLOCK])
{
    double x[HAL_CHANNELS][WAVEFORM_BLOCK] = { { 0 } };

    s.noise_state = seed;
    sensors_convert(&s, WAVEFORM_BLOCK, x, codes);
}

static void noise_is_bell_shaped_with_the_rms_asked_for(void **state)
{
    static const double rms[] = { 12, 100, 5000 };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(rms); k++) {
        double sum = 0, squares = 0, count = 0, beyond = 0;
        faults.value[FAULT_ADC_NOISE][0] = rms[k];
        sensors_prepare(&s, &faults, HAL_CT_1V);
        for (int block = 0; block < 400; block++) {
            double x[HAL_CHANNELS][WAVEFORM_BLOCK] = { { 0 } };
            int32_t codes[HAL_CHANNELS][WAVEFORM_BLOCK];
            sensors_convert(&s, WAVEFORM_BLOCK, x, codes);
            for (int ch = 0; ch < HAL_CHANNELS; ch++)
                for (int t = 0; t < WAVEFORM_BLOCK; t++) {
                    sum += codes[ch][t];
                    squares += (double)codes[ch][t] * codes[ch][t];
                    beyond += abs(codes[ch][t]) > 2 * rms[k];
                    count++;
                }
        }
        assert_near(sqrt(squares / count) / rms[k], 1, 0.02);
        assert_near(sum / count / rms[k], 0, 0.015);
        assert_near(beyond / count, 0.0455, 0.012);
    }
}

static void noise_comes_back_with_its_seed(void **state)
{
    int32_t a[HAL_CHANNELS][WAVEFORM_BLOCK], b[HAL_CHANNELS][WAVEFORM_BLOCK];

    (void)state;
    faults.value[FAULT_ADC_NOISE][0] = 1000;
    sensors_prepare(&s, &faults, HAL_CT_1V);
    fill_with_noise(7, a);
    fill_with_noise(7, b);
    assert_memory_equal(a, b, sizeof a);
    fill_with_noise(8, b);
    assert_memory_not_equal(a, b, sizeof a);
    assert_memory_not_equal(a[0], a[3], sizeof a[0]);
}

static void the_table_of_faults(void **state)
{
    (void)state;
    for (int id = 0; id < FAULTS; id++) {
        const struct fault_row *row = &fault_table[id];
        for (int other = 0; other < id; other++)
            assert_string_not_equal(fault_table[other].name, fault_table[id].name);
        assert_true(row->min <= row->neutral && row->neutral <= row->max);
        assert_true(row->min <= row->usual && row->usual <= row->max);
        assert_true(row->usual > row->neutral || row->usual < row->neutral);
        assert_true(*row->text && *fault_family_name(row->family));
        for (int k = 0; k < 3; k++)
            assert_near(faults.value[id][k], row->neutral, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(gains_of_a_wye, fresh),
        cmocka_unit_test_setup(instrument_transformers_divide, fresh),
        cmocka_unit_test_setup(ct_outputs_and_ranges, fresh),
        cmocka_unit_test_setup(wiring_and_star_point, fresh),
        cmocka_unit_test_setup(an_input_on_another_conductor, fresh),
        cmocka_unit_test_setup(earth_is_where_n_is, fresh),
        cmocka_unit_test_setup(faults_of_current_transformers, fresh),
        cmocka_unit_test_setup(phase_error_falls_with_frequency, fresh),
        cmocka_unit_test_setup(rope_coils, fresh),
        cmocka_unit_test_setup(clipping_at_120_percent, fresh),
        cmocka_unit_test_setup(rounding_to_the_nearest_code, fresh),
        cmocka_unit_test_setup(offsets, fresh),
        cmocka_unit_test_setup(noise_is_bell_shaped_with_the_rms_asked_for, fresh),
        cmocka_unit_test_setup(noise_comes_back_with_its_seed, fresh),
        cmocka_unit_test_setup(the_table_of_faults, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
