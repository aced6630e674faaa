/* See ads131m06.h. Sections are those of SBAS949. */
#include "hal_sim/chips/ads131m06.h"
#include "hal_sim/chips/chip_rate.h"
#include "hal_sim/chips/sound.h"
#include <string.h>

enum {
    ID = 0,
    STATUS = 1,
    MODE = 2,
    CLOCK = 3,
    GAIN1 = 4,
    GAIN2 = 5,
    ID_VALUE = 0x2600,
    MODE_RESET = 0x0510, /* 8.6: after any reset */
    CLOCK_RESET = 0x3F0E,
    MODE_RX_CRC = 1 << 12,
    MODE_CRC_ANSI = 1 << 11,
    MODE_WAS_RESET = 1 << 10,
    MODE_TIMEOUT = 1 << 4,
    MODE_STATUS = 0x0F00, /* CRC_TYPE, RESET, WLENGTH: in STATUS, too */
    MODE_WRITABLE = 0x3F1F,
    CLOCK_OSR = 7 << 2,
    STATUS_LOCK = 1 << 15,
    STATUS_RESYNC = 1 << 14,
    STATUS_CRC_ERR = 1 << 12,
    STATUS_DRDY = 0x3F,
    RESET_CLOCKS = 2048,            /* 8.3.10.2: SYNC/RESET low for longer resets */
    FRAME_CLOCKS = 1 << 15,         /* 8.5.1.4: a frame that is not ended times out */
    POWER_ON_NS = 250000,           /* 6.6: t_POR */
    REGISTER_ACQUISITION_NS = 5000, /* 6.6: t_REGACQ */
};

/* Commands, 8.5.1.10. */
enum {
    C_NULL = 0x0000,
    C_RESET = 0x0011,
    C_STANDBY = 0x0022,
    C_WAKEUP = 0x0033,
    C_LOCK = 0x0555,
    C_UNLOCK = 0x0655,
    C_WREG = 0x6000,
    C_RREG = 0xA000,
    C_KIND = 0xE000,
    C_WRITTEN = 0x4000,
    C_WAS_RESET = 0xFF26 /* the first answer after a reset: six channels */
};

static unsigned word_size(const struct ads131m06 *a)
{
    static const uint8_t bytes[4] = { 2, 3, 4, 4 }; /* WLENGTH, 8.5.1.7 */

    return bytes[a->reg[MODE] >> 8 & 3];
}

static unsigned frame_size(const struct ads131m06 *a)
{
    return word_size(a) * ADS131M06_WORDS;
}

/* 8.3.9: from 0xFFFF, the highest bit first, x^16 + x^12 + x^5 + 1 or x^16 + x^15 + x^2 +
 * 1. */
static uint16_t crc_of(const struct ads131m06 *a, const uint8_t *bytes, unsigned size)
{
    const uint32_t polynomial = a->reg[MODE] & MODE_CRC_ANSI ? 0x8005 : 0x1021;
    uint32_t crc = 0xFFFF;

    for (unsigned k = 0; k < size; k++) {
        crc ^= (uint32_t)bytes[k] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = crc << 1 ^ (crc & 0x8000 ? polynomial : 0);
    }
    return (uint16_t)crc;
}

static bool in_reset(const struct ads131m06 *a, int64_t now_ns)
{
    return a->low_ns >= 0 &&
           chip_rate_cycles(a->clkin, now_ns - a->low_ns) >= RESET_CLOCKS;
}

static bool answers(const struct ads131m06 *a, int64_t now_ns)
{
    return a->powered && !a->silent && !in_reset(a, now_ns) && a->clkin.num &&
           now_ns >= a->ready_ns;
}

static struct chip_rate conversion_rate(const struct ads131m06 *a)
{
    const unsigned osr = 128u << ((a->reg[CLOCK] & CLOCK_OSR) >> 2);
    const bool converts = a->powered && !a->standby && a->clkin.num;

    return converts ? chip_rate_by(a->clkin, 2 * osr) : (struct chip_rate){ 0, 1 };
}

static void schedule(struct ads131m06 *a)
{
    const struct chip_rate rate = conversion_rate(a);
    int64_t at = INT64_MAX;

    if (rate.num)
        at = a->origin_ns + chip_rate_ns(rate, a->converted + 1);
    if (a->wires.due)
        a->wires.due(a->wires.user, at);
}

#define FLAG(member)   SOUND_FLAG(struct ads131m06, member)
#define MOMENT(member) SOUND_MOMENT(struct ads131m06, member)
#define LATE_NS        INT64_C(1000000)

bool ads131m06_is_sound(const struct ads131m06 *a, int64_t now_ns)
{
    static const struct sound_row rows[] = {
        FLAG(powered),
        FLAG(selected),
        FLAG(locked),
        FLAG(standby),
        FLAG(crc_error),
        FLAG(resynchronised),
        FLAG(silent),
        MOMENT(low_ns),
        MOMENT(ready_ns),
        MOMENT(origin_ns),
        MOMENT(frame_ns),
        SOUND_ROW(struct ads131m06, converted, 0, INT64_C(1) << 50),
        SOUND_ROW(struct ads131m06, holds, 0, ADS131M06_HELD),
        SOUND_ROWS(struct ads131m06, gain, 0, 7),
    };

    if (!sound_rows(a, rows, sizeof rows / sizeof *rows))
        return false;
    const struct chip_rate rate = conversion_rate(a);
    if (rate.num == 0)
        return true;
    const int64_t ends = chip_rate_ns(rate, a->converted + 1);
    return ends <= SOUND_NS_MAX && a->origin_ns <= now_ns &&
           a->origin_ns + ends >= now_ns - LATE_NS;
}

static void convert_anew(struct ads131m06 *a, int64_t now_ns)
{
    a->origin_ns = now_ns;
    a->converted = 0;
    a->holds = 0;
    if (a->wires.grid)
        a->wires.grid(a->wires.user, now_ns, conversion_rate(a));
    schedule(a);
}

static void show_ready(struct ads131m06 *a, bool ready, int64_t now_ns)
{
    if (a->wires.drdy)
        a->wires.drdy(a->wires.user,
                      !a->powered || a->silent ? PIN_OPEN
                      : ready                  ? PIN_LOW
                                               : PIN_HIGH,
                      now_ns);
}

static void reset(struct ads131m06 *a, int64_t now_ns)
{
    memset(a->reg, 0, sizeof a->reg);
    a->reg[ID] = ID_VALUE;
    a->reg[MODE] = MODE_RESET;
    a->reg[CLOCK] = CLOCK_RESET;
    a->locked = a->standby = a->crc_error = a->resynchronised = false;
    a->command = C_RESET;
    a->at = 0;
    a->resets++;
    show_ready(a, false, now_ns);
    convert_anew(a, now_ns);
}

void ads131m06_power(struct ads131m06 *a, bool on, int64_t now_ns)
{
    a->powered = on;
    a->low_ns = -1;
    a->ready_ns = now_ns + POWER_ON_NS;
    reset(a, now_ns);
}

void ads131m06_upset(struct ads131m06 *a, int64_t now_ns)
{
    reset(a, now_ns);
    a->command = C_NULL; /* the frame that finds it has the status, with RESET */
}

void ads131m06_silence(struct ads131m06 *a, bool silent, int64_t now_ns)
{
    a->silent = silent;
    show_ready(a, false, now_ns);
}

/* A clock whose rate changes is counted on: the conversion under way ends after the
 * cycles that it still wants. */
static void drift(struct ads131m06 *a, struct chip_rate before, int64_t now_ns)
{
    const struct chip_rate rate = conversion_rate(a);

    if (rate.num == 0)
        return;
    const struct chip_rate was = { before.num, before.den * (rate.den / a->clkin.den) };
    const int64_t last_ns =
        a->converted ? a->origin_ns + chip_rate_ns(was, a->converted) : a->origin_ns;
    const int64_t done = chip_rate_cycles(before, now_ns - last_ns);
    a->origin_ns = now_ns - chip_rate_ns(a->clkin, done);
    a->converted = 0;
    if (a->wires.grid)
        a->wires.grid(a->wires.user, a->origin_ns, rate);
    schedule(a);
}

void ads131m06_clkin(struct ads131m06 *a, struct chip_rate rate, int64_t now_ns)
{
    if (rate.num == a->clkin.num && rate.den == a->clkin.den)
        return;
    const struct chip_rate before = a->clkin;
    a->clkin = rate;
    if (before.num && rate.num)
        drift(a, before, now_ns);
    else
        convert_anew(a, now_ns);
}

/* 8.3.10.2: a short pulse synchronises, a long one resets; it is held until the pin
 * rises. */
void ads131m06_reset_pin(struct ads131m06 *a, bool high, int64_t now_ns)
{
    if (!a->powered || high == (a->low_ns < 0))
        return;
    if (!high) {
        a->low_ns = now_ns;
        return;
    }
    const bool resets = in_reset(a, now_ns);
    a->low_ns = -1;
    if (resets) {
        a->ready_ns = now_ns + REGISTER_ACQUISITION_NS;
        reset(a, now_ns);
    } else {
        a->resynchronised = true;
        convert_anew(a, now_ns);
    }
}

static int gain_bits(const struct ads131m06 *a, int channel)
{
    const uint16_t reg = a->reg[channel < 4 ? GAIN1 : GAIN2];

    return reg >> 4 * (channel % 4) & 7;
}

static int32_t clip(int64_t code)
{
    const int32_t end = 1 << 23;

    return (int32_t)(code >= end ? end - 1 : code < -end ? -end : code);
}

static void convert(struct ads131m06 *a, int64_t now_ns)
{
    int32_t *set = a->held[a->holds < ADS131M06_HELD ? a->holds : ADS131M06_HELD - 1];

    if (a->holds == ADS131M06_HELD)
        memcpy(a->held[0], a->held[1], sizeof a->held[0]);
    else
        a->holds++;
    memset(set, 0, sizeof a->held[0]);
    if (a->wires.codes)
        a->wires.codes(a->wires.user, now_ns, set);
    for (int ch = 0; ch < ADS131M06_CHANNELS; ch++) {
        const int more = gain_bits(a, ch) - a->gain[ch];
        const bool on = a->reg[CLOCK] >> (8 + ch) & 1;
        int64_t code = more >= 0 ? set[ch] * (INT64_C(1) << more) : set[ch] >> -more;
        set[ch] = on ? clip(code) : 0;
    }
}

/* DRDY falls with each conversion; when it is still low, it rises a moment before. */
void ads131m06_run(struct ads131m06 *a, int64_t now_ns)
{
    const struct chip_rate rate = conversion_rate(a);

    while (rate.num && now_ns >= a->origin_ns + chip_rate_ns(rate, a->converted + 1)) {
        a->converted++;
        if (in_reset(a, now_ns) ||
            (a->lost_one_in && a->converted % a->lost_one_in == 0))
            continue;
        convert(a, a->origin_ns + chip_rate_ns(rate, a->converted));
        show_ready(a, false, now_ns);
        if (!a->hidden_one_in || a->converted % a->hidden_one_in)
            show_ready(a, true, now_ns);
    }
    schedule(a);
}

static uint16_t status(const struct ads131m06 *a)
{
    return (uint16_t)((a->locked ? STATUS_LOCK : 0) |
                      (a->resynchronised ? STATUS_RESYNC : 0) |
                      (a->crc_error ? STATUS_CRC_ERR : 0) |
                      (a->reg[MODE] & MODE_STATUS) | (a->holds ? STATUS_DRDY : 0));
}

static uint16_t answer_of(const struct ads131m06 *a)
{
    const uint16_t command = a->command;

    if (command == C_RESET)
        return C_WAS_RESET;
    if ((command & C_KIND) == C_RREG) {
        const unsigned reg = command >> 7 & 63;
        return reg == STATUS ? status(a) : a->reg[reg];
    }
    if ((command & C_KIND) == C_WREG)
        return (uint16_t)(C_WRITTEN | (command & 0x1FFF));
    const bool echoes = command == C_STANDBY || command == C_WAKEUP ||
                        command == C_LOCK || command == C_UNLOCK;
    return echoes ? command : status(a);
}

static void put_word(const struct ads131m06 *a, unsigned word, uint32_t bits24)
{
    uint8_t *at = (uint8_t *)a->out + word * word_size(a);

    for (unsigned k = 0; k < word_size(a); k++)
        at[k] = (uint8_t)(k < 3 ? bits24 >> (16 - 8 * k) : 0);
}

/* The first bit fetches what is there, and the set leaves with it: DRDY rises (8.5.1.6). */
static void begin_frame(struct ads131m06 *a, int64_t now_ns)
{
    const unsigned crc_at = frame_size(a) - word_size(a);

    a->at = 0;
    a->frame_ns = now_ns;
    memset(a->in, 0, sizeof a->in);
    memset(a->out, 0, sizeof a->out);
    put_word(a, 0, (uint32_t)answer_of(a) << 8);
    if (a->holds) {
        a->holds--;
        memcpy(a->shown, a->held[0], sizeof a->shown);
        memcpy(a->held[0], a->held[1], sizeof a->held[0]);
    }
    for (unsigned ch = 0; ch < ADS131M06_CHANNELS; ch++)
        put_word(a, 1 + ch, (uint32_t)a->shown[ch] & 0xFFFFFF);
    put_word(a, ADS131M06_WORDS - 1, (uint32_t)crc_of(a, a->out, crc_at) << 8);
    a->frames++;
    if (a->damages || (a->one_in && a->frames % a->one_in == 0))
        a->out[7] ^= 0x10;
    a->damages -= a->damages > 0;
    show_ready(a, false, now_ns);
}

static uint16_t word_in(const struct ads131m06 *a, unsigned word)
{
    const uint8_t *at = a->in + word * word_size(a);

    return (uint16_t)(at[0] << 8 | at[1]);
}

static void write_register(struct ads131m06 *a, unsigned reg, uint16_t value,
                           int64_t now_ns)
{
    const uint16_t before = a->reg[reg];

    if (reg <= STATUS)
        return;
    a->reg[reg] = reg == MODE ? value & MODE_WRITABLE : value;
    if (reg == CLOCK && value != before)
        convert_anew(a, now_ns);
}

static void obey(struct ads131m06 *a, uint16_t command, int64_t now_ns)
{
    const bool whole = a->at >= frame_size(a);

    a->command = command;
    if (command == C_UNLOCK)
        a->locked = false;
    if (a->locked && (command & C_KIND) != C_RREG)
        a->command = C_NULL;
    else if (command == C_LOCK)
        a->locked = true;
    else if (command == C_RESET && whole)
        reset(a, now_ns);
    else if (command == C_STANDBY || command == C_WAKEUP) {
        a->standby = command == C_STANDBY;
        convert_anew(a, now_ns);
    } else if ((command & C_KIND) == C_WREG)
        write_register(a, command >> 7 & 63, word_in(a, 1), now_ns);
}

/* Commands of a frame that was cut short of them, or whose CRC is wrong, are not
 * obeyed (8.3.9, 8.5.1.5). */
static void end_frame(struct ads131m06 *a, int64_t now_ns)
{
    const uint16_t command = word_in(a, 0);
    const unsigned words = (command & C_KIND) == C_WREG ? 2 : 1;
    const bool checks = a->reg[MODE] & MODE_RX_CRC;

    a->resynchronised = a->crc_error = false;
    a->command = C_NULL;
    if (a->at < (words + checks) * word_size(a))
        return;
    const bool right = crc_of(a, a->in, words * word_size(a)) == word_in(a, words);
    a->bad_crc += !right;
    a->crc_error = checks && !right;
    if (!a->crc_error)
        obey(a, command, now_ns);
}

void ads131m06_select(struct ads131m06 *a, bool selected, int64_t now_ns)
{
    if (selected == a->selected)
        return;
    a->selected = selected;
    if (!selected && a->at && answers(a, now_ns))
        end_frame(a, now_ns);
    a->at = 0;
}

int ads131m06_exchange(void *part, uint8_t mosi, const struct spi_clocking *how,
                       int64_t now_ns)
{
    struct ads131m06 *a = part;
    const int64_t open = chip_rate_cycles(a->clkin, now_ns - a->frame_ns);

    if (!a->selected || !answers(a, now_ns))
        return -1;
    if (a->at == 0 || (a->reg[MODE] & MODE_TIMEOUT && open > FRAME_CLOCKS))
        begin_frame(a, now_ns);
    const uint32_t at = a->at++;
    uint8_t miso = at < frame_size(a) ? a->out[at] : 0;
    /* Too fast, or on the wrong edges: bits slip. */
    if (how->hz > ADS131M06_SCLK_HZ || how->mode != 1 || how->lsb_first) {
        a->too_fast++;
        miso >>= 1;
        mosi >>= 1;
    }
    if (at < sizeof a->in)
        a->in[at] = mosi;
    return miso;
}
