/* Registers of a model, described. See register_list.h. */
#include "sim/field/register_list.h"
#include "core/config.h"
#include "core/quantity.h"
#include <glib.h>
#include <string.h>

/* Columns of registers that are no reading. */
struct columns {
    const char *name, *format, *units, *scale, *min, *max;
    bool nonvolatile;
};

static const struct columns state_columns[] = {
    [STATE_MAX_POWER] = { "max_power", "UInt", "kW", "W", "1", "32767", true },
    [STATE_EXPONENT_A] = { "sf_i", "SInt", "exponent", "", "-4", "4", false },
    [STATE_EXPONENT_V] = { "sf_v", "SInt", "exponent", "", "-4", "4", false },
    [STATE_EXPONENT_W] = { "sf_w", "SInt", "exponent", "", "-4", "4", false },
    [STATE_EXPONENT_E] = { "sf_e", "SInt", "exponent", "", "-4", "4", false },
    [STATE_PULSE_MS] = { "pulse_ms", "UInt", "ms", "1", "10", "500", true },
    [STATE_ALERTS] = { "alert_bits", "UInt", "bitmap", "", "0", "65535", false },
    [STATE_ENERGY_RESETS] = { "energy_reset_count", "UInt", "", "1", "0", "32767",
                              true },
    [STATE_POWER_UPS] = { "power_up_count", "UInt", "", "1", "0", "32767", true },
    [STATE_LOG_STATUS] = { "log_status", "UInt", "bitmap", "", "0", "63", true },
    [STATE_LOG_WRAPS] = { "log_wrap_count", "UInt", "", "1", "0", "32767", true },
    [STATE_LOG_DAYS] = { "log_max_days", "UInt", "days", "1", "0", "32767", true },
    [STATE_LOG_ENTRIES] = { "log_entry_count", "UInt", "", "1", "0", "32767", true },
    [STATE_FIRMWARE_VERSION] = { "fw_os_version", "UInt", "", "0.001", "0", "65535",
                                 true },
};

static const struct columns clock_columns[] = {
    { "rtc_day_month", "UInt", "MSB/LSB", "", "", "", true },
    { "rtc_hour_year", "UInt", "MSB/LSB", "", "", "", true },
    { "rtc_sec_min", "UInt", "MSB/LSB", "", "", "", true },
};

static const struct columns stamp_columns[] = {
    { "log_newest_day_month", "UInt", "MSB/LSB", "", "", "", true },
    { "log_newest_hour_year", "UInt", "MSB/LSB", "", "", "", true },
    { "log_newest_sec_min", "UInt", "MSB/LSB", "", "", "", true },
};

static const struct columns kind_columns[REG_LOG_WINDOW + 1] = {
    [REG_COMMAND] = { "command", "UInt", "", "", "0", "65535", false },
    [REG_LOG_START] = { "log_start_kwh", "ULong", "kWh", "E", "0", "4294967295", true },
    [REG_LOG_WINDOW] = { "log_data", "UInt", "as logged", "", "0", "65535", true },
    [REG_ZERO] = { "reserved", "UInt", "", "", "0", "0", false },
    [REG_SINK] = { "reserved", "UInt", "", "", "1", "32767", false },
    [REG_QNAN16] = { "reserved", "UInt", "", "", "32768", "32768", false },
    [REG_QNAN32F] = { "reserved", "Float", "", "1", "", "", false },
};

/* Settings that count in a unit or in steps; the others have neither. */
static const struct {
    uint8_t setting;
    const char *units, *scale;
} setting_units[] = {
    { SETTING_CT_PRIMARY, "A", "" },      { SETTING_PT_RATIO, "ratio", "0.01" },
    { SETTING_SYSTEM_VOLTAGE, "V", "1" }, { SETTING_PLOSS_VOLT, "%", "1" },
    { SETTING_PLOSS_IMBAL, "%", "1" },    { SETTING_PULSE_ENERGY, "Wh", "1" },
    { SETTING_SUBINTERVALS, "", "1" },    { SETTING_SUBINTERVAL_S, "s", "1" },
    { SETTING_LOG_MODE, "bitmap", "" },
};

static const char *text_of(const struct model *model, int reg)
{
    static const struct {
        int reg;
        const char *text;
    } s4100[] = {
#define T(reg, text) { reg, text },
#include "sim/field/register_text_s4100.def"
    }, s4000r[] = {
#include "sim/field/register_text_s4000r.def"
    };
    bool plain = model->unidirectional;
    size_t count = plain ? G_N_ELEMENTS(s4000r) : G_N_ELEMENTS(s4100);

    for (size_t k = 0; k < count; k++)
        if ((plain ? s4000r : s4100)[k].reg == reg)
            return (plain ? s4000r : s4100)[k].text;
    return "";
}

static void set_range(struct register_entry *e, const char *min, const char *max)
{
    g_strlcpy(e->min, min, sizeof e->min);
    g_strlcpy(e->max, max, sizeof e->max);
}

static void set_columns(struct register_entry *e, const struct columns *c)
{
    g_strlcpy(e->name, c->name, sizeof e->name);
    e->format = c->format;
    e->units = c->units;
    e->scale = c->scale;
    e->nonvolatile = c->nonvolatile;
    set_range(e, c->min, c->max);
}

/* A unidirectional meter has no import, no quadrants: kwh_import_a is its kwh_a. */
static void leave_out(char *name, const char *part)
{
    char *at = strstr(name, part);

    if (at)
        memmove(at, at + strlen(part), strlen(at + strlen(part)) + 1);
}

void register_list_name(const struct model *model, enum quantity q,
                        char name[REGISTER_NAME])
{
    g_strlcpy(name, quantity_table[q].name, REGISTER_NAME);
    if (!model->unidirectional)
        return;
    leave_out(name, "_import");
    leave_out(name, "_q1");
}

int register_list_quantity(const struct model *model, const char *name)
{
    char own[REGISTER_NAME];

    for (int q = 0; q < QUANTITIES; q++) {
        register_list_name(model, (enum quantity)q, own);
        if (!strcmp(own, name) && model_has_quantity(model, (enum quantity)q))
            return q;
    }
    return -1;
}

bool register_list_instead(const struct model *model, enum quantity q,
                           char name[REGISTER_NAME])
{
    static const char *const parts[] = { "_net", "_import", "_export", "_q1",
                                         "_q2",  "_q3",     "_q4" };

    g_strlcpy(name, quantity_table[q].name, REGISTER_NAME);
    for (size_t k = 0; k < G_N_ELEMENTS(parts); k++)
        leave_out(name, parts[k]);
    return register_list_quantity(model, name) >= 0;
}

/* Readings that have no sign. */
static bool never_negative(const struct model *model, const struct quantity_row *row)
{
    bool apparent = row->kind == QUANTITY_APPARENT && row->role == ROLE_NOW;

    return model->unidirectional || row->unit == UNIT_A || row->unit == UNIT_V ||
           row->unit == UNIT_HZ || apparent;
}

static void describe_float(struct register_entry *e, const struct quantity_row *row,
                           bool positive)
{
    g_strlcat(e->name, "_f", sizeof e->name);
    e->format = "Float";
    e->scale = "1";
    if (row->unit == UNIT_PF)
        set_range(e, positive ? "0.0" : "-1.0", "1.0");
    if (row->unit == UNIT_HZ)
        set_range(e, "45.0", "65.0");
    if (row->unit == UNIT_N)
        set_range(e, "0", "4294967040");
}

static void describe_integer(struct register_entry *e, const struct quantity_row *row,
                             enum register_kind kind, bool positive)
{
    static const char *const scales[] = { "I", "V", "W", "E", "0.0001", "0.01", "" };

    e->scale = scales[row->unit];
    if (kind == REG_READING32) {
        e->format = "ULong";
        set_range(e, "0", "4294967295");
    } else if (kind == REG_NET32) {
        e->format = "SLong";
        set_range(e, "-2147483647", "2147483647");
    } else {
        e->format = positive ? "UInt" : "SInt";
        if (row->unit == UNIT_HZ)
            set_range(e, "4500", "6500");
        else if (row->unit == UNIT_PF)
            set_range(e, positive ? "0" : "-10000", "10000");
        else
            set_range(e, positive ? "0" : "-32767", "32767");
    }
}

const char *const register_section_titles[SECTIONS] = {
    [SECTION_READINGS] = "readings",
    [SECTION_PHASES] = "readings per phase",
    [SECTION_DEMAND] = "demand",
    [SECTION_ENERGY] = "energy",
    [SECTION_ENERGY_PHASES] = "energy per phase",
    [SECTION_PULSES] = "pulses",
    [SECTION_SETTINGS] = "settings",
    [SECTION_STATE] = "state",
    [SECTION_LOG] = "clock and log",
    [SECTION_SUNSPEC] = "SunSpec",
    [SECTION_RESERVED] = "reserved",
};

static enum register_section section_of_quantity(enum quantity q)
{
    const bool phase = quantity_table[q].phase != PHASE_WHOLE;

    switch ((enum quantity_role)quantity_table[q].role) {
    case ROLE_NOW:
        return phase ? SECTION_PHASES : SECTION_READINGS;
    case ROLE_DEMAND:
    case ROLE_DEMAND_MAX:
        return SECTION_DEMAND;
    case ROLE_COUNTER:
        break;
    }
    return quantity_table[q].kind == QUANTITY_COUNT ? SECTION_PULSES
           : phase                                  ? SECTION_ENERGY_PHASES
                                                    : SECTION_ENERGY;
}

static enum register_section section_of_kind(enum register_kind kind, int arg)
{
    switch (kind) {
    case REG_READING16:
    case REG_READING32:
    case REG_NET32:
    case REG_FLOAT:
        return section_of_quantity((enum quantity)arg);
    case REG_SETTING:
        return arg >= SETTING_LOG_PAGE && arg <= SETTING_LOG_POINTER_10
                   ? SECTION_LOG
                   : SECTION_SETTINGS;
    case REG_STATE:
        return arg >= STATE_LOG_STATUS && arg <= STATE_LOG_ENTRIES ? SECTION_LOG
                                                                   : SECTION_STATE;
    case REG_COMMAND:
    case REG_POWER_UPS:
        return SECTION_STATE;
    case REG_CLOCK:
    case REG_LOG_START:
    case REG_LOG_STAMP:
    case REG_LOG_WINDOW:
        return SECTION_LOG;
    case REG_ZERO:
    case REG_SINK:
    case REG_QNAN16:
    case REG_QNAN32F:
        break;
    }
    return SECTION_RESERVED;
}

static void describe_quantity(struct register_entry *e, const struct model *model,
                              enum quantity q, enum register_kind kind)
{
    const struct quantity_row *row = &quantity_table[q];
    bool positive = never_negative(model, row);

    register_list_name(model, q, e->name);
    e->quantity = row;
    e->units = quantity_kind_units[row->kind];
    e->nonvolatile = row->role >= ROLE_DEMAND_MAX;
    if (kind == REG_FLOAT)
        describe_float(e, row, positive);
    else
        describe_integer(e, row, kind, positive);
}

static void describe_setting(struct register_entry *e, const struct model *model,
                             enum setting s)
{
    const struct setting_row *row = &setting_table[s];
    bool ct = s == SETTING_CT_PRIMARY;

    g_strlcpy(e->name, row->name, sizeof e->name);
    e->access = "R/W";
    e->nonvolatile = true;
    if (row->check == CHECK_LOG_POINTER)
        e->units = "register no.";
    for (size_t k = 0; k < G_N_ELEMENTS(setting_units); k++)
        if (setting_units[k].setting == s) {
            e->units = setting_units[k].units;
            e->scale = setting_units[k].scale;
        }
    g_snprintf(e->min, sizeof e->min, "%d", ct ? model->ct_min : row->min);
    g_snprintf(e->max, sizeof e->max, "%d", ct ? model->ct_max : row->max);
}

/* Where a register's columns are not those of its kind. */
static void make_exceptions(struct register_entry *e, const struct model *model)
{
    if (e->reg == 153) {
        e->section = SECTION_STATE;
        set_columns(e, &(struct columns){ "output_config", "UInt", "", "", "0", "32767",
                                          true });
    }
    if (model->unidirectional && e->reg == 132)
        e->nonvolatile = true;
    if (model->unidirectional && e->reg == 259)
        g_strlcpy(e->name, "kwh_dup_f", sizeof e->name);
}

/* The columns of a row that stand in a table; NULL: they follow from its quantity or
 * its setting. */
static const struct columns *columns_of(const struct register_row *row,
                                        enum register_kind kind)
{
    if (kind == REG_STATE)
        return &state_columns[row->arg];
    if (kind == REG_CLOCK)
        return &clock_columns[row->arg];
    if (kind == REG_LOG_STAMP)
        return &stamp_columns[row->arg];
    if (kind == REG_POWER_UPS)
        return &state_columns[STATE_POWER_UPS];
    return kind_columns[kind].name ? &kind_columns[kind] : NULL;
}

static void describe(struct register_entry *e, const struct model *model,
                     const struct register_row *row, enum register_kind kind)
{
    const struct columns *columns = columns_of(row, kind);

    if (columns)
        set_columns(e, columns);
    else if (kind == REG_SETTING)
        describe_setting(e, model, (enum setting)row->arg);
    else
        describe_quantity(e, model, (enum quantity)row->arg, kind);
    if (g_str_has_prefix(e->name, "reserved"))
        g_snprintf(e->name, sizeof e->name, "reserved_%d%s", e->reg,
                   kind == REG_QNAN32F ? "_f" : "");
    if (kind == REG_COMMAND || kind == REG_SINK || kind == REG_POWER_UPS ||
        kind == REG_CLOCK)
        e->access = "R/W";
    make_exceptions(e, model);
}

void register_list_model(const struct model *model, register_list_visit visit,
                         void *user)
{
    for (int reg = 1, words; reg < 65536; reg += words) {
        struct register_entry e = {
            .reg = reg, .access = "R", .format = "UInt", .units = "", .scale = ""
        };
        enum register_kind kind;
        int word;
        const struct register_row *row =
            model_find_register(model, (uint16_t)reg, &word, &kind);
        words = row ? model_register_words(kind) : 1;
        if (!row)
            continue;
        e.words = words;
        e.text = text_of(model, reg);
        e.section = section_of_kind(kind, row->arg);
        describe(&e, model, row, kind);
        visit(user, &e);
    }
}
