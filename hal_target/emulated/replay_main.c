/* The image of the emulated board: replays the inputs of a tape on the metering core
 * and writes what it puts out as a tape of outputs. Arguments: TAPE OUT NVM [count];
 * `count` says on the console how many instructions the meter took. Exit codes: enum
 * board_exit. */
#include "core/meter.h"
#include "hal_sim/tape_reader.h"
#include "hal_target/cortex_m/semihost.h"
#include "hal_target/cortex_m/startup.h"
#include "hal_target/emulated/board.h"
#include "hal_target/emulated/report.h"
#include <string.h>

enum { ARGUMENTS = 4, LINE = 512 };

struct replay {
    struct meter meter;
    struct hal hal;
    struct stream_in in;
    struct tape_record record;
    struct tape_reader reader;
    uint64_t sets;
};

_Noreturn static void refuse(const char *why)
{
    board_fail(BOARD_BAD_TAPE, why);
}

/* What the inputs do: see struct tape_target. */

static void nvm_page(void *user, uint32_t address, const uint8_t *bytes)
{
    board_nvm_poke(&((struct replay *)user)->hal, address, bytes, TAPE_PAGE);
}

static void power_up(void *user, uint32_t serial_number, const struct model *model)
{
    struct replay *r = user;

    r->hal.serial_number = serial_number;
    meter_start(&r->meter, &r->hal, model);
}

static void option(void *user, enum unit_option which, uint16_t value)
{
    struct replay *r = user;

    if (which == UNIT_FILL_WORD)
        r->meter.fill_word = value;
    else if (which == UNIT_IMBALANCE_RULE)
        r->meter.rules.imbalance = (uint8_t)value;
    else
        r->meter.rules.phase_loss = (uint8_t)value;
}

static void samples(void *user, const int32_t x[][BLOCK], uint32_t count)
{
    struct replay *r = user;

    r->sets += count;
    counter_begin(&r->hal.counter);
    meter_samples(&r->meter, x, count);
    counter_end(&r->hal.counter, COUNTER_SAMPLES);
}

static void pass(void *user, uint64_t now_us)
{
    struct replay *r = user;

    counter_begin(&r->hal.counter);
    meter_tick(&r->meter, now_us);
    meter_poll(&r->meter);
    counter_end(&r->hal.counter, COUNTER_PASS);
}

static void keys(void *user, unsigned closed, uint64_t now_us)
{
    struct replay *r = user;

    counter_begin(&r->hal.counter);
    meter_keys(&r->meter, closed, now_us);
    counter_end(&r->hal.counter, COUNTER_PASS);
}

static void request(void *user, const uint8_t *pdu, int size)
{
    struct replay *r = user;
    uint8_t answer[METER_PDU_MAX];

    counter_begin(&r->hal.counter);
    int length = meter_request(&r->meter, pdu, size, answer);
    counter_end(&r->hal.counter, COUNTER_REQUEST);
    board_put(&r->hal, TAPE_ANSWER, NULL, answer, (size_t)length);
}

static void uart_byte(void *user, uint8_t byte, unsigned flags, uint64_t now_us)
{
    meter_uart_byte(&((struct replay *)user)->meter, byte, flags, now_us);
}

static void nvm_fault(void *user, enum tape_nvm_fault what, uint32_t value)
{
    board_nvm_fault(&((struct replay *)user)->hal, what, value);
}

static void supply(void *user, bool good)
{
    meter_supply(&((struct replay *)user)->meter, good);
}

static void board(void *user, const struct hal_report *report)
{
    meter_board(&((struct replay *)user)->meter, report);
}

static void power_down(void *user)
{
    ((struct replay *)user)->hal.dead = false;
}

static const struct tape_target target = { .nvm_page = nvm_page,
                                           .power_up = power_up,
                                           .option = option,
                                           .samples = samples,
                                           .pass = pass,
                                           .request = request,
                                           .keys = keys,
                                           .uart_byte = uart_byte,
                                           .nvm_fault = nvm_fault,
                                           .supply = supply,
                                           .board = board,
                                           .power_down = power_down };

static void feed(struct replay *r, const struct tape_record *record)
{
    r->hal.now_ns = record->time_ns;
    const char *why = tape_reader_feed(&r->reader, record);
    if (why)
        refuse(why);
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

    r.reader.target = &target;
    r.reader.user = &r;
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
