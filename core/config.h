/* Configuration: the settings (rows in setting.def), their rules, and what follows from
 * them: scale exponents, maximum power, pulse duration (docs/decisions.md, Settings;
 * registers 129-154). */
#pragma once

#include "core/quantity.h"
#include "core/wide.h"
#include <stdbool.h>
#include <stdint.h>

enum setting {
#define S(id, name, reg, min, max, preset, check) SETTING_##id,
#include "core/setting.def"
#undef S
    SETTINGS
};

enum setting_check {
    CHECK_NONE,
    CHECK_SYSTEM_TYPE,
    CHECK_CT_PRIMARY,
    CHECK_CT_SECONDARY,
    CHECK_SYSTEM_VOLTAGE,
    CHECK_PULSE_ENERGY,
    CHECK_SUBINTERVAL_S,
    CHECK_LOG_POINTER
};

struct setting_row {
    const char *name;
    uint16_t reg, min, max, preset;
    uint8_t check;
};

extern const struct setting_row setting_table[SETTINGS];

struct settings {
    uint16_t value[SETTINGS];
};

/* What follows from the settings; recomputed on every change. */
struct config {
    uint8_t type;           /* enum system_type */
    uint8_t type_bit;       /* T10 … T40 */
    uint8_t phases;         /* bits 0-2: phases A B C that the system type uses */
    int8_t exponent[4];     /* by enum quantity_unit: A, V, W, E (registers 138-141) */
    int8_t exponent_sum_a;  /* of SunSpec currents, for the sum of phases */
    uint64_t max_power_uw;  /* theoretical maximum, register 135 */
    uint64_t nominal_ln_uv; /* nominal voltages, after the PT, as displayed */
    uint64_t nominal_ll_uv;
    uint16_t pulse_ms;   /* closure time, register 145 */
    bool pulse_too_fast; /* no closure time keeps up: bit 15 of 146 */
};

/* √3, and the factor of a line voltage, by 10^9. */
enum { CONFIG_ROOT3_E9 = 1732050808, CONFIG_ONE_BY_ROOT3_E9 = 577350269 };

struct model;

void config_defaults(struct settings *s, const struct model *model);

/* Is `value` allowed for `id`, the other settings being as in *s? */
bool config_allows(const struct settings *s, const struct model *model, enum setting id,
                   uint16_t value);

/* The same, apart from rules that depend on other settings. */
bool config_in_range(const struct model *model, enum setting id, uint16_t value);

void config_derive(struct config *c, const struct settings *s);

uint32_t config_baud(const struct settings *s);

/* The row of the system type. */
static inline const struct system_type_row *config_type(const struct config *c)
{
    return &system_type_table[c->type];
}

/* Number of phases that the system type uses: 1 to 3. */
int config_phase_count(const struct config *c);
