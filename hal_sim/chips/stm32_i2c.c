/* I2C1 as a master transmitter. See stm32_i2c.h. */
#include "hal_sim/chips/stm32_i2c.h"
#include "hal_sim/chips/chip_rate.h"
#include "hal_sim/chips/soc.h"
#include <string.h>

enum {
    CR1 = 0x00,
    CR2 = 0x04,
    OAR1 = 0x08,
    DR = 0x10,
    SR1 = 0x14,
    SR2 = 0x18,
    CCR = 0x1C,
    TRISE = 0x20
};
enum {
    PE = 1 << 0,
    START = 1 << 8,
    STOP = 1 << 9,
    SWRST = 1 << 15,
    FAST = 1 << 15,
    DUTY = 1 << 14,
    SB = 1 << 0,
    ADDR = 1 << 1,
    BTF = 1 << 2,
    TXE = 1 << 7,
    BERR = 1 << 8,
    ARLO = 1 << 9,
    AF = 1 << 10,
    ERRORS = 0xDF00, /* cleared by zeros */
    MSL = 1 << 0,
    BUSY = 1 << 1,
    TRA = 1 << 2
};

enum { SCL = SOC_PB + 6, SDA = SOC_PB + 7, FUNCTION = 4, ADDRESS_BITS = 9 };

/* 27.6.8: standard mode 2 × CCR; fast mode 3, or 25, × CCR. */
static struct chip_rate scl(const struct soc *s)
{
    const uint32_t ccr = s->i2c.ccr, by = ccr & 0xFFF;

    return chip_rate_by(s->rcc.apb1, (ccr & FAST ? ccr & DUTY ? 25 : 3 : 2) * by);
}

static void after(struct soc *s, enum stm32_i2c_phase phase, int bits)
{
    const int64_t takes = chip_rate_ns(scl(s), bits);

    s->i2c.phase = phase;
    s->i2c.ends_ns = takes == INT64_MAX ? takes : s->now_ns + takes;
    soc_due(s, SOC_I2C1, s->i2c.ends_ns);
}

static bool has_pins(const struct soc *s)
{
    return stm32_gpio_has_function(s, SCL, FUNCTION) &&
           stm32_gpio_has_function(s, SDA, FUNCTION);
}

static bool is_free(const struct soc *s)
{
    return has_pins(s) && stm32_gpio_level(s, SCL) && stm32_gpio_level(s, SDA);
}

void stm32_i2c_reset(struct soc *s)
{
    memset(&s->i2c, 0, sizeof s->i2c);
    s->i2c.trise = 2;
    soc_due(s, SOC_I2C1, INT64_MAX);
}

/* START is made as soon as the bus is free (27.3.3). */
static void try_start(struct soc *s)
{
    struct stm32_i2c *i = &s->i2c;

    if (i->cr1 & PE && i->cr1 & START && is_free(s) && (i->cr2 & 63) >= 2 &&
        (i->phase == STM32_I2C_IDLE || i->phase == STM32_I2C_WAITING))
        after(s, STM32_I2C_START, 1);
}

static void try_stop(struct soc *s)
{
    struct stm32_i2c *i = &s->i2c;
    const bool between = i->phase == STM32_I2C_STARTED ||
                         i->phase == STM32_I2C_ADDRESSED ||
                         i->phase == STM32_I2C_WAITING;

    if (!(i->cr1 & STOP) || !(i->cr1 & PE))
        return;
    if (between) {
        i->sr1 &= ~(uint32_t)(SB | ADDR | BTF | TXE);
        i->full = false;
        after(s, STM32_I2C_STOP, 1);
    }
}

static void send(struct soc *s, enum stm32_i2c_phase phase, uint8_t byte)
{
    s->i2c.shifting = byte;
    after(s, phase, ADDRESS_BITS);
}

static void started(struct soc *s)
{
    struct stm32_i2c *i = &s->i2c;

    i->cr1 &= ~(uint32_t)START;
    i->master = true;
    i->sr1 |= SB;
    i->sr1_read = false;
    i->phase = STM32_I2C_STARTED;
    try_stop(s);
}

/* SDA that is low where it should be high is somebody else's (27.3.4). */
static bool lost_arbitration(struct soc *s)
{
    struct stm32_i2c *i = &s->i2c;

    if (is_free(s))
        return false;
    i->sr1 |= ARLO;
    i->master = false;
    i->full = false;
    i->phase = STM32_I2C_IDLE;
    return true;
}

static void addressed(struct soc *s)
{
    struct stm32_i2c *i = &s->i2c;
    const struct i2c_target *t = &s->wires.i2c;

    if (lost_arbitration(s))
        return;
    const bool acknowledged =
        t->start && !(i->shifting & 1) &&
        t->start(t->part, i->shifting >> 1, chip_rate_hz(scl(s)), s->now_ns);
    i->phase = acknowledged ? STM32_I2C_ADDRESSED : STM32_I2C_WAITING;
    i->sr1 |= acknowledged ? ADDR : AF;
    i->sr1_read = false;
    try_stop(s);
}

static void sent(struct soc *s)
{
    struct stm32_i2c *i = &s->i2c;
    const struct i2c_target *t = &s->wires.i2c;

    if (lost_arbitration(s))
        return;
    i->phase = STM32_I2C_WAITING;
    if (!t->byte || !t->byte(t->part, i->shifting, s->now_ns)) {
        i->sr1 |= AF;
        i->sr1 &= ~(uint32_t)TXE;
        i->full = false;
    } else if (i->cr1 & STOP) {
        /* the byte that waits stays */
    } else if (i->full) {
        i->full = false;
        i->sr1 |= TXE;
        send(s, STM32_I2C_BYTE, i->waiting);
        return;
    } else {
        i->sr1 |= BTF | TXE;
    }
    try_stop(s);
    try_start(s);
}

static void stopped(struct soc *s)
{
    struct stm32_i2c *i = &s->i2c;
    const struct i2c_target *t = &s->wires.i2c;

    i->cr1 &= ~(uint32_t)STOP;
    i->master = false;
    i->phase = STM32_I2C_IDLE;
    if (t->stop)
        t->stop(t->part, s->now_ns);
    try_start(s);
}

void stm32_i2c_run(struct soc *s)
{
    switch (s->i2c.phase) {
    case STM32_I2C_START:
        started(s);
        return;
    case STM32_I2C_ADDRESS:
        addressed(s);
        return;
    case STM32_I2C_BYTE:
        sent(s);
        return;
    case STM32_I2C_STOP:
        stopped(s);
        return;
    case STM32_I2C_IDLE:
    case STM32_I2C_STARTED:
    case STM32_I2C_ADDRESSED:
    case STM32_I2C_WAITING:
        return;
    }
}

void stm32_i2c_lines(struct soc *s)
{
    try_start(s);
}

static uint32_t status_2(const struct soc *s)
{
    const struct stm32_i2c *i = &s->i2c;
    const bool busy = i->master || (i->cr1 & PE && has_pins(s) && !is_free(s));

    return (i->master ? MSL : 0u) | (busy ? BUSY : 0u) |
           (i->phase == STM32_I2C_WAITING || i->phase == STM32_I2C_BYTE ? TRA : 0u);
}

/* ADDR is cleared by reading SR1, then SR2; the clock was stretched until then. */
static uint32_t read_status_2(struct soc *s)
{
    struct stm32_i2c *i = &s->i2c;
    const uint32_t value = status_2(s);

    if (i->sr1 & ADDR && i->sr1_read) {
        i->sr1 = (i->sr1 & ~(uint32_t)ADDR) | TXE;
        i->phase = STM32_I2C_WAITING;
        if (i->full) {
            i->full = false;
            send(s, STM32_I2C_BYTE, i->waiting);
        }
    }
    return value;
}

uint32_t stm32_i2c_read(struct soc *s, uint32_t offset)
{
    struct stm32_i2c *i = &s->i2c;

    switch (offset) {
    case CR1:
        return i->cr1;
    case CR2:
        return i->cr2;
    case OAR1:
        return i->oar1;
    case SR1:
        i->sr1_read = true;
        return i->sr1;
    case SR2:
        return read_status_2(s);
    case CCR:
        return i->ccr;
    case TRISE:
        return i->trise;
    default:
        return 0;
    }
}

static void write_data(struct soc *s, uint8_t byte)
{
    struct stm32_i2c *i = &s->i2c;

    if (i->phase == STM32_I2C_STARTED && i->sr1_read) {
        i->sr1 &= ~(uint32_t)SB;
        send(s, STM32_I2C_ADDRESS, byte);
    } else if (i->phase == STM32_I2C_WAITING && !(i->sr1 & AF)) {
        i->sr1 = (i->sr1 & ~(uint32_t)BTF) | TXE;
        send(s, STM32_I2C_BYTE, byte);
    } else {
        i->waiting = byte;
        i->full = true;
        i->sr1 &= ~(uint32_t)TXE;
    }
}

/* PE and SWRST let go of the lines at once, whatever was under way. */
static void write_control(struct soc *s, uint32_t value)
{
    struct stm32_i2c *i = &s->i2c;

    if (value & SWRST) {
        stm32_i2c_reset(s);
        i->cr1 = SWRST;
        return;
    }
    i->cr1 = value;
    if (!(value & PE)) {
        i->master = i->full = false;
        i->sr1 = 0;
        i->phase = STM32_I2C_IDLE;
        i->cr1 &= ~(uint32_t)(START | STOP);
        soc_due(s, SOC_I2C1, INT64_MAX);
        return;
    }
    if (i->phase == STM32_I2C_IDLE && !(value & START))
        i->cr1 &= ~(uint32_t)STOP;
    try_stop(s);
    try_start(s);
}

void stm32_i2c_write(struct soc *s, uint32_t offset, uint32_t value)
{
    struct stm32_i2c *i = &s->i2c;

    switch (offset) {
    case CR1:
        write_control(s, value);
        break;
    case CR2:
        i->cr2 = value & 0x1F3F;
        break;
    case OAR1:
        i->oar1 = value;
        break;
    case DR:
        write_data(s, (uint8_t)value);
        break;
    case SR1:
        i->sr1 &= value | ~(uint32_t)ERRORS;
        break;
    case CCR:
        i->ccr = value;
        break;
    case TRISE:
        i->trise = value & 63;
        break;
    default:
        break;
    }
}
