/* The meter's end of its RS-485 link: what its transceiver and its wiring make of the
 * frames that the firmware sends and of the bytes that it receives. The faults of the
 * family "bus" act here, behind the firmware, which knows nothing of them. */
#pragma once

#include "core/hal.h"
#include "hal_sim/fault.h"
#include <stdint.h>

struct unit;

enum { LINK_FRAME_MAX = 256 + 32, LINK_SLOWEST = 300 /* baud */ };

/* From the end of t3.5, when the firmware has made its answer, to the first bit on the
 * wire: interrupt, driver enable, start of the UART. Meters differ a little: 10 µs ×
 * (serial number modulo 50) more. */
#define LINK_RESPONSE_NS INT64_C(1000000)

struct link {
    uint64_t random;
    int64_t answers; /* since a fault of the bus was set, for bus_one_in */
    /* By a gateway, since a fault of the family "gateway" was set; hits: of these. */
    int64_t polls, hits;
};

/* How the transceiver and the UART run now. */
struct link_uart {
    uint32_t baud;
    enum hal_parity parity;
    bool inverted;        /* A and B are swapped */
    bool receives_itself; /* the receiver stays on while the driver is */
    bool stuck;           /* the driver holds the line at 0 */
    bool silent;          /* neither hears nor drives */
    /* What this station spoils of the cable. */
    bool end_open, bias_lost, shield_open;
    double stub_m;
};

void link_uart(const struct unit *u, struct link_uart *uart);

int64_t link_response_ns(const struct unit *u);

/* A frame that the firmware sends, as it goes out: its size (0: it does not), at most
 * LINK_FRAME_MAX bytes in out[]; *late_ns is how much later than usual. */
int link_send(struct unit *u, const uint8_t *frame, int size, uint8_t *out,
              int64_t *late_ns);

/* Is there a fault that changes, delays or loses the frames that it sends? */
bool link_acts_on_frames(const struct unit *u);

/* A byte from the wire on its way to the firmware; flags of enum meter_uart_flags. */
void link_receive(struct unit *u, uint8_t byte, unsigned flags);

/* Whether a fault of the bus acts on PDUs that come by another way (Modbus TCP), too;
 * by the cable's physics alone. */
bool link_acts_on_pdu(enum fault_id fault);
bool link_acts_on_cable(enum fault_id fault);

/* For those PDUs: false when the meter does not receive them; what becomes of an
 * answer. */
bool link_receives_pdu(const struct unit *u);
int link_answer_pdu(struct unit *u, uint8_t *answer, int size);

/* For the gateway before the meter, once an answer: do the faults of the family
 * "gateway" hit it, and how many they have hit by then, since one of them was set. */
bool link_gateway_hits(struct unit *u, int64_t *hits);
