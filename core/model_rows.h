/* How the rows of a register table are written: one macro per kind of register. */
#pragma once

#define READING(reg, q, float_reg)                                                     \
    {                                                                                  \
        reg, REG_READING16, Q_##q, float_reg                                           \
    }
#define LONG(reg, q, float_reg)                                                        \
    {                                                                                  \
        reg, REG_READING32, Q_##q, float_reg                                           \
    }
#define NET(reg, q, float_reg)                                                         \
    {                                                                                  \
        reg, REG_NET32, Q_##q, float_reg                                               \
    }
#define SETTING(reg, s)                                                                \
    {                                                                                  \
        reg, REG_SETTING, SETTING_##s, 0                                               \
    }
#define STATE(reg, s)                                                                  \
    {                                                                                  \
        reg, REG_STATE, STATE_##s, 0                                                   \
    }
#define PLAIN(reg, kind)                                                               \
    {                                                                                  \
        reg, kind, 0, 0                                                                \
    }
#define INDEXED(reg, kind, word)                                                       \
    {                                                                                  \
        reg, kind, word, 0                                                             \
    }

/* The configuration registers that both models have alike. */
#define CONFIGURATION_133_TO_151                                                       \
    SETTING(133, PT_RATIO), SETTING(134, SYSTEM_VOLTAGE), STATE(135, MAX_POWER),       \
        PLAIN(136, REG_ZERO), SETTING(137, DISPLAY_UNITS), STATE(138, EXPONENT_A),     \
        STATE(139, EXPONENT_V), STATE(140, EXPONENT_W), STATE(141, EXPONENT_E),        \
        SETTING(142, PLOSS_VOLT), SETTING(143, PLOSS_IMBAL),                           \
        SETTING(144, PULSE_ENERGY), STATE(145, PULSE_MS), STATE(146, ALERTS),          \
        STATE(147, ENERGY_RESETS), PLAIN(148, REG_ZERO), SETTING(149, SUBINTERVALS),   \
        SETTING(150, SUBINTERVAL_S), PLAIN(151, REG_SINK)
