/* One-second windows. See window.h. */
#include "core/window.h"
#include <string.h>

/* ½(1 − cos(π(n + ½)/252)) in Q15; entry n and entry 251 − n sum to exactly 1. */
static const uint16_t ramp[252] = {
    0,     3,     8,     16,    26,    38,    54,    72,    92,    115,   140,   168,
    199,   231,   267,   305,   345,   388,   434,   482,   532,   585,   640,   698,
    758,   821,   886,   953,   1023,  1096,  1170,  1247,  1326,  1408,  1492,  1579,
    1667,  1758,  1851,  1947,  2044,  2144,  2246,  2351,  2457,  2566,  2677,  2790,
    2905,  3022,  3141,  3262,  3386,  3511,  3638,  3768,  3899,  4032,  4167,  4304,
    4443,  4584,  4727,  4871,  5017,  5165,  5315,  5467,  5620,  5775,  5931,  6089,
    6249,  6410,  6573,  6737,  6903,  7070,  7239,  7409,  7581,  7754,  7928,  8104,
    8281,  8459,  8638,  8819,  9000,  9183,  9367,  9553,  9739,  9926,  10114, 10303,
    10493, 10684, 10876, 11069, 11263, 11457, 11652, 11848, 12045, 12242, 12440, 12639,
    12838, 13038, 13238, 13438, 13640, 13841, 14043, 14245, 14448, 14651, 14854, 15058,
    15261, 15465, 15669, 15873, 16078, 16282, 16486, 16690, 16895, 17099, 17303, 17507,
    17710, 17914, 18117, 18320, 18523, 18725, 18927, 19128, 19330, 19530, 19730, 19930,
    20129, 20328, 20526, 20723, 20920, 21116, 21311, 21505, 21699, 21892, 22084, 22275,
    22465, 22654, 22842, 23029, 23215, 23401, 23585, 23768, 23949, 24130, 24309, 24487,
    24664, 24840, 25014, 25187, 25359, 25529, 25698, 25865, 26031, 26195, 26358, 26519,
    26679, 26837, 26993, 27148, 27301, 27453, 27603, 27751, 27897, 28041, 28184, 28325,
    28464, 28601, 28736, 28869, 29000, 29130, 29257, 29382, 29506, 29627, 29746, 29863,
    29978, 30091, 30202, 30311, 30417, 30522, 30624, 30724, 30821, 30917, 31010, 31101,
    31189, 31276, 31360, 31442, 31521, 31598, 31672, 31745, 31815, 31882, 31947, 32010,
    32070, 32128, 32183, 32236, 32286, 32334, 32380, 32423, 32463, 32501, 32537, 32569,
    32600, 32628, 32653, 32676, 32696, 32714, 32730, 32742, 32752, 32760, 32765, 32768,
};

void window_start(struct window *w)
{
    memset(w, 0, sizeof *w);
    /* A second ends when its last block is complete, and metering runs two blocks
     * behind: so the first second has two blocks fewer. */
    w->block = WINDOW_BEHIND;
    w->starting = true;
}

static void add_whole_q(struct window_sums *s, const struct fundamental *f)
{
    for (int k = 0; k < 3; k++) {
        int64_t q = 0;
        for (int j = 0; j < GROUPS; j++)
            q += f->q[j][k];
        s->q[k] += q * WINDOW_ONE;
    }
    s->q_weight += GROUPS * WINDOW_ONE;
}

/* The weight of a group is that of its third sample. */
static void add_ramped_q(struct window_sums *falling, struct window_sums *rising,
                         const struct fundamental *f, const uint16_t *rise)
{
    for (int j = 0; j < GROUPS; j++) {
        int32_t w = rise[j * GROUP + 2];
        for (int k = 0; k < 3; k++) {
            int64_t q = f->q[j][k];
            rising->q[k] += q * w;
            falling->q[k] += q * (WINDOW_ONE - w);
        }
        rising->q_weight += (uint32_t)w;
        falling->q_weight += (uint32_t)(WINDOW_ONE - w);
    }
}

static void add_ramp(struct window_sums *falling, struct window_sums *rising,
                     const struct block *block, const struct products *whole,
                     const struct fundamental *f, const uint16_t *rise)
{
    struct products part;
    uint32_t weight = 0;

    products_weighted(&part, block, rise);
    for (int n = 0; n < BLOCK; n++)
        weight += rise[n];
    products_add(&rising->products, &part);
    rising->weight += weight;
    products_add(&falling->products, whole);
    products_subtract(&falling->products, &part);
    falling->weight += BLOCK * WINDOW_ONE - weight;
    add_ramped_q(falling, rising, f, rise);
}

bool window_block(struct window *w, const struct block *block,
                  const struct products *whole, const struct fundamental *f,
                  struct window_sums *done)
{
    int ramp_block = w->block - (WINDOW_BLOCKS - WINDOW_RAMP_BLOCKS);

    if (ramp_block >= 0) {
        add_ramp(&w->open, &w->next, block, whole, f, &ramp[ramp_block * BLOCK]);
    } else if (w->starting && w->block < WINDOW_BEHIND + WINDOW_RAMP_BLOCKS) {
        struct window_sums unused = { 0 };
        add_ramp(&unused, &w->open, block, whole, f,
                 &ramp[(w->block - WINDOW_BEHIND) * BLOCK]);
    } else {
        products_add(&w->open.products, whole);
        w->open.weight += BLOCK * WINDOW_ONE;
        add_whole_q(&w->open, f);
    }
    if (++w->block < WINDOW_BLOCKS)
        return false;
    *done = w->open;
    w->open = w->next;
    memset(&w->next, 0, sizeof w->next);
    w->block = 0;
    w->starting = false;
    return true;
}
