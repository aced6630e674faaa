/* See tolerance.h. */
#include "sim/factory/tolerance.h"
#include "waveform/base/random.h"
#include <stddef.h>

static const struct {
    enum fault_id fault;
    double neutral, spread;
} tolerances[] = {
#define TOLERANCE(fault, neutral, spread, text) { FAULT_##fault, neutral, spread },
#define DEFECT(fault, value, mille, text)
#include "sim/factory/tolerance.def"
#undef TOLERANCE
#undef DEFECT
};

static const struct {
    enum fault_id fault;
    double value, mille;
    const char *text;
} defects[] = {
#define TOLERANCE(fault, neutral, spread, text)
#define DEFECT(fault, value, mille, text) { FAULT_##fault, value, mille, text },
#include "sim/factory/tolerance.def"
#undef TOLERANCE
#undef DEFECT
};

static void add(struct tolerance_board *b, enum fault_id fault, int phase, double value)
{
    b->fault[b->faults++] = (struct tolerance_fault){ fault, phase, value };
}

static double drawn(uint64_t *state, double neutral, double spread)
{
    return neutral + (2 * random_share(state) - 1) * spread;
}

/* The last defect that is drawn stays: a board has one at the most. */
static void draw_defect(struct tolerance_board *b, uint64_t *state)
{
    int chosen = -1;

    for (size_t k = 0; k < sizeof defects / sizeof *defects; k++)
        if (random_share(state) * 1000 < defects[k].mille)
            chosen = (int)k;
    const int phase = (int)(random_share(state) * 3);
    if (chosen < 0)
        return;
    b->defect = defects[chosen].text;
    add(b, defects[chosen].fault,
        fault_table[defects[chosen].fault].per_phase ? phase : -1,
        defects[chosen].value);
}

void tolerance_draw(struct tolerance_board *board, uint64_t seed)
{
    uint64_t state = seed;

    random_next(&state);
    *board = (struct tolerance_board){ .faults = 0 };
    for (size_t k = 0; k < sizeof tolerances / sizeof *tolerances; k++) {
        const bool per_phase = fault_table[tolerances[k].fault].per_phase;
        for (int phase = 0; phase < (per_phase ? 3 : 1); phase++)
            add(board, tolerances[k].fault, per_phase ? phase : -1,
                drawn(&state, tolerances[k].neutral, tolerances[k].spread));
    }
    draw_defect(board, &state);
}
