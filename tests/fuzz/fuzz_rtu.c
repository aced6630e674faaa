/* libFuzzer target of the RTU framer. An input says baud, parity and address, then
 * bytes with the silence before them, or whole frames whose CRC is put right. A plain
 * model of the specification (serial line V1.02, 2.5.1) that sees all bytes at once
 * says which frames are to be served and answered; a second framer that is called at
 * other times must do the same. What stands behind the framer is an echo. */
#include "core/crc.h"
#include "core/pdu.h"
#include "core/rtu.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { BYTES_MOST = 600, START_US = 2100000, MUTE = 0x07 };

/* Stands behind the framer: what it is asked for, and what it sent. */
struct meter {
    uint8_t request[METER_PDU_MAX];
    int length;
    uint32_t requests, sum;
};

struct hal {
    uint8_t sent[RTU_FRAME_MAX];
    uint32_t sent_size, frames;
};

static void require(bool kept)
{
    if (!kept)
        abort();
}

static int echo(struct meter *m, const uint8_t *request, int length, uint8_t *answer)
{
    require(length >= 1 && length <= METER_PDU_MAX);
    memcpy(m->request, request, (size_t)length);
    m->length = length;
    m->requests++;
    m->sum = m->sum * 31 + crc_modbus(request, (uint32_t)length);
    if (request[0] == MUTE)
        return 0;
    memcpy(answer, request, (size_t)length);
    return length;
}

void hal_uart_send(struct hal *h, const uint8_t *frame, uint32_t size)
{
    require(size >= 4 && size <= RTU_FRAME_MAX);
    memcpy(h->sent, frame, size);
    h->sent_size = size;
    h->frames++;
}

struct wire {
    uint8_t byte[BYTES_MOST];
    uint8_t flags[BYTES_MOST];
    uint64_t end_us[BYTES_MOST];
    int count;
    uint64_t now_us;
    uint32_t char_us, gap_us, silence_us;
};

struct input {
    const uint8_t *at, *end;
};

static uint8_t take(struct input *in)
{
    return in->at < in->end ? *in->at++ : 0;
}

static void put(struct wire *w, uint64_t idle_us, uint8_t byte, uint8_t flags)
{
    if (w->count == BYTES_MOST)
        return;
    w->now_us += idle_us + w->char_us;
    w->byte[w->count] = byte;
    w->flags[w->count] = flags;
    w->end_us[w->count++] = w->now_us;
}

/* Silences around the limits are the interesting ones. */
static uint64_t idle_us(const struct wire *w, uint8_t code)
{
    const uint64_t choice[8] = { 0,
                                 w->gap_us - 1u,
                                 w->gap_us,
                                 w->gap_us + 1u,
                                 w->silence_us - w->char_us - 1u,
                                 w->silence_us - w->char_us,
                                 w->silence_us,
                                 5u * w->silence_us };
    return choice[code & 7] + (code >> 6);
}

static void put_frame(struct wire *w, struct input *in, uint8_t head, uint8_t address)
{
    uint8_t frame[RTU_FRAME_MAX];
    uint32_t size = 1;

    frame[0] = head & 0x10 ? 0 : address;
    for (uint32_t most = 1 + take(in) % 60; size <= most && in->at < in->end;)
        frame[size++] = take(in);
    uint16_t crc = crc_modbus(frame, size);
    frame[size++] = (uint8_t)crc;
    frame[size++] = (uint8_t)(crc >> 8);
    for (uint32_t k = 0; k < size; k++)
        put(w, k ? 0 : idle_us(w, head), frame[k], 0);
}

static void lay_out(struct wire *w, struct input *in, uint8_t address)
{
    while (in->at < in->end && w->count < BYTES_MOST) {
        uint8_t head = take(in);
        if (head & 0x08)
            put_frame(w, in, head, address);
        else
            put(w, idle_us(w, head), take(in), head & 0x20 ? 1 + take(in) % 7 : 0);
    }
}

/* The framer on a wire, with what stands behind it. */
struct end {
    struct rtu rtu;
    struct meter meter;
    struct hal hal;
};

static void serve(struct end *e, uint64_t now_us)
{
    uint8_t answer[METER_PDU_MAX];
    const uint8_t *request;
    int length = rtu_request(&e->rtu, now_us, &request);

    if (length)
        rtu_answer(&e->rtu, &e->hal, answer, echo(&e->meter, request, length, answer),
                   now_us);
}

/* Feeds the wire, calling the framer when it wants to be, and every step_us besides. */
static void feed(struct end *e, const struct wire *w, uint64_t step_us)
{
    uint64_t next = START_US;

    for (int k = 0; k < w->count; k++) {
        for (;;) {
            uint64_t due = rtu_deadline(&e->rtu), at = due < next ? due : next;
            if (at >= w->end_us[k])
                break;
            serve(e, at);
            next = at == next ? next + step_us : next;
        }
        serve(e, w->end_us[k]);
        rtu_byte(&e->rtu, w->byte[k], w->flags[k], w->end_us[k]);
    }
    uint64_t due = rtu_deadline(&e->rtu);
    if (due < UINT64_MAX)
        serve(e, due);
}

struct oracle {
    struct meter meter;
    uint8_t address;
    uint8_t answer[RTU_FRAME_MAX];
    uint32_t size, answers;
    uint64_t sent_us;
};

static void judge(struct oracle *o, const struct wire *w, const int *index, int count,
                  uint64_t end_us)
{
    uint8_t frame[RTU_FRAME_MAX], answer[METER_PDU_MAX];

    if (count < 4 || count > RTU_FRAME_MAX)
        return;
    for (int k = 0; k < count; k++)
        frame[k] = w->byte[index[k]];
    if (crc_modbus(frame, (uint32_t)count - 2) !=
        (uint16_t)(frame[count - 2] | frame[count - 1] << 8))
        return;
    bool broadcast = frame[0] == 0 && (frame[1] == 6 || frame[1] == 16);
    if ((frame[0] != o->address && !broadcast) || frame[1] >= 0x80)
        return;
    int size = echo(&o->meter, frame + 1, count - 3, answer);
    if (broadcast || size <= 0)
        return;
    memcpy(o->answer + 1, answer, (size_t)size);
    o->answer[0] = frame[0];
    o->size = (uint32_t)size + 3;
    o->answers++;
    o->sent_us = end_us + o->size * w->char_us;
}

/* Frames are what t3.5 of silence separates; nothing is heard before the first one. */
static void run_oracle(struct oracle *o, const struct wire *w)
{
    int index[BYTES_MOST], count = 0;
    bool broken = true;
    uint64_t last_us = 0;

    for (int k = 0; k <= w->count; k++) {
        uint64_t end = k < w->count ? w->end_us[k] : UINT64_MAX / 2;
        if (end - last_us >= w->silence_us) {
            if (!broken)
                judge(o, w, index, count, last_us + w->silence_us);
            broken = false;
            count = 0;
        }
        if (k == w->count || end - w->char_us < o->sent_us)
            continue;
        if (w->flags[k] || (count && end - w->char_us > last_us + w->gap_us) ||
            count == RTU_FRAME_MAX)
            broken = true;
        if (!broken)
            index[count++] = k;
        last_us = end;
    }
}

static void check_end(const struct end *e, const struct oracle *o)
{
    const struct hal *h = &e->hal;

    require(e->meter.requests == o->meter.requests && e->meter.sum == o->meter.sum);
    require(h->frames == o->answers);
    if (!h->frames)
        return;
    require(h->sent_size == o->size && crc_modbus(h->sent, h->sent_size) == 0);
    require(!memcmp(h->sent, o->answer, o->size - 2));
}

static void start(struct end *e, const uint8_t *choice)
{
    static const uint32_t bauds[] = { 1200, 2400, 4800, 9600, 19200, 38400 };

    memset(e, 0, sizeof *e);
    rtu_start(&e->rtu);
    rtu_configure(&e->rtu, bauds[choice[0] % 6], (enum hal_parity)(choice[0] / 6 % 3),
                  (uint8_t)(1 + choice[1] % 247));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct end end[2];
    static struct wire w;

    if (size < 4)
        return 0;
    for (int k = 0; k < 2; k++)
        start(&end[k], bytes);
    w.count = 0;
    w.now_us = START_US;
    w.char_us = end[0].rtu.char_us;
    w.gap_us = end[0].rtu.gap_us;
    w.silence_us = end[0].rtu.silence_us;
    struct input in = { bytes + 2, bytes + size };
    uint8_t stride = take(&in);
    lay_out(&w, &in, end[0].rtu.address);
    struct oracle oracle = { .address = end[0].rtu.address };
    run_oracle(&oracle, &w);
    feed(&end[0], &w, UINT64_MAX / 2);
    check_end(&end[0], &oracle);
    feed(&end[1], &w, 2000 + 97u * stride);
    check_end(&end[1], &oracle);
    return 0;
}
