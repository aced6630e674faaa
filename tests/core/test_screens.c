/* Every screen of both models, in all system types and both notations, reached with the
 * keys and read off the glass, against tests/data/screens/menu.csv: a list typed off
 * the manual's drawings, apart from core's table. */
#include "core/alert.h"
#include "core/menu.h"
#include "core/screens.h"
#include "tests/support/panel.h"

enum { ROWS_MOST = 200, FIELD = 64 };

static struct row {
    char models[FIELD], group[FIELD], ieee[FIELD], iec[FIELD], icon[FIELD],
        types[FIELD], bottom[FIELD], valid[FIELD];
} rows[ROWS_MOST];
static int row_count;

static struct panel p;
static const int system_types[] = { 10, 11, 12, 31, 40 };
static int system_type;
static bool ieee;

static int load_rows(void **state)
{
    char line[512];
    FILE *file = fopen(TESTS_DIR "/data/screens/menu.csv", "r");

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        struct row *r = &rows[row_count];
        char *fields[] = { r->models, r->group, r->ieee,   r->iec,
                           r->icon,   r->types, r->bottom, r->valid };
        char *at = line;
        if (*line == '#' || !strncmp(line, "models", 6))
            continue;
        assert_true(row_count < ROWS_MOST);
        for (size_t k = 0; k < COUNT_OF(fields); k++) {
            size_t length = strcspn(at, ",\r\n");
            assert_true(length < FIELD);
            memcpy(fields[k], at, length);
            at += length + (at[length] == ',');
        }
        row_count++;
    }
    fclose(file);
    return 0;
}

static bool lists_type(const char *types)
{
    char text[8];

    snprintf(text, sizeof text, "%d", system_type);
    return strstr(types, text) != NULL;
}

static bool applies(const struct row *r)
{
    const char *notation = ieee ? "ieee" : "iec";

    return lists_type(r->types) &&
           (!strcmp(r->models, "both") || /* "s4100" is either of them */
            !strncmp(r->models, p.b.m.model->name, strlen(r->models)) ||
            !strcmp(r->models, notation));
}

static int find_quantity(const char *name)
{
    for (int q = 0; q < QUANTITIES; q++)
        if (!strcmp(quantity_table[q].name, name))
            return q;
    return -1;
}

/* The quadrants' IEC texts are drawn without a prefix: they must show varh. */
static bool is_small(const char *name)
{
    return !ieee && !p.b.m.model->unidirectional && !strncmp(name, "kvarh_q", 7);
}

/* A number of its own for each quantity, and how five digits show it. */
static int64_t reading(int q, char text[FIELD])
{
    int n = q + 1;

    switch (quantity_table[q].unit) {
    case UNIT_A:
        snprintf(text, FIELD, "%d.005", n);
        return n * INT64_C(1000000) + 5000;
    case UNIT_V:
        snprintf(text, FIELD, "%d.50", 300 + n);
        return (300 + n) * INT64_C(1000000) + 500000;
    case UNIT_PF:
        snprintf(text, FIELD, "0.5%03d", n);
        return 500000 + n * 100;
    case UNIT_HZ:
        snprintf(text, FIELD, "60.%02d", n);
        return 60000000 + n * 10000;
    case UNIT_N:
        snprintf(text, FIELD, "%d", 4000 + n);
        return 4000 + n;
    default:
        break;
    }
    bool small = is_small(quantity_table[q].name);
    int64_t kilo = quantity_table[q].unit == UNIT_W ? 1000000000 : 1000000;
    snprintf(text, FIELD, small ? "40%03d" : "%d.%02d", small ? n : 200 + n / 100,
             n % 100);
    return small ? (40000 + n) * (kilo / 1000) : (20000 + n) * (kilo / 100);
}

static void start(const struct model *model, int type, bool notation)
{
    char unused[FIELD];

    panel_start(&p, model);
    system_type = type;
    ieee = notation;
    bench_set(&p.b, 130, (uint16_t)type);
    bench_set(&p.b, 137, notation);
    for (int q = 0; q < QUANTITIES; q++)
        p.b.m.reading[q] = reading(q, unused);
}

static const char *expected_bottom(const struct row *r, char text[FIELD])
{
    int q = find_quantity(r->bottom);

    if (q < 0)
        return r->bottom;
    reading(q, text);
    return lists_type(r->valid) ? text : "----";
}

static int phases(void)
{
    return system_type >= 31 ? 3 : system_type == 12 ? 2 : 1;
}

static void expect_row(const struct row *r)
{
    char top[FIELD], bottom[FIELD];

    snprintf(top, sizeof top, "%s", ieee ? r->ieee : r->iec);
    if (top[0] == '_')
        top[0] = (char)('0' + phases());
    panel_expect(&p, top, expected_bottom(r, bottom));
    if (p.icon[2] != !strcmp(r->icon, "import") ||
        p.icon[3] != !strcmp(r->icon, "export"))
        fail_msg("%s of %s: icon %s", top, r->group, r->icon);
}

/* Past this screen: select goes through the digits of a number first. */
static void select_past(void)
{
    char top[16];

    panel_look(&p);
    memcpy(top, p.top, sizeof top);
    for (int k = 0; k < 6 && !strcmp(p.top, top); k++) {
        panel_type(&p, ">");
        panel_look(&p);
    }
}

/* Passwords, and what is in the setup. */
static bool is_edited(const struct row *r)
{
    return !strcmp(r->ieee, "PASWD") || r->group[0] == 'S';
}

/* The next row from `k` on that this meter has, or row_count. */
static int next_row(int k)
{
    while (k < row_count && !applies(&rows[k]))
        k++;
    return k;
}

/* From a group's title through its screens and on to the title; returns the row that
 * follows. SETUP goes no further than its password. */
static int walk_group(int k)
{
    int first = k, next;

    expect_row(&rows[k]);
    while ((next = next_row(k + 1)) < row_count &&
           !strcmp(rows[next].group, rows[first].group)) {
        if (is_edited(&rows[k]))
            select_past();
        else /* the next screen may have the same text */
            panel_type(&p, ">");
        expect_row(&rows[next]);
        k = next;
    }
    if (!strcmp(rows[first].group, "SETUP"))
        panel_type(&p, "<");
    else
        select_past();
    expect_row(&rows[first]);
    return next;
}

static void walk(const struct model *model, int type, bool notation)
{
    start(model, type, notation);
    int k = next_row(0);
    uint32_t writes = p.b.board.writes;
    panel_go(&p, "SETUP");
    while (k < row_count && strcmp(rows[k].group, "S COM")) {
        k = walk_group(k);
        panel_type(&p, "-");
    }
    panel_expect(&p, "SETUP", "");
    panel_type(&p, ">>>>>>"); /* the password and its five digits */
    int setup = k;
    while (k < row_count) {
        k = walk_group(k);
        panel_type(&p, "-");
    }
    expect_row(&rows[setup]);
    assert_int_equal(p.b.board.writes, writes); /* looking changes nothing */
}

static void every_screen(void **state)
{
    (void)state;
    for (unsigned n = 0; model_at(n); n++)
        for (size_t t = 0; t < COUNT_OF(system_types); t++)
            for (int notation = 0; notation < 2; notation++)
                walk(model_at(n), system_types[t], notation);
}

/* The screens of a group backwards, and the groups upwards. */
static void the_other_way_round(void **state)
{
    (void)state;
    start(&model_s4100, 40, true);
    panel_go(&p, "APHAS");
    for (int k = row_count - 1; k >= 0; k--) {
        if (strcmp(rows[k].group, "APHAS") || !applies(&rows[k]))
            continue;
        panel_type(&p, "<");
        panel_look(&p);
        assert_string_equal(p.top, rows[k].ieee);
    }
    static const char *const upward[] = { "BPHAS", "CPHAS", "DEMND", "SETUP", "RESET",
                                          "INFO",  "ALERT", "ENRGY", "3PHAS", "APHAS" };
    for (size_t k = 0; k < COUNT_OF(upward); k++) {
        panel_type(&p, "+");
        panel_expect(&p, upward[k], "");
    }
    panel_type(&p, ">>+"); /* from within a group */
    panel_expect(&p, "BPHAS", "");
}

/* The table holds no screen that the list does not have: as many of each model. */
static void none_is_left_over(void **state)
{
    (void)state;
    for (unsigned n = 0; model_at(n); n++)
        for (size_t t = 0; t < COUNT_OF(system_types); t++) {
            int listed = 0, shown = 0;
            start(model_at(n), system_types[t], true);
            for (int k = 0; k < row_count; k++)
                listed += applies(&rows[k]);
            for (unsigned k = 0; k < screen_count; k++)
                shown += screen_shown(k, p.b.m.model, &p.b.m.config, 0);
            assert_int_equal(shown, listed);
        }
}

/* Bit 7 of register 146 alone brings the screen FAULT, which no drawing has. */
static void fault_is_there_while_bit_7_is_set(void **state)
{
    (void)state;
    start(&model_s4100, 40, true);
    panel_go(&p, "ALERT");
    panel_type(&p, "<");
    panel_expect(&p, "PULSE", "nOnE");
    p.b.m.alerts = ALERT_FAULT;
    panel_type(&p, ">");
    panel_expect(&p, "FAULT", "Error");
    menu_second(&p.b.m);
    panel_expect(&p, "FAULT", "Error");
    p.b.m.alerts = 0;
    menu_second(&p.b.m);
    panel_expect(&p, "3PHAS", "");
}

/* W, kW, MW in the place of the K, in both notations. */
static void units_move(void **state)
{
    static const struct {
        int64_t watts;
        const char *ieee, *iec, *bottom;
    } cases[] = {
        { 0, "3  W", "3  P", "0.000" },          { 99998, "3  W", "3  P", "99998" },
        { 99999, "3 KW", "3 KP", "99.999" },     { -9999, "3 KW", "3 KP", "-9.999" },
        { 103923048, "3 MW", "3 MP", "103.92" },
    };
    (void)state;
    for (int notation = 0; notation < 2; notation++) {
        start(&model_s4100, 40, notation);
        panel_go(&p, "3PHAS");
        panel_type(&p, ">>>>");
        for (size_t k = 0; k < COUNT_OF(cases); k++) {
            p.b.m.reading[Q_KW_TOTAL] = cases[k].watts * 1000000;
            menu_second(&p.b.m);
            panel_expect(&p, notation ? cases[k].ieee : cases[k].iec, cases[k].bottom);
        }
        p.b.m.reading[Q_KVARH_Q3] = INT64_C(123456789000); /* mvarh */
        panel_go(&p, "ENRGY");
        panel_type(&p, ">>>>>>");
        panel_expect(&p, notation ? "MVAR3" : "Q3MQh", "123.46");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_screen),
        cmocka_unit_test(the_other_way_round),
        cmocka_unit_test(none_is_left_over),
        cmocka_unit_test(fault_is_there_while_bit_7_is_set),
        cmocka_unit_test(units_move),
    };
    return cmocka_run_group_tests(tests, load_rows, NULL);
}
