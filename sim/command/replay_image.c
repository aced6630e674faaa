/* Replay on the flashed image. See replay_image.h. Its drivers have their own moments (a
 * contact moves some µs later, an answer leaves byte by byte), so each kind of output is
 * compared in its own order, byte for byte: answers, frames on the line, FRAM, contacts.
 * The glass is sent whole and later, and is not compared here. */
#include "sim/command/replay_image.h"
#include "hal_sim/board.h"
#include "hal_sim/device.h"
#include "hal_sim/tape_reader.h"
#include "sim/command/replay_target.h"
#include "sim/plant/board_image.h"
#include "sim/plant/cpu_report.h"
#include "sim/program/error.h"
#include "sim/record/tape_stream.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* By the first of the numbers below 256 that a record's kind is; contacts apart. */
enum { KINDS = 256 };

struct image_replay {
    struct device *device;
    struct hal hal;
    struct tape_reader reader;
    GQueue tape[KINDS], image[KINDS]; /* struct tape_record * that wait for the other */
    int64_t outputs, power_ns, sets, difference_ns;
    char *difference;
    bool has_switch;
    bool tape_level[HAL_OUTPUTS], image_level[HAL_OUTPUTS]; /* of the contacts */
};

static bool is_compared(const struct tape_record *r)
{
    if (r->kind == TAPE_OUTPUT)
        return r->data[0] <= HAL_ALARM_CONTACT;
    return r->kind == TAPE_ANSWER || r->kind == TAPE_NVM_WRITE ||
           r->kind == TAPE_UART_SEND;
}

static struct tape_record *copy_of(const struct tape_record *r)
{
    return g_memdup2(r, offsetof(struct tape_record, data) + r->size);
}

static unsigned queue_of(const struct tape_record *r)
{
    return r->kind == TAPE_OUTPUT ? r->data[0] : r->kind;
}

static void compare(struct image_replay *p, unsigned kind)
{
    while (!p->difference && p->tape[kind].length && p->image[kind].length) {
        struct tape_record *a = g_queue_pop_head(&p->tape[kind]),
                           *b = g_queue_pop_head(&p->image[kind]);
        p->outputs++;
        if (a->size != b->size || memcmp(a->data, b->data, a->size) != 0) {
            p->difference = g_strdup_printf("another %s", tape_kind_name(a->kind));
            p->difference_ns = a->time_ns;
        }
        g_free(a);
        g_free(b);
    }
}

/* The core drives a contact as it is, too; a pin knows only changes. */
static bool changes(bool level[HAL_OUTPUTS], const struct tape_record *r)
{
    if (r->kind != TAPE_OUTPUT)
        return true;
    const bool before = level[r->data[0]];
    level[r->data[0]] = r->data[1];
    return before != level[r->data[0]];
}

static void put(struct image_replay *p, GQueue *queues, const struct tape_record *r)
{
    if (!is_compared(r) ||
        !changes(queues == p->tape ? p->tape_level : p->image_level, r))
        return;
    g_queue_push_tail(&queues[queue_of(r)], copy_of(r));
    compare(p, queue_of(r));
}

static void on_output(void *user, const struct tape_record *record)
{
    struct image_replay *p = user;

    put(p, p->image, record);
}

static void nvm_page(void *user, uint32_t address, const uint8_t *bytes)
{
    board_nvm_poke(&((struct image_replay *)user)->hal, address, bytes, TAPE_PAGE);
}

static void power_up(void *user, uint32_t serial_number, const struct model *model)
{
    struct image_replay *p = user;

    p->hal.serial_number = serial_number;
    p->device->model = model;
    p->power_ns = p->hal.now_ns;
    p->sets = 0;
    p->device->kind->power_up(p->device);
}

static void option(void *user, enum unit_option which, uint16_t value)
{
    (void)which;
    (void)value;
    ((struct image_replay *)user)->has_switch = true;
}

static void samples(void *user, const int32_t x[][BLOCK], uint32_t count)
{
    struct image_replay *p = user;

    p->sets += count;
    p->device->sampled_ns =
        p->power_ns + (int64_t)((__int128)p->sets * 1000000000 / HAL_SAMPLE_RATE);
    p->device->kind->samples(p->device, x, (int)count);
}

static void pass(void *user, uint64_t now_us)
{
    struct image_replay *p = user;

    p->device->kind->run(p->device, now_us);
}

static void request(void *user, const uint8_t *pdu, int size)
{
    struct image_replay *p = user;
    uint8_t answer[METER_PDU_MAX];
    const int length = p->device->kind->request(p->device, pdu, size, answer);

    board_tape(&p->hal, TAPE_ANSWER, NULL, answer, (size_t)length);
}

static void keys(void *user, unsigned closed, uint64_t now_us)
{
    struct image_replay *p = user;

    p->device->kind->keys(p->device, closed, now_us);
}

static void uart_byte(void *user, uint8_t byte, unsigned flags, uint64_t now_us)
{
    struct image_replay *p = user;

    p->device->kind->uart_byte(p->device, byte, flags, now_us);
}

static void nvm_fault(void *user, enum tape_nvm_fault what, uint32_t value)
{
    board_nvm_fault(&((struct image_replay *)user)->hal, what, value);
}

static void supply(void *user, bool good)
{
    struct image_replay *p = user;

    p->device->kind->supply(p->device, good);
}

/* The image reports of its own board. */
static void board(void *user, const struct hal_report *report)
{
    (void)user;
    (void)report;
}

static void power_down(void *user)
{
    struct image_replay *p = user;

    p->device->kind->power_down(p->device);
    board_power_down(&p->hal);
    memset(p->tape_level, 0, sizeof p->tape_level);
    memset(p->image_level, 0, sizeof p->image_level);
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

/* NULL, or why it is no tape's. */
static const char *feed(struct image_replay *p, const struct tape_record *record)
{
    if (record->kind >= TAPE_FIRST_OUTPUT) {
        put(p, p->tape, record);
        return NULL;
    }
    p->hal.now_ns = record->time_ns;
    return tape_reader_feed(&p->reader, record);
}

/* What the tape has and the image never did. */
static void find_missing(struct image_replay *p)
{
    for (int kind = 0; kind < KINDS && !p->difference; kind++) {
        const struct tape_record *r = g_queue_peek_head(&p->tape[kind]);
        if (!r)
            continue;
        p->difference = g_strdup_printf("no %s", tape_kind_name(r->kind));
        p->difference_ns = r->time_ns;
    }
}

static int replay(struct image_replay *p, struct tape_stream *tape, GError **error)
{
    struct tape_record record;
    GError *wrong = NULL;

    while (!p->difference && !p->has_switch &&
           tape_stream_next(tape, &record, &wrong) == TAPE_STREAM_RECORD) {
        const char *why = feed(p, &record);
        if (why) {
            tape_stream_invalid(tape, error, why);
            return 2;
        }
    }
    if (!error_move(error, wrong))
        return 2;
    if (p->has_switch) {
        error_set(error, "the tape uses a switch of the linked core");
        return 2;
    }
    find_missing(p);
    return p->difference ? 1 : 0;
}

static int report(const struct image_replay *p, const char *path, bool ended, int code)
{
    if (code == 1)
        printf("%s: first difference on the image at %.6f s\n  %s\n", path,
               (double)p->difference_ns / 1e9, p->difference);
    if (code == 0)
        printf("%s: the same on the image%s: %" PRId64 " outputs, %.3f s simulated\n",
               path, ended ? "" : " as far as it goes", p->outputs,
               (double)(p->reader.last_ns - p->reader.first_ns) / 1e9);
    char *figures = cpu_report_device(p->device);
    if (figures)
        puts(figures);
    g_free(figures);
    if (code == 0 && !ended) {
        error_warn(REPLAY_NO_END, path);
        return 1;
    }
    return code;
}

static void free_replay(struct image_replay *p)
{
    for (int kind = 0; kind < KINDS; kind++) {
        g_queue_clear_full(&p->tape[kind], g_free);
        g_queue_clear_full(&p->image[kind], g_free);
    }
    p->device->kind->free(p->device);
    board_free(&p->hal);
    g_free(p->difference);
    g_free(p);
}

int replay_on_image(const char *path, const struct board_options *o, GError **error)
{
    struct board_options options = *o;
    const struct device_maker *maker;

    options.board = (char *)"image";
    if (!board_image_open(&options, &maker, error))
        return 2;
    struct tape_stream *tape = tape_stream_open(path, error);
    if (!tape)
        return 2;
    struct image_replay *p = g_new0(struct image_replay, 1);
    board_start(&p->hal, 0);
    p->hal.sink = on_output;
    p->hal.sink_user = p;
    p->device = maker->make(maker, &p->hal, model_at(0));
    p->reader.target = &target;
    p->reader.user = p;
    const int result = replay(p, tape, error);
    const int code = report(p, path, tape_stream_ended(tape), result);
    free_replay(p);
    tape_stream_close(tape);
    return code;
}
