/* The register map as a client meets it: access, ranges, scales, QNAN, all-or-nothing
 * writes, commands; against the CSV and the tables of docs/decisions.md, Settings. */
#include "tests/support/bench.h"
#include "tests/support/register_csv.h"

static struct csv_registers csv;
static struct bench b;
static struct random dice = { 9 };

static int load(void **state)
{
    (void)state;
    csv_load(&csv, "s4100.csv");
    return 0;
}

static int fresh(void **state)
{
    (void)state;
    bench_start(&b, 40);
    return 0;
}

static bool in_scope(int reg)
{
    return (reg >= 1 && reg <= 154) || (reg >= 257 && reg <= 408) || reg == 7001;
}

static void unlisted_registers_are_refused(void **state)
{
    uint16_t value;

    (void)state;
    for (int reg = 1; reg <= 65535; reg++) {
        const struct csv_register *line = csv_find(&csv, reg);
        bool reads = bench_read_many(&b, (uint16_t)reg, 1, &value) == 0;
        if (line && in_scope(reg) && !reads)
            fail_msg("register %d (%s) cannot be read", reg, line->name);
        bool sunspec = reg >= 40001 && reg <= 40178; /* test_sunspec has these */
        if (!line && !sunspec && (reads || bench_write(&b, (uint16_t)reg, 1) != 2))
            fail_msg("register %d is not listed, yet there", reg);
    }
}

static void read_only_registers_refuse_writes(void **state)
{
    struct settings before = b.m.settings;
    uint16_t pair[2] = { 0, 0 };

    (void)state;
    for (int k = 0; k < csv.count; k++) {
        const struct csv_register *line = &csv.row[k];
        if (!in_scope(line->reg) || strcmp(line->access, "R"))
            continue;
        if (bench_write(&b, (uint16_t)line->reg, 1) != 2 ||
            bench_write_many(&b, (uint16_t)line->reg, line->words, pair) != 2)
            fail_msg("register %d (%s) takes a write", line->reg, line->name);
    }
    assert_memory_equal(&before, &b.m.settings, sizeof before);
}

/* Own rules beyond the range stand aside: 134 needs a PT ratio that fits. */
static void make_room_for(int reg, int value)
{
    if (reg == 134)
        bench_set(&b, 133, (uint16_t)(value > 660 ? 10000 : 100));
}

static void settings_accept_their_range_and_no_more(void **state)
{
    (void)state;
    for (int k = 0; k < csv.count; k++) {
        const struct csv_register *line = &csv.row[k];
        if (!in_scope(line->reg) || strcmp(line->access, "R/W") || line->reg == 129)
            continue;
        bench_start(&b, 40);
        const int ends[2] = { atoi(line->min), atoi(line->max) };
        for (int end = 0; end < 2; end++) {
            make_room_for(line->reg, ends[end]);
            int at = bench_write(&b, (uint16_t)line->reg, (uint16_t)ends[end]);
            int read = bench_read(&b, (uint16_t)line->reg);
            int past = ends[end] + (end ? 1 : -1);
            int out =
                past < 0 ? 3 : bench_write(&b, (uint16_t)line->reg, (uint16_t)past);
            if (at || out != 3)
                fail_msg("%s: %d gives %d, %d gives %d", line->name, ends[end], at,
                         past, out);
            assert_int_equal(read, line->reg == 151 ? 0 : ends[end]);
            assert_int_equal(bench_read(&b, (uint16_t)line->reg), read);
        }
    }
}

static void plain_values_after_power_up(void **state)
{
    static const uint16_t rows[][2] = {
        { 129, 0 },      { 130, 40 },     { 131, 100 },    { 132, 1 },  { 133, 100 },
        { 134, 600 },    { 135, 10392 },  { 136, 0 },      { 137, 1 },  { 138, 0xFFFE },
        { 139, 0xFFFF }, { 140, 0xFFFE }, { 141, 0xFFFE }, { 142, 10 }, { 143, 25 },
        { 144, 1000 },   { 145, 500 },    { 147, 0 },      { 148, 0 },  { 149, 1 },
        { 150, 900 },    { 151, 0 },      { 152, 1 },      { 153, 0 },  { 154, 0 },
        { 38, 0x8000 },  { 112, 0x8000 },
    };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(rows); k++)
        if (bench_read(&b, rows[k][0]) != rows[k][1])
            fail_msg("register %d reads %04x", rows[k][0], bench_read(&b, rows[k][0]));
    assert_int_equal(bench_read32(&b, 311), 0x7FC00000);
    assert_int_equal(bench_read32(&b, 407), 0x7FC00000);
}

/* Which quantities a system type has: docs/decisions.md, System types. Columns 10 11 12
 * 31 40. */
static const struct {
    const char *names; /* each closed by a blank */
    const char *valid;
} validity[] = {
    { "vll_avg v_ab ", "-VVVV" },
    { "v_bc v_ac ", "---VV" },
    { "vln_avg v_an ", "V-V-V" },
    { "v_bn ", "--V-V" },
    { "v_cn ", "----V" },
    { "i_b kw_b kvar_b kva_b pf_b kwh_import_b kwh_export_b kvarh_q1_b kvarh_q2_b "
      "kvarh_q3_b kvarh_q4_b kvah_import_b kvah_export_b ",
      "--VVV" },
    { "i_c kw_c kvar_c kva_c pf_c kwh_import_c kwh_export_c kvarh_q1_c kvarh_q2_c "
      "kvarh_q3_c kvarh_q4_c kvah_import_c kvah_export_c ",
      "---VV" },
};

/* What is not in the list is valid for every type. */
static bool valid(const char *name, int type)
{
    char wanted[48];

    snprintf(wanted, sizeof wanted, "%.*s ",
             (int)(strstr(name, "_f") && !strcmp(name + strlen(name) - 2, "_f")
                       ? strlen(name) - 2
                       : strlen(name)),
             name);
    for (unsigned k = 0; k < COUNT_OF(validity); k++) {
        const char *at = strstr(validity[k].names, wanted);
        if (at && (at == validity[k].names || at[-1] == ' '))
            return validity[k].valid[type] == 'V';
    }
    return true;
}

static void check_qnan(const struct csv_register *line, bool expect_valid)
{
    uint16_t reg = (uint16_t)line->reg;
    bool qnan;

    if (line->words == 1)
        qnan = bench_read(&b, reg) == 0x8000;
    else if (!strcmp(line->format, "Float"))
        qnan = bench_read32(&b, reg) == 0x7FC00000;
    else
        qnan = bench_read32(&b, reg) == 0x80008000;
    if (qnan == expect_valid)
        fail_msg("type %d: %s (%d) is %s", bench_read(&b, 130), line->name, reg,
                 qnan ? "QNAN" : "a number");
}

static void qnan_by_system_type(void **state)
{
    static const uint16_t types[] = { 10, 11, 12, 31, 40 };

    (void)state;
    for (int type = 0; type < 5; type++) {
        bench_start(&b, types[type]);
        for (int q = 0; q < QUANTITIES; q++)
            b.m.reading[q] = 123456;
        for (int k = 0; k < csv.count; k++) {
            const struct csv_register *line = &csv.row[k];
            bool reserved = !strncmp(line->name, "reserved", 8);
            if (in_scope(line->reg) && (line->reg < 113 || line->reg > 256) &&
                line->reg != 7001)
                check_qnan(line, !reserved && valid(line->name, type));
        }
    }
}

/* Exponent of a CSV scale: a letter names the register that holds it. */
static int exponent_of(const char *scale)
{
    static const char letters[] = "IVWE";
    const char *at = strchr(letters, *scale);

    if (*scale && at)
        return (int16_t)bench_read(&b, (uint16_t)(138 + (at - letters)));
    return *scale ? (int)lrint(log10(atof(scale))) : 0;
}

/* A reading in counts, as the register's integer: halves away from zero. */
static int64_t scaled(int64_t x, int decimals, int exponent)
{
    int places = decimals + exponent;
    s128 n = x < 0 ? -(s128)x : (s128)x, ten = 1;

    for (int k = 0; k < (places < 0 ? -places : places); k++)
        ten *= 10;
    n = places < 0 ? n * ten : (n + ten / 2) / ten;
    return (int64_t)(x < 0 ? -n : n);
}

static int decimals_of(const struct csv_register *line)
{
    if (!strncmp(line->name, "pulse", 5))
        return 0;
    return line->name[0] == 'k' && !strstr(line->name, "h_") ? 9 : 6;
}

static int64_t read_integer(const struct csv_register *line)
{
    uint16_t reg = (uint16_t)line->reg;

    if (line->words == 1)
        return (int16_t)bench_read(&b, reg);
    uint32_t value = bench_read32(&b, reg);
    return line->format[0] == 'S' ? (int64_t)(int32_t)value : (int64_t)value;
}

static void check_formatting(const struct csv_register *line, int q)
{
    bool is_signed = line->format[0] == 'S';
    int exponent = exponent_of(line->scale), decimals = decimals_of(line);
    int bits = line->words == 1 ? 15 : is_signed ? 31 : 32;
    int64_t limit = ((int64_t)1 << bits) - 1;
    int64_t x = (int64_t)(random_length(&dice) >> 12);

    if (is_signed && random_bits(&dice) & 1)
        x = -x;
    while (scaled(x, decimals, exponent) > limit ||
           scaled(x, decimals, exponent) < -limit)
        x /= 2;
    b.m.reading[q] = x;
    int64_t expected = scaled(x, decimals, exponent);
    int64_t got = read_integer(line);
    if (got != expected)
        fail_msg("%s with exponent %d: %lld is shown as %lld, expected %lld",
                 line->name, exponent, (long long)x, (long long)got,
                 (long long)expected);
}

static int quantity_of(const char *name)
{
    for (int q = 0; q < QUANTITIES; q++)
        if (!strcmp(quantity_table[q].name, name))
            return q;
    return -1;
}

static void check_all_formatting(void)
{
    for (int k = 0; k < csv.count; k++) {
        const struct csv_register *line = &csv.row[k];
        int q = line->reg <= 112 ? quantity_of(line->name) : -1;
        for (int round = 0; q >= 0 && round < 5; round++)
            check_formatting(line, q);
    }
}

static void integers_scale_by_their_exponents(void **state)
{
    static const uint16_t rows[][3] = {
        /* CT, PT ratio, system voltage */
        { 1, 100, 82 },          { 5, 100, 208 },     { 100, 100, 600 },
        { 3000, 100, 480 },      { 32000, 100, 660 }, { 200, 1200, 4160 },
        { 32000, 32000, 32000 },
    };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        bench_set(&b, 131, rows[k][0]);
        const uint16_t pair[2] = { rows[k][1], rows[k][2] };
        assert_int_equal(bench_write_many(&b, 133, 2, pair), 0);
        check_all_formatting();
    }
}

static void floats_are_the_nearest(void **state)
{
    (void)state;
    for (int k = 0; k < csv.count; k++) {
        const struct csv_register *line = &csv.row[k];
        char name[40];
        if (strcmp(line->format, "Float") || !strncmp(line->name, "reserved", 8))
            continue;
        snprintf(name, sizeof name, "%.*s", (int)strlen(line->name) - 2, line->name);
        int q = quantity_of(name);
        for (int round = 0; round < 20; round++) {
            int64_t x = (int64_t)(random_length(&dice) >> 11) * (round & 1 ? -1 : 1);
            b.m.reading[q] = x;
            long double exact = (long double)x / powl(10, decimals_of(line));
            assert_near(bench_read_float(&b, (uint16_t)line->reg), exact,
                        fabsl(exact) * 0x1p-24L);
        }
    }
}

static void overflow_is_pinned_in_16_bits_and_rolls_in_32(void **state)
{
    (void)state;
    b.m.reading[Q_KW_TOTAL] = 400ll * 1000000000;
    assert_int_equal((int16_t)bench_read(&b, 21), 32767);
    b.m.reading[Q_KW_TOTAL] = -400ll * 1000000000;
    assert_int_equal((int16_t)bench_read(&b, 21), -32767);
    b.m.reading[Q_KWH_IMPORT] = (4294967296ll + 5) * 10000;
    assert_int_equal(bench_read32(&b, 3), 5);
    b.m.reading[Q_KWH_NET] = -(2147483648ll + 5) * 10000;
    assert_int_equal((int32_t)bench_read32(&b, 1), -5);
}

static void halves_of_long_registers(void **state)
{
    uint16_t low, three[3];

    (void)state;
    b.m.reading[Q_KWH_IMPORT] = 0x12345678ll * 10000;
    b.m.reading[Q_KWH_EXPORT] = 0x9ABCDEF0ll * 10000;
    assert_int_equal(bench_read(&b, 3), 0x1234);
    assert_int_equal(bench_read(&b, 4), 0x5678);
    assert_int_equal(bench_read_many(&b, 4, 3, three), 0);
    assert_int_equal(three[0], 0x5678);
    assert_int_equal(three[1], 0x9ABC);
    assert_int_equal(three[2], 0xDEF0);
    b.m.reading[Q_V_AN] = 1500000; /* 1.5 = 3FC0 0000 */
    assert_int_equal(bench_read(&b, 395), 0x3FC0);
    assert_int_equal(bench_read_many(&b, 396, 1, &low), 0);
    assert_int_equal(low, 0);
}

static void fill_word_bridges_gaps(void **state)
{
    uint16_t word[125];

    (void)state;
    assert_int_equal(bench_read_many(&b, 105, 30, word), 2);
    b.m.fill_word = 0x8000;
    assert_int_equal(bench_read_many(&b, 105, 30, word), 0);
    for (int reg = 113; reg <= 128; reg++)
        assert_int_equal(word[reg - 105], 0x8000);
    assert_int_equal(word[130 - 105], 40);
    assert_int_equal(bench_read(&b, 65535), 0x8000);
    assert_int_equal(bench_read_many(&b, 65535, 3, word),
                     2); /* past the last address */
    assert_int_equal(bench_write(&b, 120, 1), 2);
}

static void multiple_writes_are_all_or_nothing(void **state)
{
    const uint16_t bad_last[] = { 31, 400, 1, 100, 81 };
    const uint16_t across_read_only[] = { 480, 5 };
    const uint16_t good[] = { 31, 400, 3, 1000, 4160 };
    struct settings before = b.m.settings;
    uint32_t writes = b.board.writes;

    (void)state;
    assert_int_equal(bench_write_many(&b, 130, 5, bad_last), 3);
    assert_int_equal(bench_write_many(&b, 134, 2, across_read_only), 2);
    assert_memory_equal(&before, &b.m.settings, sizeof before);
    assert_int_equal(b.board.writes, writes);
    assert_int_equal(bench_write_many(&b, 130, 5, good), 0);
    for (int k = 0; k < 5; k++)
        assert_int_equal(bench_read(&b, (uint16_t)(130 + k)), good[k]);
    assert_int_equal(b.board.ct_range, HAL_CT_THIRD_V);
    assert_int_equal(b.board.writes, writes + 2); /* two copies */
}

static void voltage_is_checked_against_the_ratio_written_with_it(void **state)
{
    const uint16_t together[] = { 2000, 9600 };

    (void)state;
    assert_int_equal(bench_write(&b, 134, 9600), 3);
    assert_int_equal(bench_write_many(&b, 133, 2, together), 0);
    assert_int_equal(bench_read(&b, 133), 2000);
    assert_int_equal(bench_read(&b, 134), 9600);
    assert_int_equal(bench_write(&b, 134, 600), 3);
}

static void address_goes_before_value(void **state)
{
    const uint16_t bad_value_and_read_only[] = { 7000, 1 };

    (void)state;
    assert_int_equal(bench_write_many(&b, 134, 2, bad_value_and_read_only), 2);
}

static void exponents_follow_the_configuration(void **state)
{
    (void)state;
    bench_set(&b, 131, 32000);
    assert_int_equal((int16_t)bench_read(&b, 138), 1);
    assert_int_equal((int16_t)bench_read(&b, 140), 1); /* 33.3 MW × 1.2 */
    assert_int_equal((int16_t)bench_read(&b, 141), 1); /* 2.9 · 10^9 kWh in ten years */
    assert_int_equal(bench_read(&b, 145), 50);
    assert_int_equal(bench_write(&b, 144, 100), 3); /* 18 MW at the most */
    bench_set(&b, 144, 10000);
    assert_int_equal(bench_read(&b, 145), 500);
}

/* With 10 Wh and the shortest closure, 10 ms, 1.8 MW is the most. */
static void impossible_pulse_settings(void **state)
{
    (void)state;
    bench_set(&b, 144, 10);
    bench_set(&b, 131, 1732); /* 1.79994 MW against 1.8 MW */
    assert_int_equal(bench_read(&b, 145), 10);
    bench_set(&b, 131, 1733); /* 1.80098 MW: accepted, 144 stays, bit 15 */
    assert_int_equal(bench_read(&b, 144), 10);
    bench_silence(&b, 2);
    assert_true(bench_read(&b, 146) & 0x8000);
    assert_int_equal(bench_write(&b, 144, 10), 3);
    bench_set(&b, 144, 100);
    bench_silence(&b, 1);
    assert_false(bench_read(&b, 146) & 0x8000);
}

static void commands(void **state)
{
    (void)state;
    for (uint32_t value = 0; value <= 65535; value++) {
        bool known = value == 30078 || value == 21211 || value == 21212 ||
                     value == 16640 || value == 16498;
        if (value != 16640 && bench_write(&b, 129, (uint16_t)value) != (known ? 0 : 3))
            fail_msg("command %u", value);
    }
    assert_int_equal(bench_read(&b, 129), 0);
    assert_int_equal(bench_read(&b, 147), 1);
}

static void energy_reset_clears_energies_and_nothing_else(void **state)
{
    (void)state;
    energy_add(&b.m.energy, ENERGY_TOTAL, ENERGY_IMPORT, 3600000ull * 5000000);
    energy_add(&b.m.energy, 1, ENERGY_Q4, 3600000ull * 7000000);
    b.m.pulse.channel[0].count = 17;
    bench_silence(&b, 1);
    assert_int_equal(bench_read32(&b, 3), 500);
    assert_int_equal(bench_read32(&b, 75), 700);
    bench_set(&b, 129, 30078);
    assert_int_equal(bench_read32(&b, 3), 0);
    assert_int_equal(bench_read32(&b, 1), 0);
    assert_int_equal(bench_read32(&b, 75), 0);
    assert_int_equal(bench_read32(&b, 39), 17);
    assert_int_equal(bench_read(&b, 147), 1);
    bench_set(&b, 129, 16498);
    assert_int_equal(bench_read32(&b, 39), 0);
}

/* Stored energy never changes when an exponent does. */
static void energy_stays_when_the_exponent_changes(void **state)
{
    (void)state;
    energy_add(&b.m.energy, ENERGY_TOTAL, ENERGY_IMPORT, 3600000ull * 123456789);
    bench_silence(&b, 1);
    assert_int_equal(bench_read32(&b, 3), 12346); /* 123.456789 kWh, exponent −2 */
    bench_set(&b, 131, 5);
    assert_int_equal((int16_t)bench_read(&b, 141), -3);
    assert_int_equal(bench_read32(&b, 3), 123457);
    bench_set(&b, 131, 32000);
    assert_int_equal(bench_read32(&b, 3), 12);
    assert_near(bench_read_float(&b, 259), 123.456789L, 1e-5L);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(unlisted_registers_are_refused, fresh),
        cmocka_unit_test_setup(read_only_registers_refuse_writes, fresh),
        cmocka_unit_test_setup(settings_accept_their_range_and_no_more, fresh),
        cmocka_unit_test_setup(plain_values_after_power_up, fresh),
        cmocka_unit_test_setup(qnan_by_system_type, fresh),
        cmocka_unit_test_setup(integers_scale_by_their_exponents, fresh),
        cmocka_unit_test_setup(floats_are_the_nearest, fresh),
        cmocka_unit_test_setup(overflow_is_pinned_in_16_bits_and_rolls_in_32, fresh),
        cmocka_unit_test_setup(halves_of_long_registers, fresh),
        cmocka_unit_test_setup(fill_word_bridges_gaps, fresh),
        cmocka_unit_test_setup(multiple_writes_are_all_or_nothing, fresh),
        cmocka_unit_test_setup(voltage_is_checked_against_the_ratio_written_with_it,
                               fresh),
        cmocka_unit_test_setup(address_goes_before_value, fresh),
        cmocka_unit_test_setup(exponents_follow_the_configuration, fresh),
        cmocka_unit_test_setup(impossible_pulse_settings, fresh),
        cmocka_unit_test_setup(commands, fresh),
        cmocka_unit_test_setup(energy_reset_clears_energies_and_nothing_else, fresh),
        cmocka_unit_test_setup(energy_stays_when_the_exponent_changes, fresh),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
