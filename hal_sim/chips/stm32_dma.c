/* DMA2. See stm32_dma.h. */
#include "hal_sim/chips/stm32_dma.h"
#include "hal_sim/chips/soc.h"
#include <stddef.h>

enum { LISR = 0x00, HISR = 0x04, LIFCR = 0x08, HIFCR = 0x0C, STREAM0 = 0x10 };
enum { CR = 0x00, NDTR = 0x04, PAR = 0x08, M0AR = 0x0C, M1AR = 0x10, FCR = 0x14 };
enum {
    EN = 1 << 0,
    TEIE = 1 << 2,
    HTIE = 1 << 3,
    TCIE = 1 << 4,
    DIR = 3 << 6,
    FROM_MEMORY = 1 << 6,
    CIRC = 1 << 8,
    PINC = 1 << 9,
    MINC = 1 << 10
};
/* More requests at one moment than a stream has items: they never end. */
enum { REQUESTS = 0x10000 };
enum { FLAG_TE = 1 << 3, FLAG_HT = 1 << 4, FLAG_TC = 1 << 5, FLAGS = 0x3D };

static unsigned shift_of(int stream)
{
    static const uint8_t shift[] = { 0, 6, 16, 22 };

    return shift[stream % 4];
}

static uint32_t flags_of(const struct stm32_dma *d, int stream)
{
    return d->isr[stream / 4] >> shift_of(stream) & FLAGS;
}

/* Table 62. TEIE, HTIE, TCIE stand a bit below their flags. */
static void follow(struct soc *s, int stream)
{
    static const uint8_t irq[STM32_STREAMS] = { 56, 57, 58, 59, 60, 68, 69, 70 };
    const uint32_t asked = flags_of(&s->dma, stream) & s->dma.stream[stream].cr << 1 &
                           (FLAG_TE | FLAG_HT | FLAG_TC);

    cortex_nvic_line(s, CORTEX_IRQ + irq[stream], asked != 0);
}

static void raise(struct soc *s, int stream, uint32_t flag)
{
    s->dma.isr[stream / 4] |= flag << shift_of(stream);
    follow(s, stream);
}

/* Table 43, channel 3: SPI1 receives on streams 0 and 2, sends on 3 and 5. */
static bool is_requested(const struct soc *s, int stream)
{
    const unsigned channel = s->dma.stream[stream].cr >> 25 & 7;

    if (channel != 3)
        return false;
    if (stream == 0 || stream == 2)
        return stm32_spi_wants(s, 0, true);
    return (stream == 3 || stream == 5) && stm32_spi_wants(s, 0, false);
}

static bool move(struct soc *s, const struct stm32_stream *t)
{
    const unsigned code = t->cr >> 11 & 3, size = code < 3 ? 1u << code : 4;
    const uint32_t memory = t->m0ar + (t->cr & MINC ? t->at * size : 0);
    const uint32_t peripheral = t->par + (t->cr & PINC ? t->at * size : 0);
    uint32_t value;

    if ((t->cr & DIR) == FROM_MEMORY)
        return soc_load(s, memory, &value, size) &&
               soc_save(s, peripheral, value, size);
    return soc_load(s, peripheral, &value, size) && soc_save(s, memory, value, size);
}

static bool fails(struct stm32_dma *d)
{
    return d->fail_in > 0 && --d->fail_in == 0;
}

static void transfer(struct soc *s, int stream)
{
    struct stm32_stream *t = &s->dma.stream[stream];

    if (fails(&s->dma) || !move(s, t)) {
        t->cr &= ~(uint32_t)EN;
        raise(s, stream, FLAG_TE);
        return;
    }
    t->at++;
    t->ndtr--;
    if (t->ndtr == t->reload / 2)
        raise(s, stream, FLAG_HT);
    if (t->ndtr > 0)
        return;
    if (t->cr & CIRC) {
        t->ndtr = t->reload;
        t->at = 0;
    } else {
        t->cr &= ~(uint32_t)EN;
    }
    raise(s, stream, FLAG_TC);
}

static bool serve_streams(struct soc *s)
{
    bool moved = false;

    for (int k = 0; k < STM32_STREAMS; k++)
        if (s->dma.stream[k].cr & EN && is_requested(s, k)) {
            transfer(s, k);
            moved = true;
        }
    return moved;
}

/* The request that stands is served until it falls; reading and writing a data register
 * may raise another. */
void stm32_dma_serve(struct soc *s)
{
    int left = REQUESTS;

    if (s->dma.serves || !(s->rcc.ahb1enr >> 22 & 1))
        return;
    s->dma.serves = true;
    while (left-- && serve_streams(s))
        ;
    s->dma.serves = false;
}

static uint32_t *plain(struct stm32_stream *t, uint32_t offset)
{
    switch (offset) {
    case CR:
        return &t->cr;
    case NDTR:
        return &t->ndtr;
    case PAR:
        return &t->par;
    case M0AR:
        return &t->m0ar;
    case M1AR:
        return &t->m1ar;
    case FCR:
        return &t->fcr;
    default:
        return NULL;
    }
}

static bool stream_at(uint32_t offset, int *stream, uint32_t *reg)
{
    *stream = (int)((offset - STREAM0) / 0x18);
    *reg = (offset - STREAM0) % 0x18;
    return offset >= STREAM0 && *stream < STM32_STREAMS;
}

uint32_t stm32_dma_read(struct soc *s, uint32_t offset)
{
    int stream;
    uint32_t reg;

    if (offset <= HISR)
        return s->dma.isr[offset / 4];
    if (!stream_at(offset, &stream, &reg))
        return 0;
    const uint32_t *held = plain(&s->dma.stream[stream], reg);
    return held ? *held : 0;
}

/* A stream whose flags stand does not start; one that is stopped on its way says so by
 * TC (10.3.17). */
static void control(struct soc *s, int stream, uint32_t value)
{
    struct stm32_stream *t = &s->dma.stream[stream];
    const bool was_on = t->cr & EN;

    if (was_on && value & EN)
        return;
    if (value & EN && (t->ndtr == 0 || flags_of(&s->dma, stream)))
        value &= ~(uint32_t)EN;
    t->cr = value;
    if (value & EN) {
        t->reload = t->ndtr;
        t->at = 0;
    } else if (was_on && t->ndtr) {
        raise(s, stream, FLAG_TC);
    }
    follow(s, stream);
    stm32_dma_serve(s);
}

void stm32_dma_write(struct soc *s, uint32_t offset, uint32_t value)
{
    int stream;
    uint32_t reg;

    if (offset == LIFCR || offset == HIFCR) {
        const int half = offset == HIFCR;
        s->dma.isr[half] &= ~value;
        for (int k = 0; k < 4; k++)
            follow(s, half * 4 + k);
        return;
    }
    if (!stream_at(offset, &stream, &reg))
        return;
    struct stm32_stream *t = &s->dma.stream[stream];
    uint32_t *held = plain(t, reg);
    if (reg == CR)
        control(s, stream, value);
    else if (held && !(t->cr & EN))
        *held = reg == NDTR ? value & 0xFFFF : value;
}
