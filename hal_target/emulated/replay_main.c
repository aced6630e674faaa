/* The image of the emulated board: replays the inputs of a tape on the metering core
 * and writes what it puts out as a tape of outputs. Arguments: TAPE OUT [count];
 * `count` says on the console how many instructions the meter took. Exit codes: enum
 * board_exit. */
#include "core/meter.h"
#include "hal_target/cortex_m/semihost.h"
#include "hal_target/cortex_m/startup.h"
#include "hal_target/emulated/board.h"
#include "hal_target/emulated/report.h"
#include <string.h>

enum { ARGUMENTS = 4, LINE = 512, NVM_PAGE = 4096 };

struct replay {
    struct meter meter;
    struct hal hal;
    struct stream_in in;
    struct tape_record record;
    int32_t x[HAL_CHANNELS][BLOCK];
    bool powered;
    uint64_t now_us; /* since power-up */
    uint64_t sets;
};

_Noreturn static void refuse(const char *why)
{
    board_fail(BOARD_BAD_TAPE, why);
}

static uint64_t get(const uint8_t *bytes, int count)
{
    uint64_t x = 0;

    for (int k = count; k-- > 0;)
        x = x << 8 | bytes[k];
    return x;
}

static void nvm_page(struct replay *r, const struct tape_record *record)
{
    uint32_t address = (uint32_t)get(record->data, 4);

    if (record->size != 4 + NVM_PAGE || address % NVM_PAGE || address >= HAL_NVM_SIZE ||
        r->powered)
        refuse("NVM content that cannot be");
    board_nvm_poke(&r->hal, address, record->data + 4, NVM_PAGE);
}

static void power_up(struct replay *r, const struct tape_record *record)
{
    char name[64] = "";

    if (record->size < 5 || record->size >= 4 + sizeof name || r->powered)
        refuse("a power-up that cannot be");
    memcpy(name, record->data + 4, record->size - 4u);
    const struct model *model = model_find(name);
    if (!model)
        refuse("a power-up of an unknown model");
    r->hal.serial_number = (uint32_t)get(record->data, 4);
    r->powered = true;
    r->now_us = 0;
    meter_start(&r->meter, &r->hal, model);
}

static void option(struct replay *r, const struct tape_record *record)
{
    uint16_t value = (uint16_t)get(record->data + 1, 2);

    if (record->size != 3)
        refuse("an option that is none");
    if (record->data[0] == UNIT_FILL_WORD)
        r->meter.fill_word = value;
    else if (record->data[0] == UNIT_PHASE_LOSS_RULE)
        r->meter.phase_loss_rule = (uint8_t)value;
    else
        refuse("an unknown option");
}

static void samples(struct replay *r, const struct tape_record *record)
{
    const uint32_t set = HAL_CHANNELS * sizeof(int32_t);
    uint32_t count = record->size / set;

    if (record->size % set || count < 1 || count > BLOCK)
        refuse("samples that cannot be");
    for (uint32_t ch = 0; ch < HAL_CHANNELS; ch++)
        memcpy(r->x[ch], record->data + ch * count * sizeof(int32_t),
               count * sizeof(int32_t));
    r->sets += count;
    counter_begin(&r->hal.counter);
    meter_samples(&r->meter, (const int32_t(*)[BLOCK])r->x, count);
    counter_end(&r->hal.counter, COUNTER_SAMPLES);
}

/* As hal_sim/replay.c has it. */
static bool can_follow(struct replay *r, uint64_t now_us)
{
    uint64_t last_us = r->now_us;

    r->now_us = now_us;
    return now_us >= last_us && now_us - last_us <= TAPE_GAP_US;
}

static void turn(struct replay *r, const struct tape_record *record)
{
    uint64_t now_us = get(record->data, 8);

    if (record->size != 8 || !can_follow(r, now_us))
        refuse("a turn of the main loop that cannot be");
    counter_begin(&r->hal.counter);
    meter_tick(&r->meter, now_us);
    meter_poll(&r->meter);
    counter_end(&r->hal.counter, COUNTER_TURN);
}

static void keys(struct replay *r, const struct tape_record *record)
{
    uint64_t now_us = get(record->data + 1, 8);

    if (record->size != 9 || record->data[0] >> KEYS || !can_follow(r, now_us))
        refuse("keys that cannot be");
    counter_begin(&r->hal.counter);
    meter_keys(&r->meter, record->data[0], now_us);
    counter_end(&r->hal.counter, COUNTER_TURN);
}

static void request(struct replay *r, const struct tape_record *record)
{
    uint8_t answer[METER_PDU_MAX];

    if (record->size < 1 || record->size > METER_PDU_MAX)
        refuse("a Modbus request that cannot be");
    counter_begin(&r->hal.counter);
    int size = meter_request(&r->meter, record->data, record->size, answer);
    counter_end(&r->hal.counter, COUNTER_REQUEST);
    board_put(&r->hal, TAPE_ANSWER, answer, (uint32_t)size);
}

static void uart_byte(struct replay *r, const struct tape_record *record)
{
    if (record->size != 10)
        refuse("a byte from RS-485 that cannot be");
    meter_uart_byte(&r->meter, record->data[0], record->data[1],
                    get(record->data + 2, 8));
}

static void feed_powered(struct replay *r, const struct tape_record *record)
{
    if (!r->powered)
        refuse("an input without power");
    switch (record->kind) {
    case TAPE_OPTION:
        option(r, record);
        break;
    case TAPE_SAMPLES:
        samples(r, record);
        break;
    case TAPE_TURN:
        turn(r, record);
        break;
    case TAPE_KEYS:
        keys(r, record);
        break;
    case TAPE_REQUEST:
        request(r, record);
        break;
    case TAPE_UART_BYTE:
        uart_byte(r, record);
        break;
    case TAPE_POWER_DOWN:
        r->powered = false;
        r->hal.dead = false;
        break;
    default:
        refuse("an unknown input");
    }
}

static void nvm_fault(struct replay *r, const struct tape_record *record)
{
    if (record->size != 5 ||
        board_nvm_fault(&r->hal, (enum tape_nvm_fault)record->data[0],
                        (uint32_t)get(record->data + 1, 4)))
        refuse("an NVM fault that cannot be");
}

static void feed(struct replay *r, const struct tape_record *record)
{
    r->hal.now_ns = record->time_ns;
    if (record->kind == TAPE_NVM_PAGE)
        nvm_page(r, record);
    else if (record->kind == TAPE_POWER_UP)
        power_up(r, record);
    else if (record->kind == TAPE_NVM_FAULT)
        nvm_fault(r, record);
    else
        feed_powered(r, record);
}

/* Cuts the line at its blanks; returns the number of words. */
static int split(char *line, char **word, int most)
{
    int count = 0;

    for (char *at = line; *at && count < most;) {
        word[count++] = at;
        while (*at && *at != ' ')
            at++;
        while (*at == ' ')
            *at++ = '\0';
    }
    return count;
}

static void open_files(struct replay *r, bool *count)
{
    static char line[LINE];
    char *word[ARGUMENTS + 2];

    if (semihost_command_line(line, LINE))
        board_fail(BOARD_BAD_CALL, "the command line is too long");
    int words = split(line, word, ARGUMENTS + 2);
    *count = words == ARGUMENTS + 1 && !strcmp(word[4], "count");
    if (words != ARGUMENTS && !*count)
        board_fail(BOARD_BAD_CALL, "arguments: TAPE OUT NVM [count]");
    if (stream_open_in(&r->in, word[1]))
        refuse("the tape cannot be read, or is none");
    if (stream_open_out(&r->hal.out, word[2]))
        refuse("the output cannot be written");
    board_open_nvm(&r->hal, word[3]);
}

int main(void)
{
    static struct replay r;
    bool count;
    int got;

    open_files(&r, &count);
    if (count)
        counter_start(&r.hal.counter);
    while ((got = stream_get(&r.in, &r.record)) > 0)
        if (r.record.kind < TAPE_FIRST_OUTPUT)
            feed(&r, &r.record);
    if (got < 0)
        refuse("the tape cannot be read, or is none");
    if (stream_close_out(&r.hal.out))
        refuse("the output cannot be written");
    if (count)
        report_counts(&r.hal.counter, r.sets);
    return BOARD_DONE;
}
