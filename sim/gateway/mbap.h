/* Framing of Modbus TCP: bytes in, frames out, no sockets, so that it can be fuzzed.
 *
 * Modbus Messaging on TCP/IP Implementation Guide V1.0b, 4.4.2.2. The length field is
 * the only frame boundary. It is judged before the protocol id: a foreign frame is
 * skipped by its length, but a length that no Modbus frame can have means that the
 * stream is out of step, whatever its protocol id says. */
#pragma once

#include <stdint.h>

enum {
    MBAP_HEADER_BYTES = 7,   /* transaction 2, protocol 2, length 2, unit 1 */
    MBAP_FRAME_BYTES = 260,  /* the longest frame: header and a PDU of 253 */
    MBAP_STREAM_BYTES = 2048 /* one recv() takes a burst of 170 read requests */
};

enum mbap_result {
    MBAP_MORE,    /* no complete frame */
    MBAP_FRAME,   /* a request */
    MBAP_FOREIGN, /* a frame of another protocol: skip it */
    MBAP_BROKEN   /* an impossible length: nothing after it can be trusted */
};

struct mbap_frame {
    uint16_t transaction;
    uint8_t unit;
    int pdu_bytes; /* 1..253 */
    const uint8_t *pdu;
};

/* Bytes start..end have arrived and are not yet taken as frames. */
struct mbap_stream {
    int start, end;
    uint8_t bytes[MBAP_STREAM_BYTES];
};

void mbap_stream_init(struct mbap_stream *s);

/* Where the next bytes go: returns how many fit at `*at`, at least
 * MBAP_STREAM_BYTES - MBAP_FRAME_BYTES once mbap_stream_next has said MBAP_MORE.
 * Frames taken before point into the stream and are void from here on. */
int mbap_stream_space(struct mbap_stream *s, uint8_t **at);
void mbap_stream_add(struct mbap_stream *s, int bytes);

/* Takes the next frame; `frame` is set for MBAP_FRAME only. MBAP_BROKEN takes nothing
 * and comes again at every call. */
enum mbap_result mbap_stream_next(struct mbap_stream *s, struct mbap_frame *frame);

/* Bytes that wait: of an incomplete frame after MBAP_MORE. */
int mbap_stream_pending(const struct mbap_stream *s);

/* Writes the header of an answer to `request`: same transaction, same unit. */
void mbap_write_header(uint8_t header[MBAP_HEADER_BYTES],
                       const struct mbap_frame *request, int pdu_bytes);
