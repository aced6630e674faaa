/* Which channels of a file become Va Vb Vc Ia Ib Ic. */
#include "comtrade_fixture.h"
#include "waveform/recording_channels.h"

struct channel {
    const char *name, *phase, *unit;
};

static struct comtrade *make(const struct channel *channel, int count)
{
    struct comtrade *f = fixture_allocate(1, sizeof *f);
    f->analog_count = count;
    f->analog = fixture_allocate((size_t)count, sizeof *f->analog);
    for (int i = 0; i < count; i++) {
        strcpy(f->analog[i].name, channel[i].name);
        strcpy(f->analog[i].phase, channel[i].phase);
        strcpy(f->analog[i].unit, channel[i].unit);
    }
    return f;
}

static void assert_sources(const struct comtrade *f,
                           const struct recording_options *options,
                           const int number[WAVEFORM_CHANNELS])
{
    struct recording_source s[WAVEFORM_CHANNELS];
    struct comtrade_error error = { "" };
    if (recording_choose(f, options, s, &error))
        fail_msg("%s", error.text);
    for (int c = 0; c < WAVEFORM_CHANNELS; c++)
        assert_int_equal(s[c].index + 1, number[c]);
}

static void assert_chosen(const struct channel *channel, int count,
                          const int number[WAVEFORM_CHANNELS])
{
    static const struct recording_options plain;
    struct comtrade *f = make(channel, count);
    assert_sources(f, &plain, number);
    comtrade_free(f);
}

static void takes_groups_by_name(void **state)
{
    (void)state;
    static const struct channel feeder[] = {
        { "Ia", "", "A" }, { "Ib", "", "A" }, { "Ic", "", "A" },
        { "Va", "", "V" }, { "Vb", "", "V" }, { "Vc", "", "V" },
    };
    assert_chosen(feeder, 6, (int[]){ 4, 5, 6, 1, 2, 3 });
    static const struct channel bus[] = {
        { "TACS   PV004A I-branch", "S", "A" }, { "SBUS C          V-node", "C", "V" },
        { "SBUS B          V-node", "B", "V" }, { "SBUS A          V-node", "A", "V" },
        { "SBUS A 25   A I-branch", "A", "A" }, { "SBUS B 25   B I-branch", "B", "A" },
        { "SBUS C 25   C I-branch", "C", "A" }, { "FAULTA        I-branch", "A", "A" },
        { "FAULTB        I-branch", "B", "A" }, { "FAULTC        I-branch", "C", "A" },
    };
    assert_chosen(bus, 10, (int[]){ 4, 3, 2, 5, 6, 7 });
    static const struct channel relay[] = {
        { "Ia1", "A", "A" },  { "Ib1", "B", "A" },  { "Ic1", "C", "A" },
        { "3I0", "N", "A" },  { "Uab", "AB", "V" }, { "Ubc", "BC", "V" },
        { "Uca", "CA", "V" }, { "Ua1", "A", "V" },  { "Ub1", "B", "V" },
        { "Uc1", "C", "V" },  { "Ia2", "A", "A" },  { "Ia3", "A", "A" },
    };
    assert_chosen(relay, 12, (int[]){ 8, 9, 10, 1, 2, 3 });
}

static void takes_other_letters(void **state)
{
    (void)state;
    static const struct channel lines[] = {
        { "U L1", "L1", "kV" }, { "U L2", "L2", "kV" }, { "U L3", "L3", "kV" },
        { "I L1", "L1", "kA" }, { "I L2", "L2", "kA" }, { "I L3", "L3", "kA" },
    };
    assert_chosen(lines, 6, (int[]){ 1, 2, 3, 4, 5, 6 });
    static const struct channel colours[] = {
        { "VRN", "", "V" }, { "VYN", "", "V" }, { "VBN", "", "V" },
        { "IR", "", "A" },  { "IY", "", "A" },  { "IB", "", "A" },
    };
    assert_chosen(colours, 6, (int[]){ 1, 2, 3, 4, 5, 6 });
    static const struct channel no_units[] = {
        { "IL1", "", "" }, { "IL2", "", "" }, { "IL3", "", "" },
        { "UL1", "", "" }, { "UL2", "", "" }, { "UL3", "", "" },
    };
    assert_chosen(no_units, 6, (int[]){ 4, 5, 6, 1, 2, 3 });
}

static void falls_back_on_phases_and_few_channels(void **state)
{
    (void)state;
    static const struct channel phases[] = {
        { "one", "A-N", "Volts" },   { "two", "B-N", "Volts" },
        { "three", "C-N", "Volts" }, { "x", "a", "Amps" },
        { "yy", "b", "Amps" },       { "z", "c", "Amps" },
        { "w", "A", "VA" },
    };
    assert_chosen(phases, 7, (int[]){ 1, 2, 3, 4, 5, 6 });
    static const struct channel one[] = { { "mains", "", "V" }, { "load", "", "A" } };
    assert_chosen(one, 2, (int[]){ 1, 0, 0, 2, 0, 0 });
    static const struct channel two[] = {
        { "Va", "", "V" }, { "Vb", "", "V" }, { "Ia", "", "A" }, { "Ib", "", "A" }
    };
    assert_chosen(two, 4, (int[]){ 1, 2, 0, 3, 4, 0 });
}

static const struct channel mixed[] = {
    { "Va", "A", "V" },       { "Vb", "B", "V" },  { "Vc", "C", "V" },
    { "Main  Ia", "", "mA" }, { "-x", "", "MV" },  { "7", "", "V" },
    { "twin", "", "A" },      { "twin", "", "A" },
};

static void obeys_names_and_numbers(void **state)
{
    (void)state;
    struct comtrade *f = make(mixed, 8);
    struct recording_options options = { .channel = { "vb", "-3", "-x", "main ia", "7",
                                                      "none" } };
    struct recording_source s[WAVEFORM_CHANNELS];
    struct comtrade_error error = { "" };
    assert_int_equal(recording_choose(f, &options, s, &error), 0);
    static const int number[] = { 2, 3, 5, 4, 6, 0 };
    static const double factor[] = { 1, -1, 1e6, 1e-3, 1, 1 };
    for (int c = 0; c < WAVEFORM_CHANNELS; c++) {
        assert_int_equal(s[c].index + 1, number[c]);
        assert_close(s[c].factor, factor[c], 0);
    }
    comtrade_free(f);
}

static void assert_refused(const struct recording_options *options,
                           const char *expected)
{
    struct comtrade *f = make(mixed, 8);
    struct recording_source s[WAVEFORM_CHANNELS];
    struct comtrade_error error = { "" };
    assert_int_equal(recording_choose(f, options, s, &error), -1);
    char whole[COMTRADE_ERROR_TEXT];
    snprintf(whole, sizeof whole,
             "%s; the file has 1 Va (V A), 2 Vb (V B), 3 Vc (V C), 4 Main  Ia (mA ), 5 "
             "-x (MV ), 6 7 (V ), 7 twin (A ), 8 twin (A )",
             expected);
    assert_string_equal(error.text, whole);
    comtrade_free(f);
}

static void refuses_with_the_channels_that_are(void **state)
{
    (void)state;
    struct recording_options options = { .channel = { NULL } };
    assert_refused(&options, "no currents of phases A B C found by unit, phase, name "
                             "and angle: name them (ia, ib, ic)");
    options.channel[WAVEFORM_IA] = "Id";
    assert_refused(&options, "no channel is named 'Id'");
    options.channel[WAVEFORM_IA] = "-9";
    assert_refused(&options, "no channel is named '9'");
    options.channel[WAVEFORM_IA] = "twin";
    assert_refused(&options, "several channels are named 'twin': give its number");
}

static void shortens_a_long_list(void **state)
{
    (void)state;
    struct channel many[200];
    for (int i = 0; i < 200; i++)
        many[i] = (struct channel){ "a channel of some length", "", "bar" };
    struct comtrade *f = make(many, 200);
    static const struct recording_options plain;
    struct recording_source s[WAVEFORM_CHANNELS];
    struct comtrade_error error = { "" };
    assert_int_equal(recording_choose(f, &plain, s, &error), -1);
    assert_non_null(strstr(error.text, " more"));
    assert_true(strlen(error.text) < sizeof error.text - 1);
    comtrade_free(f);
}

static void assert_line(const struct recording_source *s, int index, double factor,
                        int other, double other_factor)
{
    assert_true(s->lines);
    assert_int_equal(s->index, index);
    assert_close(s->factor, factor, 1e-15);
    assert_int_equal(s->other, other);
    assert_close(s->other_factor, other_factor, 1e-15);
}

/* To the star point: Va = (Vab - Vca) / 3, and of two lines Va = (2 Vab + Vbc) / 3. */
static void makes_star_voltages_of_lines(void **state)
{
    (void)state;
    static const struct channel three[] = {
        { "Uab", "", "kV" }, { "Ubc", "", "kV" }, { "Uac", "", "kV" },
        { "Ia", "", "A" },   { "Ib", "", "A" },   { "Ic", "", "A" },
    };
    static const struct channel two[] = {
        { "U1", "AB", "V" }, { "U2", "BC", "V" }, { "Ia", "", "A" },
        { "Ib", "", "A" },   { "Ic", "", "A" },
    };
    static const struct recording_options plain;
    struct comtrade_error error = { "" };
    struct recording_source s[WAVEFORM_CHANNELS];
    struct comtrade *f = make(three, 6);
    assert_int_equal(recording_choose(f, &plain, s, &error), 0);
    assert_line(&s[0], 0, 1000 / 3.0, 2, 1000 / 3.0);
    assert_line(&s[1], 1, 1000 / 3.0, 0, -1000 / 3.0);
    assert_line(&s[2], 2, -1000 / 3.0, 1, -1000 / 3.0);
    assert_false(s[3].lines);
    comtrade_free(f);
    f = make(two, 5);
    assert_int_equal(recording_choose(f, &plain, s, &error), 0);
    assert_line(&s[0], 0, 2 / 3.0, 1, 1 / 3.0);
    assert_line(&s[1], 1, 1 / 3.0, 0, -1 / 3.0);
    assert_line(&s[2], 1, -2 / 3.0, 0, -1 / 3.0);
    comtrade_free(f);
}

static void chooses_a_feeder(void **state)
{
    (void)state;
    static const struct channel feeders[] = {
        { "Va", "", "V" },    { "Vb", "", "V" },    { "Vc", "", "V" },
        { "Ia F1", "", "A" }, { "Ib F1", "", "A" }, { "Ic F1", "", "A" },
        { "Ia F2", "", "A" }, { "Ib F2", "", "A" }, { "Ic F2", "", "A" },
    };
    struct comtrade *f = make(feeders, 9);
    struct recording_options second = { .feeder = 2 }, third = { .feeder = 3 };
    struct recording_source s[WAVEFORM_CHANNELS];
    struct comtrade_error error = { "" };
    assert_sources(f, &second, (int[]){ 1, 2, 3, 7, 8, 9 });
    assert_int_equal(recording_choose(f, &third, s, &error), -1);
    comtrade_free(f);
}

/* As many as there can be; a channel is in one group alone, though I1 I2 I3 would be
 * another. */
static void names_every_feeder(void **state)
{
    (void)state;
    enum { COUNT = COMTRADE_CHANNELS_MAX };
    static struct channel many[COUNT];
    static char name[COUNT][24];
    static int group[RECORDING_FEEDERS][WAVEFORM_PHASES];
    for (int i = 0; i < COUNT; i++) {
        snprintf(name[i], sizeof name[i], "I%d line %c", i / 3, "ABC"[i % 3]);
        many[i] = (struct channel){ name[i], "", "A" };
    }
    struct comtrade *f = make(many, COUNT);
    assert_int_equal(recording_feeders(f, group), RECORDING_FEEDERS);
    for (int n = 0; n < RECORDING_FEEDERS; n++)
        for (int p = 0; p < WAVEFORM_PHASES; p++)
            assert_int_equal(group[n][p], 3 * n + p);
    comtrade_free(f);
}

/* Values of the other side, by the file's own ratios. */
static void scales_to_the_side_that_is_wanted(void **state)
{
    (void)state;
    static const struct channel one[] = { { "Va", "", "V" }, { "Ia", "", "A" } };
    struct comtrade *f = make(one, 2);
    struct recording_options options = { .side = RECORDING_PRIMARY };
    struct recording_source s[WAVEFORM_CHANNELS];
    struct comtrade_error error = { "" };
    f->analog[0].primary = 13800;
    f->analog[0].secondary = 120;
    f->analog[1].primary = 600;
    f->analog[1].secondary = 5;
    f->analog[1].is_primary = true;
    assert_int_equal(recording_choose(f, &options, s, &error), 0);
    assert_close(s[0].factor, 115, 1e-12);
    assert_close(s[3].factor, 1, 0);
    options.side = RECORDING_SECONDARY;
    assert_int_equal(recording_choose(f, &options, s, &error), 0);
    assert_close(s[0].factor, 1, 0);
    assert_close(s[3].factor, 5 / 600.0, 1e-15);
    comtrade_free(f);
}

static void reads_cyrillic_units(void **state)
{
    (void)state;
    static const struct channel relay[] = {
        { "Ua", "A", "В/кВ" }, { "Ub", "B", "В/кВ" }, { "Uc", "C", "В/кВ" },
        { "Ia", "A", "А" },    { "Ib", "B", "А" },    { "Ic", "C", "кА" },
    };
    struct comtrade *f = make(relay, 6);
    static const struct recording_options plain;
    struct recording_source s[WAVEFORM_CHANNELS];
    struct comtrade_error error = { "" };
    if (recording_choose(f, &plain, s, &error))
        fail_msg("%s", error.text);
    assert_close(s[0].factor, 1, 0);
    assert_close(s[5].factor, 1000, 0);
    comtrade_free(f);
    static const struct channel names[] = {
        { "Напр. ф. А", "", "кВ" }, { "Напр. ф. В", "", "кВ" },
        { "Напр. ф. С", "", "кВ" }, { "Ток Iа", "", "А" },
        { "Ток Iв", "", "А" },      { "Ток Iс", "", "А" },
    };
    assert_chosen(names, 6, (int[]){ 1, 2, 3, 4, 5, 6 });
    static const struct channel fields[] = {
        { "U", "А", "В" }, { "U", "В", "В" }, { "U", "С", "В" },
        { "I", "А", "А" }, { "I", "В", "А" }, { "I", "С", "А" },
    };
    assert_chosen(fields, 6, (int[]){ 1, 2, 3, 4, 5, 6 });
}

/* Fields that say nothing of a phase; a file of one kind alone. */
static void ignores_fields_that_are_none(void **state)
{
    (void)state;
    static const struct channel same[] = {
        { "Ia", "1", "A" }, { "Ib", "1", "A" }, { "Ic", "1", "A" }, { "In", "1", "A" },
        { "Ua", "1", "V" }, { "Ub", "1", "V" }, { "Uc", "1", "V" },
    };
    assert_chosen(same, 7, (int[]){ 5, 6, 7, 1, 2, 3 });
    static const struct channel names[] = {
        { "I1", "I1", "ampere" }, { "I2", "I2", "ampere" }, { "I3", "I3", "ampere" },
        { "U1", "V1", "volt" },   { "U2", "V2", "volt" },   { "U3", "V3", "volt" },
    };
    assert_chosen(names, 6, (int[]){ 4, 5, 6, 1, 2, 3 });
    static const struct channel currents[] = {
        { "IA", "", "A" }, { "IB", "", "A" }, { "IC", "", "A" }, { "3I0", "", "A" }
    };
    assert_chosen(currents, 4, (int[]){ 0, 0, 0, 1, 2, 3 });
}

/* Sines of 50 Hz at these angles and sizes, 4 cycles at 1 kHz. */
static struct comtrade *make_waves(const struct channel *channel, const double *degrees,
                                   const double *size, int count)
{
    enum { SAMPLES = 80 };
    struct comtrade *f = make(channel, count);
    f->line_hz = 50;
    f->count = SAMPLES;
    f->seconds = fixture_allocate(SAMPLES, sizeof *f->seconds);
    f->value = fixture_allocate((size_t)count, sizeof *f->value);
    for (int n = 0; n < SAMPLES; n++)
        f->seconds[n] = n / 1000.0;
    for (int i = 0; i < count; i++) {
        f->value[i] = fixture_allocate(SAMPLES, sizeof **f->value);
        for (int n = 0; n < SAMPLES; n++)
            f->value[i][n] = size[i] * sin(2 * 3.14159265358979323846 *
                                           (n / 20.0 + degrees[i] / 360));
    }
    return f;
}

static void finds_phases_by_angle(void **state)
{
    (void)state;
    static const struct channel plain_names[] = {
        { "left", "", "A" }, { "mid", "", "A" },     { "right", "", "A" },
        { "sum", "", "A" },  { "battery", "", "V" }, { "front", "", "V" },
        { "back", "", "V" }, { "side", "", "V" },
    };
    /* 4: residual; 5: of the battery. C leads A, B lags it; currents lag by 25 degrees */
    static const double degrees[] = { 215, -25, 95, 0, 0, 30, 150, 270 };
    static const double size[] = { 10, 11, 9, 0.5, 0.001, 325, 330, 320 };
    static const struct recording_options plain;
    struct comtrade *f = make_waves(plain_names, degrees, size, 8);
    struct recording_source s[WAVEFORM_CHANNELS];
    struct comtrade_error error = { "" };
    if (recording_choose(f, &plain, s, &error))
        fail_msg("%s", error.text);
    /* A is the first voltage of the three at 30; 270 lags it, then 150 */
    assert_sources(f, &plain, (int[]){ 6, 8, 7, 2, 1, 3 });
    assert_true(s[WAVEFORM_VA].by_angle && s[WAVEFORM_IC].by_angle);
    comtrade_free(f);
}

/* DC and magnitudes have no phases, however many there are. */
static void finds_no_phases_in_dc(void **state)
{
    (void)state;
    static const struct channel pole[] = {
        { "UDL", "", "V" }, { "UDN", "", "V" }, { "UDM", "", "V" },
        { "IDL", "", "A" }, { "IDN", "", "A" }, { "IDM", "", "A" },
    };
    static const double degrees[6], size[] = { 1, 1, 1, 1, 1, 1 };
    static const struct recording_options plain;
    struct comtrade *f = make_waves(pole, degrees, size, 6);
    struct recording_source s[WAVEFORM_CHANNELS];
    struct comtrade_error error = { "" };
    assert_int_equal(recording_choose(f, &plain, s, &error), -1);
    assert_non_null(strstr(error.text, "name them (va, vb, vc)"));
    comtrade_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_groups_by_name),
        cmocka_unit_test(takes_other_letters),
        cmocka_unit_test(falls_back_on_phases_and_few_channels),
        cmocka_unit_test(obeys_names_and_numbers),
        cmocka_unit_test(refuses_with_the_channels_that_are),
        cmocka_unit_test(shortens_a_long_list),
        cmocka_unit_test(makes_star_voltages_of_lines),
        cmocka_unit_test(chooses_a_feeder),
        cmocka_unit_test(names_every_feeder),
        cmocka_unit_test(scales_to_the_side_that_is_wanted),
        cmocka_unit_test(reads_cyrillic_units),
        cmocka_unit_test(ignores_fields_that_are_none),
        cmocka_unit_test(finds_phases_by_angle),
        cmocka_unit_test(finds_no_phases_in_dc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
