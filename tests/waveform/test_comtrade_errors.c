/* What the reader of COMTRADE refuses, and in which words. */
#include "comtrade_fixture.h"

enum { LINES = 12 };

/* A good header of two analogue channels and one status, line by line. */
static const char *const good[LINES] = {
    "Mill,Relay 7,1999",
    "3,2A,1D",
    "1,Va,A,,V,0.5,1,0,-9999,9999,1,1,P",
    "2,Ia,A,,A,2,-1,0,-9999,9999,1,1,S",
    "1,Trip,,,0",
    "60",
    "1",
    "1200,3",
    "01/02/1999,10:20:30.500000",
    "01/02/1999,10:20:30.500000",
    "ASCII",
    "1",
};
static const char rows[] = "1,0,10,20,0\n2,833,30,-40,1\n3,1667,-50,60,0\n";

static struct comtrade *parse(int line, const char *text, const char *data, size_t size,
                              struct comtrade_error *error)
{
    char cfg[2048] = "";
    for (int i = 0; i < LINES; i++) {
        strcat(cfg, i + 1 == line ? text : good[i]);
        strcat(cfg, "\n");
    }
    return comtrade_parse("dir/x.cfg", cfg, strlen(cfg), data, size, error);
}

static void assert_refused(int line, const char *text, const char *data,
                           const char *expected)
{
    struct comtrade_error error = { "" };
    struct comtrade *f = parse(line, text, data, strlen(data), &error);
    assert_null(f);
    assert_string_equal(error.text, expected);
}

static void refuses_headers(void **state)
{
    (void)state;
    static const struct {
        int line;
        const char *text, *error;
    } bad[] = {
        { 1, "Mill,Relay 7,new", "expected the year of the revision, found 'new'" },
        { 1, "a,b,c,1999", "expected station,device,revision, found 'a,b,c,1999'" },
        { 2, "3,2,1D", "expected 0A to 999A analogue channels, found '2'" },
        { 2, "3,2A,-1D", "expected 0D to 999D status channels, found '-1D'" },
        { 2, "3,1000A,1D", "expected 0A to 999A analogue channels, found '1000A'" },
        { 2, "0,0A,0D", "expected at least one channel, found '0,0A,0D'" },
        { 3, "1,Va,A,,V,1",
          "expected an analogue channel of 10 or 13 fields, found "
          "'1,Va,A,,V,1'" },
        { 3, "1,Va,A,,V,nan,1,0,-1,1,1,1,P",
          "expected the factor a of the channel, found 'nan'" },
        { 4, "2,Ia,A,,A,2,0x10,0,-9,9,1,1,S",
          "expected the offset b of the channel, found '0x10'" },
        { 4, "2,Ia,A,,A,2,0,0,-9,9,1,1,Q",
          "expected P (primary) or S (secondary), found 'Q'" },
        { 5, "Trip", "expected a status channel of 3 or 5 fields, found 'Trip'" },
        { 6, "sixty", "expected the line frequency, found 'sixty'" },
        { 7, "1200,3",
          "expected the number of sampling rates, 0 to 999, found "
          "'1200,3'" },
        { 7, "2",
          "expected a sampling rate of 0, or 0.001 to 1e9 a second, found "
          "'01/02/1999'" },
        { 8, "-5,3",
          "expected a sampling rate of 0, or 0.001 to 1e9 a second, found "
          "'-5'" },
        { 8, "1200,", "expected the number of the last sample at this rate, found ''" },
        { 9, "ASCII", "expected the date and time of the first sample, found 'ASCII'" },
        { 11, "EBCDIC", "expected ASCII, BINARY, BINARY32 or FLOAT32, found 'EBCDIC'" },
        { 12, "0", "expected the time stamp multiplication factor, found '0'" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char expected[COMTRADE_ERROR_TEXT];
        int line = bad[i].line == 7 && bad[i].text[0] == '2' ? 9 : bad[i].line;
        snprintf(expected, sizeof expected, "dir/x.cfg:%d: %s", line, bad[i].error);
        assert_refused(bad[i].line, bad[i].text, rows, expected);
    }
}

static void refuses_a_header_cut_short(void **state)
{
    (void)state;
    struct comtrade_error error;
    const char *cfg = "Mill,Relay 7,1999\n3,2A,1D\n";
    assert_null(comtrade_parse("x.CFG", cfg, strlen(cfg), rows, strlen(rows), &error));
    assert_string_equal(error.text,
                        "x.CFG:3: expected an analogue channel, found 'end of file'");
}

static void refuses_rows(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *error;
    } bad[] = {
        { "", "dir/x.dat: expected a row of data, found 'end of file'" },
        { "1,0,10,20\n2,833,1,1,0\n", "dir/x.dat:1: expected a row of 5 fields, found "
                                      "'4'" },
        { "1,0,10,20,0\n\n2,833,x,1,0\n",
          "dir/x.dat:3: expected a value of channel 1 (Va), found 'x'" },
        { "1,0,10,inf,0\n", "dir/x.dat:1: expected a value of channel 2 (Ia), found "
                            "'inf'" },
        { "1,0,10,20,2\n", "dir/x.dat:1: expected a status of 0 or 1, found '2'" },
        { "one,0,10,20,0\n", "dir/x.dat:1: expected a sample number, found 'one'" },
        { "1,?,10,20,0\n", "dir/x.dat:1: expected a time stamp, found '?'" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(0, "", bad[i].rows, bad[i].error);
}

static void refuses_stamps_that_do_not_rise(void **state)
{
    (void)state;
    assert_refused(
        8, "0,3", "1,0,1,1,0\n2,9,1,1,0\n3,9,1,1,0\n",
        "dir/x.dat:3: expected a time stamp above the one before, found '9'");
    assert_refused(8, "0,3", "1,0,1,1,0\n2,,1,1,0\n",
                   "dir/x.dat:2: expected a time stamp above the one before, found ''");
}

static void refuses_rates_that_do_not_rise(void **state)
{
    (void)state;
    struct comtrade_error error;
    assert_null(parse(7, "2\n1000,3", rows, strlen(rows), &error));
    assert_string_equal(error.text, "dir/x.cfg:9: expected a last sample above that of "
                                    "the rate before, found '3'");
}

static void refuses_binary_data(void **state)
{
    (void)state;
    struct comtrade_error error;
    assert_null(parse(11, "BINARY", "\1\0\0\0\0\0", 6, &error));
    assert_string_equal(error.text, "dir/x.dat: byte 0: expected a row of 14 bytes, "
                                    "found 6 bytes");
    assert_null(parse(11, "BINARY", rows, strlen(rows), &error));
    assert_string_equal(error.text, "dir/x.dat: byte 14: expected the number of the "
                                    "second sample, found 741552952");
}

static void assert_cff_refused(const char *text, const char *expected)
{
    struct comtrade_error error = { "" };
    assert_null(comtrade_parse("x.cff", text, strlen(text), NULL, 0, &error));
    assert_string_equal(error.text, expected);
}

static void refuses_single_files(void **state)
{
    (void)state;
    assert_cff_refused("hello\n", "x.cff:1: expected --- file type: CFG ---, found "
                                  "'hello'");
    assert_cff_refused("", "x.cff:1: expected --- file type: CFG ---, found 'end of "
                           "file'");
    assert_cff_refused("--- file type: CFG ---\na,b,1999\n",
                       "x.cff:3: expected --- file type: DAT, found 'end of file'");
    assert_cff_refused("--- file type: INF ---\n\n--- file type: CFG ---\na,b,7a\n"
                       "--- file type: DAT ASCII ---\n",
                       "x.cff:4: expected the year of the revision, found '7a'");
}

/* Claims that the bytes do not bear out must not cost memory: with 999 channels, 2^26
 * rows would be half a terabyte. */
static void takes_no_memory_for_claims(void **state)
{
    (void)state;
    enum { ROWS = 100000 };
    char *data = malloc(2 * ROWS + 1), *cfg = malloc(1 << 17), *out = cfg;
    out += sprintf(out, "a,b,1999\n999,999A,0D\n");
    for (int i = 1; i < 1000; i++)
        out += sprintf(out, "%d,V%d,,,V,1,0,0,-9,9,1,1,P\n", i, i);
    out += sprintf(out, "60\n1\n1200,67108864\n01/02/1999,1:1:1\n01/02/1999,1:1:1\n"
                        "ASCII\n1\n");
    for (int i = 0; i < ROWS; i++)
        memcpy(data + 2 * i, "1\n", 2);
    struct comtrade_error error;
    assert_null(
        comtrade_parse("x.cfg", cfg, (size_t)(out - cfg), data, 2 * ROWS, &error));
    assert_string_equal(error.text,
                        "x.dat:1: expected a row of 1001 fields, found '1'");
    free(data);
    free(cfg);
}

static void refuses_paths(void **state)
{
    (void)state;
    struct comtrade_error error;
    assert_null(comtrade_read("/nowhere/x.txt", &error));
    assert_string_equal(error.text,
                        "/nowhere/x.txt: expected a file named .cfg, .cff or .csv");
    assert_null(comtrade_read("/nowhere/x.cfg", &error));
    assert_string_equal(error.text,
                        "/nowhere/x.cfg: cannot be read: No such file or directory");
}

/* Every cut and every single changed byte of good files is read or refused; what this
 * cannot see, the sanitizers do. */
static void survives_damage(void **state)
{
    (void)state;
    char path[FIXTURE_PATH], bytes[4096], damaged[4096];
    snprintf(path, sizeof path, "%s/data/comtrade/float32.cff", TESTS_DIR);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    struct comtrade_error error;
    for (size_t i = 0; i < size; i++) {
        comtrade_free(comtrade_parse("x.cff", bytes, i, NULL, 0, &error));
        memcpy(damaged, bytes, size);
        damaged[i] = (char)(damaged[i] ^ (1 << i % 8));
        error.text[0] = '\0';
        struct comtrade *f = comtrade_parse("x.cff", damaged, size, NULL, 0, &error);
        assert_true(f != NULL || error.text[0] != '\0');
        comtrade_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_headers),
        cmocka_unit_test(refuses_a_header_cut_short),
        cmocka_unit_test(refuses_rows),
        cmocka_unit_test(refuses_stamps_that_do_not_rise),
        cmocka_unit_test(refuses_rates_that_do_not_rise),
        cmocka_unit_test(refuses_binary_data),
        cmocka_unit_test(refuses_single_files),
        cmocka_unit_test(takes_no_memory_for_claims),
        cmocka_unit_test(refuses_paths),
        cmocka_unit_test(survives_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
