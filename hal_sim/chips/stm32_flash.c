/* The flash and its controller. See stm32_flash.h. */
#include "hal_sim/chips/stm32_flash.h"
#include "hal_sim/chips/chip_rate.h"
#include "hal_sim/chips/soc.h"
#include "waveform/base/random.h"
#include <string.h>

enum { ACR = 0x00, KEYR = 0x04, OPTKEYR = 0x08, SR = 0x0C, CR = 0x10, OPTCR = 0x14 };
enum { OPTLOCK = 1 << 0, OPTSTRT = 1 << 1, LATENCY = 7, WRITABLE = 16 };
enum { HZ_PER_WAIT = 30000000 };
/* SR, 3.9.4 */
enum {
    EOP = 1 << 0,
    WRPERR = 1 << 4,
    PGAERR = 1 << 5,
    PGPERR = 1 << 6,
    PGSERR = 1 << 7,
    ERRORS = 0xF2,
    BSY = 1 << 16
};
/* CR, 3.9.5 */
enum {
    PG = 1 << 0,
    SER = 1 << 1,
    MER = 1 << 2,
    SNB = 3,
    PSIZE = 8,
    STRT = 1 << 16,
    EOPIE = 1 << 24
};
#define LOCK         (1u << 31)
#define KEY_1        0x45670123u
#define KEY_2        0xCDEF89ABu
#define OPTION_KEY_1 0x08192A3Bu
#define OPTION_KEY_2 0x4C5D6E7Fu

/* Typical, by 32 bits at 2.7 to 3.6 V (DS8626, 5.3.12). */
#define WORD_NS   INT64_C(16000)
#define SMALL_NS  INT64_C(250000000)
#define MIDDLE_NS INT64_C(550000000)
#define LARGE_NS  INT64_C(1000000000)

uint32_t stm32_sector(unsigned sector, uint32_t *size)
{
    *size = sector < 4 ? 16u << 10 : sector == 4 ? 64u << 10 : 128u << 10;
    return sector < 4    ? sector * (16u << 10)
           : sector == 4 ? 64u << 10
                         : (sector - 4) * (128u << 10);
}

static unsigned sector_of(uint32_t offset)
{
    if (offset < 64u << 10)
        return offset >> 14;
    return offset < 128u << 10 ? 4 : 4 + (offset >> 17);
}

static uint8_t *bytes_of(const struct soc *s, uint32_t address, uint32_t size)
{
    for (int k = 0; k < SOC_MEMORIES; k++) {
        const struct soc_memory *m = &s->wires.memory[k];
        if (m->fixed && m->size >= size && address - m->base <= m->size - size)
            return m->bytes + (address - m->base);
    }
    return NULL;
}

/* Option bytes are loaded at power-on (3.6.2). */
void stm32_flash_reset(struct soc *s, bool power_on)
{
    struct stm32_flash *f = &s->flash;

    stm32_flash_cut(s);
    f->acr = f->sr = 0;
    f->cr = LOCK;
    f->option_keys = f->keys = 0;
    if (power_on)
        f->optcr = f->options;
    f->optcr |= OPTLOCK;
}

bool stm32_flash_fast_enough(const struct soc *s)
{
    const uint32_t hz = chip_rate_hz(s->rcc.core);
    const uint32_t waits = s->flash.acr & LATENCY;

    return hz <= (waits + 1) * (uint32_t)HZ_PER_WAIT;
}

uint32_t stm32_flash_read(struct soc *s, uint32_t offset)
{
    const struct stm32_flash *f = &s->flash;

    switch (offset) {
    case ACR:
        return f->acr;
    case SR:
        return f->sr;
    case CR:
        return f->cr;
    case OPTCR:
        return f->optcr;
    default:
        return 0;
    }
}

static void write_option_key(struct stm32_flash *f, uint32_t key)
{
    const uint32_t wanted = f->option_keys == 0 ? OPTION_KEY_1 : OPTION_KEY_2;

    f->option_keys = key == wanted ? f->option_keys + 1 : 0;
    if (f->option_keys == 2) {
        f->optcr &= ~(uint32_t)OPTLOCK;
        f->option_keys = 0;
    }
}

/* 3.6.1: both keys in their order; anything else locks CR until a reset. */
static void write_key(struct stm32_flash *f, uint32_t key)
{
    const uint32_t wanted = f->keys == 0 ? KEY_1 : KEY_2;

    if (f->keys < 0 || !(f->cr & LOCK))
        return;
    f->keys = key == wanted ? f->keys + 1 : -1;
    if (f->keys == 2) {
        f->cr &= ~LOCK;
        f->keys = 0;
    }
}

static void write_options(struct stm32_flash *f, uint32_t value)
{
    if (f->optcr & OPTLOCK)
        return;
    f->optcr = value & ~(uint32_t)OPTSTRT;
    if (value & OPTSTRT)
        f->options = f->optcr | OPTLOCK;
}

static void begin(struct soc *s, enum stm32_flash_operation what, int64_t lasts_ns)
{
    struct stm32_flash *f = &s->flash;

    f->operation = (uint8_t)what;
    f->began_ns = s->now_ns;
    f->ends_ns = s->now_ns + (s->held ? 1 : lasts_ns);
    f->sr |= BSY;
    s->nvic.attend = true;
    soc_due(s, SOC_FLASH, f->ends_ns);
}

static bool is_protected(const struct stm32_flash *f, unsigned sector)
{
    return !(f->optcr >> (WRITABLE + sector) & 1);
}

/* 3.6.3; of this chip one sector at a time. */
static void start_erase(struct soc *s)
{
    struct stm32_flash *f = &s->flash;
    const unsigned sector = f->cr >> SNB & 15;

    if (sector >= STM32_SECTORS || !(f->cr & SER) || f->cr & (MER | PG)) {
        f->sr |= PGSERR;
        return;
    }
    if (is_protected(f, sector)) {
        f->sr |= WRPERR;
        return;
    }
    f->address = STM32_FLASH + stm32_sector(sector, &f->size);
    begin(s, FLASH_ERASES,
          f->size == 16u << 10   ? SMALL_NS
          : f->size == 64u << 10 ? MIDDLE_NS
                                 : LARGE_NS);
}

static void write_control(struct soc *s, uint32_t value)
{
    struct stm32_flash *f = &s->flash;

    if (f->cr & LOCK || f->sr & BSY)
        return;
    f->cr = value & (LOCK | 0x030103FFu);
    if (f->cr & STRT) {
        f->cr &= ~(uint32_t)STRT;
        start_erase(s);
    }
}

void stm32_flash_write(struct soc *s, uint32_t offset, uint32_t value)
{
    struct stm32_flash *f = &s->flash;

    if (offset == ACR) {
        f->acr = value & 0x1F07;
        s->nvic.attend = true;
    } else if (offset == KEYR) {
        write_key(f, value);
    } else if (offset == OPTKEYR) {
        write_option_key(f, value);
    } else if (offset == SR) {
        f->sr &= ~(value & (ERRORS | EOP));
    } else if (offset == CR) {
        write_control(s, value);
    } else if (offset == OPTCR) {
        write_options(f, value);
    }
}

/* 3.6.4, 3.9.4: as wide as PSIZE says, at an address of that width. */
static uint32_t flaw_of(const struct stm32_flash *f, uint32_t address, unsigned size)
{
    if (f->cr & LOCK || !(f->cr & PG) || f->cr & (SER | MER) || f->sr & BSY)
        return PGSERR;
    if (size != 1u << (f->cr >> PSIZE & 3))
        return PGPERR;
    if (address % size)
        return PGAERR;
    return is_protected(f, sector_of(address - STM32_FLASH)) ? WRPERR : 0;
}

void stm32_flash_store(struct soc *s, uint32_t address, uint32_t value, unsigned size)
{
    struct stm32_flash *f = &s->flash;
    const uint32_t flaw = flaw_of(f, address, size);

    if (flaw) {
        f->sr |= flaw;
        return;
    }
    f->address = address;
    f->size = size;
    f->value = value;
    begin(s, FLASH_PROGRAMS, WORD_NS);
}

/* Programming clears bits, and never sets one. */
static void program(struct stm32_flash *f, uint8_t *at, uint32_t kept)
{
    uint32_t word = 0;

    memcpy(&word, at, f->size);
    word &= f->value | kept;
    memcpy(at, &word, f->size);
    f->words++;
}

static void end(struct soc *s)
{
    struct stm32_flash *f = &s->flash;

    f->operation = FLASH_RESTS;
    f->sr &= ~(uint32_t)BSY;
    if (f->cr & EOPIE)
        f->sr |= EOP;
    f->changed = true;
    soc_due(s, SOC_FLASH, INT64_MAX);
}

void stm32_flash_run(struct soc *s)
{
    struct stm32_flash *f = &s->flash;
    uint8_t *at = bytes_of(s, f->address, f->size);

    if (at && f->operation == FLASH_PROGRAMS)
        program(f, at, 0);
    if (at && f->operation == FLASH_ERASES) {
        memset(at, 0xFF, f->size);
        f->erasures++;
    }
    end(s);
}

/* Each bit is 1 with a probability of eighths ÷ 8. */
static uint32_t some_bits(uint64_t *noise, int eighths)
{
    uint32_t bits = 0;

    for (int k = 0; k < 3; k++) {
        const uint32_t r = (uint32_t)(random_next(noise) >> 32);
        bits = eighths >> k & 1 ? bits | r : bits & r;
    }
    return eighths >= 8 ? UINT32_MAX : bits;
}

/* A sector is first programmed to zeros, so that all cells are worn alike, and then its
 * bits rise: in either part some have changed already. */
static void half_erase(struct stm32_flash *f, uint8_t *at, int sixteenths)
{
    for (uint32_t k = 0; k < f->size; k += 4) {
        uint32_t word;
        memcpy(&word, at + k, 4);
        if (sixteenths < 8)
            word &= ~some_bits(&f->noise, sixteenths);
        else
            word = some_bits(&f->noise, sixteenths - 8);
        memcpy(at + k, &word, 4);
    }
}

void stm32_flash_cut(struct soc *s)
{
    struct stm32_flash *f = &s->flash;
    uint8_t *at = bytes_of(s, f->address, f->size);

    if (f->operation == FLASH_RESTS)
        return;
    f->noise ^= (uint64_t)s->now_ns << 20 ^ f->address;
    const int64_t lasts_ns = f->ends_ns - f->began_ns;
    const int64_t gone = (s->now_ns - f->began_ns) * 16 / lasts_ns;
    const int sixteenths = gone < 0 ? 0 : gone > 15 ? 15 : (int)gone;
    if (at && f->operation == FLASH_PROGRAMS)
        program(f, at, some_bits(&f->noise, 8 - sixteenths / 2));
    if (at && f->operation == FLASH_ERASES)
        half_erase(f, at, sixteenths);
    end(s);
}
