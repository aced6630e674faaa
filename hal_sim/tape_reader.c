/* The reader of tapes. See tape_reader.h. Each function checks one kind of input: NULL
 * when it was handed on, else the reason why not. */
#include "hal_sim/tape_reader.h"
#include <string.h>

_Static_assert(4 * (1 + HAL_COUNTERS) == 36, "the row of TAPE_BOARD");

static const char *nvm_page(struct tape_reader *r, const struct tape_content *c)
{
    if (c->number[0] % TAPE_PAGE || c->number[0] >= HAL_NVM_SIZE)
        return "NVM content that is no page";
    if (r->powered)
        return "NVM content while the meter has power";
    r->target->nvm_page(r->user, (uint32_t)c->number[0], c->bytes);
    return NULL;
}

static const char *power_up(struct tape_reader *r, const struct tape_content *c)
{
    char name[64] = "";

    if (r->powered)
        return "a power-up that cannot be";
    memcpy(name, c->bytes, c->size);
    const struct model *model = model_find(name);
    if (!model)
        return "a power-up of an unknown model";
    r->powered = true;
    r->now_us = 0;
    r->target->power_up(r->user, (uint32_t)c->number[0], model);
    return NULL;
}

static const char *option(struct tape_reader *r, const struct tape_content *c)
{
    static const uint16_t max[UNIT_OPTIONS] = {
        [UNIT_PHASE_LOSS_RULE] = PHASE_LOSS_DROP_PERCENT,
        [UNIT_FILL_WORD] = UINT16_MAX,
        [UNIT_IMBALANCE_RULE] = IMBALANCE_FROM_AVERAGE,
    };

    if (c->number[0] >= UNIT_OPTIONS || c->number[0] < UNIT_PHASE_LOSS_RULE ||
        c->number[1] > max[c->number[0]])
        return "an unknown option";
    r->target->option(r->user, (enum unit_option)c->number[0], (uint16_t)c->number[1]);
    return NULL;
}

/* Words beyond 24 bits would overflow sums that are exact. */
static const char *samples(struct tape_reader *r, const struct tape_content *c)
{
    const uint32_t count = (uint32_t)c->size / (4 * HAL_CHANNELS);

    if (c->size % (4 * HAL_CHANNELS))
        return "samples that cannot be";
    for (uint32_t k = 0; k < HAL_CHANNELS * count; k++) {
        const uint8_t *b = c->bytes + 4 * k;
        int32_t word = (int32_t)((uint32_t)b[0] | (uint32_t)b[1] << 8 |
                                 (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24);
        if (word < -HAL_CODES || word >= HAL_CODES)
            return "a sample of more than 24 bits";
        r->x[k / count][k % count] = word;
    }
    r->target->samples(r->user, (const int32_t(*)[BLOCK])r->x, count);
    return NULL;
}

/* Time neither runs back nor leaves the meter alone for so long that catching up with
 * its own deadlines (the panel goes on by itself) would take the machine's. */
static bool can_follow(const struct tape_reader *r, uint64_t now_us)
{
    return now_us >= r->now_us && now_us - r->now_us <= TAPE_GAP_US;
}

static const char *pass(struct tape_reader *r, const struct tape_content *c)
{
    if (!can_follow(r, c->number[0]))
        return "a pass of the main loop that cannot be";
    r->now_us = c->number[0];
    r->target->pass(r->user, r->now_us);
    return NULL;
}

static const char *keys(struct tape_reader *r, const struct tape_content *c)
{
    if (c->number[0] >> KEYS || !can_follow(r, c->number[1]))
        return "keys that cannot be";
    r->now_us = c->number[1];
    r->target->keys(r->user, (unsigned)c->number[0], r->now_us);
    return NULL;
}

static const char *uart_byte(struct tape_reader *r, const struct tape_content *c)
{
    if (!can_follow(r, c->number[2]))
        return "a byte from RS-485 that cannot be";
    r->target->uart_byte(r->user, (uint8_t)c->number[0], (unsigned)c->number[1],
                         c->number[2]);
    return NULL;
}

static const char *nvm_fault(struct tape_reader *r, const struct tape_content *c)
{
    const uint64_t what = c->number[0];

    if (what < TAPE_NVM_SILENT || what > TAPE_NVM_TEAR ||
        (what == TAPE_NVM_FLIP && c->number[1] >= 8 * HAL_NVM_SIZE))
        return "an NVM fault that cannot be";
    r->target->nvm_fault(r->user, (enum tape_nvm_fault)what, (uint32_t)c->number[1]);
    return NULL;
}

static const char *supply(struct tape_reader *r, const struct tape_content *c)
{
    if (c->number[0] > 1)
        return "a supply that cannot be";
    r->target->supply(r->user, c->number[0] == 1);
    return NULL;
}

static const char *board(struct tape_reader *r, const struct tape_content *c)
{
    struct hal_report report = { .faults = (uint32_t)c->number[0] };

    for (int k = 0; k < HAL_COUNTERS; k++) {
        const uint8_t *b = c->bytes + 4 * k;
        report.counter[k] = (uint32_t)b[0] | (uint32_t)b[1] << 8 |
                            (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    }
    r->target->board(r->user, &report);
    return NULL;
}

static const char *request(struct tape_reader *r, const struct tape_content *c)
{
    r->target->request(r->user, c->bytes, (int)c->size);
    return NULL;
}

static const char *power_down(struct tape_reader *r, const struct tape_content *c)
{
    (void)c;
    r->powered = false;
    r->target->power_down(r->user);
    return NULL;
}

static const char *end(struct tape_reader *r, const struct tape_content *c)
{
    (void)c;
    r->ended = true;
    return NULL;
}

static const struct input {
    uint8_t kind;
    bool needs_power;
    const char *(*feed)(struct tape_reader *r, const struct tape_content *c);
} inputs[] = {
    { TAPE_SAMPLES, true, samples },    { TAPE_PASS, true, pass },
    { TAPE_REQUEST, true, request },    { TAPE_UART_BYTE, true, uart_byte },
    { TAPE_KEYS, true, keys },          { TAPE_OPTION, true, option },
    { TAPE_POWER_UP, false, power_up }, { TAPE_POWER_DOWN, true, power_down },
    { TAPE_NVM_PAGE, false, nvm_page }, { TAPE_NVM_FAULT, false, nvm_fault },
    { TAPE_SUPPLY, true, supply },      { TAPE_BOARD, true, board },
    { TAPE_END, false, end },
};

const char *tape_reader_feed(struct tape_reader *r, const struct tape_record *record)
{
    struct tape_content content;

    if (!r->started)
        r->first_ns = r->last_ns = record->time_ns;
    r->started = true;
    if (r->ended)
        return "a record behind the end of the tape";
    if (record->time_ns < r->last_ns)
        return "a record of a time before the one that precedes it";
    r->last_ns = record->time_ns;
    for (size_t k = 0; k < sizeof inputs / sizeof *inputs; k++) {
        if (inputs[k].kind != record->kind)
            continue;
        if (!tape_content(record, &content))
            return "an input of a size that it cannot have";
        if (inputs[k].needs_power && !r->powered)
            return "an input without power";
        /* What comes back is a literal. */
        /* cppcheck-suppress returnDanglingLifetime */
        return inputs[k].feed(r, &content);
    }
    return "an unknown input";
}
