/* Settings, their rules and what follows from them. See config.h. */
#include "core/config.h"
#include "core/assert.h"
#include "core/model.h"

const struct setting_row setting_table[SETTINGS] = {
#define S(id, name, reg, min, max, preset, check)                                      \
    { name, reg, min, max, preset, CHECK_##check },
#include "core/setting.def"
#undef S
};

void config_defaults(struct settings *s, const struct model *model)
{
    for (int k = 0; k < SETTINGS; k++)
        s->value[k] = setting_table[k].preset;
    if (s->value[SETTING_CT_PRIMARY] < model->ct_min)
        s->value[SETTING_CT_PRIMARY] = model->ct_min;
}

/* √3 × V × I with three line voltages, V × I with one (type 12: two legs of V/2) or
 * none. */
static uint64_t max_power_uw(const struct settings *s)
{
    uint64_t va =
        (uint64_t)s->value[SETTING_SYSTEM_VOLTAGE] * s->value[SETTING_CT_PRIMARY];
    int type = system_type_find(s->value[SETTING_SYSTEM_TYPE]);

    CORE_ASSERT(type >= 0);
    if (system_type_table[type].line_voltages == SYSTEM_ALL_LINES)
        return wide_muldiv(va, CONFIG_ROOT3_E9, 1000);
    return va * 1000000;
}

/* The smallest exponent, -4…4, for which limit ≤ most × 10^exponent × 10^decimals. */
static int8_t smallest_exponent(uint64_t limit, int decimals, uint64_t most)
{
    for (int e = -4; e < 4; e++)
        if (wide_div((struct wide){ 0, limit }, quantity_ten(decimals + e)) +
                (limit % quantity_ten(decimals + e) != 0) <=
            most)
            return (int8_t)e;
    return 4;
}

/* 1.2 × full scale must fit 32767; net energy must last ten years (87 660 h). */
static void derive_exponents(struct config *c, const struct settings *s)
{
    enum { MOST = 32767, HOURS = 87660 };
    uint64_t amps = s->value[SETTING_CT_PRIMARY],
             volts = s->value[SETTING_SYSTEM_VOLTAGE];

    c->exponent[UNIT_A] = smallest_exponent(amps * 1200000, 6, MOST);
    c->exponent_sum_a = smallest_exponent(3 * amps * 1200000, 6, MOST);
    c->exponent[UNIT_V] = smallest_exponent(volts * 1200000, 6, MOST);
    c->exponent[UNIT_W] = smallest_exponent(c->max_power_uw / 10 * 12, 9, MOST);
    c->exponent[UNIT_E] =
        smallest_exponent(wide_muldiv(c->max_power_uw, HOURS, 1000), 6, 2147483647);
}

static const uint16_t pulse_durations_ms[] = { 500, 250, 100, 50, 25, 10 };

/* The slowest closure that keeps up with the maximum power, or 0 when none does. */
static uint16_t pulse_duration_ms(uint16_t wh_per_pulse, uint64_t power_uw)
{
    for (unsigned k = 0; k < sizeof pulse_durations_ms / sizeof(uint16_t); k++)
        if (1800000ull * wh_per_pulse * 1000000 / pulse_durations_ms[k] >= power_uw)
            return pulse_durations_ms[k];
    return 0;
}

/* Nominal voltage ÷ PT ratio within 82…660 V. */
static bool system_voltage_allowed(const struct settings *s, uint16_t value)
{
    uint32_t ratio = s->value[SETTING_PT_RATIO], volts100 = value * 100u;
    return volts100 >= 82 * ratio && volts100 <= 660 * ratio;
}

bool config_in_range(const struct model *model, enum setting id, uint16_t value)
{
    const struct setting_row *row = &setting_table[id];

    if (value < row->min || value > row->max)
        return false;
    switch ((enum setting_check)row->check) {
    case CHECK_SYSTEM_TYPE:
        return system_type_find(value) >= 0;
    case CHECK_CT_PRIMARY:
        return value >= model->ct_min && value <= model->ct_max;
    case CHECK_CT_SECONDARY:
        return value == 1 || value == 3;
    case CHECK_PULSE_ENERGY:
        return value == 10 || value == 100 || value == 1000 || value == 10000;
    case CHECK_SUBINTERVAL_S:
        return value == 0 || value >= 10;
    case CHECK_LOG_POINTER: /* the registers that can be logged */
        return value <= 42 || value == 146 || (value >= 155 && value <= 157) ||
               (value >= 257 && value <= 336);
    case CHECK_NONE:
    case CHECK_SYSTEM_VOLTAGE: /* config_allows */
        return true;
    }
    CORE_UNREACHABLE();
}

bool config_allows(const struct settings *s, const struct model *model, enum setting id,
                   uint16_t value)
{
    if (!config_in_range(model, id, value))
        return false;
    if (setting_table[id].check == CHECK_SYSTEM_VOLTAGE)
        return system_voltage_allowed(s, value);
    if (setting_table[id].check == CHECK_PULSE_ENERGY)
        return pulse_duration_ms(value, max_power_uw(s)) != 0;
    return true;
}

static void derive_nominal_voltages(struct config *c, const struct settings *s)
{
    uint64_t uv = s->value[SETTING_SYSTEM_VOLTAGE] * 1000000ull;

    c->nominal_ll_uv = uv;
    switch ((enum system_nominal)config_type(c)->nominal_ln) {
    case NOMINAL_WHOLE:
        c->nominal_ln_uv = uv;
        break;
    case NOMINAL_HALF:
        c->nominal_ln_uv = uv / 2;
        break;
    case NOMINAL_BY_ROOT3:
        c->nominal_ln_uv = wide_muldiv(uv, CONFIG_ONE_BY_ROOT3_E9, 1000000000);
        break;
    }
}

void config_derive(struct config *c, const struct settings *s)
{
    int type = system_type_find(s->value[SETTING_SYSTEM_TYPE]);

    CORE_ASSERT(type >= 0);
    c->type = (uint8_t)type;
    c->type_bit = (uint8_t)(1 << c->type);
    c->phases = config_type(c)->phases;
    c->max_power_uw = max_power_uw(s);
    derive_exponents(c, s);
    derive_nominal_voltages(c, s);
    c->pulse_ms = pulse_duration_ms(s->value[SETTING_PULSE_ENERGY], c->max_power_uw);
    c->pulse_too_fast = c->pulse_ms == 0;
    if (c->pulse_too_fast)
        c->pulse_ms =
            pulse_durations_ms[sizeof pulse_durations_ms / sizeof(uint16_t) - 1];
}

uint32_t config_baud(const struct settings *s)
{
    static const uint16_t hundreds[] = { 12, 24, 48, 96, 192, 384 };
    return hundreds[s->value[SETTING_BAUD]] * 100u;
}

int config_phase_count(const struct config *c)
{
    return (c->phases & 1) + (c->phases >> 1 & 1) + (c->phases >> 2 & 1);
}
