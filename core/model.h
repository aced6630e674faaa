/* A meter model: one profile and one register table. To add a model: one file like
 * model_s4100.c and its entry in model.c. */
#pragma once

#include "core/quantity.h"
#include <stdbool.h>
#include <stdint.h>

/* How a register is encoded and where its value comes from. */
enum register_kind {
    REG_READING16, /* quantity, 16 bits, scaled by its unit's exponent; -32767…32767 */
    REG_READING32, /* quantity, 32 bits unsigned, high word first */
    REG_NET32,     /* quantity, 32 bits signed */
    REG_FLOAT,     /* quantity, IEEE 754, high word first; the last kind of reading */
    REG_QNAN16,    /* reserved, always 0x8000 */
    REG_QNAN32F,   /* reserved float, always 0x7FC00000 */
    REG_SETTING,   /* setting, read and write */
    REG_STATE,     /* derived value (enum state) */
    REG_COMMAND,   /* register 129 */
    REG_POWER_UPS, /* the power-up counter, writable (S4000-R) */
    REG_ZERO,      /* reads 0, read only */
    REG_SINK,      /* reads 0, a write in 1…32767 is accepted (register 151) */
    REG_CLOCK,     /* a word of the clock, read and write */
    REG_LOG_START, /* net energy when the logs started, 32 bits */
    REG_LOG_STAMP, /* a word of the newest entry's time */
    REG_LOG_WINDOW /* 5760 entries of the log that register 158 selects */
};

enum state {
    STATE_MAX_POWER,
    STATE_EXPONENT_A,
    STATE_EXPONENT_V,
    STATE_EXPONENT_W,
    STATE_EXPONENT_E,
    STATE_PULSE_MS,
    STATE_ALERTS,
    STATE_ENERGY_RESETS,
    STATE_POWER_UPS,
    STATE_LOG_STATUS,
    STATE_LOG_WRAPS,
    STATE_LOG_DAYS,
    STATE_LOG_ENTRIES,
    STATE_FIRMWARE_VERSION
};

enum { COMMAND_REGISTER = 129 };

/* What it may be written with; it reads 0. */
enum register_command {
    COMMAND_CLEAR_ENERGY = 30078,
    COMMAND_START_SUBINTERVAL = 21211,
    COMMAND_RESET_MAXIMA = 21212,
    COMMAND_RESET_LOGS = 16640,
    COMMAND_CLEAR_PULSES = 16498
};

struct register_row {
    uint16_t reg;       /* base 1; first of one or two words */
    uint8_t kind;       /* enum register_kind */
    uint8_t arg;        /* enum quantity, setting or state; index of a word */
    uint16_t float_reg; /* where the same quantity stands as a float; 0: nowhere */
};

/* Rule of register 142: the threshold, as a share of nominal (see alert.c). */
enum phase_loss_rule { PHASE_LOSS_BELOW_PERCENT, PHASE_LOSS_DROP_PERCENT };

/* Rule of register 143: what a voltage is compared with. */
enum imbalance_rule { IMBALANCE_BETWEEN_PHASES, IMBALANCE_FROM_AVERAGE };

/* Of the integrator behind a rope CT: it leads by atan(corner ÷ f). */
enum { MODEL_ROPE_CORNER_UHZ = 300000 };

struct alert_rules {
    uint8_t phase_loss; /* enum phase_loss_rule */
    uint8_t imbalance;  /* enum imbalance_rule */
};

struct model {
    const char *name;        /* "s4100": what users type */
    const char *product;     /* 43/14 object 1 */
    const char *server_text; /* function 0x11 */
    const char *panel_name;  /* on five digits */
    bool unidirectional;     /* per-phase magnitudes */
    bool rope_ct;            /* Rogowski input with an integrator to compensate */
    uint16_t ct_min, ct_max;
    struct alert_rules rules;        /* the defaults */
    bool logs;                       /* clock and ten logs */
    bool log_newest_first;           /* the order of the window at register 8000 */
    bool sunspec;                    /* registers 40001-40178 */
    const struct register_row *rows; /* ascending by reg */
    uint16_t row_count;
};

extern const struct model model_s4100, model_s4000r, model_s4100_fds;

/* By name, or NULL; by index from 0, or NULL past the last. */
const struct model *model_find(const char *name);
const struct model *model_at(unsigned index);

/* Does a register hold it? */
bool model_has_quantity(const struct model *model, enum quantity q);

/* Words that a register of this kind takes. */
int model_register_words(enum register_kind kind);

/* The row that holds `reg` (base 1), as integer or float register, or NULL; *word is
 * set to 0 or 1, the half meant, *kind to how it is read there. */
const struct register_row *model_find_register(const struct model *model, uint16_t reg,
                                               int *word, enum register_kind *kind);

/* The same by wire address, which is base 0. */
static inline const struct register_row *model_find_address(const struct model *model,
                                                            uint32_t addr, int *word,
                                                            enum register_kind *kind)
{
    if (addr >= 0xFFFF)
        return 0;
    return model_find_register(model, (uint16_t)(addr + 1), word, kind);
}
