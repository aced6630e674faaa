/* What programs write that the standard does not have, and that is read all the same:
 * years of other revisions, letters of other encodings, blank and repeated lines. */
#include "comtrade_fixture.h"
#include "waveform/comtrade_encoding.h"

static const char rows[] = "1,0,10,20,0\n2,833,30,-40,1\n3,1667,-50,60,0\n";

struct header {
    const char *station, *counts, *analog, *hz, *rates, *end;
};

static const struct header usual = { "Mill,Relay 7,1999",
                                     "3,2A,1D",
                                     "1,Va,A,,V,0.5,1,0,-9,9,1,1,P\n"
                                     "2,Ia,A,,A,2,-1,0,-9,9,1,1,S",
                                     "60",
                                     "1\n1200,3",
                                     "ASCII\n1" };

static struct comtrade *read_header(const struct header *h)
{
    char cfg[2048];
    struct comtrade_error error = { "" };
    snprintf(cfg, sizeof cfg,
             "%s\n%s\n%s\n1,Trip,,,0\n%s\n%s\n"
             "03/02/1999,10:20:30.5\n03/02/1999,10:20:30.5\n%s\n",
             h->station, h->counts, h->analog, h->hz, h->rates, h->end);
    struct comtrade *f =
        comtrade_parse("x.cfg", cfg, strlen(cfg), rows, strlen(rows), &error);
    if (!f)
        fail_msg("%s", error.text);
    return f;
}

static void assert_read(const struct header *h, int revision, int month,
                        const char *warning)
{
    struct comtrade *f = read_header(h);
    assert_int_equal(f->revision, revision);
    assert_int_equal(f->start.month, month);
    assert_string_equal(f->warning, warning);
    assert_int_equal(f->count, 3);
    comtrade_free(f);
}

static void test_syntax_decides_the_revision(void **state)
{
    (void)state;
    static const char *const year[] = { "2000", "2005", "2008", "2017", "0", "" };
    for (size_t i = 0; i < sizeof year / sizeof *year; i++) {
        char station[40];
        struct header h = usual;
        h.station = station;
        snprintf(station, sizeof station, "Mill,Relay 7,%s", year[i]);
        assert_read(&h, 1999, 2,
                    "the revision in line 1 is none of 1991, 1999 and 2013: by its "
                    "syntax the file is of 1999");
        h.end = "ASCII\n1\n0,0\n0,0";
        assert_read(&h, 2013, 2,
                    "the revision in line 1 is none of 1991, 1999 and 2013: by its "
                    "syntax the file is of 2013");
        h.end = "ASCII\n";
        h.analog = "1,Va,A,,V,0.5,1,0,-9,9\n2,Ia,A,,A,2,-1,0,-9,9";
        assert_read(&h, 1991, 3,
                    "the revision in line 1 is none of 1991, 1999 and 2013: by its "
                    "syntax the file is of 1991");
    }
    assert_read(&usual, 1999, 2, "");
}

static void test_a_count_of_channels_is_not_needed(void **state)
{
    (void)state;
    struct header h = usual;
    h.counts = "3A,2A,1D";
    assert_read(&h, 1999, 2, "line 2 does not begin with the number of channels");
}

static void test_repeated_rates_are_left_out(void **state)
{
    (void)state;
    struct header h = usual;
    h.rates = "3\n1200,3\n1200,3\n1200,3";
    assert_read(&h, 1999, 2, "2 lines of rates repeat the one before");
}

static void test_a_blank_line_frequency(void **state)
{
    (void)state;
    struct header h = usual;
    h.hz = "";
    assert_read(&h, 1999, 2, "the header has no line frequency");
    h.hz = "0";
    assert_read(&h, 1999, 2, "the header has no line frequency");
}

static void assert_name(const char *bytes, const char *expected)
{
    struct header h = usual;
    char analog[200];
    h.analog = analog;
    snprintf(analog, sizeof analog,
             "1,%s,A,,V,0.5,1,0,-9,9,1,1,P\n2,Ia,A,,A,2,-1,0,-9,9,1,1,S", bytes);
    struct comtrade *f = read_header(&h);
    assert_string_equal(f->analog[0].name, expected);
    comtrade_free(f);
}

static void test_letters_of_code_pages(void **state)
{
    (void)state;
    /* Cyrillic in CP1251, alone and beside ASCII */
    assert_name("\xD2\xEE\xEA \xF4\xE0\xE7\xFB \xC0", "Ток фазы А");
    assert_name("Ua_1\xD1\xD8-110_\xD2\xCD_\xC0", "Ua_1СШ-110_ТН_А");
    assert_name("\xB9 1 \xA8\xEB\xEA\xE0", "№ 1 Ёлка");
    /* Western letters in CP1252 */
    assert_name("Tens\xE3o f\xEDsica", "Tensão física");
    assert_name("Spannung L\xE4nge \x80", "Spannung Länge €");
    /* UTF-8 as it is; GBK has no table here and stays distinct */
    assert_name("\xC3\xA4 V", "ä V");
    assert_name("\xB5\xE7\xD1\xB9", "\\xB5\\xE7\\xD1\\xB9");
}

static void test_names_are_cut_at_a_whole_letter(void **state)
{
    (void)state;
    char out[8];
    struct comtrade_span s = comtrade_span_of("\xC0\xC0\xC0\xC0\xC0");
    comtrade_encoding_copy(COMTRADE_CP1251, s, out, sizeof out);
    assert_string_equal(out, "ААА");
}

static void test_sections_without_colon(void **state)
{
    (void)state;
    struct comtrade_error error = { "" };
    static const char cff[] =
        "--- file type  CFG ---\nMill,Relay 7,1999\n1,1A,0D\n"
        "1,Va,A,,V,0.5,1,0,-9,9,1,1,P\n60\n1\n1200,2\n"
        "03/02/1999,10:20:30.5\n03/02/1999,10:20:30.5\nASCII\n1\n"
        "-- file type  INF ---\n-- file type DAT ASCII ---\n1,0,10\n2,833,30\n";
    struct comtrade *f = comtrade_parse("x.cff", cff, sizeof cff - 1, NULL, 0, &error);
    if (!f)
        fail_msg("%s", error.text);
    assert_int_equal(f->count, 2);
    comtrade_free(f);
}

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void test_extensions_of_any_case(void **state)
{
    (void)state;
    static const char *const pair[][2] = { { "r.Cfg", "r.Dat" },
                                           { "s.CFG", "s.Dat" },
                                           { "t.cfg", "t.DAT" } };
    char folder[] = "/tmp/comtrade_XXXXXX", cfg[64], dat[64];
    assert_non_null(mkdtemp(folder));
    for (int i = 0; i < 3; i++) {
        struct comtrade_error error = { "" };
        snprintf(cfg, sizeof cfg, "%s/%s", folder, pair[i][0]);
        snprintf(dat, sizeof dat, "%s/%s", folder, pair[i][1]);
        write_text(cfg, "Mill,Relay 7,1999\n1,1A,0D\n1,Va,A,,V,1,0,0,-9,9,1,1,P\n60\n"
                        "1\n1200,2\n03/02/1999,10:20:30.5\n03/02/1999,10:20:30.5\n"
                        "ASCII\n1\n");
        write_text(dat, "1,0,10\n2,833,30\n");
        struct comtrade *f = comtrade_read(cfg, &error);
        if (!f)
            fail_msg("%s", error.text);
        comtrade_free(f);
        unlink(cfg);
        unlink(dat);
    }
    rmdir(folder);
}

static void test_a_blank_field_too_many(void **state)
{
    (void)state;
    struct header h = usual;
    h.analog = "1,Va,A,,,V,0.5,1,0,-9,9,1,1,P\n"
               "2,Ia,A,,A,2,-1,0,-9,9,1,1,S";
    struct comtrade *f = read_header(&h);
    assert_string_equal(f->warning, "line 3 has a blank field too many");
    assert_string_equal(f->analog[0].unit, "V");
    assert_close(f->analog[0].a, 0.5, 0);
    assert_true(f->analog[0].is_primary && !f->analog[1].is_primary);
    comtrade_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_blank_field_too_many),
        cmocka_unit_test(test_syntax_decides_the_revision),
        cmocka_unit_test(test_a_count_of_channels_is_not_needed),
        cmocka_unit_test(test_repeated_rates_are_left_out),
        cmocka_unit_test(test_a_blank_line_frequency),
        cmocka_unit_test(test_letters_of_code_pages),
        cmocka_unit_test(test_names_are_cut_at_a_whole_letter),
        cmocka_unit_test(test_sections_without_colon),
        cmocka_unit_test(test_extensions_of_any_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
