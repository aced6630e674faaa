/* Text that core meant, composed into LCD memory, read back off the glass by the labels
 * of the drawing: two statements of the map and of the shapes, made apart. */
#include "core/font.h"
#include "core/menu_text.h"
#include "core/meter.h"
#include "core/screens.h"
#include "hal_sim/device_core.h"
#include "hal_sim/glass_text.h"
#include "hal_sim/unit.h"
#include "tests/support/check.h"

static const char top_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789hm-+/_ ";
static const char bottom_alphabet[] = "0123456789ACEFILbdnortv- ";

static struct hal board;
static struct lcd lcd;

static int fresh(void **state)
{
    (void)state;
    board_start(&board, 1);
    lcd_start(&lcd, &board);
    return 0;
}

static void read_back(const struct lcd_text *text, struct glass_text *seen)
{
    lcd_show(&lcd, &board, text);
    glass_read(board.lcd, seen);
}

static void every_character(void **state)
{
    struct lcd_text text = { .top = "" };
    struct glass_text seen;

    (void)state;
    for (const char *c = top_alphabet; *c; c++)
        for (int column = 0; column < LCD_CELLS; column++) {
            memset(text.top, ' ', LCD_CELLS);
            text.top[column] = *c;
            read_back(&text, &seen);
            assert_string_equal(seen.top, text.top);
        }
    memset(&text, 0, sizeof text);
    for (const char *c = bottom_alphabet; *c; c++) {
        snprintf(text.bottom, sizeof text.bottom, "%c", *c);
        read_back(&text, &seen);
        assert_int_equal(seen.bottom[4], *c);
    }
}

/* Every label of every screen can be written with the fonts, and read. */
static void every_label(void **state)
{
    struct glass_text seen;

    (void)state;
    for (unsigned k = 0; k < screen_count; k++)
        for (int notation = 0; notation < 2; notation++) {
            const char *label = notation ? screen_table[k].ieee : screen_table[k].iec;
            struct lcd_text text = { .top = "" };
            memcpy(text.top, label, sizeof text.top);
            read_back(&text, &seen);
            assert_memory_equal(seen.top, label, strlen(label));
            for (const char *c = label; *c; c++)
                assert_non_null(strchr(top_alphabet, *c));
        }
}

static void words(void **state)
{
    static const struct {
        const char *meant, *seen;
    } rows[] = {
        { "nOnE", " nOnE" },    { "EvEn", " EvEn" },    { "Odd", "  Odd" },
        { "ConF", " ConF" },    { "SAvEd", "SAvEd" },   { "Error", "Error" },
        { "A b C", "A b C" },   { "    C", "    C" },   { "IEEE", " IEEE" },
        { "IEC", "  IEC" },     { "3L-1n", "3L-1n" },   { "rESEt", "rESEt" },
        { "OL", "   OL" },      { "----", " ----" },    { "4000r", "4000r" },
        { "50.00", " 50.00" },  { "005.00", "005.00" }, { "-12.35", "-12.35" },
        { ".33", "   .33" }, /* the point has a cell of its own */
        { "01.000", "01.000" }, { "123.", "  123." },   { "S4100", "54100" },
        { "", "     " },        { "100000", "00000" },
    };
    struct glass_text seen;

    (void)state;
    for (size_t k = 0; k < COUNT_OF(rows); k++) {
        struct lcd_text text = { .top = "" };
        snprintf(text.bottom, sizeof text.bottom, "%s", rows[k].meant);
        read_back(&text, &seen);
        assert_string_equal(seen.bottom, rows[k].seen);
    }
}

static void icons(void **state)
{
    struct glass_text seen;

    (void)state;
    for (int bits = 0; bits < 16; bits++) {
        read_back(&(struct lcd_text){ .icons = (uint8_t)bits }, &seen);
        for (int k = 0; k < 4; k++)
            assert_int_equal(seen.icon[k], bits >> k & 1);
    }
    assert_string_equal(glass_labels[GLASS_ICONS][0], "heart");
    assert_int_equal(LCD_HEART, 1);
    assert_string_equal(glass_labels[GLASS_ICONS][1], "wrench");
    assert_int_equal(LCD_WRENCH, 2);
    assert_string_equal(glass_labels[GLASS_ICONS][2], "import");
    assert_int_equal(LCD_IMPORT, 4);
    assert_string_equal(glass_labels[GLASS_ICONS][3], "export");
    assert_int_equal(LCD_EXPORT, 8);
}

/* Any wrong bit is seen: no character becomes another by one segment without the text
 * changing. */
static void a_dead_segment_is_seen(void **state)
{
    struct glass_text whole, seen;
    uint8_t memory[HAL_LCD_SIZE];

    (void)state;
    read_back(&(struct lcd_text){ "3 KWh", "8.8.8.8.8.", 15 }, &whole);
    for (int bit = 0; bit < GLASS_BITS; bit++) {
        memcpy(memory, board.lcd, sizeof memory);
        memory[bit / 8] &= (uint8_t) ~(1u << bit % 8);
        glass_read(memory, &seen);
        bool lit = board.lcd[bit / 8] >> bit % 8 & 1;
        assert_int_equal(memcmp(&seen, &whole, sizeof seen) != 0, lit);
    }
}

/* Random presses: what the firmware meant and what the glass says are the same text. */
static void what_core_meant(void **state)
{
    struct random dice = { 42 };
    struct unit *u = unit_new(&(struct unit_options){ .model = &model_s4100,
                                                      .wiring = WAVEFORM_WYE,
                                                      .ct_primary_a = 100,
                                                      .ct_output_v = 1,
                                                      .pt_ratio = 1,
                                                      .serial_number = 4000000123u },
                              0);

    (void)state;
    unit_power(u, true);
    for (int n = 0; n < 3000; n++) {
        struct lcd_text meant;
        struct glass_text seen;
        char bottom[2 * LCD_CELLS + 2] = "";
        unit_keys(u, 1u << random_range(&dice, 0, 3));
        unit_advance(u, u->now_ns + random_range(&dice, 15, 60) * 1000000);
        unit_keys(u, 0);
        unit_advance(u, u->now_ns + random_range(&dice, 15, 900) * 1000000);
        menu_text(device_core_meter(u->device), &meant);
        glass_read(u->hal.lcd, &seen);
        for (size_t k = 0; k < LCD_CELLS; k++)
            assert_int_equal(seen.top[k], k < strlen(meant.top) ? meant.top[k] : ' ');
        /* without the blanks before it, S and 5, O and 0 being one shape */
        size_t from = strspn(seen.bottom, " "), skip = strspn(meant.bottom, " ");
        snprintf(bottom, sizeof bottom, "%s", seen.bottom + from);
        assert_int_equal(strlen(bottom), strlen(meant.bottom + skip));
        for (size_t k = 0; bottom[k]; k++) {
            char a = bottom[k], b = meant.bottom[skip + k];
            a = a == 'S' ? '5' : a == 'O' ? '0' : a;
            b = b == 'S' ? '5' : b == 'O' ? '0' : b;
            assert_int_equal(a, b);
        }
        for (int k = 0; k < 4; k++)
            assert_int_equal(seen.icon[k], meant.icons >> k & 1);
    }
    unit_free(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_character, fresh),
        cmocka_unit_test_setup(every_label, fresh),
        cmocka_unit_test_setup(words, fresh),
        cmocka_unit_test_setup(icons, fresh),
        cmocka_unit_test_setup(a_dead_segment_is_seen, fresh),
        cmocka_unit_test(what_core_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
