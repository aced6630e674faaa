/* libFuzzer target for the framing of Modbus TCP: the first bytes of the input say how
 * the rest is split into segments. The frames must be those that a second, plain
 * decoder finds in the whole stream, whatever the splits are.
 */
#include "sim/gateway/mbap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct plain {
    const uint8_t *at;
    size_t left;
};

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* The second opinion: one frame from a complete stream. */
static enum mbap_result plain_next(struct plain *p, const uint8_t **frame,
                                   size_t *bytes)
{
    if (p->left < 6)
        return MBAP_MORE;
    size_t length = (size_t)p->at[4] * 256 + p->at[5];
    if (length < 2 || length > 254)
        return MBAP_BROKEN;
    if (p->left < length + 6)
        return MBAP_MORE;
    *frame = p->at;
    *bytes = length + 6;
    p->at += *bytes;
    p->left -= *bytes;
    return (*frame)[2] == 0 && (*frame)[3] == 0 ? MBAP_FRAME : MBAP_FOREIGN;
}

/* An answer that echoes the request is the request again, byte for byte. */
static void check_frame(const struct mbap_frame *f, const uint8_t *frame, size_t bytes)
{
    uint8_t echo[MBAP_FRAME_BYTES];

    check(f->pdu_bytes >= 1 && f->pdu_bytes <= MBAP_FRAME_BYTES - MBAP_HEADER_BYTES);
    mbap_write_header(echo, f, f->pdu_bytes);
    memcpy(echo + MBAP_HEADER_BYTES, f->pdu, (size_t)f->pdu_bytes);
    check(bytes == (size_t)(MBAP_HEADER_BYTES + f->pdu_bytes));
    check(memcmp(echo, frame, bytes) == 0);
}

/* Takes all complete frames; false: the stream is broken. `seen` grows by the bytes. */
static bool take_frames(struct mbap_stream *s, struct plain *p, size_t *seen)
{
    for (;;) {
        struct mbap_frame f;
        const uint8_t *frame = NULL;
        size_t bytes = 0;
        enum mbap_result got = mbap_stream_next(s, &f);
        if (got == MBAP_MORE)
            return true;
        check(got == plain_next(p, &frame, &bytes));
        if (got == MBAP_BROKEN) {
            check(mbap_stream_next(s, &f) == MBAP_BROKEN);
            return false;
        }
        if (got == MBAP_FRAME)
            check_frame(&f, frame, bytes);
        *seen += bytes;
    }
}

/* What is left at the end: nothing that the plain decoder could still take. */
static void check_end(struct mbap_stream *s, struct plain *p, size_t left)
{
    const uint8_t *frame;
    size_t bytes;

    check(mbap_stream_pending(s) == (int)left);
    check(mbap_stream_pending(s) < MBAP_FRAME_BYTES);
    check(plain_next(p, &frame, &bytes) == MBAP_MORE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mbap_stream s;
    size_t splits = size > 0 ? (size_t)data[0] % 8 + 1 : 0;

    if (size < splits + 1)
        return 0;
    const uint8_t *stream = data + 1 + splits, *end = data + size;
    struct plain plain = { stream, (size_t)(end - stream) };
    size_t seen = 0;
    mbap_stream_init(&s);
    for (size_t i = 0; stream < end; i++) {
        uint8_t *at;
        int room = mbap_stream_space(&s, &at);
        check(room >= MBAP_STREAM_BYTES - MBAP_FRAME_BYTES);
        size_t segment = data[1 + i % splits] == 0 ? 4096 : data[1 + i % splits];
        segment = segment > (size_t)room ? (size_t)room : segment;
        segment = segment > (size_t)(end - stream) ? (size_t)(end - stream) : segment;
        memcpy(at, stream, segment);
        mbap_stream_add(&s, (int)segment);
        stream += segment;
        if (!take_frames(&s, &plain, &seen))
            return 0;
    }
    check_end(&s, &plain, size - 1 - splits - seen);
    return 0;
}
