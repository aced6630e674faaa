/* See image_replay.h. */
#include "hal_sim/image/image_replay.h"
#include "hal_sim/device_core.h"
#include "hal_sim/image/device_image.h"
#include "hal_sim/image/image_state.h"
#include "hal_sim/replay_text.h"
#include <stdio.h>
#include <string.h>

#define PARTS INT64_C(1000000000)

/* Ends of blocks are stamped to 1 ns, at either end. Sets that are not given or given
 * twice move the next end by 397 µs and more. */
enum { STAMP_NS = 2, LOST_NS = 300000, SILENT_NS = 40000000 };

/* The image's sets are a few µs late when its crystal has followed the tape's: one that
 * ends now is waited for. */
enum { AHEAD_NS = 10000 };

static const struct replay_words words = {
    .in_tape = "on the tape",
    .in_here = "from the image",
    .tape = "the tape has",
    .here = "the image gives",
    .here_writes = "the image writes",
};

static struct image_device *image_of(const struct image_replay *p)
{
    return (struct image_device *)(void *)p->device;
}

/* The first one counts: false when there has been one. */
static bool differ(struct image_replay *p, int64_t at_ns)
{
    if (p->result != REPLAY_SAME)
        return false;
    p->result = REPLAY_DIFFERS;
    p->result_ns = at_ns;
    return true;
}

static void on_output(void *user, const struct tape_record *record)
{
    image_streams_image(&((struct image_replay *)user)->streams, record);
}

/* What the inputs do: see struct tape_target. */

static void nvm_page(void *user, uint32_t address, const uint8_t *bytes)
{
    board_nvm_poke(&((struct image_replay *)user)->hal, address, bytes, TAPE_PAGE);
}

static void power_up(void *user, uint32_t serial_number, const struct model *model)
{
    struct image_replay *p = user;

    image_streams_power(&p->streams);
    p->hal.serial_number = serial_number;
    p->device->model = model;
    p->device->clock_error_ppb = p->pace.ppb;
    p->power_ns = p->last_set_ns = p->ran_ns = p->hal.now_ns;
    p->sets = 0;
    p->pace = (struct image_pace){ .base_ns = p->power_ns,
                                   .last_ns = p->power_ns,
                                   .ppb = p->pace.ppb };
    p->core_seconds = 0;
    p->streams.early_ns = p->streams.drift_ns = 0;
    p->device->kind->power_up(p->device);
}

static void option(void *user, enum unit_option which, uint16_t value)
{
    device_image_option(((struct image_replay *)user)->device, which, value);
}

/* ns that so many sets take. */
static int64_t sets_ns(int64_t sets, int64_t ppb)
{
    return (int64_t)((__int128)sets * PARTS * PARTS /
                     ((__int128)HAL_SAMPLE_RATE * (PARTS + ppb)));
}

/* Metering has begun anew in the middle of a unit's block: the linked core gets the last
 * sets of its own blocks with the unit's next one. */
static void follow_blocks(struct image_replay *p)
{
    const struct meter *m = device_core_meter(p->core.device);

    if (p->core.reader.powered && p->sets % BLOCK == 0 && m->metering.acquire.fill)
        p->streams.early_ns = PARTS * BLOCK / HAL_SAMPLE_RATE;
}

/* A block of the unit ends now: the tape's time is that of its last set. The crystal is
 * set anew at twice as many sets each time, for each setting moves the phase a little. */
static void follow_pace(struct image_replay *p, int64_t now_ns)
{
    struct image_pace *pace = &p->pace;
    const int64_t off_ns =
        now_ns - pace->last_ns - sets_ns(p->sets - pace->last_sets, pace->ppb);

    if (off_ns > LOST_NS || off_ns < -LOST_NS) {
        p->lost_sets = true;
    } else if (off_ns > STAMP_NS || off_ns < -STAMP_NS) {
        pace->base_ns = pace->last_ns;
        pace->base_sets = pace->last_sets;
        pace->due_sets = p->sets;
    }
    const int64_t sets = p->sets - pace->base_sets, took_ns = now_ns - pace->base_ns;
    if (p->sets >= pace->due_sets && took_ns > 0 && !p->lost_sets) {
        pace->ppb = (int64_t)((__int128)(sets_ns(sets, 0) - took_ns) * PARTS / took_ns);
        pace->due_sets = p->sets + sets;
    }
    pace->last_ns = now_ns;
    pace->last_sets = p->sets;
    p->device->clock_error_ppb = pace->ppb;
    /* Twice what it is now: it may have been more. */
    p->streams.drift_ns = (int64_t)((__int128)(now_ns - p->power_ns) * 2 *
                                    (pace->ppb < 0 ? -pace->ppb : pace->ppb) / PARTS);
}

static void samples(void *user, const int32_t x[][BLOCK], uint32_t count)
{
    struct image_replay *p = user;
    struct device *d = p->device;

    p->sets += count;
    if (p->sets % BLOCK == 0)
        follow_pace(p, p->hal.now_ns);
    p->last_set_ns =
        p->pace.last_ns + sets_ns(p->sets - p->pace.last_sets, p->pace.ppb);
    d->sampled_ns = p->last_set_ns;
    d->kind->samples(d, x, (int)count);
}

static void pass(void *user, uint64_t now_us)
{
    struct image_replay *p = user;

    if (p->hal.now_ns - p->last_set_ns > SILENT_NS)
        p->lost_sets = true;
    const int64_t now_ns = p->hal.now_ns;

    p->hal.now_ns += now_ns - p->last_set_ns < AHEAD_NS ? AHEAD_NS : 0;
    p->device->kind->run(p->device, now_us);
    p->hal.now_ns = now_ns;
    p->ran_ns = p->hal.now_ns;
}

/* Without settings a meter does not know its address, and does not answer there. */
static bool has_line(const struct image_replay *p)
{
    return !image_of(p)->seen.waiting && p->hal.baud && !p->hal.dead;
}

static void compare_frame(struct image_replay *p, uint8_t address,
                          const struct image_aside *aside, const uint8_t *answer,
                          int length)
{
    p->frames++;
    if (aside->size && aside->answer_ns > p->answer_ns)
        p->answer_ns = aside->answer_ns;
    if (!image_aside_is(aside, address, answer, length) && differ(p, p->hal.now_ns))
        snprintf(
            p->text, sizeof p->text,
            "on the line the image answers with %u bytes from address %u, function "
            "%02X; asked by a call with %d, function %02X",
            aside->size, aside->frame[0], aside->frame[1], length, answer[0]);
}

static void request(void *user, const uint8_t *pdu, int size)
{
    struct image_replay *p = user;
    uint8_t answer[METER_PDU_MAX] = { 0 };
    const uint8_t address = image_of(p)->seen.rtu.address;
    const bool by_line = has_line(p);
    struct image_aside aside;

    if (by_line)
        image_aside(p->device, pdu, size, &aside);
    const int length = p->device->kind->request(p->device, pdu, size, answer);
    if (by_line)
        compare_frame(p, address, &aside, answer, length);
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

/* The image's red LED blinks, then. */
static void nvm_fault(void *user, enum tape_nvm_fault what, uint32_t value)
{
    struct image_replay *p = user;

    p->streams.no_red |= what == TAPE_NVM_SILENT;
    board_nvm_fault(&p->hal, what, value);
}

static void supply(void *user, bool good)
{
    struct image_replay *p = user;

    image_streams_supply(&p->streams, good, p->hal.now_ns);
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

    p->device->kind->power_down(p->device); /* what landed before is written then */
    image_streams_power(&p->streams);
    board_power_down(&p->hal);
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

static void fail_by_core(struct image_replay *p)
{
    p->result_ns = p->core.hal.now_ns;
    snprintf(p->text, sizeof p->text, "the linked core: %s", p->core.text);
}

static void fail_by_streams(struct image_replay *p)
{
    const struct image_streams *s = &p->streams;
    const struct replay_context context = { .model = p->device->model,
                                            .request = p->core.request,
                                            .request_size = p->core.request_size,
                                            .words = &words };

    if (!s->differs || p->result != REPLAY_SAME)
        return;
    p->result = REPLAY_DIFFERS;
    p->result_ns = s->differs_ns;
    replay_text_difference(p->text, sizeof p->text, &context,
                           s->tape_has.kind ? &s->tape_has : NULL,
                           s->image_has.kind ? &s->image_has : NULL);
}

/* Both have published a second; the image does when its ADC has given the last set, of
 * this very moment. */
static void compare_second(struct image_replay *p)
{
    const uint32_t seconds = p->core.device->kind->seconds(p->core.device);
    char text[REPLAY_TEXT - 20];

    if (!p->core.reader.powered || p->core.hal.dead || seconds == p->core_seconds)
        return;
    p->core_seconds = seconds;
    p->seconds++;
    const uint32_t published = p->device->kind->seconds(p->device);
    if (published != seconds)
        snprintf(text, sizeof text, "the image has published %u", published);
    else if (image_same(&p->map, p->device, p->core.device, &p->words, text,
                        sizeof text))
        return;
    if (differ(p, p->hal.now_ns))
        snprintf(p->text, sizeof p->text, "second %u: %s", seconds, text);
}

static void feed_input(struct image_replay *p, const struct tape_record *record)
{
    image_streams_settle(&p->streams, p->ran_ns);
    p->hal.now_ns = record->time_ns;
    const char *why = tape_reader_feed(&p->reader, record);
    if (!why)
        return;
    p->result = REPLAY_INVALID;
    p->result_ns = record->time_ns;
    snprintf(p->text, sizeof p->text, "%s", why);
}

enum replay_result image_replay_record(struct image_replay *p,
                                       const struct tape_record *record)
{
    if (record->kind >= TAPE_FIRST_OUTPUT)
        image_streams_tape(&p->streams, record);
    else
        feed_input(p, record);
    if (p->result == REPLAY_SAME &&
        (p->result = replay_record(&p->core, record)) != REPLAY_SAME)
        fail_by_core(p);
    follow_blocks(p);
    compare_second(p);
    fail_by_streams(p);
    return p->result;
}

enum replay_result image_replay_end(struct image_replay *p)
{
    image_streams_settle(&p->streams, p->ran_ns);
    image_streams_end(&p->streams);
    fail_by_streams(p);
    if (p->result == REPLAY_SAME && (p->result = replay_end(&p->core)) != REPLAY_SAME)
        fail_by_core(p);
    return p->result;
}

void image_replay_start(struct image_replay *p, const struct device_maker *maker)
{
    memset(p, 0, sizeof *p);
    board_start(&p->hal, 0);
    p->hal.sink = on_output;
    p->hal.sink_user = p;
    p->device = maker->make(maker, &p->hal, model_at(0));
    p->reader.target = &target;
    p->reader.user = p;
    replay_start(&p->core);
}

void image_replay_free(struct image_replay *p)
{
    replay_free(&p->core);
    image_streams_free(&p->streams);
    p->device->kind->free(p->device);
    board_free(&p->hal);
}

void image_replay_energy(const struct image_replay *p, uint64_t mwh[2],
                         uint32_t rest_uj[2])
{
    const struct energy *core = &device_core_meter(p->core.device)->energy,
                        *image = &image_of(p)->seen.energy;

    mwh[0] = core->mwh[ENERGY_TOTAL][ENERGY_IMPORT];
    mwh[1] = image->mwh[ENERGY_TOTAL][ENERGY_IMPORT];
    rest_uj[0] = core->rest_uj[ENERGY_TOTAL][ENERGY_IMPORT];
    rest_uj[1] = image->rest_uj[ENERGY_TOTAL][ENERGY_IMPORT];
}
