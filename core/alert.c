/* Diagnostic alerts. See alert.h. Which voltages are tested for a system type stands in
 * system_type.def. */
#include "core/alert.h"
#include <string.h>

const struct alert_row alert_table[ALERT_BITS] = {
#define A(bit, id, name, words, phase, screen, shown)                                  \
    [bit] = { name, words, words phase, phase, shown, ALERT_SCREEN_##screen },
#include "core/alert.def"
#undef A
};

const char *const alert_screen_words[ALERT_SCREENS] = {
#define G(screen, words) words,
#include "core/alert.def"
#undef G
};

/* The groups of three are indexed by phase. */
_Static_assert(ALERT_VOLTAGE_C == ALERT_VOLTAGE_A << 2 &&
                   ALERT_CURRENT_C == ALERT_CURRENT_A << 2 &&
                   ALERT_PHASE_LOSS_C == ALERT_PHASE_LOSS_A << 2 &&
                   ALERT_LOW_PF_C == ALERT_LOW_PF_A << 2,
               "phases A, B, C have neighbouring bits");

enum { MIN_UHZ = 45000000, MAX_UHZ = 65000000 };

/* The voltages of one kind, as phase-loss tests see them: up to three of them, each
 * between the phases of its mask. */
struct tested {
    uint64_t uv[3];
    uint8_t phases[3];
    int count;
};

static void collect_line_voltages(struct tested *t, const struct config *c,
                                  const struct second *s)
{
    static const uint8_t pair[3] = { SYSTEM_A | SYSTEM_B, SYSTEM_B | SYSTEM_C,
                                     SYSTEM_C | SYSTEM_A };

    t->count = 0;
    for (int k = 0; k < 3; k++)
        if (config_type(c)->line_voltages >> k & 1) {
            t->uv[t->count] = s->vll[k];
            t->phases[t->count++] = pair[k];
        }
}

static void collect_phase_voltages(struct tested *t, const struct config *c,
                                   const struct second *s)
{
    t->count = 0;
    for (int k = 0; k < 3; k++)
        if (config_type(c)->phase_voltages >> k & 1) {
            t->uv[t->count] = s->v[k];
            t->phases[t->count++] = (uint8_t)(1 << k);
        }
}

/* The phases that a set of low voltages (bits 0-2) names. A single weak phase takes two
 * of three line voltages down: the phase common to both is the one meant. */
static uint8_t phases_of(const struct tested *t, uint8_t low)
{
    uint8_t any = 0, common = 7, count = 0;

    for (int k = 0; k < t->count; k++)
        if (low >> k & 1) {
            any |= t->phases[k];
            common &= t->phases[k];
            count++;
        }
    bool three_lines = t->count == 3 && t->phases[0] != 1;
    return three_lines && count == 2 ? common : any;
}

static uint8_t lost_phases(const struct tested *t, uint64_t threshold_uv)
{
    uint8_t low = 0;

    for (int k = 0; k < t->count; k++)
        if (t->uv[k] < threshold_uv)
            low |= (uint8_t)(1 << k);
    return phases_of(t, low);
}

static uint64_t loss_threshold(uint64_t nominal_uv, uint16_t percent,
                               enum phase_loss_rule rule)
{
    return nominal_uv / 100 *
           (rule == PHASE_LOSS_DROP_PERCENT ? 100u - percent : percent);
}

/* Two voltages differ by more than the limit, a percentage of the higher one: the lower
 * ones of such pairs name their phases. */
static uint8_t low_beside_another(const struct tested *t, uint16_t percent)
{
    uint64_t highest = 0;
    uint8_t low = 0;

    for (int k = 0; k < t->count; k++)
        highest = t->uv[k] > highest ? t->uv[k] : highest;
    for (int k = 0; k < t->count; k++)
        if ((highest - t->uv[k]) * 100 > highest * percent)
            low |= (uint8_t)(1 << k);
    return phases_of(t, low);
}

/* The largest difference from the average is above the limit, a percentage of the
 * average: the phases that are below it. */
static uint8_t low_beside_average(const struct tested *t, uint16_t percent)
{
    uint64_t sum = 0, largest = 0;
    uint8_t low = 0;

    for (int k = 0; k < t->count; k++)
        sum += t->uv[k];
    uint64_t average = sum / (unsigned)t->count;
    for (int k = 0; k < t->count; k++) {
        uint64_t away = t->uv[k] > average ? t->uv[k] - average : average - t->uv[k];
        largest = away > largest ? away : largest;
        if (t->uv[k] < average)
            low |= (uint8_t)(1 << k);
    }
    return largest * 100 > average * percent ? phases_of(t, low) : 0;
}

static uint8_t unbalanced_phases(const struct tested *t, uint16_t percent,
                                 enum imbalance_rule rule)
{
    if (t->count < 2)
        return 0;
    return rule == IMBALANCE_FROM_AVERAGE ? low_beside_average(t, percent)
                                          : low_beside_another(t, percent);
}

static uint8_t phase_loss(const struct settings *settings, const struct config *c,
                          const struct alert_rules *rules, const struct second *s)
{
    const enum phase_loss_rule rule = (enum phase_loss_rule)rules->phase_loss;
    const enum imbalance_rule by = (enum imbalance_rule)rules->imbalance;
    uint16_t percent = settings->value[SETTING_PLOSS_VOLT];
    uint16_t imbalance = settings->value[SETTING_PLOSS_IMBAL];
    struct tested line = { { 0 }, { 0 }, 0 }, phase = { { 0 }, { 0 }, 0 };

    collect_line_voltages(&line, c, s);
    collect_phase_voltages(&phase, c, s);
    uint8_t lost =
        lost_phases(&line, loss_threshold(c->nominal_ll_uv, percent, rule)) |
        lost_phases(&phase, loss_threshold(c->nominal_ln_uv, percent, rule)) |
        unbalanced_phases(&phase, imbalance, by) |
        unbalanced_phases(&line, imbalance, by);
    return lost & c->phases;
}

/* Above the over-range at the input. A low voltage is the business of phase loss. */
static bool over_voltage(const struct metering *m, const struct config *c,
                         const struct second *s, int k)
{
    if (config_type(c)->phase_voltages)
        return s->v[k] > m->over_uv;
    return s->vll[k] > wide_muldiv(m->over_uv, CONFIG_ROOT3_E9, 1000000000);
}

uint16_t alert_bits(const struct metering *m, const struct settings *settings,
                    const struct config *config, const struct alert_rules *rules,
                    const struct second *s)
{
    uint8_t lost = phase_loss(settings, config, rules, s);
    unsigned bits = lost * (unsigned)ALERT_PHASE_LOSS_A;

    for (int k = 0; k < 3; k++) {
        if (!(config->phases >> k & 1))
            continue;
        if (over_voltage(m, config, s, k))
            bits |= (unsigned)ALERT_VOLTAGE_A << k;
        if (s->i[k] > m->over_ua)
            bits |= (unsigned)ALERT_CURRENT_A << k;
        if (magnitude(s->p[k]) < s->s[k] / 2)
            bits |= (unsigned)ALERT_LOW_PF_A << k;
    }
    if (s->uhz < MIN_UHZ || s->uhz > MAX_UHZ)
        bits |= ALERT_FREQUENCY;
    return (uint16_t)bits;
}

void alert_text(uint16_t alerts, enum alert_screen screen, char text[ALERT_TEXT])
{
    bool any = false;

    memcpy(text, "nOnE", sizeof "nOnE");
    for (int bit = 0; bit < ALERT_BITS; bit++) {
        const struct alert_row *row = &alert_table[bit];
        if (row->screen != screen || !(alerts >> bit & 1))
            continue;
        if (!*row->phase) {
            for (int k = 0; k < ALERT_TEXT && (text[k] = row->shown[k]); k++)
                ;
            return;
        }
        if (!any)
            memcpy(text, "     ", ALERT_TEXT);
        any = true;
        text[2 * (row->phase[1] - 'A')] = *row->shown;
    }
}
