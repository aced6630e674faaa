/* A unit of the simulator on the bench, asked over its UART: bytes in their own time, as
 * on RS-485; and its fixture: keys, contacts, LEDs, glass, control power. */
#pragma once

#include "hal_sim/unit.h"
#include "sim/factory/port.h"

enum { PORT_LINE_FRAME = 256 };

struct port_line {
    struct unit *u;
    uint8_t address;
    uint8_t frame[PORT_LINE_FRAME]; /* what the unit has sent */
    uint32_t size;
    int lost;
};

/* The unit must outlive it, and has no other line. */
void port_line_open(struct port_line *l, struct unit *u, uint8_t address);
struct port port_line(struct port_line *l);
