/* An image whose power fails: it meters a steady load as fast as it can, changes a
 * setting every second, and says what it has promised to keep, each line only when that
 * is durable. Arguments: NVM prepare|WRITES; `prepare` writes settings of its own and
 * ends; otherwise power fails after so many writes of a byte.
 *
 * Lines: "start CUT POWER_UPS IMPORT_MWH PULSES VALUE SETTINGS…" once, then "try VALUE"
 * and "set VALUE" around the change of a setting, "kept IMPORT_MWH PULSES" after each
 * second. */
#include "core/meter.h"
#include "hal_target/cortex_m/semihost.h"
#include "hal_target/power_cut/board.h"
#include <string.h>

enum { LINE = 512, REG_SUBINTERVALS = 149, CODE_PEAK = 4000000, SINE_ONE = 32768 };

/* 60 Hz: a line cycle is just one block. */
static const int16_t sine[BLOCK] = { 0,      4884,   9658,   14217,  18458,  22287,
                                     25618,  28377,  30502,  31945,  32675,  32675,
                                     31945,  30502,  28377,  25618,  22287,  18458,
                                     14217,  9658,   4884,   0,      -4884,  -9658,
                                     -14217, -18458, -22287, -25618, -28377, -30502,
                                     -31945, -32675, -32675, -31945, -30502, -28377,
                                     -25618, -22287, -18458, -14217, -9658,  -4884 };

static void say(const char *word)
{
    semihost_print(word);
}

static void say_number(uint64_t x)
{
    char text[24], *at = text + sizeof text;

    *--at = '\0';
    do
        *--at = (char)('0' + x % 10);
    while (x /= 10);
    say(" ");
    say(at);
}

static bool write_register(struct meter *m, uint16_t reg, uint16_t value)
{
    const uint8_t request[5] = { 0x06, (uint8_t)((reg - 1) >> 8), (uint8_t)(reg - 1),
                                 (uint8_t)(value >> 8), (uint8_t)value };
    uint8_t answer[METER_PDU_MAX];

    return meter_request(m, request, sizeof request, answer) == sizeof request &&
           answer[0] == 0x06;
}

static void prepare(struct meter *m)
{
    static const uint16_t settings[][2] = { { 131, 200 }, { 134, 480 }, { 142, 20 },
                                            { 143, 33 },  { 144, 10 },  { 150, 10 } };

    for (unsigned k = 0; k < sizeof settings / sizeof *settings; k++)
        if (!write_register(m, settings[k][0], settings[k][1]))
            board_fail("a setting was refused");
}

static uint64_t import_mwh(const struct meter *m)
{
    return m->energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT];
}

static void say_start(const struct meter *m)
{
    say("start");
    say_number(m->hal->cut);
    say_number(m->counters.power_ups);
    say_number(import_mwh(m));
    say_number(m->pulse.channel[0].count);
    say_number(m->settings.value[SETTING_SUBINTERVALS]);
    for (int k = 0; k < SETTINGS; k++)
        if (k != SETTING_SUBINTERVALS)
            say_number(m->settings.value[k]);
    say("\n");
}

/* The meter has saved at the end of the second. */
static void say_kept(const struct meter *m)
{
    const struct pulse_channel *c = &m->pulse.channel[0];

    say("kept");
    say_number(import_mwh(m));
    say_number(c->count + (c->due - c->given));
    say("\n");
}

static void alternate_setting(struct meter *m)
{
    uint16_t next = m->settings.value[SETTING_SUBINTERVALS] % DEMAND_SUBINTERVALS + 1;

    say("try");
    say_number(next);
    say("\n");
    if (!write_register(m, REG_SUBINTERVALS, next))
        board_fail("a setting was refused");
    say("set");
    say_number(next);
    say("\n");
}

/* Phases a third of a cycle apart; currents in phase with their voltages. */
static void make_cycle(int32_t x[HAL_CHANNELS][BLOCK])
{
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        for (int k = 0; k < BLOCK; k++)
            x[ch][k] = CODE_PEAK / SINE_ONE * sine[(k + BLOCK - ch % 3 * 14) % BLOCK];
}

_Noreturn static void meter_for_ever(struct meter *m)
{
    static int32_t x[HAL_CHANNELS][BLOCK];
    uint32_t seconds = 0;

    make_cycle(x);
    for (uint64_t cycles = 1;; cycles++) {
        meter_samples(m, (const int32_t(*)[BLOCK])x, BLOCK);
        meter_tick(m, cycles * 1000000 / 60);
        meter_poll(m);
        if (m->seconds == seconds)
            continue;
        seconds = m->seconds;
        say_kept(m);
        alternate_setting(m);
    }
}

/* 0 for what is none. */
static uint32_t number(const char *text)
{
    uint32_t x = 0;

    for (; *text >= '0' && *text <= '9'; text++)
        x = x * 10 + (uint32_t)(*text - '0');
    return x;
}

int main(void)
{
    static struct meter m;
    static struct hal hal;
    static char line[LINE];

    if (semihost_command_line(line, LINE))
        board_fail("the command line is too long");
    char *path = strchr(line, ' ');
    if (!path)
        board_fail("arguments: NVM prepare|WRITES");
    char *word = strchr(++path, ' ');
    if (!word)
        board_fail("arguments: NVM prepare|WRITES");
    *word++ = '\0';
    board_open(&hal, path, number(word));
    meter_start(&m, &hal, model_find("s4100"));
    if (!strcmp(word, "prepare")) {
        prepare(&m);
        return 0;
    }
    say_start(&m);
    meter_for_ever(&m);
}
