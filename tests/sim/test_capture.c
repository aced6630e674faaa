/* Captures of meters that hold what no simulated meter takes: the scenario runs all the
 * same, and says what it left out. */
#include "core/config.h"
#include "scenario_fixture.h"
#include "sim/field/capture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void put(struct image *image, int reg, uint16_t word)
{
    image->word[reg] = word;
    image->has[reg] = true;
}

/* A meter as it was delivered, without a voltage. */
static struct image *delivered(void)
{
    struct image *image = image_new(&model_s4100, "a test");
    struct settings s;

    config_defaults(&s, &model_s4100);
    for (int k = 0; k < SETTINGS; k++)
        if (setting_table[k].reg != 0)
            put(image, setting_table[k].reg, s.value[k]);
    return image;
}

/* 0.0 in the float register. */
static void without_frequency(struct image *image, uint16_t high)
{
    int reg = image_float_register(image->model, Q_FREQ);

    put(image, reg, high);
    put(image, reg + 1, 0);
}

/* It can be run: no misuse. Its readings are not those of a meter. */
static void runs(struct image *image, const char *says)
{
    GString *text = capture_scenario(image);
    struct scenario_result r;

    image_free(image);
    if (strstr(text->str, says) == NULL)
        fail_msg("%s", text->str);
    run_text(text->str, (gssize)text->len, &r);
    if (r.outcome == SCENARIO_MISUSED)
        fail_msg("%s", r.message);
    scenario_result_clear(&r);
    g_string_free(text, TRUE);
}

static void a_frequency_of_zero(void **state)
{
    struct image *image = delivered();

    (void)state;
    without_frequency(image, 0);
    runs(image, "\n    -- hz: the meter has no reading of a frequency\n");
    image = delivered();
    without_frequency(image, 0x7FC0);
    runs(image, "\n    -- hz: the meter has no reading of a frequency\n");
}

static void a_setting_out_of_range(void **state)
{
    struct image *image = delivered();

    (void)state;
    put(image, 131, 0);
    put(image, 142, 100);
    runs(image,
         "\n    -- ct_primary: register 131 holds 0, which no simulated meter accepts\n"
         "    ct_output");
    image = delivered();
    put(image, 142, 100);
    runs(image, "\n    -- ploss_volt_pct: register 142 holds 100, which");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frequency_of_zero),
        cmocka_unit_test(a_setting_out_of_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
