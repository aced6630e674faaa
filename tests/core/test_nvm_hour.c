/* An hour of a meter's life: settings, resets of energies, pulses and logs, ends of
 * demand sub-intervals with their log entries, power-ups. Every byte that it writes to
 * NVM is kept in a journal; then power is cut after each of them, that is, a meter is
 * started on each prefix of the journal and asked what it knows.
 *
 * Energies of plain seconds, the bulk, are cut at every byte in the first minute and at
 * every 61st byte after that; METERSIM_EVERY_BYTE=1 cuts them at every byte, too. */
#include "core/log_entry.h"
#include "tests/support/journal_board.h"

#include "tests/support/bench.h"
#include "tests/support/settings.h"

enum { HOUR = 3600, SHOWN = 3, STEPS_MOST = 8000, FINE_S = 60, STRIDE = 61 };

/* What survives, as far as one step of the hour may change it. */
struct known {
    struct energy energy;
    struct demand_maxima maxima;
    uint32_t pulses[PULSE_CHANNELS];
    uint64_t pulse_rest_uj[PULSE_CHANNELS];
    struct settings settings;
    uint32_t power_ups;
    uint16_t log_state[7]; /* shown, entries, wraps, next, stamp */
    int64_t log_start_mwh;
    uint16_t log[LOGS][SHOWN];
};

/* One call of the meter that wrote something. */
struct step {
    size_t end; /* in the journal */
    int second;
    bool plain;        /* the end of a second and no more */
    int64_t shown_mwh; /* import energy as clients had read it when it began */
    struct known after;
};

static struct bench b, probe;
static struct step *steps;
static int step_count;
static struct known before_all;
static int32_t block[HAL_CHANNELS][BLOCK];

static void know_energy(const struct meter *m, struct known *k)
{
    k->energy = m->energy;
    k->maxima = m->demand.maxima;
    for (int n = 0; n < PULSE_CHANNELS; n++) {
        const struct pulse_channel *c = &m->pulse.channel[n];
        k->pulses[n] = c->count + (c->due - c->given);
        k->pulse_rest_uj[n] = c->rest_uj;
    }
}

static void know_rest(struct meter *m, struct known *k)
{
    const struct log_state *s = &m->log.state;
    const uint16_t state[7] = { s->shown,    s->entries,  s->wraps,   s->next,
                                s->stamp[0], s->stamp[1], s->stamp[2] };

    k->settings = m->settings;
    k->power_ups = m->counters.power_ups;
    memcpy(k->log_state, state, sizeof state);
    k->log_start_mwh = s->start_mwh;
    memset(k->log, 0, sizeof k->log);
    for (int log = 0; log < LOGS; log++)
        for (unsigned n = 0; n < SHOWN && n < s->shown; n++) {
            unsigned place = (s->next + LOG_RING - 1u - n) % LOG_RING;
            assert_int_equal(
                log_entry_read(&m->nvm, m->hal, log, place, 1, &k->log[log][n]), 0);
        }
}

/* --- the hour --- */

static struct step *last_step(void)
{
    return &steps[step_count - 1];
}

static struct known *last_known(void)
{
    return step_count ? &last_step()->after : &before_all;
}

/* Notes the step that began at `from`, when it wrote. */
static void note(size_t from, int second, bool energy, bool plain, int64_t shown_mwh)
{
    if (b.board.written == from)
        return;
    assert_true(step_count < STEPS_MOST);
    struct step *s = &steps[step_count];
    s->after = *last_known();
    s->end = b.board.written;
    s->second = second;
    s->plain = plain;
    s->shown_mwh = shown_mwh;
    if (energy)
        know_energy(&b.m, &s->after);
    know_rest(&b.m, &s->after);
    step_count++;
}

static int64_t import_mwh(const struct meter *m)
{
    return (int64_t)m->energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT];
}

static void write_register(int second, uint16_t reg, uint16_t value)
{
    size_t from = b.board.written;
    int64_t shown = b.m.reading[Q_KWH_IMPORT];

    bench_set(&b, reg, value);
    note(from, second, reg == 129 && value != 16640, false, shown);
}

static void set_passwords(int second)
{
    struct settings s = b.m.settings;
    size_t from = b.board.written;
    int64_t shown = b.m.reading[Q_KWH_IMPORT];

    s.value[SETTING_SETUP_PASSWORD_LOW] = (uint16_t)(1000 + second);
    s.value[SETTING_RESET_PASSWORD_LOW] = (uint16_t)(2000 + second);
    assert_int_equal(apply_settings(&b.m, &s), 0);
    note(from, second, false, false, shown);
}

static void power_cycle(int second)
{
    size_t from = b.board.written;
    int64_t shown = b.m.reading[Q_KWH_IMPORT];

    bench_power_up(&b);
    note(from, second, true, false, shown);
}

static void act(int second)
{
    if (second % 97 == 5)
        write_register(second, 142, (uint16_t)(10 + second % 80));
    if (second % 331 == 7)
        write_register(second, 169, (uint16_t)(1 + second % 40));
    if (second % 600 == 590)
        set_passwords(second);
    if (second == 1000 || second == 2501)
        write_register(second, 129, 30078);
    if (second == 1800)
        write_register(second, 129, 16640);
    if (second == 2200)
        write_register(second, 129, 16498);
    if (second == 3000)
        write_register(second, 129, 21212);
    if (second == 1234 || second == 2702)
        power_cycle(second);
}

static void run_second(int second)
{
    for (int k = 0; k < HAL_SAMPLE_RATE / BLOCK; k++) {
        size_t from = b.board.written;
        int64_t shown = b.m.reading[Q_KWH_IMPORT];
        uint16_t shown_logs = b.m.log.state.entries;
        bench_take(&b, (const int32_t(*)[BLOCK])block, BLOCK);
        note(from, second, true, b.m.log.state.entries == shown_logs, shown);
    }
}

static void run_hour(void)
{
    struct waves w;

    waves_set_balanced(&w, 60, 277, 90, 30, 3);
    w.ct_a = 200;
    waves_fill(&w, 0, BLOCK, block); /* one cycle of 60 Hz is one block */
    fake_board_start(&b.board);
    bench_power_up(&b);
    bench_set(&b, 131, 200);
    bench_set(&b, 144, 100);
    bench_set(&b, 150, 60);
    for (int k = 0; k < 2 * HAL_SAMPLE_RATE / BLOCK; k++)
        bench_take(&b, (const int32_t(*)[BLOCK])block, BLOCK);
    memcpy(probe.board.nvm, b.board.nvm, sizeof b.board.nvm);
    b.board.written = 0;
    know_energy(&b.m, &before_all);
    know_rest(&b.m, &before_all);
    for (int second = 0; second < HOUR; second++) {
        act(second);
        run_second(second);
    }
}

/* --- the cuts --- */

static struct {
    size_t cuts;
    int64_t worst_loss_mwh;
} figures;

#define ONE_OF(field)                                                                  \
    (!memcmp(&now.field, &before->field, sizeof now.field) ||                          \
     !memcmp(&now.field, &after->field, sizeof now.field))

/* Each record is the one before or the one after; none is lost once the step is
 * done. */
static void check_known(const struct known *before, const struct step *s, size_t cut)
{
    const struct known *after = &s->after;
    static struct known now;

    know_energy(&probe.m, &now);
    know_rest(&probe.m, &now);
    now.power_ups--; /* this power-up */
    bool log_old = !memcmp(now.log_state, before->log_state, sizeof now.log_state) &&
                   !memcmp(now.log, before->log, sizeof now.log) &&
                   now.log_start_mwh == before->log_start_mwh;
    bool log_new = !memcmp(now.log_state, after->log_state, sizeof now.log_state) &&
                   !memcmp(now.log, after->log, sizeof now.log) &&
                   now.log_start_mwh == after->log_start_mwh;
    bool good = ONE_OF(energy) && ONE_OF(maxima) && ONE_OF(pulses) &&
                ONE_OF(pulse_rest_uj) && ONE_OF(settings) && ONE_OF(power_ups) &&
                (log_old || log_new);
    if (cut == s->end)
        good = good && log_new && !memcmp(&now, after, sizeof now);
    if (!good)
        fail_msg(
            "second %d, cut after byte %zu: a record is neither old nor new "
            "(energy %d, maxima %d, pulses %d %d, settings %d, power-ups %d, logs %d "
            "%d)",
            s->second, cut, ONE_OF(energy), ONE_OF(maxima), ONE_OF(pulses),
            ONE_OF(pulse_rest_uj), ONE_OF(settings), ONE_OF(power_ups), log_old,
            log_new);
}

static void check_loss(const struct known *before, const struct step *s, size_t cut)
{
    int64_t kept = import_mwh(&probe.m);
    bool reset = kept == 0 && s->after.energy.resets != before->energy.resets;

    if (probe.m.reading[Q_KWH_IMPORT] != kept || (kept < s->shown_mwh && !reset))
        fail_msg("second %d, cut after byte %zu: energy runs back", s->second, cut);
    /* What this step would have kept, had power not gone. */
    int64_t whole = (int64_t)s->after.energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT];
    if (whole - kept > figures.worst_loss_mwh)
        figures.worst_loss_mwh = whole - kept;
}

static void check_registers(void)
{
    static uint16_t word[125];

    assert_int_equal(bench_read_many(&probe, 1, 112, word), 0);
    assert_int_equal(bench_read_many(&probe, 129, 50, word), 0);
    assert_int_equal(word[146 - 129], 0);
    for (int k = 0; k < SETTINGS; k++)
        assert_true(
            config_in_range(&model_s4100, (enum setting)k, probe.m.settings.value[k]));
    assert_int_equal(bench_read_many(&probe, 257, 80, word), 0);
}

static void cut(const struct known *before, const struct step *s, size_t at)
{
    bench_power_up(&probe);
    check_known(before, s, at);
    check_loss(before, s, at);
    if (at == s->end || figures.cuts % 50 == 0 || !s->plain)
        check_registers();
    journal_undo(&probe.board);
    figures.cuts++;
}

static bool wanted(const struct step *s, size_t at, bool every)
{
    return every || !s->plain || s->second < FINE_S || at == s->end || at % STRIDE == 0;
}

static void power_goes_at_every_byte(void **state)
{
    const struct known *before = &before_all;
    const bool every = getenv("METERSIM_EVERY_BYTE") != NULL;
    size_t at = 0;

    (void)state;
    steps = calloc(STEPS_MOST, sizeof *steps);
    assert_non_null(steps);
    run_hour();
    for (int k = 0; k < step_count; before = &steps[k++].after)
        while (at < steps[k].end) {
            const struct journal_byte *byte = &b.board.journal[at++];
            probe.board.nvm[byte->address] = byte->after;
            if (wanted(&steps[k], at, every))
                cut(before, &steps[k], at);
        }
    const double power_w = 3 * 277 * 90 * 0.8660254;
    double loss_s = (double)figures.worst_loss_mwh * 3.6 / power_w;
    print_message("one hour: %zu bytes in %d steps; %zu cuts and restarts; worst loss "
                  "%.3f s\n",
                  b.board.written, step_count, figures.cuts, loss_s);
    assert_true(step_count > HOUR + 50);
    assert_true(figures.worst_loss_mwh > 0 && loss_s < 1.0001);
    free(steps);
    free(b.board.journal);
    free(probe.board.journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(power_goes_at_every_byte) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
