/* The models' register tables against their CSVs: addresses, widths, kinds and names.
 */
#include "core/config.h"
#include "core/model.h"
#include "core/quantity.h"
#include "tests/support/register_csv.h"

static struct csv_registers csv;
static const struct model *model;

/* Clock, logs and SunSpec of the S4100 have tests of their own. */
static bool in_scope(int reg)
{
    return (reg >= 1 && reg <= 154) || (reg >= 257 && reg <= 408) || reg == 7001;
}

static int load_s4100(void **state)
{
    (void)state;
    model = &model_s4100;
    csv_load(&csv, "s4100.csv");
    return 0;
}

static int load_s4000r(void **state)
{
    (void)state;
    model = &model_s4000r;
    csv_load(&csv, "s4000r.csv");
    return 0;
}

static const struct register_row *find(int reg, int *word, enum register_kind *kind)
{
    return model_find_register(model, (uint16_t)reg, word, kind);
}

static void every_listed_register_is_found(void **state)
{
    (void)state;
    for (int reg = 1; reg <= 65535; reg++) {
        const struct csv_register *line = csv_find(&csv, reg);
        enum register_kind kind;
        int word;
        const struct register_row *row = find(reg, &word, &kind);
        if (!line && row && in_scope(reg))
            fail_msg("register %d is not in the CSV", reg);
        if (!line || !in_scope(reg))
            continue;
        if (!row)
            fail_msg("register %d (%s) is missing", reg, line->name);
        assert_int_equal(word, reg - line->reg);
        assert_int_equal(model_register_words(kind), line->words);
    }
}

static bool kind_fits(const struct csv_register *line, enum register_kind kind)
{
    bool reserved = !strncmp(line->name, "reserved", 8);
    bool nan = reserved && !strcmp(line->min, "32768");

    if (!strcmp(line->format, "Float"))
        return kind == (reserved ? REG_QNAN32F : REG_FLOAT);
    if (!strcmp(line->format, "ULong"))
        return kind == REG_READING32;
    if (!strcmp(line->format, "SLong"))
        return kind == REG_NET32;
    if (nan)
        return kind == REG_QNAN16;
    return line->reg > 128 ? kind >= REG_SETTING : kind == REG_READING16;
}

static void formats(void **state)
{
    (void)state;
    for (int k = 0; k < csv.count; k++) {
        const struct csv_register *line = &csv.row[k];
        enum register_kind kind;
        int word;
        if (!in_scope(line->reg))
            continue;
        assert_non_null(find(line->reg, &word, &kind));
        if (!kind_fits(line, kind))
            fail_msg("register %d (%s, %s) is of kind %d", line->reg, line->name,
                     line->format, kind);
    }
}

/* What the unidirectional model calls import and quadrant 1. */
static const char *bidirectional(const char *name)
{
    static const char *const names[][2] = {
        { "kwh", "kwh_import" },
        { "kwh_dup", "kwh_import" },
        { "kvah", "kvah_import" },
        { "kvarh", "kvarh_q1" },
        { "kwh_a", "kwh_import_a" },
        { "kwh_b", "kwh_import_b" },
        { "kwh_c", "kwh_import_c" },
        { "kw_demand_max", "kw_demand_max_import" },
        { "kvar_demand_max", "kvar_demand_max_import" },
        { "kva_demand_max", "kva_demand_max_import" },
    };

    for (unsigned k = 0; model->unidirectional && k < COUNT_OF(names); k++)
        if (!strcmp(names[k][0], name))
            return names[k][1];
    return name;
}

static void check_name(const struct csv_register *line, const struct register_row *row,
                       enum register_kind kind)
{
    char name[40];
    size_t length = strlen(line->name);

    if (kind == REG_SETTING) {
        assert_string_equal(setting_table[row->arg].name, line->name);
        assert_int_equal(setting_table[row->arg].reg, line->reg);
    }
    if (kind > REG_FLOAT)
        return;
    if (kind == REG_FLOAT) {
        assert_string_equal(line->name + length - 2, "_f");
        length -= 2;
    }
    snprintf(name, sizeof name, "%.*s", (int)length, line->name);
    assert_string_equal(quantity_table[row->arg].name, bidirectional(name));
}

static void names_of_quantities_and_settings(void **state)
{
    (void)state;
    for (int k = 0; k < csv.count; k++) {
        const struct csv_register *line = &csv.row[k];
        enum register_kind kind = REG_ZERO;
        int word;
        if (!in_scope(line->reg))
            continue;
        const struct register_row *row = find(line->reg, &word, &kind);
        assert_non_null(row);
        check_name(line, row, kind);
    }
}

/* Every quantity stands in one integer register and in one float. */
static void every_quantity_has_two_registers(void **state)
{
    int integers[QUANTITIES] = { 0 }, floats[QUANTITIES] = { 0 };

    (void)state;
    for (int reg = 1; reg <= 408; reg++) {
        enum register_kind kind;
        int word;
        const struct register_row *row = find(reg, &word, &kind);
        if (!row || word || kind > REG_FLOAT)
            continue;
        (kind == REG_FLOAT ? floats : integers)[row->arg]++;
    }
    for (int q = 0; q < QUANTITIES; q++) {
        assert_int_equal(integers[q], 1);
        assert_int_equal(floats[q], 1);
    }
}

static void models_are_found_by_name(void **state)
{
    (void)state;
    assert_ptr_equal(model_find("s4100"), &model_s4100);
    assert_null(model_find("s410"));
    assert_null(model_find("s41000"));
    assert_null(model_find(""));
    unsigned count = 0;
    while (model_at(count))
        count++;
    assert_true(count >= 1);
    for (unsigned k = 0; k < count; k++)
        assert_ptr_equal(model_find(model_at(k)->name), model_at(k));
    assert_null(model_at(count + 7));
}

static void profiles(void **state)
{
    (void)state;
    assert_ptr_equal(model_find("s4000r"), &model_s4000r);
    assert_true(model_s4000r.unidirectional && model_s4000r.rope_ct);
    assert_int_equal(model_s4000r.ct_min, 20);
    assert_int_equal(model_s4000r.ct_max, 5000);
    assert_false(model_s4100.unidirectional);
    assert_false(model_s4100.rope_ct);
    assert_int_equal(model_s4100.ct_min, 1);
    assert_int_equal(model_s4100.ct_max, 32000);
    assert_int_equal(model_s4100.rules.phase_loss, PHASE_LOSS_BELOW_PERCENT);
    assert_int_equal(model_s4100.rules.imbalance, IMBALANCE_BETWEEN_PHASES);
}

/* Registers 155-178 and 8000-13759 apart, all is the S4100's. */
static void the_s4100_without_logs(void **state)
{
    const struct model *fds = model_find("s4100_fds");

    (void)state;
    assert_ptr_equal(fds, &model_s4100_fds);
    for (int reg = 1; reg < 65536; reg++) {
        enum register_kind kind, other_kind;
        int word, other_word;
        const struct register_row *row =
            model_find_register(&model_s4100, (uint16_t)reg, &word, &kind);
        const struct register_row *other =
            model_find_register(fds, (uint16_t)reg, &other_word, &other_kind);
        if ((reg >= 155 && reg <= 178) || (reg >= 8000 && reg <= 13759)) {
            assert_non_null(row);
            assert_null(other);
            continue;
        }
        assert_true(!row == !other);
        if (row) {
            assert_memory_equal(row, other, sizeof *row);
            assert_int_equal(word, other_word);
            assert_int_equal(kind, other_kind);
        }
    }
    assert_string_equal(fds->product, model_s4100.product);
    assert_string_equal(fds->server_text, model_s4100.server_text);
    assert_string_equal(fds->panel_name, model_s4100.panel_name);
    assert_true(model_s4100.logs && !fds->logs && fds->sunspec);
}

static void models_lack_quantities(void **state)
{
    (void)state;
    for (int q = 0; q < QUANTITIES; q++) {
        assert_true(model_has_quantity(&model_s4100, (enum quantity)q));
        assert_true(model_has_quantity(&model_s4100_fds, (enum quantity)q));
    }
    assert_true(model_has_quantity(&model_s4000r, Q_KWH_IMPORT));
    assert_true(model_has_quantity(&model_s4000r, Q_KW_DEMAND_MAX_IMPORT));
    assert_false(model_has_quantity(&model_s4000r, Q_KWH_EXPORT));
    assert_false(model_has_quantity(&model_s4000r, Q_KWH_NET));
    assert_false(model_has_quantity(&model_s4000r, Q_KVARH_Q4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_listed_register_is_found, load_s4100),
        cmocka_unit_test_setup(formats, load_s4100),
        cmocka_unit_test_setup(names_of_quantities_and_settings, load_s4100),
        cmocka_unit_test_setup(every_quantity_has_two_registers, load_s4100),
        cmocka_unit_test_setup(every_listed_register_is_found, load_s4000r),
        cmocka_unit_test_setup(formats, load_s4000r),
        cmocka_unit_test_setup(names_of_quantities_and_settings, load_s4000r),
        cmocka_unit_test(models_are_found_by_name),
        cmocka_unit_test(profiles),
        cmocka_unit_test(the_s4100_without_logs),
        cmocka_unit_test(models_lack_quantities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
