/* Editing. See edit.h. */
#include "core/edit.h"
#include "core/assert.h"
#include "core/meter_state.h"
#include "core/transaction.h"
#include <string.h>

/* How a number is written. Without leading zeros it begins with its first digit, or
 * with the chosen one where that stands further left. */
static const struct number {
    uint8_t setting, digits, decimals;
    bool zeros;
} numbers[] = {
    { SETTING_ADDRESS, 3, 0, true },
    { SETTING_CT_PRIMARY, 5, 0, false },
    { SETTING_PT_RATIO, 5, 2, true },
    { SETTING_SYSTEM_VOLTAGE, 5, 0, true },
    { SETTING_PLOSS_VOLT, 3, 2, true },
    { SETTING_PLOSS_IMBAL, 3, 2, true },
    { SETTING_SUBINTERVAL_S, 5, 0, true },
    { SETTING_SETUP_PASSWORD_HIGH, 5, 0, true },
    { SETTING_RESET_PASSWORD_HIGH, 5, 0, true },
};

/* Upward as drawn. */
static const struct choice {
    uint8_t setting;
    uint16_t value;
    char text[LCD_CELLS + 2];
} choices[] = {
    { SETTING_BAUD, 0, "1200" },
    { SETTING_BAUD, 1, "2400" },
    { SETTING_BAUD, 2, "4800" },
    { SETTING_BAUD, 3, "9600" },
    { SETTING_BAUD, 4, "19200" },
    { SETTING_BAUD, 5, "38400" },
    { SETTING_PARITY, 2, "Odd" },
    { SETTING_PARITY, 1, "EvEn" },
    { SETTING_PARITY, 0, "nOnE" },
    { SETTING_CT_SECONDARY, 3, ".33" },
    { SETTING_CT_SECONDARY, 1, "1.0" },
#define Y(number, wiring, text, ...) { SETTING_SYSTEM_TYPE, number, text },
#include "core/system_type.def"
#undef Y
    { SETTING_PULSE_ENERGY, 10, "10" },
    { SETTING_PULSE_ENERGY, 100, "100" },
    { SETTING_PULSE_ENERGY, 1000, "1000" },
    { SETTING_PULSE_ENERGY, 10000, "10000" },
    { SETTING_SUBINTERVALS, 1, "1" },
    { SETTING_SUBINTERVALS, 2, "2" },
    { SETTING_SUBINTERVALS, 3, "3" },
    { SETTING_SUBINTERVALS, 4, "4" },
    { SETTING_SUBINTERVALS, 5, "5" },
    { SETTING_SUBINTERVALS, 6, "6" },
    { SETTING_DISPLAY_UNITS, 0, "IEC" },
    { SETTING_DISPLAY_UNITS, 1, "IEEE" },
};
enum { CHOICES = sizeof choices / sizeof *choices, UP = 1, DOWN = -1 };

static const struct number *number_of(const struct screen *screen)
{
    const struct number *n = numbers;

    while (n->setting != screen->arg)
        n++;
    return n;
}

static int first_choice(const struct screen *screen)
{
    int k = 0;

    while (choices[k].setting != screen->arg)
        k++;
    return k;
}

static int count_choices(const struct screen *screen)
{
    int count = 0;

    for (int k = 0; k < CHOICES; k++)
        count += choices[k].setting == screen->arg;
    return count;
}

/* Passwords are two settings: value >> 16, value & 0xFFFF. */
static bool is_pair(const struct screen *screen)
{
    return screen->arg == SETTING_SETUP_PASSWORD_HIGH ||
           screen->arg == SETTING_RESET_PASSWORD_HIGH;
}

/* The setting as it is edited. */
static uint32_t stored(const struct meter *m, const struct screen *screen)
{
    const uint16_t *value = &m->settings.value[screen->arg];
    int first = 0, k = 0;

    if (screen->kind != SCREEN_LIST)
        return is_pair(screen) ? (uint32_t)value[0] << 16 | value[1] : value[0];
    first = first_choice(screen);
    while (choices[first + k].value != *value) {
        k++;
        CORE_ASSERT(k < count_choices(screen));
    }
    return (uint32_t)k;
}

/* The weight of digit `digit` from the left. */
static uint32_t weight(const struct number *n, int digit)
{
    return (uint32_t)quantity_ten(n->digits - 1 - digit);
}

void edit_start(struct edit *e, const struct meter *m, const struct screen *screen)
{
    e->value = screen->kind == SCREEN_PASSWORD ? 0 : stored(m, screen);
    e->digit = 0;
    if (screen->kind == SCREEN_LIST || number_of(screen)->zeros)
        return;
    const struct number *n = number_of(screen);
    while (e->digit + 1 < n->digits && e->value < weight(n, e->digit))
        e->digit++;
}

/* Into the list and on; a pulse energy that no duration keeps up with is passed over
 * on the way up, and not gone down to. Its list has ends, the others are rings. */
static void step(struct edit *e, const struct meter *m, const struct screen *screen,
                 int way)
{
    int first = first_choice(screen), count = count_choices(screen);
    int at = (int)e->value;

    if (screen->arg != SETTING_PULSE_ENERGY) {
        e->value = (uint32_t)((at + way + count) % count);
        return;
    }
    do
        at += way;
    while (way > 0 && at < count &&
           !config_allows(&m->settings, m->model, SETTING_PULSE_ENERGY,
                          choices[first + at].value));
    if (at >= 0 && at < count &&
        config_allows(&m->settings, m->model, SETTING_PULSE_ENERGY,
                      choices[first + at].value))
        e->value = (uint32_t)at;
}

void edit_plus(struct edit *e, const struct meter *m, const struct screen *screen)
{
    if (screen->kind == SCREEN_LIST) {
        step(e, m, screen, UP);
        return;
    }
    uint32_t one = weight(number_of(screen), e->digit);
    e->value = e->value / one % 10 == 9 ? e->value - 9 * one : e->value + one;
}

void edit_minus(struct edit *e, const struct meter *m, const struct screen *screen)
{
    if (screen->kind == SCREEN_LIST)
        step(e, m, screen, DOWN);
    else
        e->digit = e->digit ? e->digit - 1 : number_of(screen)->digits - 1;
}

bool edit_right(struct edit *e, const struct screen *screen)
{
    if (screen->kind == SCREEN_LIST || e->digit + 1 == number_of(screen)->digits)
        return true;
    e->digit++;
    return false;
}

bool edit_matches(const struct edit *e, const struct meter *m,
                  const struct screen *screen)
{
    return e->value == stored(m, screen);
}

static bool save(const struct edit *e, struct meter *m, const struct screen *screen)
{
    uint16_t words[2] = { (uint16_t)e->value };
    enum setting setting = (enum setting)screen->arg;

    if (screen->kind == SCREEN_LIST)
        words[0] = choices[first_choice(screen) + (int)e->value].value;
    if (is_pair(screen)) {
        words[0] = (uint16_t)(e->value >> 16);
        words[1] = (uint16_t)e->value;
        return transaction_set_settings(m, setting, 2, words) == MODBUS_OK;
    }
    return e->value <= UINT16_MAX &&
           transaction_set_settings(m, setting, 1, words) == MODBUS_OK;
}

enum edit_result edit_save(const struct edit *e, struct meter *m,
                           const struct screen *screen)
{
    enum setting setting = (enum setting)screen->arg;

    if (e->value == stored(m, screen) &&
        config_allows(&m->settings, m->model, setting, m->settings.value[setting]))
        return EDIT_SAME;
    return save(e, m, screen) ? EDIT_SAVED : EDIT_REFUSED;
}

bool edit_valid(const struct edit *e, const struct screen *screen)
{
    if (screen->kind == SCREEN_LIST)
        return e->value < (uint32_t)count_choices(screen);
    if (screen->kind != SCREEN_NUMBER && screen->kind != SCREEN_PASSWORD)
        return true;
    return e->digit < number_of(screen)->digits;
}

void edit_text(const struct edit *e, const struct screen *screen, bool dark,
               char text[NUMBER_TEXT])
{
    if (screen->kind == SCREEN_LIST) {
        memcpy(text, choices[first_choice(screen) + (int)e->value].text,
               sizeof choices->text);
        return;
    }
    const struct number *n = number_of(screen);
    number_fixed(text, e->value, n->digits, n->decimals);
    int at = e->digit; /* in the text: one further when the point stands before it */
    if (n->decimals && at >= n->digits - n->decimals)
        at++;
    for (int k = 0; !n->zeros && k < at && text[k] == '0'; k++)
        text[k] = ' ';
    if (dark)
        text[at] = ' ';
}
