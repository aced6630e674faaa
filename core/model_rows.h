/* How the rows of a register table are written: one macro per kind of register. */
#ifndef CORE_MODEL_ROWS_H
#define CORE_MODEL_ROWS_H

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

#endif
