/* Framing of Modbus TCP. One buffer per connection holds what one recv() brought; a
 * frame is never copied out of it, and only the piece of the last, incomplete frame is
 * ever moved. */
#include "sim/gateway/mbap.h"

#include <assert.h>
#include <string.h>

enum {
    PREFIX_BYTES = 6, /* what the length field does not count */
    LENGTH_MIN = 2,   /* unit and function code */
    LENGTH_MAX = MBAP_FRAME_BYTES - PREFIX_BYTES
};

void mbap_stream_init(struct mbap_stream *s)
{
    s->start = 0;
    s->end = 0;
}

int mbap_stream_pending(const struct mbap_stream *s)
{
    return s->end - s->start;
}

int mbap_stream_space(struct mbap_stream *s, uint8_t **at)
{
    int pending = mbap_stream_pending(s);

    if (s->start > 0 && pending > 0)
        memmove(s->bytes, s->bytes + s->start, (size_t)pending);
    s->start = 0;
    s->end = pending;
    *at = s->bytes + pending;
    return MBAP_STREAM_BYTES - pending;
}

void mbap_stream_add(struct mbap_stream *s, int bytes)
{
    assert(bytes >= 0 && bytes <= MBAP_STREAM_BYTES - s->end);
    s->end += bytes;
}

static uint16_t get_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static void put_u16(uint8_t *at, int value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

enum mbap_result mbap_stream_next(struct mbap_stream *s, struct mbap_frame *frame)
{
    const uint8_t *at = s->bytes + s->start;
    int pending = mbap_stream_pending(s);

    if (pending < PREFIX_BYTES)
        return MBAP_MORE;
    int length = get_u16(at + 4);
    if (length < LENGTH_MIN || length > LENGTH_MAX)
        return MBAP_BROKEN;
    if (pending < PREFIX_BYTES + length)
        return MBAP_MORE;
    s->start += PREFIX_BYTES + length;
    if (get_u16(at + 2) != 0)
        return MBAP_FOREIGN;
    frame->transaction = get_u16(at);
    frame->unit = at[6];
    frame->pdu = at + MBAP_HEADER_BYTES;
    frame->pdu_bytes = length - 1;
    return MBAP_FRAME;
}

void mbap_write_header(uint8_t header[MBAP_HEADER_BYTES],
                       const struct mbap_frame *request, int pdu_bytes)
{
    put_u16(header, request->transaction);
    put_u16(header + 2, 0);
    put_u16(header + 4, pdu_bytes + 1);
    header[6] = request->unit;
}
