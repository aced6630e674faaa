/* The plant of one situation: meters and a gateway by the row's script, behind a socket,
 * with what crosses it and what its registers have been. */
#pragma once

#include "sim/exam/exam_row.h"
#include "sim/exam/exam_truth.h"
#include "sim/exam/exam_wire.h"
#include "sim/plant/pace.h"
#include "sim/serve/serve_tcp.h"

struct script;

struct exam_plant {
    struct sim *sim;
    struct script *script;
    struct gateway *gateway;
    struct pace *pace; /* held, at first */
    struct serve_held *held;
    struct serve_tcp tcp;
    struct packet_file *pcap;
    struct exam_wire *wire;
    struct exam_truth *truth;
};

/* pcap NULL: no capture. False with *error set; to be closed in any case. */
bool exam_plant_open(struct exam_plant *p, const struct exam_row *row,
                     const GArray *entries, const char *where, double speed,
                     const char *pcap, GError **error);
void exam_plant_close(struct exam_plant *p);
