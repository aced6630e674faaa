/* The flash interface. See stm32_flash.h. */
#include "hal_sim/chips/stm32_flash.h"
#include "hal_sim/chips/chip_rate.h"
#include "hal_sim/chips/soc.h"

enum { ACR = 0x00, OPTKEYR = 0x08, SR = 0x0C, CR = 0x10, OPTCR = 0x14 };
enum { OPTLOCK = 1 << 0, OPTSTRT = 1 << 1, LATENCY = 7 };
enum { HZ_PER_WAIT = 30000000 };
#define OPTION_KEY_1 0x08192A3Bu
#define OPTION_KEY_2 0x4C5D6E7Fu

/* Option bytes are loaded at power-on (3.6.2). */
void stm32_flash_reset(struct soc *s, bool power_on)
{
    struct stm32_flash *f = &s->flash;

    f->acr = f->sr = 0;
    f->cr = 1u << 31;
    f->option_keys = 0;
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

static void write_key(struct stm32_flash *f, uint32_t key)
{
    const uint32_t wanted = f->option_keys == 0 ? OPTION_KEY_1 : OPTION_KEY_2;

    f->option_keys = key == wanted ? f->option_keys + 1 : 0;
    if (f->option_keys == 2) {
        f->optcr &= ~(uint32_t)OPTLOCK;
        f->option_keys = 0;
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

void stm32_flash_write(struct soc *s, uint32_t offset, uint32_t value)
{
    struct stm32_flash *f = &s->flash;

    if (offset == ACR) {
        f->acr = value & 0x1F07;
        s->nvic.attend = true;
    } else if (offset == OPTKEYR) {
        write_key(f, value);
    } else if (offset == OPTCR) {
        write_options(f, value);
    }
}
