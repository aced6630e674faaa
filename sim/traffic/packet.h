/* One packet of a capture, cut down to what carries Modbus: a TCP segment, or a frame of
 * a serial line. Every byte is untrusted. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct packet_end {
    uint8_t address[16]; /* IPv4 in the first four bytes */
    uint16_t port;
};

struct packet {
    bool serial;   /* a frame; else a segment */
    bool syn, fin; /* it begins a connection, it ends one */
    bool answers;  /* a SYN with ACK */
    struct packet_end from, to;
    uint32_t sequence;
    const uint8_t *bytes; /* what it carries */
    int size;
};

/* The link types that are read, by libpcap's numbers. */
bool packet_link_known(int link);

/* False: nothing of Modbus is in it (another protocol, a fragment, cut). */
bool packet_parse(int link, const uint8_t *bytes, int size, struct packet *p);
