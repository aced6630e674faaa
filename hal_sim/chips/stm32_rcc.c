/* RCC, PWR. See stm32_rcc.h. */
#include "hal_sim/chips/stm32_rcc.h"
#include "hal_sim/chips/chip_rate.h"
#include "hal_sim/chips/soc.h"
#include <stddef.h>
#include <string.h>

enum {
    CR = 0x00,
    PLLCFGR = 0x04,
    CFGR = 0x08,
    CIR = 0x0C,
    AHB1RSTR = 0x10,
    APB1RSTR = 0x20,
    APB2RSTR = 0x24,
    AHB1ENR = 0x30,
    APB1ENR = 0x40,
    APB2ENR = 0x44,
    BDCR = 0x70,
    CSR = 0x74
};

enum {
    HSION = 1 << 0,
    HSIRDY = 1 << 1,
    HSEON = 1 << 16,
    HSERDY = 1 << 17,
    CSSON = 1 << 19,
    PLLON = 1 << 24,
    PLLRDY = 1 << 25,
    CR_WRITABLE = 0x010D00F9,
    CR_RESET = 0x83,
    PLL_FROM_HSE = 1 << 22,
    CSSF = 1 << 7,
    CSSC = 1 << 23,
    LSEON = 1 << 0,
    LSERDY = 1 << 1,
    LSEBYP = 1 << 2,
    RTCSEL = 3 << 8,
    RTCEN = 1 << 15,
    BDRST = 1 << 16,
    LSION = 1 << 0,
    LSIRDY = 1 << 1,
    RMVF = 1 << 24,
    BORRSTF = 1 << 25,
    PINRSTF = 1 << 26,
    PORRSTF = 1 << 27,
    SFTRSTF = 1 << 28,
    IWDGRSTF = 1 << 29,
    DBP = 1 << 8
};
#define CSR_FLAGS 0xFE000000u
#define NS        UINT64_C(1000000000)

/* DS8626: PLL lock 200 µs (max. 300), LSE start-up 2 s (typical). */
enum { PLL_LOCK_NS = 200000 };
#define LSE_START_NS INT64_C(2000000000)

/* Limits of the parts of the tree, in Hz (DS8626, tables 14 and 43). */
enum {
    VCO_IN_MIN = 950000,
    VCO_IN_MAX = 2100000,
    VCO_MIN = 100000000,
    VCO_MAX = 432000000,
    CORE_MAX = 168000000,
    APB1_MAX = 42000000,
    APB2_MAX = 84000000
};

static struct chip_rate hse(const struct stm32_rcc *r)
{
    if (!(r->cr & HSERDY) || r->crystal.stopped)
        return (struct chip_rate){ 0, 1 };
    return (struct chip_rate){
        (uint64_t)STM32_HSE_HZ * (uint64_t)((int64_t)NS + r->crystal.error_ppb), NS
    };
}

static struct chip_rate hsi(void)
{
    return (struct chip_rate){ STM32_HSI_HZ, 1 };
}

/* 7.3.2; without a valid input or beyond its limits it does not lock. */
static struct chip_rate pll(const struct stm32_rcc *r)
{
    const uint32_t m = r->pllcfgr & 63, n = r->pllcfgr >> 6 & 511,
                   p = 2 * (r->pllcfgr >> 16 & 3) + 2;
    struct chip_rate rate = r->pllcfgr & PLL_FROM_HSE ? hse(r) : hsi();

    rate = chip_rate_by(rate, m);
    const uint32_t in = chip_rate_hz(rate);
    if (in < VCO_IN_MIN || in > VCO_IN_MAX)
        return (struct chip_rate){ 0, 1 };
    rate.num *= n;
    const uint32_t vco = chip_rate_hz(rate);
    if (vco < VCO_MIN || vco > VCO_MAX)
        return (struct chip_rate){ 0, 1 };
    return chip_rate_by(rate, p);
}

static struct chip_rate system_clock(const struct stm32_rcc *r)
{
    switch (r->cfgr >> 2 & 3) {
    case 1:
        return hse(r);
    case 2:
        return r->cr & PLLRDY ? pll(r) : (struct chip_rate){ 0, 1 };
    default:
        return hsi();
    }
}

static unsigned apb_divisor(uint32_t field)
{
    return field & 4 ? 2u << (field & 3) : 1;
}

static unsigned ahb_divisor(uint32_t field)
{
    static const uint16_t by[] = { 2, 4, 8, 16, 64, 128, 256, 512 };

    return field & 8 ? by[field & 7] : 1;
}

/* Timers run at twice the rate of a bus that is divided (7.2). */
static void compute(struct stm32_rcc *r)
{
    const unsigned by1 = apb_divisor(r->cfgr >> 10 & 7),
                   by2 = apb_divisor(r->cfgr >> 13 & 7);

    r->core = chip_rate_by(system_clock(r), ahb_divisor(r->cfgr >> 4 & 15));
    r->apb1 = chip_rate_by(r->core, by1);
    r->apb2 = chip_rate_by(r->core, by2);
    r->timer2 = chip_rate_by(r->core, by2 > 1 ? by2 / 2 : 1);
    r->beyond = chip_rate_hz(r->core) > CORE_MAX || chip_rate_hz(r->apb1) > APB1_MAX ||
                chip_rate_hz(r->apb2) > APB2_MAX;
}

static int64_t access_ns(const struct stm32_rcc *r)
{
    const int64_t access = chip_rate_ns(r->core, SOC_ACCESS_CLOCKS);

    return access < 1000000 ? access : 1000000;
}

static void compute_all(struct soc *s)
{
    compute(&s->rcc);
    s->access_ns = access_ns(&s->rcc);
    s->clock_fs = chip_rate_fs(s->rcc.core);
}

static bool is_same(struct chip_rate a, struct chip_rate b)
{
    return a.num == b.num && a.den == b.den;
}

bool stm32_rcc_is_sound(const struct soc *s)
{
    struct stm32_rcc r = s->rcc;

    compute(&r);
    return is_same(r.core, s->rcc.core) && is_same(r.apb1, s->rcc.apb1) &&
           is_same(r.apb2, s->rcc.apb2) && is_same(r.timer2, s->rcc.timer2) &&
           r.beyond == s->rcc.beyond && s->access_ns == access_ns(&r) &&
           s->clock_fs == chip_rate_fs(r.core);
}

/* All that counts clocks follows. */
static void follow(struct soc *s)
{
    cortex_systick_stop(s);
    compute_all(s);
    cortex_systick_go(s);
    stm32_tim1_update(s);
    for (int which = 0; which < 2; which++)
        stm32_spi_clock(s, which);
    s->nvic.attend = true;
}

static void schedule(struct soc *s)
{
    const struct stm32_rcc *r = &s->rcc;
    int64_t at = r->hse_on_ns;

    at = r->pll_on_ns < at ? r->pll_on_ns : at;
    at = r->lse_on_ns < at ? r->lse_on_ns : at;
    soc_due(s, SOC_RCC, at);
}

/* Clears the registers; the backup domain's stay (7.1.3). */
void stm32_rcc_reset(struct soc *s, bool power_on)
{
    struct stm32_rcc *r = &s->rcc;
    const struct stm32_rcc before = *r;

    *r = (struct stm32_rcc){ .cr = CR_RESET,
                             .pllcfgr = 0x24003010,
                             .ahb1enr = 0x00100000,
                             .pwr_cr = 0x4000,
                             .bdcr = before.bdcr,
                             .csr = before.csr,
                             .hse_on_ns = INT64_MAX,
                             .pll_on_ns = INT64_MAX,
                             .lse_on_ns = before.lse_on_ns,
                             .crystal = before.crystal };
    if (power_on) {
        r->csr = PORRSTF | BORRSTF | PINRSTF;
        r->lse_on_ns = INT64_MAX;
        if (s->rtc.empty_battery)
            r->bdcr = 0;
        else if ((r->bdcr & (LSEON | LSERDY)) == LSEON)
            r->lse_on_ns = s->now_ns + LSE_START_NS;
    }
    follow(s);
    schedule(s);
}

void stm32_rcc_start(struct soc *s)
{
    compute_all(s);
    for (int which = 0; which < 2; which++)
        stm32_spi_clock(s, which);
}

void stm32_rcc_reset_cause(struct soc *s, bool watchdog)
{
    s->rcc.csr |= PINRSTF | (watchdog ? IWDGRSTF : SFTRSTF);
}

void stm32_rcc_run(struct soc *s)
{
    struct stm32_rcc *r = &s->rcc;

    if (r->hse_on_ns <= s->now_ns) {
        r->hse_on_ns = INT64_MAX;
        r->cr |= HSERDY;
    }
    if (r->pll_on_ns <= s->now_ns) {
        r->pll_on_ns = INT64_MAX;
        if (pll(r).num)
            r->cr |= PLLRDY;
    }
    if (r->lse_on_ns <= s->now_ns) {
        r->lse_on_ns = INT64_MAX;
        r->bdcr |= LSERDY;
        stm32_rtc_clock(s);
    }
    follow(s);
    schedule(s);
}

static void write_control(struct soc *s, uint32_t value)
{
    struct stm32_rcc *r = &s->rcc;
    const uint32_t before = r->cr;
    const unsigned used = r->cfgr >> 2 & 3;

    /* What the core runs on cannot be switched off. */
    if (used == 0)
        value |= HSION;
    if (used == 1 || (used == 2 && r->pllcfgr & PLL_FROM_HSE))
        value |= HSEON;
    if (used == 2)
        value |= PLLON;
    r->cr = (before & ~CR_WRITABLE) | (value & CR_WRITABLE);
    r->cr = r->cr & HSION ? r->cr | HSIRDY : r->cr & ~(uint32_t)HSIRDY;
    if (!(r->cr & HSEON)) {
        r->cr &= ~(uint32_t)HSERDY;
        r->hse_on_ns = INT64_MAX;
    } else if (!(before & HSEON) && !r->crystal.stopped) {
        r->hse_on_ns = s->now_ns + r->crystal.startup_ns;
    }
    if (!(r->cr & PLLON)) {
        r->cr &= ~(uint32_t)PLLRDY;
        r->pll_on_ns = INT64_MAX;
    } else if (!(before & PLLON)) {
        r->pll_on_ns = s->now_ns + PLL_LOCK_NS;
    }
    follow(s);
    schedule(s);
}

/* The switch waits until its clock is ready (7.2.6); the image asks again and again. */
static void write_configuration(struct soc *s, uint32_t value)
{
    struct stm32_rcc *r = &s->rcc;
    const uint32_t ready[] = { HSIRDY, HSERDY, PLLRDY, 0 };
    const uint32_t sw = value & 3;

    r->cfgr = (value & ~12u) | (r->cfgr & 12);
    if (r->cr & ready[sw])
        r->cfgr = (r->cfgr & ~12u) | sw << 2;
    follow(s);
}

static void write_backup_domain(struct soc *s, uint32_t value)
{
    struct stm32_rcc *r = &s->rcc;
    const uint32_t before = r->bdcr;

    if (!(r->pwr_cr & DBP))
        return;
    if (value & BDRST) {
        r->bdcr = BDRST;
        r->lse_on_ns = INT64_MAX;
        stm32_rtc_clear(s);
        schedule(s);
        return;
    }
    /* RTCSEL holds until BDRST (7.3.20). */
    if (before & RTCSEL)
        value = (value & ~(uint32_t)RTCSEL) | (before & RTCSEL);
    r->bdcr = (value & (LSEON | LSEBYP | RTCSEL | RTCEN)) | (before & LSERDY);
    if (!(r->bdcr & LSEON)) {
        r->bdcr &= ~(uint32_t)LSERDY;
        r->lse_on_ns = INT64_MAX;
    } else if (!(before & LSEON)) {
        r->lse_on_ns = s->now_ns + LSE_START_NS;
    }
    schedule(s);
    stm32_rtc_clock(s);
}

static void write_status(struct stm32_rcc *r, uint32_t value)
{
    if (value & RMVF)
        r->csr &= ~CSR_FLAGS;
    r->csr = (r->csr & ~3u) | (value & LSION ? LSION | LSIRDY : 0);
}

static uint32_t *plain(struct stm32_rcc *r, uint32_t offset)
{
    switch (offset) {
    case CR:
        return &r->cr;
    case PLLCFGR:
        return &r->pllcfgr;
    case CFGR:
        return &r->cfgr;
    case CIR:
        return &r->cir;
    case AHB1ENR:
        return &r->ahb1enr;
    case APB1ENR:
        return &r->apb1enr;
    case APB2ENR:
        return &r->apb2enr;
    case BDCR:
        return &r->bdcr;
    case CSR:
        return &r->csr;
    default:
        return NULL;
    }
}

uint32_t stm32_rcc_read(struct soc *s, uint32_t offset)
{
    const uint32_t *held = plain(&s->rcc, offset);

    return held ? *held : 0;
}

/* Resets of single peripherals (7.3.5 to 7.3.9). */
static void reset_peripherals(struct soc *s, uint32_t offset, uint32_t value)
{
    if (offset == APB2RSTR && value >> 12 & 1)
        stm32_spi_reset(s, 0);
    if (offset == APB2RSTR && value & 1)
        stm32_tim1_reset(s);
    if (offset == APB1RSTR && value >> 14 & 1)
        stm32_spi_reset(s, 1);
    if (offset == APB1RSTR && value >> 21 & 1)
        stm32_i2c_reset(s);
    if (offset == APB1RSTR && value >> 17 & 1)
        stm32_usart_reset(s);
    if (offset == AHB1RSTR && value >> 22 & 1)
        memset(&s->dma, 0, sizeof s->dma);
}

static void write_interrupts(struct soc *s, uint32_t value)
{
    if (value & CSSC)
        s->rcc.cir &= ~(uint32_t)CSSF;
    cortex_nvic_line(s, CORTEX_NMI, s->rcc.cir & CSSF);
}

void stm32_rcc_write(struct soc *s, uint32_t offset, uint32_t value)
{
    struct stm32_rcc *r = &s->rcc;

    switch (offset) {
    case CR:
        write_control(s, value);
        break;
    case PLLCFGR:
        if (!(r->cr & PLLON))
            r->pllcfgr = value;
        break;
    case CFGR:
        write_configuration(s, value);
        break;
    case CIR:
        write_interrupts(s, value);
        break;
    case BDCR:
        write_backup_domain(s, value);
        break;
    case CSR:
        write_status(r, value);
        break;
    case AHB1ENR:
        r->ahb1enr = value;
        break;
    case APB1ENR:
        r->apb1enr = value;
        break;
    case APB2ENR:
        r->apb2enr = value;
        stm32_tim1_update(s);
        break;
    default:
        reset_peripherals(s, offset, value);
    }
}

uint32_t stm32_pwr_read(struct soc *s, uint32_t offset)
{
    return offset == 0 ? s->rcc.pwr_cr : 0;
}

void stm32_pwr_write(struct soc *s, uint32_t offset, uint32_t value)
{
    if (offset == 0)
        s->rcc.pwr_cr = value & 0xFFFF;
}

/* CSS switches HSE off and the core to HSI (7.2.7). */
static void clock_fails(struct soc *s)
{
    struct stm32_rcc *r = &s->rcc;

    r->cr &= ~(uint32_t)(HSEON | HSERDY | CSSON);
    if (r->pllcfgr & PLL_FROM_HSE)
        r->cr &= ~(uint32_t)(PLLON | PLLRDY);
    r->cfgr &= ~15u;
    r->cir |= CSSF;
    cortex_nvic_line(s, CORTEX_NMI, true);
}

void stm32_crystal_set(struct soc *s, const struct stm32_crystal *crystal)
{
    struct stm32_rcc *r = &s->rcc;
    const bool stops = crystal->stopped && !r->crystal.stopped;
    const bool starts = !crystal->stopped && r->crystal.stopped;

    r->crystal = *crystal;
    if (stops) {
        r->hse_on_ns = INT64_MAX;
        if (r->cr & HSERDY && r->cr & CSSON)
            clock_fails(s);
    }
    if (starts && r->cr & HSEON && !(r->cr & HSERDY))
        r->hse_on_ns = s->now_ns + r->crystal.startup_ns;
    follow(s);
    schedule(s);
}
