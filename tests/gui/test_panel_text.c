/* The panel in text: every bit of the glass has strokes of its own, a text on it looks
 * as a person would draw it, and it fits in a terminal. */
#include "gui/panel_text.h"
#include "hal_sim/glass_map.h"
#include "panel_fixture.h"

static const struct panel_status status = {
    .sim_ns = 3000000000, .speed = 60, .connections = 1, .title = "meter 1 of 3"
};

enum { GLASS_ROWS = 13, GLASS_WIDTH = 55 };

/* The glass alone, a row for each line, blanks at the end cut off. */
static void read_glass(const struct unit *u, char rows[GLASS_ROWS][8 * GLASS_WIDTH])
{
    char text[PANEL_TEXT_MAX];

    panel_text(text, u, &status, false);
    const char *at = strchr(text, '\n') + 1;
    for (int row = 0; row < GLASS_ROWS; row++) {
        char *to = rows[row];
        const char *end = strchr(at, '\n');
        for (int width = 0; at < end; at++) {
            width += (*at & 0xC0) != 0x80;
            if (width <= GLASS_WIDTH)
                *to++ = *at;
        }
        while (to > rows[row] && to[-1] == ' ')
            to--;
        *to = '\0';
        at = end + 1;
    }
}

static int count_strokes(const struct unit *u)
{
    char rows[GLASS_ROWS][8 * GLASS_WIDTH];
    int count = 0;

    read_glass(u, rows);
    for (int row = 0; row < GLASS_ROWS; row++)
        for (const char *c = rows[row]; *c; c++)
            count += *c != ' ' && (*c & 0xC0) != 0x80;
    return count;
}

static void each_bit_has_strokes_of_its_own(void **state)
{
    struct unit *u = fixture_unit();
    struct glass_place at;
    int sum = 0;

    (void)state;
    for (int bit = 0; bit < GLASS_BITS; bit++) {
        memset(u->hal.lcd, 0, sizeof u->hal.lcd);
        u->hal.lcd[bit / 8] = (uint8_t)(1u << bit % 8);
        int strokes = count_strokes(u);
        assert_int_equal(strokes > 0, glass_map(bit, &at));
        sum += strokes;
    }
    memset(u->hal.lcd, 0xFF, sizeof u->hal.lcd);
    assert_int_equal(count_strokes(u), sum); /* no two share a place */
    unit_free(u);
}

static void the_glass_looks_like_this(void **state)
{
    static const char *const looks[GLASS_ROWS] = {
        "  heart    ━━━━━",
        "                ┃           ┃    ╱   ┃        ┃",
        "                ┃           ┃   ╱    ┃        ┃",
        "              ━━",
        "                ┃           ┃ ╱      ┃        ┃",
        "                ┃           ┃╱       ┃        ┃",
        "           ━━━━━                      ━━━━━    ━━━━━",
        "",
        "                    ━━━━━    ━━━━━    ━━━━━    ━━━━━",
        "          ┃     ┃  ┃     ┃  ┃     ┃  ┃     ┃  ┃     ┃",
        "           ━━━━━    ━━━━━",
        "                ┃  ┃     ┃  ┃     ┃  ┃     ┃  ┃     ┃",
        "                    ━━━━━    ━━━━━ •  ━━━━━    ━━━━━",
    };
    char rows[GLASS_ROWS][8 * GLASS_WIDTH];
    struct unit *u = fixture_unit();

    (void)state;
    unit_advance(u, INT64_C(7000000000)); /* scrolls: 3 VLL, 480.00 */
    u->hal.lcd[0] |= 1;
    read_glass(u, rows);
    for (int row = 0; row < GLASS_ROWS; row++)
        assert_string_equal(rows[row], looks[row]);
    unit_free(u);
}

static void it_fits_in_a_terminal(void **state)
{
    struct unit *u = fixture_unit();
    char text[PANEL_TEXT_MAX];

    (void)state;
    fixture_lose_b(u);
    for (int colours = 0; colours < 2; colours++) {
        int rows = 0, width = 0;
        panel_text(text, u, &status, colours);
        assert_int_equal(strchr(text, '\033') != NULL, colours);
        for (const char *c = text; *c; c++) {
            if (*c == '\033')
                c += strcspn(c, "m");
            else if (*c == '\n')
                rows++;
            width = *c == '\n' ? 0 : width + (*c != 'm' && (*c & 0xC0) != 0x80);
            assert_true(width <= PANEL_TEXT_COLUMNS);
        }
        assert_in_range(rows, 1, PANEL_TEXT_ROWS);
        assert_int_equal(text[strlen(text) - 1], '\n');
    }
    assert_non_null(strstr(text, "Phase loss B"));
    unit_free(u);
}

static void the_line_has_all_of_it(void **state)
{
    struct unit *u = fixture_unit();
    char text[PANEL_TEXT_MAX];

    (void)state;
    fixture_lose_b(u);
    u->hal.lcd[0] = 0x02;
    panel_text_line(text, u, &status);
    assert_string_equal(text, "[3 VLL] [344.75] wrench; red on, green off; energy "
                              "contact open, alarm contact closed; Phase loss B\n");
    unit_power(u, false);
    panel_text_line(text, u, &status);
    assert_non_null(strstr(text, "; no control power\n"));
    unit_free(u);
}

/* Every bit of register 146 has its words; the phases of a kind share a line. */
static void memory_alert_is_shown(void **state)
{
    struct unit *u = fixture_unit();
    char text[PANEL_TEXT_MAX];

    (void)state;
    unit_set_fault(u, FAULT_NVM_SILENT, 0, 1);
    fixture_lose_b(u);
    unit_set_fault(u, FAULT_PHASE_LOSS, 0, 1);
    unit_advance(u, u->now_ns + INT64_C(3000000000));
    panel_text_line(text, u, &status);
    assert_non_null(strstr(text, "; Fault inside the meter; Phase loss A B\n"));
    unit_free(u);
}

static void a_long_name_is_cut_between_characters(void **state)
{
    const struct panel_status named = {
        .title = "Übergabezähler ÄÖÜ, größte Anlage äää, meter 1 of 20"
    };
    char text[PANEL_TEXT_MAX];

    (void)state;
    panel_text(text, NULL, &named, false);
    assert_non_null(strstr(text, " Übergabezähler ÄÖÜ, größte Anlag\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bit_has_strokes_of_its_own),
        cmocka_unit_test(the_glass_looks_like_this),
        cmocka_unit_test(it_fits_in_a_terminal),
        cmocka_unit_test(the_line_has_all_of_it),
        cmocka_unit_test(memory_alert_is_shown),
        cmocka_unit_test(a_long_name_is_cut_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
