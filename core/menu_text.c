/* The texts of the present screen. See menu_text.h. */
#include "core/menu_text.h"
#include "core/alert.h"
#include "core/assert.h"
#include "core/edit.h"
#include "core/factory_block.h"
#include "core/identity.h"
#include "core/meter_state.h"
#include "core/reading.h"
#include <string.h>

/* `_` is the number of phases; the unit's prefix takes the place of the K, or of the
 * blank in the middle where no K is drawn. */
static void label(const struct meter *m, const struct screen *s, char prefix,
                  char text[SCREEN_TEXT + 1])
{
    bool ieee = m->settings.value[SETTING_DISPLAY_UNITS] != 0;
    int k = 0;

    memcpy(text, ieee ? s->ieee : s->iec, SCREEN_TEXT + 1);
    if (text[0] == '_')
        text[0] = (char)('0' + config_phase_count(&m->config));
    if (!prefix)
        return;
    while (text[k] && text[k] != 'K')
        k++;
    text[text[k] ? k : 2] = prefix;
}

static void none(char *text)
{
    memcpy(text, "nOnE", sizeof "nOnE");
}

/* Returns the prefix of the unit, or 0 when it has none. */
static char quantity_text(const struct meter *m, enum quantity q, char *text)
{
    enum quantity_unit unit = (enum quantity_unit)quantity_table[q].unit;
    bool prefixed = unit == UNIT_W || unit == UNIT_E;
    int64_t value;

    if (!meter_reading(m, q, &value)) {
        memcpy(text, "----", sizeof "----");
        return prefixed ? 'K' : 0;
    }
    if (unit == UNIT_N) {
        number_long(text, (uint64_t)value, m->menu.off);
        return 0;
    }
    char prefix = number_format(text, value, unit);
    return prefixed ? prefix : 0;
}

static void serial_text(const struct meter *m, char *text)
{
    const uint32_t serial = hal_serial_number(m->hal);

    if (serial == FACTORY_BLOCK_NO_SERIAL)
        none(text);
    else
        number_long(text, serial, m->menu.off);
}

static void reset_system_text(uint32_t version, char *text)
{
    if (version)
        number_fixed(text, version, NUMBER_CELLS, 3);
    else
        none(text);
}

static void info_text(const struct meter *m, enum screen_info info, char *text)
{
    int k = 0;

    if (info == INFO_SYSTEM) {
        number_fixed(text, METER_FIRMWARE_VERSION, NUMBER_CELLS, 3);
    } else if (info == INFO_RESET_SYSTEM) {
        reset_system_text(hal_reset_system_version(m->hal), text);
    } else if (info == INFO_SERIAL) {
        serial_text(m, text);
    } else {
        do
            text[k] = m->model->panel_name[k];
        while (text[k++]);
    }
}

static char max_power_text(const struct meter *m, char *text)
{
    return number_format(text, (int64_t)m->config.max_power_uw, UNIT_W);
}

/* The bottom row; returns the prefix of the unit, or 0. */
static char value_text(const struct meter *m, const struct screen *s, char *text)
{
    text[0] = '\0';
    switch ((enum screen_kind)s->kind) {
    case SCREEN_QUANTITY:
        return quantity_text(m, (enum quantity)s->arg, text);
    case SCREEN_ALERT:
        alert_text(m->alerts, (enum alert_screen)s->arg, text);
        return 0;
    case SCREEN_INFO:
        info_text(m, (enum screen_info)s->arg, text);
        return 0;
    case SCREEN_COMMAND:
        memcpy(text, "rESEt", sizeof "rESEt");
        return 0;
    case SCREEN_PASSWORD:
    case SCREEN_NUMBER:
    case SCREEN_LIST:
        edit_text(&m->menu.edit, s, m->menu.off, text);
        return 0;
    case SCREEN_MAX_POWER:
        return max_power_text(m, text);
    case SCREEN_PULSE_MS:
        number_fixed(text, m->config.pulse_ms, 1, 0);
        return 0;
    case SCREEN_TITLE:
        return 0;
    }
    CORE_UNREACHABLE();
}

static void notice_text(const struct meter *m, struct lcd_text *text)
{
    label(m, &screen_table[m->menu.notice_screen], 0, text->top);
    if (m->menu.notice == NOTICE_SAVED)
        memcpy(text->bottom, "SAvEd", sizeof "SAvEd");
    else
        memcpy(text->bottom, "Error", sizeof "Error");
}

void menu_text(const struct meter *m, struct lcd_text *text)
{
    const struct screen *s = &screen_table[m->menu.screen];

    text->icons =
        (uint8_t)((m->menu.heart ? LCD_HEART : 0) | (m->alerts ? LCD_WRENCH : 0));
    text->top[0] = text->bottom[0] = '\0';
    if (m->waiting) /* nothing that could be shown is known */
        return;
    if (m->menu.notice != NOTICE_NONE) {
        notice_text(m, text);
        return;
    }
    text->icons |= s->icon;
    char prefix = value_text(m, s, text->bottom);
    label(m, s, prefix, text->top);
}
