/* Reading COMTRADE from memory: every revision and format, and what real files do to
 * the standard. */
#include "comtrade_fixture.h"

/* Two channels and one status at 1200 S/s; each test replaces what it is about. */
struct header {
    const char *station, *counts, *channels, *hz, *rates, *start, *format, *tail;
};
static const struct header plain_1999 = {
    "Mill,Relay 7,1999",
    "3,2A,1D",
    "1,Va,A,Line 1,kV,0.5,1,2.5,-9999,9999,400,110,P\r\n"
    "2,Ia,A,,A,2,-1,0,-9999,9999,1,1,S\r\n"
    "1,Trip,,,0",
    "60",
    "1\r\n1200,3",
    "01/02/1999,10:20:30.500000",
    "ASCII",
    "1",
};
static const char rows_ascii[] = "1,0,10,20,0\r\n2,833,30,-40,1\r\n3,1667,-50,60,0\r\n";

static size_t build(char *out, size_t size, const struct header *h)
{
    return (size_t)snprintf(out, size,
                            "%s\r\n%s\r\n%s\r\n%s\r\n%s\r\n%s\r\n%s\r\n%s\r\n%s",
                            h->station, h->counts, h->channels, h->hz, h->rates,
                            h->start, h->start, h->format, h->tail);
}

static struct comtrade *parse_bytes(const struct header *h, const void *data,
                                    size_t size, struct comtrade_error *error)
{
    char cfg[4096];
    size_t cfg_size = build(cfg, sizeof cfg, h);
    return comtrade_parse("x.cfg", cfg, cfg_size, data, size, error);
}

static struct comtrade *parse(const struct header *h, const void *data, size_t size)
{
    struct comtrade_error error = { "" };
    struct comtrade *f = parse_bytes(h, data, size, &error);
    if (!f)
        fail_msg("%s", error.text);
    return f;
}

static struct comtrade *parse_text(const struct header *h, const char *data)
{
    return parse(h, data, strlen(data));
}

static void assert_rows(const struct comtrade *f)
{
    static const double va[] = { 6, 16, -24 }, ia[] = { 39, -81, 119 };
    static const uint8_t trip[] = { 0, 1, 0 };
    assert_int_equal(f->count, 3);
    for (int n = 0; n < 3; n++) {
        assert_close(f->value[0][n], va[n], 0);
        assert_close(f->value[1][n], ia[n], 0);
        assert_int_equal(f->status[0][n], trip[n]);
        assert_close(f->seconds[n], n / 1200.0, 1e-15);
    }
}

static void reads_1999_ascii(void **state)
{
    (void)state;
    struct comtrade *f = parse_text(&plain_1999, rows_ascii);
    assert_rows(f);
    assert_string_equal(f->station, "Mill");
    assert_string_equal(f->device, "Relay 7");
    assert_int_equal(f->revision, 1999);
    assert_int_equal(f->format, COMTRADE_ASCII);
    assert_close(f->line_hz, 60, 0);
    assert_string_equal(f->analog[0].name, "Va");
    assert_string_equal(f->analog[0].phase, "A");
    assert_string_equal(f->analog[0].circuit, "Line 1");
    assert_string_equal(f->analog[0].unit, "kV");
    assert_close(f->analog[0].skew_us, 2.5, 0);
    assert_close(f->analog[0].primary, 400, 0);
    assert_close(f->analog[0].secondary, 110, 0);
    assert_true(f->analog[0].is_primary);
    assert_false(f->analog[1].is_primary);
    assert_string_equal(f->status_name[0], "Trip");
    assert_int_equal(f->start.day, 1);
    assert_int_equal(f->start.month, 2);
    assert_int_equal(f->start.year, 1999);
    assert_close(f->start.second, 30.5, 0);
    assert_string_equal(f->warning, "");
    comtrade_free(f);
}

static void reads_1991(void **state)
{
    (void)state;
    struct header h = plain_1999;
    h.station = "Mill,Relay 7";
    h.channels = "1,Va,A,Line 1,kV,0.5,1,0,-9999,9999\r\n"
                 "2,Ia,A,,A,2,-1,0,-9999,9999\r\n1,Trip,0";
    h.start = "02/01/99,10:20:30.500000";
    h.tail = "";
    struct comtrade *f = parse_text(&h, rows_ascii);
    assert_rows(f);
    assert_int_equal(f->revision, 1991);
    assert_int_equal(f->start.day, 1);
    assert_int_equal(f->start.month, 2);
    assert_int_equal(f->start.year, 1999);
    assert_close(f->analog[0].primary, 1, 0);
    assert_string_equal(f->warning, "");
    comtrade_free(f);
}

static void puts_a_month_above_12_right(void **state)
{
    (void)state;
    struct header h = plain_1999;
    h.start = "09/17/15,10:20:30.5";
    struct comtrade *f = parse_text(&h, rows_ascii);
    assert_int_equal(f->start.month, 9);
    assert_int_equal(f->start.day, 17);
    assert_int_equal(f->start.year, 2015);
    comtrade_free(f);
}

struct binary {
    uint8_t at[128];
    size_t size;
};

static void put(struct binary *b, uint32_t word, int bytes)
{
    for (int i = 0; i < bytes; i++)
        b->at[b->size++] = (uint8_t)(word >> 8 * i);
}

static struct binary binary_rows(enum comtrade_format format)
{
    static const int raw[3][2] = { { 10, 20 }, { 30, -40 }, { -50, 60 } };
    struct binary b = { .size = 0 };
    for (int n = 0; n < 3; n++) {
        put(&b, (uint32_t)n + 1, 4);
        put(&b, (uint32_t)(n * 833), 4);
        for (int c = 0; c < 2; c++) {
            float real = (float)raw[n][c];
            uint32_t word = (uint32_t)raw[n][c];
            if (format == COMTRADE_FLOAT32)
                memcpy(&word, &real, sizeof word);
            put(&b, word, format == COMTRADE_BINARY ? 2 : 4);
        }
        put(&b, n == 1, 2);
    }
    return b;
}

static void reads_binary_formats(void **state)
{
    (void)state;
    static const char *const word[] = { "ascii", "Binary", " BINARY32 ", "float32" };
    for (int i = COMTRADE_BINARY; i <= COMTRADE_FLOAT32; i++) {
        struct header h = plain_1999;
        h.station = "Mill,Relay 7,2013";
        h.format = word[i];
        h.tail = "1.0\r\n0,0\r\n0,0\r\n";
        struct binary b = binary_rows((enum comtrade_format)i);
        struct comtrade *f = parse(&h, b.at, b.size);
        assert_rows(f);
        assert_int_equal(f->format, i);
        comtrade_free(f);
    }
}

static void packs_sixteen_statuses_to_a_word(void **state)
{
    (void)state;
    char channels[1024] = "";
    for (int i = 1; i <= 18; i++)
        snprintf(channels + strlen(channels), sizeof channels - strlen(channels),
                 "%d,D%d,,,0%s", i, i, i < 18 ? "\r\n" : "");
    struct header h = plain_1999;
    h.counts = "18,0A,18D";
    h.channels = channels;
    h.format = "BINARY";
    h.rates = "1\r\n1200,1";
    static const uint8_t row[] = { 1, 0, 0, 0, 0, 0, 0, 0, 0x01, 0x82, 0x02, 0x00 };
    struct comtrade *f = parse(&h, row, sizeof row);
    for (int i = 0; i < 18; i++)
        assert_int_equal(f->status[i][0], i == 0 || i == 9 || i == 15 || i == 17);
    comtrade_free(f);
}

static void holds_over_missing_values(void **state)
{
    (void)state;
    struct header h = plain_1999;
    const char *rows = "1,0,99999,20,0\r\n2,833,30,,1\r\n3,1667,99999,60,0\r\n";
    struct comtrade *f = parse_text(&h, rows);
    assert_close(f->value[0][0], 16, 0); /* from behind */
    assert_close(f->value[0][2], 16, 0);
    assert_close(f->value[1][1], 39, 0);
    assert_string_equal(f->warning, "3 values missing, the last one held");
    comtrade_free(f);
    h.station = "Mill,Relay 7,1991"; /* there, 99999 is a value */
    f = parse_text(&h, rows);
    assert_close(f->value[0][0], 0.5 * 99999 + 1, 0);
    comtrade_free(f);
}

static void holds_over_missing_binary_values(void **state)
{
    (void)state;
    static const uint32_t missing[] = { 0, 0x8000, 0x80000000u, 0xff800000u };
    static const char *const word[] = { "", "BINARY", "BINARY32", "FLOAT32" };
    for (int i = COMTRADE_BINARY; i <= COMTRADE_FLOAT32; i++) {
        struct header h = plain_1999;
        h.format = word[i];
        struct binary b = binary_rows((enum comtrade_format)i);
        size_t row = b.size / 3;
        b.size = row + 8;
        put(&b, missing[i], i == COMTRADE_BINARY ? 2 : 4);
        b.size = 3 * row;
        struct comtrade *f = parse(&h, b.at, b.size);
        assert_close(f->value[0][1], 6, 0);
        assert_string_equal(f->warning, "1 values missing, the last one held");
        comtrade_free(f);
    }
}

static void reads_any_line_end(void **state)
{
    (void)state;
    static const char *const end[] = { "\r\n", "\n", "\r", "  \r\n", "\r\r\n" };
    char cfg[4096], cfg_other[4096], data_other[256];
    build(cfg, sizeof cfg, &plain_1999);
    for (size_t i = 0; i < sizeof end / sizeof end[0]; i++) {
        char *texts[2] = { cfg_other, data_other };
        const char *from[2] = { cfg, rows_ascii };
        for (int t = 0; t < 2; t++) {
            char *out = texts[t];
            for (const char *p = from[t]; *p; p++)
                if (*p == '\n')
                    out += sprintf(out, "%s", end[i]);
                else if (*p == ',' && i == 3)
                    out += sprintf(out, " , ");
                else if (*p != '\r')
                    *out++ = *p;
            *out = '\0';
        }
        data_other[strlen(data_other) - strlen(end[i])] = '\0';
        struct comtrade_error error = { "" };
        struct comtrade *f = comtrade_parse("x.cfg", cfg_other, strlen(cfg_other),
                                            data_other, strlen(data_other), &error);
        assert_string_equal(error.text, "");
        assert_rows(f);
        comtrade_free(f);
    }
}

static void reads_time_from_stamps(void **state)
{
    (void)state;
    struct header h = plain_1999;
    static const char rows[] = "1,-500,1,1,0\n2,1000,1,1,0\n3,4500,1,1,0\n";
    static const char *const rates[] = { "0\r\n0,3", "0", "1\r\n0,3" };
    for (int i = 0; i < 3; i++) {
        h.rates = rates[i];
        h.tail = "2"; /* stamps in 2 us */
        struct comtrade *f = parse_text(&h, rows);
        assert_int_equal(f->rate_count, 0);
        assert_close(f->seconds[0], 0, 0);
        assert_close(f->seconds[1], 0.003, 1e-15);
        assert_close(f->seconds[2], 0.010, 1e-15);
        comtrade_free(f);
    }
}

static void reads_stamps_of_nanoseconds(void **state)
{
    (void)state;
    struct header h = plain_1999;
    h.station = "Mill,,2013";
    h.rates = "0\r\n0,2";
    h.start = "01/02/2020,10:20:30.123456789";
    struct comtrade *f = parse_text(&h, "1,0,1,1,0\n2,104167,1,1,0\n");
    assert_close(f->seconds[1], 104.167e-6, 1e-15);
    comtrade_free(f);
}

/* -1 us, then wrapped round to 832 us, in 32 bits. */
static void reads_negative_binary_stamps(void **state)
{
    (void)state;
    struct header h = plain_1999;
    h.format = "BINARY";
    h.rates = "0\r\n0,3";
    struct binary b = binary_rows(COMTRADE_BINARY);
    size_t row = b.size / 3;
    for (size_t n = 0; n < 3; n++) {
        b.size = n * row + 4;
        put(&b, (uint32_t)(n * 833) - 500, 4);
    }
    struct comtrade *f = parse(&h, b.at, 3 * row);
    assert_close(f->seconds[1], 833e-6, 1e-15);
    assert_close(f->seconds[2], 1666e-6, 1e-15);
    comtrade_free(f);
}

static void follows_several_rates(void **state)
{
    (void)state;
    struct header h = plain_1999;
    h.rates = "2\r\n1000,2\r\n4000.5,9";
    struct comtrade *f = parse_text(
        &h, "1,0,1,1,0\n2,1000,1,1,0\n3,1250,1,1,0\n4,1500,1,1,0\n5,1750,1,1,0\n");
    assert_int_equal(f->announced, 9);
    assert_close(f->seconds[1], 0.001, 1e-15);
    assert_close(f->seconds[2], 0.001 + 1 / 4000.5, 1e-15);
    assert_close(f->seconds[4], 0.001 + 3 / 4000.5, 1e-15);
    assert_string_equal(f->warning, "9 samples announced, 5 present");
    comtrade_free(f);
}

static void tells_of_jumps_in_the_stamps(void **state)
{
    (void)state;
    struct comtrade *f =
        parse_text(&plain_1999, "1,0,1,1,0\n2,833,1,1,0\n3,501667,1,1,0\n");
    assert_close(f->seconds[2], 2 / 1200.0, 1e-15);
    assert_string_equal(f->warning,
                        "the time stamps jump by 0.500001 s after sample 2: "
                        "the samples are joined at the rates");
    comtrade_free(f);
}

static void leaves_out_a_row_cut_short(void **state)
{
    (void)state;
    struct comtrade *f =
        parse_text(&plain_1999, "1,0,10,20,0\r\n2,833,30,-40,1\r\n3,16");
    assert_int_equal(f->count, 2);
    assert_string_equal(f->warning, "the last row is cut short and left out; 3 samples "
                                    "announced, 2 present");
    comtrade_free(f);
    struct header h = plain_1999;
    h.format = "BINARY";
    struct binary b = binary_rows(COMTRADE_BINARY);
    f = parse(&h, b.at, b.size - 3);
    assert_int_equal(f->count, 2);
    assert_string_equal(f->warning, "11 bytes after the last whole row left out; 3 "
                                    "samples announced, 2 present");
    comtrade_free(f);
}

static void keeps_rows_beyond_the_announced(void **state)
{
    (void)state;
    struct header h = plain_1999;
    h.rates = "1\r\n1200,2";
    struct comtrade *f = parse_text(&h, rows_ascii);
    assert_rows(f);
    assert_string_equal(f->warning, "2 samples announced, 3 present: all are read");
    comtrade_free(f);
}

static void ends_at_the_dos_end_of_file(void **state)
{
    (void)state;
    char rows[128];
    snprintf(rows, sizeof rows, "%s\x1a", rows_ascii);
    struct comtrade *f = parse_text(&plain_1999, rows);
    assert_rows(f);
    comtrade_free(f);
}

/* GBK: the bytes stay apart from one another and the name stays UTF-8. */
static void escapes_what_is_not_utf8(void **state)
{
    (void)state;
    struct header h = plain_1999;
    h.station = "\xb2\xe2\xca\xd4,G\xc3\xbcnz,1999";
    h.channels = "1,Ua\xb6\xd4\xb2\xe0,A,,kV,0.5,1,0,-9999,9999,1,1,P\r\n"
                 "2,Ia\x01,A,,A,2,-1,0,-9999,9999,1,1,S\r\n1,Trip,,,0";
    struct comtrade *f = parse_text(&h, rows_ascii);
    assert_string_equal(f->station, "\\xB2\\xE2\\xCA\\xD4");
    assert_string_equal(f->device, "G\xc3\xbcnz");
    assert_string_equal(f->analog[0].name, "Ua\\xB6\\xD4\\xB2\\xE0");
    assert_string_equal(f->analog[1].name, "Ia\\x01");
    comtrade_free(f);
}

static void cuts_long_names_between_characters(void **state)
{
    (void)state;
    char station[256] = "x";
    for (int i = 0; i < 60; i++)
        strcat(station, "\xc3\xa4");
    strcat(station, ",,1999");
    struct header h = plain_1999;
    h.station = station;
    struct comtrade *f = parse_text(&h, rows_ascii);
    assert_int_equal(strlen(f->station), 63); /* 64 would split a character */
    comtrade_free(f);
}

static void reads_numbers_as_strtod_does(void **state)
{
    (void)state;
    static const char *const text[] = {
        "0.00618221921336894",   "-317.518127441406", "1e-3",         "+.5", "5.",
        "123456789012345678901", "3.402823466e+38",   "-0000001.25E2"
    };
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        char channels[256];
        snprintf(
            channels, sizeof channels,
            "1,Va,A,,V,%s,0,0,-9,9,1,1,P\r\n2,Ia,A,,A,1,%s,0,-9,9,1,1,P\r\n1,T,,,0",
            text[i], text[i]);
        struct header h = plain_1999;
        h.channels = channels;
        struct comtrade *f = parse_text(&h, rows_ascii);
        assert_close(f->analog[0].a, strtod(text[i], NULL), 0);
        assert_close(f->analog[1].b, strtod(text[i], NULL), 0);
        comtrade_free(f);
    }
}

static void reads_folder_of_examples(void **state)
{
    (void)state;
    static const char *const name[] = { "UPPER.CFG", "binary.cfg", "ascii.cff",
                                        "float32.cff" };
    static const int revision[] = { 1991, 1999, 2013, 2013 };
    for (int i = 0; i < 4; i++) {
        char path[FIXTURE_PATH];
        snprintf(path, sizeof path, "%s/data/comtrade/%s", TESTS_DIR, name[i]);
        struct comtrade *f = fixture_read(path);
        assert_int_equal(f->revision, revision[i]);
        assert_int_equal(f->count, 48);
        assert_string_equal(f->warning, "");
        for (int n = 0; n < 48; n++) {
            double va = 500 * sin(2 * M_PI * 50 * n / 1200.0);
            assert_close(f->value[0][n], va, 0.51);
            assert_int_equal(f->status[0][n], n & 1);
            assert_int_equal(f->status[1][n], 1);
        }
        comtrade_free(f);
    }
}

static struct comtrade *parse_cff(const char *text, size_t size,
                                  struct comtrade_error *error)
{
    return comtrade_parse("x.cff", text, size, NULL, 0, error);
}

static void warns_of_a_short_cff(void **state)
{
    (void)state;
    char cff[4096] = "--- FILE TYPE: cfg ---\r\n";
    struct header h = plain_1999;
    h.format = "BINARY";
    struct binary b = binary_rows(COMTRADE_BINARY);
    size_t size = strlen(cff);
    size += build(cff + size, sizeof cff - size, &h);
    size += (size_t)sprintf(cff + size, "\r\n--- file type: DAT BINARY: 999 ---\r\n");
    memcpy(cff + size, b.at, b.size);
    struct comtrade_error error;
    struct comtrade *f = parse_cff(cff, size + b.size, &error);
    assert_rows(f);
    assert_string_equal(f->warning, "the data section is shorter than announced");
    comtrade_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_1999_ascii),
        cmocka_unit_test(reads_1991),
        cmocka_unit_test(puts_a_month_above_12_right),
        cmocka_unit_test(reads_binary_formats),
        cmocka_unit_test(packs_sixteen_statuses_to_a_word),
        cmocka_unit_test(holds_over_missing_values),
        cmocka_unit_test(holds_over_missing_binary_values),
        cmocka_unit_test(reads_any_line_end),
        cmocka_unit_test(reads_time_from_stamps),
        cmocka_unit_test(reads_stamps_of_nanoseconds),
        cmocka_unit_test(reads_negative_binary_stamps),
        cmocka_unit_test(follows_several_rates),
        cmocka_unit_test(tells_of_jumps_in_the_stamps),
        cmocka_unit_test(leaves_out_a_row_cut_short),
        cmocka_unit_test(keeps_rows_beyond_the_announced),
        cmocka_unit_test(ends_at_the_dos_end_of_file),
        cmocka_unit_test(escapes_what_is_not_utf8),
        cmocka_unit_test(cuts_long_names_between_characters),
        cmocka_unit_test(reads_numbers_as_strtod_does),
        cmocka_unit_test(reads_folder_of_examples),
        cmocka_unit_test(warns_of_a_short_cff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
