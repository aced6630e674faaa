/* Pulses. See pulse.h. */
#include "core/pulse.h"
#include "core/wide.h"

static uint64_t weight_uj(const struct settings *settings)
{
    return settings->value[SETTING_PULSE_ENERGY] * 3600000000ull;
}

/* Pulse n (from 1) of a second falls where the energy crosses n weights. */
static uint64_t due_us(const struct pulse *p, const struct pulse_channel *c, uint32_t n)
{
    uint64_t weight = p->weight_uj, energy = weight - c->before_uj;
    uint64_t step = c->added_uj ? wide_muldiv(weight, 1000000, c->added_uj) : 0;
    uint64_t first = c->added_uj ? wide_muldiv(energy, 1000000, c->added_uj) : 0;
    uint64_t us = first + (n - 1) * step;

    return p->second_us + (us < 999999 ? us : 999999);
}

static void give(struct pulse *p, int channel)
{
    p->channel[channel].count++;
    p->channel[channel].given++;
    if (channel == 0)
        p->queued++;
}

static void load_channel(struct pulse *p, int channel, uint64_t weight, uint64_t uj)
{
    struct pulse_channel *c = &p->channel[channel];

    while (c->given < c->due) /* none is lost, however late the board ran */
        give(p, channel);
    c->before_uj = c->rest_uj % weight;
    c->added_uj = uj + (c->rest_uj - c->before_uj); /* the weight was made smaller */
    c->due = (uint32_t)((c->rest_uj + uj) / weight);
    c->given = 0;
    c->rest_uj = (c->rest_uj + uj) % weight;
}

bool pulse_second(struct pulse *p, const struct settings *settings,
                  const struct config *config, uint64_t now_us, const uint64_t uj[2],
                  int64_t power_uw)
{
    const uint64_t weight = weight_uj(settings);

    p->weight_uj = weight;
    for (int k = 0; k < PULSE_CHANNELS; k++)
        load_channel(p, k, weight, uj[k]);
    p->second_us = now_us;
    /* Closed and open times are equal: 500/ms closures a second at the most. */
    return power_uw > 0 &&
           (uint64_t)power_uw > wide_muldiv(weight, 500, config->pulse_ms);
}

static void drive(struct pulse *p, struct hal *h, bool closed)
{
    p->closed = closed;
    hal_output(h, HAL_ENERGY_CONTACT, closed);
    hal_output(h, HAL_LED_GREEN, closed);
}

static void run_contact(struct pulse *p, struct hal *h, const struct config *config,
                        uint64_t now_us)
{
    if (p->edge_us > now_us)
        return;
    if (p->closed) {
        drive(p, h, false);
        p->edge_us = now_us + config->pulse_ms * 1000u;
    } else if (p->queued) {
        drive(p, h, true);
        p->queued--;
        p->edge_us = now_us + config->pulse_ms * 1000u;
    }
}

void pulse_run(struct pulse *p, struct hal *h, const struct config *config,
               uint64_t now_us)
{
    for (int k = 0; k < PULSE_CHANNELS; k++) {
        struct pulse_channel *c = &p->channel[k];
        while (c->given < c->due && due_us(p, c, c->given + 1) <= now_us)
            give(p, k);
    }
    if (p->closed || p->queued)
        run_contact(p, h, config, now_us);
}

uint64_t pulse_deadline(const struct pulse *p)
{
    uint64_t next = p->closed || p->queued ? p->edge_us : UINT64_MAX;

    for (int k = 0; k < PULSE_CHANNELS; k++) {
        const struct pulse_channel *c = &p->channel[k];
        if (c->given < c->due) {
            uint64_t at = due_us(p, c, c->given + 1);
            next = at < next ? at : next;
        }
    }
    return next;
}

void pulse_clear_counts(struct pulse *p)
{
    for (int k = 0; k < PULSE_CHANNELS; k++)
        p->channel[k].count = 0;
}
