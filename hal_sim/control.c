/* Control power from the meter's own terminals. See control.h. */
#include "hal_sim/control.h"
#include "waveform/base/constants.h"
#include <math.h>
#include <stddef.h>

static const struct {
    const char *name;
    int terminal[2];
} rows[] = {
    [CONTROL_SEPARATE] = { "separate", { 0, 0 } },
    [CONTROL_AN] = { "A-N", { 0, 3 } },
    [CONTROL_BN] = { "B-N", { 1, 3 } },
    [CONTROL_CN] = { "C-N", { 2, 3 } },
    [CONTROL_AB] = { "A-B", { 0, 1 } },
    [CONTROL_BC] = { "B-C", { 1, 2 } },
    [CONTROL_CA] = { "C-A", { 2, 0 } },
};

const char *control_name(int wired)
{
    return wired >= 0 && wired <= CONTROL_CA ? rows[wired].name : NULL;
}

void control_terminals(enum control_wiring wired, int terminal[2])
{
    terminal[0] = rows[wired].terminal[0];
    terminal[1] = rows[wired].terminal[1];
}

bool control_fits(enum control_wiring wired, enum waveform_wiring wiring)
{
    const unsigned neutral = wiring_table[wiring].neutral ? 8 : 0;
    const unsigned terminals = wiring_inputs(wiring) | neutral;
    const int *ends = rows[wired].terminal;

    return wired == CONTROL_SEPARATE ||
           (terminals >> ends[0] & terminals >> ends[1] & 1);
}

void control_start(struct control *c, enum control_wiring wired, int64_t now_ns)
{
    *c = (struct control){ .wired = wired,
                           .charged_ns = now_ns,
                           .since_ns = now_ns,
                           .peak = CONTROL_VOLTS * SQRT2 };
}

void control_charge(struct control *c, double volts, int64_t first_ns,
                    int64_t charged_ns)
{
    if (charged_ns == 0)
        return;
    if (charged_ns < c->block_ns + CONTROL_BLOCK_NS) {
        c->peak = fmax(c->peak, volts);
    } else {
        c->peak_before = c->peak;
        c->peak = volts;
        c->block_ns = charged_ns;
    }
    if (first_ns > c->charged_ns + CONTROL_PAUSE_NS)
        c->since_ns = first_ns;
    c->charged_ns = charged_ns;
}

int64_t control_ride_ns(double volts, double capacitor_ms)
{
    double share = volts / CONTROL_VOLTS;
    return (int64_t)(fmin(share * share * capacitor_ms / 1000, 1) * 1e9);
}
