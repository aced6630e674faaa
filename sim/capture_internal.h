/* What the files of a packet capture share: capture_file.c writes packets and those of
 * serial lines, capture_tcp.c makes up those of TCP connections. */
#ifndef SIM_CAPTURE_INTERNAL_H
#define SIM_CAPTURE_INTERNAL_H

#include "sim/capture_file.h"

struct capture_file {
    void *pcap, *dumper;
    GHashTable *flows; /* connection → struct capture_flow */
    bool failed;
};

void capture_put(struct capture_file *file, int64_t ns, const uint8_t *packet,
                 int size);

#endif
