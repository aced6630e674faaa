/* Replay of a tape. See replay.h. Outputs follow the input that caused them, so a queue
 * of what the meter put out is empty again when the next input comes. */
#include "hal_sim/replay.h"
#include "hal_sim/device_core.h"
#include "hal_sim/replay_text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void queue_output(void *user, const struct tape_record *record)
{
    struct replay *r = user;
    const size_t most = TAPE_HEADER + TAPE_DATA_MAX;

    if (r->room - r->queued < most) {
        r->room = 2 * r->room + most;
        r->queue = realloc(r->queue, r->room);
        if (!r->queue)
            abort();
    }
    r->queued += tape_encode(record, r->queue + r->queued);
}

static enum replay_result invalid(struct replay *r, const char *what)
{
    snprintf(r->text, sizeof r->text, "%s", what);
    return REPLAY_INVALID;
}

/* Either may be NULL: there is none. */
static enum replay_result differ(struct replay *r, const struct tape_record *tape,
                                 const struct tape_record *here)
{
    const struct replay_context context = { .model = r->reader.powered
                                                         ? r->device->model
                                                         : NULL,
                                            .request = r->request,
                                            .request_size = r->request_size };

    replay_text_difference(r->text, sizeof r->text, &context, tape, here);
    return REPLAY_DIFFERS;
}

static enum replay_result compare_output(struct replay *r,
                                         const struct tape_record *tape)
{
    uint8_t bytes[TAPE_HEADER + TAPE_DATA_MAX];
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

/* What the inputs do: see struct tape_target. */

static void nvm_page(void *user, uint32_t address, const uint8_t *bytes)
{
    struct replay *r = user;

    board_nvm_poke(&r->hal, address, bytes, TAPE_PAGE);
}

static void power_up(void *user, uint32_t serial_number, const struct model *model)
{
    struct replay *r = user;

    r->hal.serial_number = serial_number;
    r->device->model = model;
    r->device->kind->power_up(r->device);
}

static void option(void *user, enum unit_option which, uint16_t value)
{
    struct device *d = ((struct replay *)user)->device;

    d->kind->inside->option(d, which, value);
}

static void samples(void *user, const int32_t x[][BLOCK], uint32_t count)
{
    struct device *d = ((struct replay *)user)->device;

    d->kind->samples(d, x, (int)count);
}

static void pass(void *user, uint64_t now_us)
{
    struct device *d = ((struct replay *)user)->device;

    d->kind->run(d, now_us);
}

static void keys(void *user, unsigned closed, uint64_t now_us)
{
    struct device *d = ((struct replay *)user)->device;

    d->kind->keys(d, closed, now_us);
}

static void request(void *user, const uint8_t *pdu, int size)
{
    struct replay *r = user;
    uint8_t answer[METER_PDU_MAX];

    memcpy(r->request, pdu, (size_t)size);
    r->request_size = (size_t)size;
    int length = r->device->kind->request(r->device, pdu, size, answer);
    board_tape(&r->hal, TAPE_ANSWER, NULL, answer, (size_t)length);
}

static void uart_byte(void *user, uint8_t byte, unsigned flags, uint64_t now_us)
{
    struct device *d = ((struct replay *)user)->device;

    d->kind->uart_byte(d, byte, flags, now_us);
}

static void nvm_fault(void *user, enum tape_nvm_fault what, uint32_t value)
{
    board_nvm_fault(&((struct replay *)user)->hal, what, value);
}

static void supply(void *user, bool good)
{
    struct device *d = ((struct replay *)user)->device;

    d->kind->supply(d, good);
}

static void board(void *user, const struct hal_report *report)
{
    struct device *d = ((struct replay *)user)->device;

    d->kind->inside->report(d, report);
}

static void power_down(void *user)
{
    struct replay *r = user;

    r->device->kind->power_down(r->device);
    board_power_down(&r->hal);
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

void replay_start(struct replay *r)
{
    memset(r, 0, sizeof *r);
    board_start(&r->hal, 0);
    r->hal.sink = queue_output;
    r->hal.sink_user = r;
    r->device = device_core_new(&r->hal, model_at(0));
    r->reader.target = &target;
    r->reader.user = r;
}

void replay_free(struct replay *r)
{
    r->device->kind->free(r->device);
    board_free(&r->hal);
    free(r->queue);
}

static enum replay_result feed_input(struct replay *r, const struct tape_record *record)
{
    enum replay_result result = nothing_left(r);

    if (result != REPLAY_SAME)
        return result;
    r->inputs += record->kind != TAPE_END;
    r->hal.now_ns = record->time_ns;
    const char *why = tape_reader_feed(&r->reader, record);
    return why ? invalid(r, why) : REPLAY_SAME;
}

enum replay_result replay_record(struct replay *r, const struct tape_record *record)
{
    return record->kind >= TAPE_FIRST_OUTPUT ? compare_output(r, record)
                                             : feed_input(r, record);
}

enum replay_result replay_input(struct replay *r, const struct tape_record *record)
{
    r->taken = r->queued;
    return feed_input(r, record);
}

enum replay_result replay_end(struct replay *r)
{
    if (!r->reader.started)
        return invalid(r, "a tape without records");
    return nothing_left(r);
}
