/* SPI as a master. See stm32_spi.h. */
#include "hal_sim/chips/stm32_spi.h"
#include "hal_sim/chips/chip_rate.h"
#include "hal_sim/chips/soc.h"
#include <string.h>

enum { CR1 = 0x00, CR2 = 0x04, SR = 0x08, DR = 0x0C };
enum {
    CPHA = 1 << 0,
    CPOL = 1 << 1,
    MSTR = 1 << 2,
    SPE = 1 << 6,
    LSBFIRST = 1 << 7,
    SSI = 1 << 8,
    SSM = 1 << 9,
    RXONLY = 1 << 10,
    DFF = 1 << 11,
    RXDMAEN = 1 << 0,
    TXDMAEN = 1 << 1,
    SSOE = 1 << 2,
    RXNE = 1 << 0,
    TXE = 1 << 1,
    MODF = 1 << 5,
    OVR = 1 << 6,
    BSY = 1 << 7
};

/* Where they come out (DS8626, table 9), all as function 5. */
static const struct {
    uint8_t sck, miso, mosi;
} pins[] = { { SOC_PA + 5, SOC_PA + 6, SOC_PA + 7 },
             { SOC_PB + 13, SOC_PB + 14, SOC_PB + 15 } };
enum { FUNCTION = 5 };

static struct chip_rate sclk(const struct soc *s, int which)
{
    const unsigned by = 2u << (s->spi[which].cr1 >> 3 & 7);

    return chip_rate_by(which == 0 ? s->rcc.apb2 : s->rcc.apb1, by);
}

static int64_t byte_ns(const struct soc *s, int which)
{
    return chip_rate_ns(sclk(s, which), s->spi[which].cr1 & DFF ? 16 : 8);
}

bool stm32_spi_is_sound(const struct soc *s, int which)
{
    const struct stm32_spi *p = &s->spi[which];

    return p->byte_ns == byte_ns(s, which) &&
           p->sclk_hz == chip_rate_hz(sclk(s, which));
}

void stm32_spi_clock(struct soc *s, int which)
{
    struct stm32_spi *p = &s->spi[which];

    p->byte_ns = byte_ns(s, which);
    p->sclk_hz = chip_rate_hz(sclk(s, which));
}

static void begin(struct soc *s, int which)
{
    struct stm32_spi *p = &s->spi[which];
    const int64_t takes = p->byte_ns;

    p->shifting = p->waiting;
    p->full = false;
    p->busy = true;
    p->ends_ns = takes == INT64_MAX ? takes : s->now_ns + takes;
    soc_due(s, (enum soc_who)(SOC_SPI1 + which), p->ends_ns);
}

static bool is_master(const struct stm32_spi *p)
{
    return (p->cr1 & (MSTR | SPE)) == (MSTR | SPE);
}

static uint8_t exchange(struct soc *s, int which)
{
    const struct stm32_spi *p = &s->spi[which];
    const struct spi_target *t = &s->wires.spi[which];
    const struct spi_clocking how = { .hz = p->sclk_hz,
                                      .mode = (uint8_t)((p->cr1 & CPOL ? 2 : 0) |
                                                        (p->cr1 & CPHA ? 1 : 0)),
                                      .lsb_first = p->cr1 & LSBFIRST };
    int miso = -1;

    if (t->exchange && stm32_gpio_has_function(s, pins[which].sck, FUNCTION) &&
        stm32_gpio_has_function(s, pins[which].mosi, FUNCTION) &&
        stm32_gpio_follows(s, pins[which].sck, p->sclk_hz) &&
        stm32_gpio_follows(s, pins[which].mosi, p->sclk_hz))
        miso = t->exchange(t->part, p->shifting, &how, s->now_ns);
    if (!stm32_gpio_has_function(s, pins[which].miso, FUNCTION))
        return 0;
    if (miso < 0)
        return stm32_gpio_level(s, pins[which].miso) ? 0xFF : 0;
    return (uint8_t)miso;
}

/* A byte that finds the receive register full is lost (28.3.10). */
static void put_received(struct stm32_spi *p, uint8_t byte)
{
    if (p->sr & RXNE) {
        p->sr |= OVR;
        p->ovr_half = false;
        p->overruns++;
        return;
    }
    p->received = byte;
    p->sr |= RXNE;
}

void stm32_spi_run(struct soc *s, int which)
{
    struct stm32_spi *p = &s->spi[which];
    const uint8_t byte = exchange(s, which);

    p->busy = false;
    put_received(p, byte);
    if (p->full)
        begin(s, which);
    if (p->cr2 & (RXDMAEN | TXDMAEN))
        stm32_dma_serve(s);
}

static void stop(struct soc *s, int which)
{
    s->spi[which].busy = s->spi[which].full = false;
    soc_due(s, (enum soc_who)(SOC_SPI1 + which), INT64_MAX);
}

void stm32_spi_reset(struct soc *s, int which)
{
    stop(s, which);
    memset(&s->spi[which], 0, sizeof s->spi[which]);
    stm32_spi_clock(s, which);
}

/* OVR is cleared by reading DR, then SR. */
static uint32_t read_status(struct stm32_spi *p)
{
    const uint32_t value =
        p->sr | (p->full ? 0 : TXE) | (p->busy || p->full ? (uint32_t)BSY : 0);

    if (p->ovr_half) {
        p->sr &= ~(uint32_t)OVR;
        p->ovr_half = false;
    }
    return value;
}

static uint32_t read_data(struct stm32_spi *p)
{
    p->sr &= ~(uint32_t)RXNE;
    p->ovr_half = p->sr & OVR;
    return p->received;
}

uint32_t stm32_spi_read(struct soc *s, int which, uint32_t offset)
{
    struct stm32_spi *p = &s->spi[which];

    switch (offset) {
    case CR1:
        return p->cr1;
    case CR2:
        return p->cr2;
    case SR:
        return read_status(p);
    case DR:
        return read_data(p);
    default:
        return 0;
    }
}

static void write_data(struct soc *s, int which, uint32_t value)
{
    struct stm32_spi *p = &s->spi[which];

    p->waiting = (uint8_t)value;
    p->full = true;
    if (is_master(p) && !p->busy)
        begin(s, which);
}

/* A master whose NSS is low without its own doing has met another one: it lets go
 * (28.3.10, MODF). */
static void write_control(struct soc *s, int which, uint32_t value)
{
    struct stm32_spi *p = &s->spi[which];
    const bool was_on = p->cr1 & SPE;

    p->cr1 = value & 0xFFFF;
    stm32_spi_clock(s, which);
    if (p->cr1 & MSTR && p->cr1 & SSM && !(p->cr1 & SSI) && !(p->cr2 & SSOE)) {
        p->cr1 &= ~(uint32_t)(MSTR | SPE);
        p->sr |= MODF;
    }
    if (!(p->cr1 & SPE) && was_on)
        stop(s, which);
    if (is_master(p) && p->full && !p->busy)
        begin(s, which);
    if (p->cr2 & (RXDMAEN | TXDMAEN))
        stm32_dma_serve(s);
}

void stm32_spi_write(struct soc *s, int which, uint32_t offset, uint32_t value)
{
    struct stm32_spi *p = &s->spi[which];

    switch (offset) {
    case CR1:
        write_control(s, which, value);
        break;
    case CR2:
        p->cr2 = value & 0xF7;
        stm32_dma_serve(s);
        break;
    case DR:
        write_data(s, which, value);
        break;
    default:
        break;
    }
}

bool stm32_spi_wants(const struct soc *s, int which, bool receive)
{
    const struct stm32_spi *p = &s->spi[which];

    if (receive)
        return p->cr2 & RXDMAEN && p->sr & RXNE;
    return p->cr2 & TXDMAEN && p->cr1 & SPE && !p->full;
}

void stm32_spi_stray(struct soc *s, int which, uint8_t byte)
{
    put_received(&s->spi[which], byte);
}
