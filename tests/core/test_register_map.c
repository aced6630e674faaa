/* The register lists cell by cell: what `metersim registers` derives from the tables
 * that the firmware answers from, against tests/data/registers; and what a meter lets a
 * client read and write, against the same lists. */
#include "tests/support/fram_board.h"

#include "tests/support/bench.h"

enum { CELLS = 11, LINE = 1024 };

static struct bench b;

struct cells {
    char text[LINE];
    char *cell[CELLS];
};

/* Splits at commas outside of quotes. */
static void split(struct cells *c)
{
    char *at = c->text;

    at[strcspn(at, "\r\n")] = 0;
    for (int k = 0; k < CELLS; k++) {
        bool quoted = *at == '"';
        at += quoted;
        c->cell[k] = at;
        at += strcspn(at, quoted ? "\"" : ",");
        if (quoted && *at)
            *at++ = 0;
        if (k < CELLS - 1) {
            if (*at != ',')
                fail_msg("%s: %d cells", c->cell[0], k + 1);
            *at++ = 0;
        }
    }
    assert_int_equal(*at, 0);
}

static FILE *open_list(const char *name)
{
    char path[512];

    snprintf(path, sizeof path, "%s/data/registers/%s.csv", TESTS_DIR, name);
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("cannot open %s", path);
    return file;
}

static void compare_lists(const char *name, int least_rows)
{
    static struct cells expected, got;
    char command[512];
    FILE *list = open_list(name);
    int rows = 0;

    snprintf(command, sizeof command, "%s registers %s --csv", METERSIM, name);
    FILE *program = popen(command, "r");
    assert_non_null(program);
    while (fgets(expected.text, LINE, list)) {
        if (!fgets(got.text, LINE, program))
            fail_msg("%s ends before %s", command, expected.text);
        split(&expected);
        split(&got);
        for (int k = 0; k < CELLS; k++)
            if (strcmp(expected.cell[k], got.cell[k]))
                fail_msg("%s, register %s, cell %d: \"%s\", expected \"%s\"", name,
                         expected.cell[0], k + 1, got.cell[k], expected.cell[k]);
        rows++;
    }
    assert_null(fgets(got.text, LINE, program));
    assert_int_equal(pclose(program), 0);
    fclose(list);
    assert_true(rows > least_rows);
}

static void cells_of_the_s4100(void **state)
{
    (void)state;
    compare_lists("s4100", 200);
}

static void cells_of_the_s4000r(void **state)
{
    (void)state;
    compare_lists("s4000r", 110);
}

static void cells_of_sunspec(void **state)
{
    (void)state;
    compare_lists("sunspec", 80);
}

/* What a list says of each of 65536 registers. */
enum { ABSENT, READ_ONLY, WRITABLE };

static uint8_t listed[65536];

static void take_list(const char *name)
{
    static struct cells row;
    FILE *list = open_list(name);

    assert_non_null(fgets(row.text, LINE, list));
    while (fgets(row.text, LINE, list)) {
        split(&row);
        int reg = atoi(row.cell[0]), words = atoi(row.cell[1]);
        for (int k = 0; k < words; k++)
            listed[reg + k] = strcmp(row.cell[3], "R/W") ? READ_ONLY : WRITABLE;
    }
    fclose(list);
}

/* A write of 65535 is refused by every register: its address by 02, its value by 03. */
static void check_registers(const struct model *model)
{
    fake_board_start(&b.board);
    meter_start(&b.m, &b.board, model);
    for (int reg = 1; reg <= 65535; reg++) {
        uint16_t word;
        int read = bench_read_many(&b, (uint16_t)reg, 1, &word);
        int write = bench_write(&b, (uint16_t)reg, 65535);
        if (read != (listed[reg] ? 0 : 2) || write != (listed[reg] == WRITABLE ? 3 : 2))
            fail_msg("%s, register %d: read gives %d, write gives %d", model->name, reg,
                     read, write);
    }
}

static void access_of_the_s4100(void **state)
{
    (void)state;
    memset(listed, ABSENT, sizeof listed);
    take_list("s4100");
    take_list("sunspec");
    check_registers(&model_s4100);
}

static void access_of_the_s4000r(void **state)
{
    (void)state;
    memset(listed, ABSENT, sizeof listed);
    take_list("s4000r");
    check_registers(&model_s4000r);
}

/* Settings and logs stored before the answer: what was answered is there after
 * power-up, for every writable register that is nonvolatile (the clock is not: it has
 * no battery). */
static void what_is_answered_is_stored(void **state)
{
    static const uint16_t rows[][2] = {
        { 130, 12 }, { 131, 77 },  { 132, 3 },   { 133, 90 },  { 134, 333 },
        { 137, 0 },  { 142, 44 },  { 143, 55 },  { 144, 100 }, { 149, 6 },
        { 150, 77 }, { 158, 10 },  { 159, 3 },   { 169, 42 },  { 170, 41 },
        { 171, 40 }, { 172, 146 }, { 173, 156 }, { 174, 257 }, { 175, 336 },
        { 176, 1 },  { 177, 2 },   { 178, 3 },
    };

    (void)state;
    bench_start(&b, 40);
    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        bench_set(&b, rows[k][0], rows[k][1]);
        bench_power_up(&b);
        for (unsigned n = 0; n <= k; n++)
            if (bench_read(&b, rows[n][0]) != rows[n][1])
                fail_msg("register %u is lost", rows[n][0]);
    }
}

/* A command that cannot be stored takes the settings written with it back. */
static void a_command_and_settings_in_one_request(void **state)
{
    const uint16_t both[] = { 16640, 31 }, unknown[] = { 16641, 31 };
    const uint16_t bad_setting[] = { 30078, 32 };

    (void)state;
    bench_start(&b, 40);
    assert_int_equal(bench_write_many(&b, 129, 2, unknown), 3);
    assert_int_equal(bench_write_many(&b, 129, 2, bad_setting), 3);
    assert_int_equal(bench_read(&b, 147), 0);
    b.board.refuses = true;
    assert_int_equal(bench_write_many(&b, 129, 2, both), 4);
    assert_int_equal(bench_read(&b, 130), 40);
    b.board.refuses = false;
    b.board.refuses_nth = 3; /* settings are stored, twice, the logs' state is not */
    b.m.log.state.entries = 7;
    assert_int_equal(bench_write_many(&b, 129, 2, both), 4);
    assert_int_equal(b.m.log.state.entries, 7);
    assert_int_equal(bench_read(&b, 130), 40);
    bench_power_up(&b);
    assert_int_equal(bench_read(&b, 130), 40);
    assert_int_equal(bench_write_many(&b, 129, 2, both), 0);
    assert_int_equal(bench_read(&b, 130), 31);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_of_the_s4100),
        cmocka_unit_test(cells_of_the_s4000r),
        cmocka_unit_test(cells_of_sunspec),
        cmocka_unit_test(access_of_the_s4100),
        cmocka_unit_test(access_of_the_s4000r),
        cmocka_unit_test(what_is_answered_is_stored),
        cmocka_unit_test(a_command_and_settings_in_one_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
