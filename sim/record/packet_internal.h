/* What the files of a packet capture share: packet_file.c writes packets and those of
 * serial lines, packet_tcp.c makes up those of TCP connections. */
#ifndef SIM_RECORD_PACKET_INTERNAL_H
#define SIM_RECORD_PACKET_INTERNAL_H

#include "sim/record/packet_file.h"

struct packet_file {
    void *pcap, *dumper;
    GHashTable *flows; /* connection → struct packet_flow */
    bool failed;
};

void packet_put(struct packet_file *file, int64_t ns, const uint8_t *packet, int size);

#endif
