/* A tape beside its meter. See side.h. */
#include "sim/bisect/side.h"
#include "sim/program/error.h"
#include <math.h>
#include <string.h>

static bool advance(struct side *s, GError **error)
{
    enum tape_stream_next next = tape_stream_next(s->tape, &s->record, error);

    s->has = next == TAPE_STREAM_RECORD && s->record.kind != TAPE_END;
    return next != TAPE_STREAM_INVALID;
}

struct side *side_open(const char *path, const GArray *settings, GError **error)
{
    struct tape_stream *tape = tape_stream_open(path, error);

    if (!tape)
        return NULL;
    struct side *s = g_new0(struct side, 1);
    s->path = path;
    s->tape = tape;
    s->settings = settings;
    replay_start(&s->replay);
    if (advance(s, error))
        return s;
    side_close(s);
    return NULL;
}

void side_close(struct side *s)
{
    if (!s)
        return;
    replay_free(&s->replay);
    tape_stream_close(s->tape);
    image_free(s->image);
    g_free(s);
}

static bool feed(struct side *s, const struct tape_record *record, GError **error)
{
    if (replay_input(&s->replay, record) == REPLAY_SAME)
        return true;
    return tape_stream_invalid(s->tape, error, s->replay.text);
}

/* Function 6, as a client would write it; the answer stands in the replay's queue. */
static bool write_setting(struct side *s, struct side_setting setting, GError **error)
{
    const unsigned addr = setting.reg - 1u;
    struct tape_record request = { .kind = TAPE_REQUEST,
                                   .size = 5,
                                   .time_ns = s->record.time_ns,
                                   .data = { 6, (uint8_t)(addr >> 8), (uint8_t)addr,
                                             (uint8_t)(setting.value >> 8),
                                             (uint8_t)setting.value } };
    struct tape_record answer = { .size = 0 };
    size_t at = 0;

    if (!feed(s, &request, error))
        return false;
    inputs_add(&s->inputs, &request);
    while (answer.kind != TAPE_ANSWER && at < s->replay.queued)
        at += (size_t)tape_decode(&answer, s->replay.queue + at, s->replay.queued - at);
    if (answer.kind == TAPE_ANSWER && answer.size == 5)
        return true;
    return error_set(error, "register %u refuses %u: exception %u", setting.reg,
                     setting.value, answer.size > 1 ? answer.data[1] : 0u);
}

static bool settle(struct side *s, GError **error)
{
    if (s->record.kind == TAPE_POWER_UP)
        s->settled = false;
    if (s->record.kind != TAPE_SAMPLES || s->settled)
        return true;
    s->settled = true;
    for (guint k = 0; s->settings && k < s->settings->len; k++)
        if (!write_setting(s, g_array_index(s->settings, struct side_setting, k),
                           error))
            return false;
    return true;
}

static double sample(const struct tape_record *record, unsigned k)
{
    const uint8_t *b = record->data + 4 * (size_t)k;

    return (int32_t)((uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
                     (uint32_t)b[3] << 24);
}

static void sum_samples(struct side *s)
{
    const unsigned count = s->record.size / (4 * HAL_CHANNELS);

    for (unsigned k = 0; k < HAL_CHANNELS * count; k++) {
        double x = sample(&s->record, k);
        s->square[k / count] += x * x;
        if (k < SIDE_PHASES * count)
            s->product[k / count] += x * sample(&s->record, k + SIDE_PHASES * count);
    }
    s->samples += count;
}

bool side_run(struct side *s, int64_t until_ns, GError **error)
{
    memset(s->square, 0, sizeof s->square);
    memset(s->product, 0, sizeof s->product);
    s->samples = 0;
    while (s->has && s->record.time_ns <= until_ns) {
        if (s->record.kind < TAPE_FIRST_OUTPUT) {
            if (!settle(s, error) || !feed(s, &s->record, error))
                return false;
            inputs_add(&s->inputs, &s->record);
        }
        if (s->record.kind == TAPE_SAMPLES)
            sum_samples(s);
        if (!advance(s, error))
            return false;
    }
    return true;
}

static void read_entry(void *user, const struct register_entry *e)
{
    const struct side *s = user;
    struct device *d = s->replay.device;

    s->image->has[e->reg] = d->kind->registers(d, (uint16_t)(e->reg - 1), e->words,
                                               &s->image->word[e->reg]);
}

bool side_read(struct side *s)
{
    const struct model *model = s->replay.device->model;

    if (!s->replay.reader.powered)
        return false;
    if (s->image && s->image->model != model)
        g_clear_pointer(&s->image, image_free);
    if (!s->image)
        s->image = image_new(model, s->path);
    register_list_model(model, read_entry, s);
    return true;
}

double side_power_factor(const struct side *s, int phase)
{
    double apparent = sqrt(s->square[phase] * s->square[phase + SIDE_PHASES]);

    return apparent > 0 ? s->product[phase] / apparent : 0;
}

const char *side_channel_name(int channel)
{
    static const char *const names[HAL_CHANNELS] = { "voltage A", "voltage B",
                                                     "voltage C", "current A",
                                                     "current B", "current C" };

    return names[channel];
}

double side_rms(const struct side *s, int channel)
{
    return s->samples ? sqrt(s->square[channel] / (double)s->samples) : 0;
}
