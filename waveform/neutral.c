/* Nodal analysis by Gauss's elimination, one unknown for each node that floats. A node
 * that nothing is connected to stays at 0. */
#include "waveform/neutral.h"
#include "waveform/load_drive.h"

const uint8_t neutral_pair[NEUTRAL_PAIRS][2] = { { 0, 1 }, { 1, 2 }, { 2, 0 },
                                                 { 0, 3 }, { 1, 3 }, { 2, 3 } };

static const double input_siemens = 1 / 2.5e6;

void neutral_add_star(struct phasor pair[NEUTRAL_PAIRS],
                      const struct phasor y[WAVEFORM_PHASES])
{
    struct phasor sum = phasor_add(phasor_add(y[0], y[1]), y[2]);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        struct phasor product = phasor_multiply(y[k], y[(k + 1) % WAVEFORM_PHASES]);
        pair[k] = phasor_add(pair[k], phasor_divide(product, sum));
    }
}

struct neutral_state neutral_state_of(const struct waveform_grid *grid,
                                      const struct waveform_disturbance *disturbance,
                                      enum waveform_wiring wiring)
{
    struct neutral_state s = { .open = disturbance->neutral_open, .wiring = wiring };
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        s.lost[k] = grid->lost[k];
        s.loss[k] = disturbance->loss[k];
        s.backfed[k] = disturbance->loss[k] == WAVEFORM_LOSS_MOTOR
                           ? -disturbance->motor_share[k]
                           : 0.5;
    }
    return s;
}

double neutral_motor_share(double share, double slows_s, double seconds)
{
    const double at_rest = -0.5;
    if (!(slows_s > 0))
        return share;
    return at_rest + (share - at_rest) * load_drive_decay(seconds / slows_s);
}

static bool node_floats(const struct neutral_state *g, int node)
{
    if (node == NEUTRAL_N)
        return g->open;
    return g->lost[node] && g->loss[node] == WAVEFORM_LOSS_FLOATING;
}

bool neutral_floats(const struct neutral_state *g)
{
    for (int node = 0; node < NEUTRAL_NODES; node++)
        if (node_floats(g, node))
            return true;
    return false;
}

bool neutral_conducts(const struct neutral_state *g, int pair)
{
    for (int end = 0; end < 2; end++) {
        int node = neutral_pair[pair][end];
        if (node != NEUTRAL_N && g->lost[node] && !node_floats(g, node))
            return false;
    }
    return true;
}

/* The resistors of the meter's voltage inputs: to N where N is wired, else to a star
 * point of their own. */
static void add_inputs(enum waveform_wiring wiring, struct phasor y[NEUTRAL_PAIRS])
{
    if (wiring == WAVEFORM_AB) {
        y[0].re += input_siemens / 2;
    } else if (wiring == WAVEFORM_DELTA) {
        for (int k = 0; k < WAVEFORM_PHASES; k++)
            y[k].re += input_siemens / 3;
    } else {
        for (int k = 0; k < WAVEFORM_PHASES; k++)
            y[3 + k].re += wiring_table[wiring].conductors >> k & 1 ? input_siemens : 0;
    }
}

/* Voltages that are imposed: by the sources, or by a machine on the other two lines. */
static void impose(const struct neutral_state *g,
                   struct phasor t[NEUTRAL_NODES][WAVEFORM_PHASES])
{
    for (int node = 0; node < NEUTRAL_NODES; node++)
        for (int j = 0; j < WAVEFORM_PHASES; j++) {
            t[node][j] = (struct phasor){ 0, 0 };
            if (node == NEUTRAL_N)
                continue;
            if (!g->lost[node])
                t[node][j].re = node == j;
            else if (g->loss[node] >= WAVEFORM_LOSS_BACKFED && node != j && !g->lost[j])
                t[node][j].re = g->backfed[node];
        }
}

/* A row per node that floats: what its currents sum to; the right side per source. */
struct equations {
    int count;
    struct phasor a[NEUTRAL_NODES][NEUTRAL_NODES], b[NEUTRAL_NODES][WAVEFORM_PHASES];
};

static void add_branch(struct equations *e, const int row_of[NEUTRAL_NODES], int from,
                       int to, struct phasor y,
                       struct phasor t[NEUTRAL_NODES][WAVEFORM_PHASES])
{
    int row = row_of[from], other = row_of[to];
    if (row < 0)
        return;
    e->a[row][row] = phasor_add(e->a[row][row], y);
    if (other >= 0) {
        e->a[row][other] = phasor_sub(e->a[row][other], y);
        return;
    }
    for (int j = 0; j < WAVEFORM_PHASES; j++)
        e->b[row][j] = phasor_add(e->b[row][j], phasor_multiply(y, t[to][j]));
}

static void subtract_row(struct equations *e, int row, int pivot)
{
    struct phasor factor = phasor_divide(e->a[row][pivot], e->a[pivot][pivot]);
    for (int k = 0; k < e->count; k++)
        e->a[row][k] =
            phasor_sub(e->a[row][k], phasor_multiply(factor, e->a[pivot][k]));
    for (int j = 0; j < WAVEFORM_PHASES; j++)
        e->b[row][j] =
            phasor_sub(e->b[row][j], phasor_multiply(factor, e->b[pivot][j]));
}

/* A node's own admittance is the sum of those to the others: no pivoting is needed but
 * at an exact resonance, where 0 V is as good an answer as any. */
static void eliminate(struct equations *e)
{
    for (int pivot = 0; pivot < e->count; pivot++)
        for (int row = 0; row < e->count; row++)
            if (row != pivot)
                subtract_row(e, row, pivot);
}

void neutral_solve(const struct neutral_state *g,
                   const struct phasor load[NEUTRAL_PAIRS],
                   struct phasor t[NEUTRAL_NODES][WAVEFORM_PHASES])
{
    struct equations e = { 0 };
    struct phasor y[NEUTRAL_PAIRS];
    int row_of[NEUTRAL_NODES];

    impose(g, t);
    if (!neutral_floats(g))
        return;
    for (int node = 0; node < NEUTRAL_NODES; node++)
        row_of[node] = node_floats(g, node) ? e.count++ : -1;
    for (int k = 0; k < NEUTRAL_PAIRS; k++)
        y[k] = load[k];
    add_inputs(g->wiring, y);
    for (int k = 0; k < NEUTRAL_PAIRS; k++) {
        if (!neutral_conducts(g, k))
            continue;
        add_branch(&e, row_of, neutral_pair[k][0], neutral_pair[k][1], y[k], t);
        add_branch(&e, row_of, neutral_pair[k][1], neutral_pair[k][0], y[k], t);
    }
    eliminate(&e);
    for (int node = 0; node < NEUTRAL_NODES; node++)
        for (int j = 0; row_of[node] >= 0 && j < WAVEFORM_PHASES; j++)
            t[node][j] =
                phasor_divide(e.b[row_of[node]][j], e.a[row_of[node]][row_of[node]]);
}
