/* SunSpec: the walk of a client from 40001 to the end marker, layout and constants by
 * the CSV, values against the meter's own registers, by system type and by CT size. */
#include "tests/support/fram_board.h"

#include "tests/support/bench.h"
#include "tests/support/settings.h"

enum { FIRST = 40001, WORDS = 178 };

/* The rows of sunspec.csv: scales there are names, longer than register_csv.h has room.
 */
struct csv_row {
    int reg, words;
    char name[40], min[16], max[16];
};

static struct {
    int count;
    struct csv_row row[100];
} csv;

static struct bench b;
static uint16_t block[WORDS];

/* Field n of a line, from 0. */
static void take_field(const char *line, int n, char *text, size_t size)
{
    while (n--)
        line += strcspn(line, ",") + 1;
    snprintf(text, size, "%.*s", (int)strcspn(line, ",\r\n"), line);
}

static int load(void **state)
{
    FILE *file = fopen(TESTS_DIR "/data/registers/sunspec.csv", "r");
    char line[512], number[16];

    (void)state;
    if (!file || !fgets(line, sizeof line, file)) /* the header */
        return -1;
    while (fgets(line, sizeof line, file) && csv.count < (int)COUNT_OF(csv.row)) {
        struct csv_row *row = &csv.row[csv.count++];
        take_field(line, 0, number, sizeof number);
        row->reg = atoi(number);
        take_field(line, 1, number, sizeof number);
        row->words = atoi(number);
        take_field(line, 2, row->name, sizeof row->name);
        take_field(line, 8, row->min, sizeof row->min);
        take_field(line, 9, row->max, sizeof row->max);
    }
    fclose(file);
    return csv.count == 85 ? 0 : -1;
}

static int fresh(void **state)
{
    (void)state;
    bench_start(&b, 40);
    return 0;
}

static void read_block(void)
{
    assert_int_equal(bench_read_many(&b, FIRST, 100, block), 0);
    assert_int_equal(bench_read_many(&b, FIRST + 100, WORDS - 100, block + 100), 0);
}

static const struct csv_row *row_of(const char *name)
{
    for (int k = 0; k < csv.count; k++)
        if (!strcmp(csv.row[k].name, name))
            return &csv.row[k];
    fail_msg("no row %s", name);
    return NULL;
}

static uint16_t word(const char *name)
{
    return block[row_of(name)->reg - FIRST];
}

static uint32_t long_word(const char *name)
{
    int at = row_of(name)->reg - FIRST;
    return (uint32_t)block[at] << 16 | block[at + 1];
}

static void the_walk_of_a_client(void **state)
{
    int at = 2;

    (void)state;
    read_block();
    assert_int_equal(block[0], 0x5375);
    assert_int_equal(block[1], 0x6E53);
    assert_int_equal(block[at], 1);
    assert_int_equal(block[at + 1], 65);
    at += 2 + block[at + 1];
    assert_int_equal(FIRST + at, 40070);
    assert_int_equal(block[at], 203);
    assert_int_equal(block[at + 1], 105);
    at += 2 + block[at + 1];
    assert_int_equal(block[at], 0xFFFF);
    assert_int_equal(block[at + 1], 0);
    assert_int_equal(at + 2, WORDS);
}

/* Each register alone, and any part of the block, reads as in the whole. */
static void any_part_of_the_block(void **state)
{
    struct random dice = { 31 };
    uint16_t part[125];

    (void)state;
    for (int q = 0; q < QUANTITIES; q++)
        b.m.reading[q] = (q + 1) * 123456789ll;
    read_block();
    for (int k = 0; k < WORDS; k++)
        assert_int_equal(bench_read(&b, (uint16_t)(FIRST + k)), block[k]);
    for (int round = 0; round < 3000; round++) {
        int first = (int)random_range(&dice, 0, WORDS - 1);
        int most = WORDS - first < 125 ? WORDS - first : 125;
        int count = (int)random_range(&dice, 1, (uint32_t)most);
        assert_int_equal(bench_read_many(&b, (uint16_t)(FIRST + first), count, part),
                         0);
        assert_memory_equal(part, block + first, 2 * (size_t)count);
    }
}

static void nothing_beside_it_and_nothing_writable(void **state)
{
    uint16_t value[2];

    (void)state;
    assert_int_equal(bench_read_many(&b, FIRST - 1, 1, value), 2);
    assert_int_equal(bench_read_many(&b, FIRST + WORDS, 1, value), 2);
    assert_int_equal(bench_read_many(&b, FIRST + WORDS - 1, 2, value), 2);
    for (int reg = FIRST - 1; reg <= FIRST + WORDS; reg++)
        assert_int_equal(bench_write(&b, (uint16_t)reg, 1), 2);
}

/* Constants are those whose range is one value. */
static void constants_of_the_csv(void **state)
{
    int found = 0;

    (void)state;
    read_block();
    for (int k = 0; k < csv.count; k++) {
        const struct csv_row *row = &csv.row[k];
        if (!*row->min || strcmp(row->min, row->max))
            continue;
        found++;
        uint32_t value = row->words == 2 ? long_word(row->name) : word(row->name);
        assert_int_equal(value, strtoul(row->min, NULL, 10));
    }
    assert_int_equal(found, 6);
}

static void check_text(const char *name, const char *expected)
{
    const struct csv_row *row = row_of(name);
    char text[40] = "";

    for (int k = 0; k < 2 * row->words; k++)
        text[k] = (char)(block[row->reg - FIRST + k / 2] >> (k % 2 ? 0 : 8));
    assert_string_equal(text, expected);
    for (int k = (int)strlen(expected); k < 2 * row->words; k++)
        assert_int_equal(text[k], 0);
}

static void texts(void **state)
{
    struct settings s = b.m.settings;

    (void)state;
    s.value[SETTING_ADDRESS] = 47;
    assert_int_equal(apply_settings(&b.m, &s), 0);
    read_block();
    check_text("C_Manufacturer", "Leviton");
    check_text("C_Model", "S4100");
    check_text("C_Options", "");
    check_text("C_Version", "V01.000");
    check_text("C_SerialNumber", "4294967294");
    assert_int_equal(word("C_DeviceAddress"), 47);
    b.board.unnumbered = true;
    read_block();
    check_text("C_SerialNumber", "");
}

static void model_by_system_type(void **state)
{
    static const uint16_t rows[][2] = {
        { 10, 201 }, { 11, 201 }, { 12, 202 }, { 31, 204 }, { 40, 203 }
    };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        bench_set(&b, 130, rows[k][0]);
        assert_int_equal(bench_read(&b, 40070), rows[k][1]);
    }
}

/* SunSpec name and the meter's own register with the same integer. */
static const struct {
    const char *name;
    uint16_t reg;
} twins[] = {
    { "M_AC_Voltage_LN", 26 },   { "M_AC_Voltage_AN", 106 },
    { "M_AC_Voltage_BN", 107 },  { "M_AC_Voltage_CN", 108 },
    { "M_AC_Voltage_LL", 25 },   { "M_AC_Voltage_AB", 103 },
    { "M_AC_Voltage_BC", 104 },  { "M_AC_Voltage_CA", 105 },
    { "M_AC_Freq", 28 },         { "M_AC_Power", 21 },
    { "M_AC_Power_A", 91 },      { "M_AC_Power_B", 92 },
    { "M_AC_Power_C", 93 },      { "M_AC_VA_A", 97 },
    { "M_AC_VA_B", 98 },         { "M_AC_VA_C", 99 },
    { "M_AC_VAR", 22 },          { "M_AC_VAR_A", 94 },
    { "M_AC_VAR_B", 95 },        { "M_AC_VAR_C", 96 },
    { "M_AC_PF_A", 100 },        { "M_AC_PF_B", 101 },
    { "M_AC_PF_C", 102 },        { "M_Exported_W", 5 },
    { "M_Exported_W_A", 49 },    { "M_Exported_W_B", 51 },
    { "M_Exported_W_C", 53 },    { "M_Imported_W", 3 },
    { "M_Imported_W_A", 43 },    { "M_Imported_W_B", 45 },
    { "M_Imported_W_C", 47 },    { "M_Exported_VA", 19 },
    { "M_Exported_VA_A", 85 },   { "M_Exported_VA_B", 87 },
    { "M_Exported_VA_C", 89 },   { "M_Imported_VA", 17 },
    { "M_Imported_VA_A", 79 },   { "M_Imported_VA_B", 81 },
    { "M_Imported_VA_C", 83 },   { "M_Import_VARh_Q1", 7 },
    { "M_Import_VARh_Q1A", 55 }, { "M_Import_VARh_Q1B", 57 },
    { "M_Import_VARh_Q1C", 59 }, { "M_Import_VARh_Q2", 9 },
    { "M_Import_VARh_Q2A", 61 }, { "M_Import_VARh_Q2B", 63 },
    { "M_Import_VARh_Q2C", 65 }, { "M_Export_VARh_Q3", 11 },
    { "M_Export_VARh_Q3A", 67 }, { "M_Export_VARh_Q3B", 69 },
    { "M_Export_VARh_Q3C", 71 }, { "M_Export_VARh_Q4", 13 },
    { "M_Export_VARh_Q4A", 73 }, { "M_Export_VARh_Q4B", 75 },
    { "M_Export_VARh_Q4C", 77 },
};

static void check_twins(void)
{
    read_block();
    for (unsigned k = 0; k < COUNT_OF(twins); k++) {
        uint32_t own, got;
        if (row_of(twins[k].name)->words == 1) {
            own = bench_read(&b, twins[k].reg);
            got = word(twins[k].name);
        } else {
            own = bench_read32(&b, twins[k].reg);
            own = own == 0x80008000u ? 0 : own; /* accumulators have no QNAN */
            got = long_word(twins[k].name);
        }
        if (own != got)
            fail_msg("%s is %u, register %u is %u", twins[k].name, got, twins[k].reg,
                     own);
    }
}

static void check_exponents(void)
{
    static const struct {
        const char *name;
        int reg, more; /* register 0: the number itself */
    } rows[] = {
        { "M_AC_Voltage_SF", 139, 0 }, { "M_AC_Freq_SF", 0, -2 },
        { "M_AC_Power_SF", 140, 3 },   { "M_AC_VA_SF", 140, 3 },
        { "M_AC_VAR_SF", 140, 3 },     { "M_AC_PF_SF", 0, -2 },
        { "M_Energy_W_SF", 141, 3 },   { "M_Energy_VA_SF", 141, 3 },
        { "M_Energy_VAR_SF", 141, 3 },
    };

    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        int own = rows[k].reg ? (int16_t)bench_read(&b, (uint16_t)rows[k].reg) : 0;
        assert_int_equal((int16_t)word(rows[k].name), own + rows[k].more);
    }
}

static void values_by_type_and_size(void **state)
{
    static const uint16_t types[] = { 10, 11, 12, 31, 40 };
    static const uint16_t sizes[] = { 1, 5, 100, 1000, 32000 };
    struct random dice = { 41 };

    (void)state;
    for (unsigned type = 0; type < COUNT_OF(types); type++)
        for (unsigned size = 0; size < COUNT_OF(sizes); size++) {
            bench_set(&b, 130, types[type]);
            bench_set(&b, 131, sizes[size]);
            for (int q = 0; q < QUANTITIES; q++)
                b.m.reading[q] = (int64_t)(random_bits(&dice) >> 36);
            b.m.reading[Q_KW_TOTAL] = -b.m.reading[Q_KW_TOTAL];
            b.m.reading[Q_PF_A] = -950000;
            check_twins();
            check_exponents();
        }
    b.m.reading[Q_FREQ] = METER_NO_READING;
    check_twins();
}

/* The smallest exponent with which three phases at 1.2 times full scale fit. */
static void current_is_the_sum_and_fits(void **state)
{
    (void)state;
    for (uint32_t size = 1; size <= 32000; size += 1 + size / 40) {
        bench_set(&b, 131, (uint16_t)size);
        int64_t most_ua = size * 1200000ll;
        for (int k = 0; k < 3; k++)
            b.m.reading[Q_I_A + k] = most_ua - k * 1000ll;
        read_block();
        int sf = (int16_t)word("M_AC_Current_SF");
        long double unit = powl(10, sf);
        assert_near(word("M_AC_Current"), (3 * most_ua - 3000) / 1e6L / unit, 0.501L);
        assert_near(word("M_AC_Current_C"), (most_ua - 2000) / 1e6L / unit, 0.501L);
        assert_true(3 * most_ua / 1e6L / unit <= 32767.5L);
        assert_true(sf == -4 || 3 * most_ua / 1e6L / unit * 10 > 32766.5L);
    }
}

static void sums_and_averages_over_active_phases(void **state)
{
    static const struct {
        uint16_t type;
        int phases;
    } rows[] = { { 10, 1 }, { 11, 1 }, { 12, 2 }, { 31, 3 }, { 40, 3 } };
    static const int pf[] = { 9000, -5000, 200 };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        bench_set(&b, 130, rows[k].type);
        int amps = 0, sum = 0, va = 0;
        for (int phase = 0; phase < 3; phase++) {
            b.m.reading[Q_I_A + phase] = (10 << phase) * 1000000ll;
            b.m.reading[Q_PF_A + phase] = pf[phase] * 100;
            b.m.reading[Q_KVA_A + phase] = (1000 << phase) * 1000000ll;
            if (phase < rows[k].phases) {
                amps += 10 << phase;
                va += 1000 << phase;
                sum += pf[phase];
            }
        }
        read_block();
        assert_int_equal(word("M_AC_Current"), amps * 10); /* exponent −1 */
        assert_int_equal(word("M_AC_VA"), va / 10);        /* exponent 1 */
        assert_int_equal((int16_t)word("M_AC_PF"), sum / rows[k].phases);
        assert_int_equal(word("M_AC_Current_C"), rows[k].phases == 3 ? 400 : 0x8000);
    }
}

/* From samples to events: power failure and under-voltage with a lost phase, low PF,
 * over-current, over-voltage; a voltage that is low but not lost is no over-voltage. */
static void events(void **state)
{
    static const struct {
        double volts, amps, lag;
        int lost;
        uint32_t events;
    } rows[] = {
        { 277, 50, 30, -1, 0 },
        { 277, 50, 75, -1, 1 << 4 },
        { 277, 125, 0, -1, 1 << 5 },
        { 410, 50, 0, -1, 0 },
        { 277, 50, 0, 1, 1 << 2 | 1 << 3 },
        { 60, 50, 0, -1, 0 },
    };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        struct waves w;
        bench_start(&b, 40);
        waves_set_balanced(&w, 60, rows[k].volts, rows[k].amps, rows[k].lag, 0);
        if (rows[k].lost >= 0)
            w.channel[rows[k].lost].count = 0;
        bench_seconds(&b, &w, 3);
        read_block();
        if (long_word("M_Events") != rows[k].events)
            fail_msg("row %u: %x", k, long_word("M_Events"));
    }
    assert_int_equal(bench_read(&b, 146) & 7, 0); /* 60 V is low, not over */
    b.m.alerts = 2;
    read_block();
    assert_int_equal(long_word("M_Events"), 1 << 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_walk_of_a_client, fresh),
        cmocka_unit_test_setup(any_part_of_the_block, fresh),
        cmocka_unit_test_setup(nothing_beside_it_and_nothing_writable, fresh),
        cmocka_unit_test_setup(constants_of_the_csv, fresh),
        cmocka_unit_test_setup(texts, fresh),
        cmocka_unit_test_setup(model_by_system_type, fresh),
        cmocka_unit_test_setup(values_by_type_and_size, fresh),
        cmocka_unit_test_setup(current_is_the_sum_and_fits, fresh),
        cmocka_unit_test_setup(sums_and_averages_over_active_phases, fresh),
        cmocka_unit_test(events),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
