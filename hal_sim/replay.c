/* Replay of a tape. See replay.h. Outputs follow the input that caused them, so a queue
 * of what the meter put out is empty again when the next input comes. */
#include "hal_sim/replay.h"
#include "hal_sim/replay_text.h"
#include "hal_sim/unit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void keep_output(void *user, const struct tape_record *record)
{
    struct replay *r = user;
    const size_t most = TAPE_HEADER + TAPE_DATA_MOST;

    if (r->room - r->queued < most) {
        r->room = 2 * r->room + most;
        r->queue = realloc(r->queue, r->room);
        if (!r->queue)
            abort();
    }
    r->queued += tape_encode(record, r->queue + r->queued);
}

void replay_start(struct replay *r)
{
    memset(r, 0, sizeof *r);
    board_start(&r->hal, 0);
    r->hal.sink = keep_output;
    r->hal.sink_user = r;
}

void replay_free(struct replay *r)
{
    board_free(&r->hal);
    free(r->queue);
}

static enum replay_result invalid(struct replay *r, const char *what)
{
    snprintf(r->text, sizeof r->text, "%s", what);
    return REPLAY_INVALID;
}

static uint64_t get(const uint8_t *bytes, int count)
{
    uint64_t x = 0;

    for (int k = count; k-- > 0;)
        x = x << 8 | bytes[k];
    return x;
}

/* Either may be NULL: there is none. */
static enum replay_result differ(struct replay *r, const struct tape_record *tape,
                                 const struct tape_record *here)
{
    const struct replay_context context = { r->powered ? r->meter.model : NULL,
                                            r->request, r->request_size };

    replay_text_difference(r->text, sizeof r->text, &context, tape, here);
    return REPLAY_DIFFERS;
}

static enum replay_result compare_output(struct replay *r,
                                         const struct tape_record *tape)
{
    uint8_t bytes[TAPE_HEADER + TAPE_DATA_MOST];
    struct tape_record here;
    size_t size = tape_encode(tape, bytes);

    r->outputs++;
    if (r->taken == r->queued)
        return differ(r, tape, NULL);
    long length = tape_decode(&here, r->queue + r->taken, r->queued - r->taken);
    if ((size_t)length != size || memcmp(bytes, r->queue + r->taken, size))
        return differ(r, tape, &here);
    r->taken += size;
    return REPLAY_SAME;
}

/* Before the next input, and at the end. */
static enum replay_result nothing_left(struct replay *r)
{
    struct tape_record here;

    if (r->taken < r->queued) {
        tape_decode(&here, r->queue + r->taken, r->queued - r->taken);
        return differ(r, NULL, &here);
    }
    r->taken = r->queued = 0;
    return REPLAY_SAME;
}

static enum replay_result nvm_page(struct replay *r, const struct tape_record *record)
{
    uint64_t address = get(record->data, 4);

    if (record->size != 4 + BOARD_PAGE || address % BOARD_PAGE ||
        address >= HAL_NVM_SIZE)
        return invalid(r, "NVM content that is no page");
    if (r->powered)
        return invalid(r, "NVM content while the meter has power");
    board_nvm_poke(&r->hal, (uint32_t)address, record->data + 4, BOARD_PAGE);
    return REPLAY_SAME;
}

static enum replay_result power_up(struct replay *r, const struct tape_record *record)
{
    char name[64] = "";

    if (record->size < 5 || record->size >= 4 + sizeof name || r->powered)
        return invalid(r, "a power-up that cannot be");
    memcpy(name, record->data + 4, record->size - 4u);
    const struct model *model = model_find(name);
    if (!model)
        return invalid(r, "a power-up of an unknown model");
    r->hal.serial_number = (uint32_t)get(record->data, 4);
    r->powered = true;
    r->now_us = 0;
    meter_start(&r->meter, &r->hal, model);
    return REPLAY_SAME;
}

static enum replay_result option(struct replay *r, const struct tape_record *record)
{
    uint16_t value = (uint16_t)get(record->data + 1, 2);

    if (record->size != 3)
        return invalid(r, "an option that is none");
    if (record->data[0] == UNIT_FILL_WORD)
        r->meter.fill_word = value;
    else if (record->data[0] == UNIT_PHASE_LOSS_RULE &&
             value <= PHASE_LOSS_DROP_PERCENT)
        r->meter.phase_loss_rule = (uint8_t)value;
    else
        return invalid(r, "an unknown option");
    return REPLAY_SAME;
}

/* Words beyond 24 bits would overflow sums that are exact. */
static enum replay_result samples(struct replay *r, const struct tape_record *record)
{
    int32_t x[HAL_CHANNELS][BLOCK];
    const unsigned set = HAL_CHANNELS * sizeof(int32_t);
    unsigned count = record->size / set;

    if (!r->powered || record->size % set || count < 1 || count > BLOCK)
        return invalid(r, "samples that cannot be");
    for (unsigned ch = 0; ch < HAL_CHANNELS; ch++)
        for (unsigned t = 0; t < count; t++) {
            int32_t word = (int32_t)get(record->data + 4 * (ch * count + t), 4);
            if (word < -HAL_CODES || word >= HAL_CODES)
                return invalid(r, "a sample of more than 24 bits");
            x[ch][t] = word;
        }
    meter_samples(&r->meter, (const int32_t(*)[BLOCK])x, count);
    return REPLAY_SAME;
}

/* Time neither runs back nor leaves the meter alone for so long that catching up with
 * its own deadlines (the panel goes on by itself) would take the machine's. */
static bool can_follow(const struct replay *r, uint64_t now_us)
{
    return r->powered && now_us >= r->now_us && now_us - r->now_us <= TAPE_GAP_US;
}

static enum replay_result turn(struct replay *r, const struct tape_record *record)
{
    uint64_t now_us = get(record->data, 8);

    if (record->size != 8 || !can_follow(r, now_us))
        return invalid(r, "a turn of the main loop that cannot be");
    r->now_us = now_us;
    meter_tick(&r->meter, now_us);
    meter_poll(&r->meter);
    return REPLAY_SAME;
}

static enum replay_result keys(struct replay *r, const struct tape_record *record)
{
    uint64_t now_us = get(record->data + 1, 8);

    if (record->size != 9 || record->data[0] >> KEYS || !can_follow(r, now_us))
        return invalid(r, "keys that cannot be");
    r->now_us = now_us;
    meter_keys(&r->meter, record->data[0], now_us);
    return REPLAY_SAME;
}

static enum replay_result request(struct replay *r, const struct tape_record *record)
{
    uint8_t answer[METER_PDU_MAX];

    if (!r->powered || record->size < 1 || record->size > METER_PDU_MAX)
        return invalid(r, "a Modbus request that cannot be");
    memcpy(r->request, record->data, record->size);
    r->request_size = record->size;
    int size = meter_request(&r->meter, record->data, record->size, answer);
    board_tape(&r->hal, TAPE_ANSWER, answer, (size_t)size);
    return REPLAY_SAME;
}

static enum replay_result uart_byte(struct replay *r, const struct tape_record *record)
{
    uint64_t now_us = get(record->data + 2, 8);

    if (record->size != 10 || !can_follow(r, now_us))
        return invalid(r, "a byte from RS-485 that cannot be");
    meter_uart_byte(&r->meter, record->data[0], record->data[1], now_us);
    return REPLAY_SAME;
}

static enum replay_result power_down(struct replay *r, const struct tape_record *record)
{
    if (!r->powered || record->size)
        return invalid(r, "a power-down that cannot be");
    r->powered = false;
    board_power_down(&r->hal);
    return REPLAY_SAME;
}

static enum replay_result nvm_fault(struct replay *r, const struct tape_record *record)
{
    if (record->size != 5 ||
        board_nvm_fault(&r->hal, (enum tape_nvm_fault)record->data[0],
                        (uint32_t)get(record->data + 1, 4)))
        return invalid(r, "an NVM fault that cannot be");
    return REPLAY_SAME;
}

static enum replay_result feed_input(struct replay *r, const struct tape_record *record)
{
    enum replay_result result = nothing_left(r);

    if (result != REPLAY_SAME)
        return result;
    r->inputs++;
    r->hal.now_ns = record->time_ns;
    switch (record->kind) {
    case TAPE_NVM_PAGE:
        return nvm_page(r, record);
    case TAPE_POWER_UP:
        return power_up(r, record);
    case TAPE_OPTION:
        return option(r, record);
    case TAPE_SAMPLES:
        return samples(r, record);
    case TAPE_TURN:
        return turn(r, record);
    case TAPE_REQUEST:
        return request(r, record);
    case TAPE_UART_BYTE:
        return uart_byte(r, record);
    case TAPE_KEYS:
        return keys(r, record);
    case TAPE_POWER_DOWN:
        return power_down(r, record);
    case TAPE_NVM_FAULT:
        return nvm_fault(r, record);
    default:
        return invalid(r, "an unknown input");
    }
}

enum replay_result replay_record(struct replay *r, const struct tape_record *record)
{
    if (!r->started)
        r->first_ns = r->last_ns = record->time_ns;
    r->started = true;
    if (record->kind >= TAPE_FIRST_OUTPUT)
        return compare_output(r, record);
    if (record->time_ns < r->last_ns)
        return invalid(r, "a record of a time before the one that precedes it");
    r->last_ns = record->time_ns;
    return feed_input(r, record);
}

enum replay_result replay_end(struct replay *r)
{
    if (!r->started)
        return invalid(r, "a tape without records");
    return nothing_left(r);
}
