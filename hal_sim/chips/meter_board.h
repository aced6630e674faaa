/* The physical board (hal_target/BOARD.md, "Pins", "Parts"): which part is at which pin
 * of the microcontroller. What the parts measure, keep and show is the outside's. */
#pragma once

#include "hal_sim/chips/ads131m06.h"
#include "hal_sim/chips/fm25v20a.h"
#include "hal_sim/chips/pcf8576.h"
#include "hal_sim/chips/soc.h"
#include "hal_sim/chips/supervisor.h"
#include "hal_sim/chips/transceiver.h"

/* Outputs, in the order of their pins from PC6 on. */
enum meter_board_output {
    METER_BOARD_ENERGY,
    METER_BOARD_ALARM,
    METER_BOARD_GREEN,
    METER_BOARD_RED,
    METER_BOARD_BACKLIGHT,
    METER_BOARD_CT_THIRD_V,
    METER_BOARD_OUTPUTS
};

/* What an observer measures latencies by. */
enum meter_board_event {
    METER_BOARD_READY,    /* DRDY falls */
    METER_BOARD_SELECTED, /* the front end is */
    METER_BOARD_RELEASED, /* and no longer */
    METER_BOARD_RECEIVED, /* the last bit of a character on the line */
    METER_BOARD_SENT,     /* the same, of an own one */
    METER_BOARD_DRIVES,   /* DE rises */
    METER_BOARD_LETS_GO,  /* DE falls */
    METER_BOARD_EVENTS
};

struct meter_board_wires {
    void *user;
    /* As in ads131m06.h, fm25v20a.h and pcf8576.h. */
    void (*codes)(void *user, int64_t at_ns, int32_t code[ADS131M06_CHANNELS]);
    void (*grid)(void *user, int64_t origin_ns, struct chip_rate rate);
    uint8_t (*fram_read)(void *user, uint32_t address);
    bool (*fram_write)(void *user, uint32_t address, uint8_t byte);
    void (*fram_wrote)(void *user, uint32_t address, const uint8_t *bytes,
                       uint32_t size);
    void (*glass)(void *user, const uint8_t ram[PCF8576_RAM]);
    void (*output)(void *user, enum meter_board_output which, bool on);
    /* RS-485: a character that the driver has put on the line whole; the driver's
     * enable; how the UART is set. */
    void (*line_given)(void *user, uint8_t byte); /* it follows, or begins now */
    void (*line_byte)(void *user, uint8_t byte, int64_t start_ns, int64_t now_ns);
    void (*line_drives)(void *user, bool on, int64_t now_ns);
    void (*line_setup)(void *user, uint32_t baud, unsigned parity);
    void (*event)(void *user, enum meter_board_event event); /* NULL: nobody observes */
};

struct meter_board {
    struct soc *soc;
    struct ads131m06 afe;
    struct fm25v20a fram;
    struct pcf8576 lcd;
    struct supervisor supply;
    struct transceiver transceiver;
    struct meter_board_wires wires;
};

/* Connects the parts to the microcontroller; the board's own wires are set before. */
void meter_board_start(struct meter_board *b, struct soc *soc);

/* Power comes to the parts, at the microcontroller's time (soc_power_up came before), or
 * goes. */
void meter_board_power(struct meter_board *b, bool on);

/* Keys that are down, bit k at PCk; the pin of the factory state; the supply's comparator; a character on the line. */
void meter_board_keys(struct meter_board *b, unsigned down);
void meter_board_factory_pin(struct meter_board *b, bool grounded);
void meter_board_power_good(struct meter_board *b, bool good);
void meter_board_receive(struct meter_board *b, uint8_t byte, unsigned flags);

void meter_board_store(struct meter_board *b, struct store *s);
