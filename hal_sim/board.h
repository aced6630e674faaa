/* The simulated board: what hal.h promises, with objects that can be read. */
#pragma once

#include "core/hal.h"
#include "hal_sim/nvm_cells.h"
#include "hal_sim/tape.h"

enum { BOARD_PAGE = 4096, BOARD_PAGES = HAL_NVM_SIZE / BOARD_PAGE };

/* FRAM of HAL_NVM_SIZE bytes that outlive the board. */
struct board_nvm {
    uint8_t *memory;
    /* Called before each change, on the thread that advances the unit. */
    void (*changed)(void *user, uint32_t address, const uint8_t *bytes, uint32_t size);
    void *user;
};

struct hal {
    struct nvm_cells cells; /* the FRAM, unless it is lent */
    struct board_nvm nvm;   /* .memory: lent by board_nvm_attach, or NULL */
    bool nvm_silent;        /* the chip does not answer */
    uint32_t nvm_tear;      /* bytes that still land before power goes; 0: no end */
    bool dead; /* power went inside a write; the code runs on, to no effect */
    uint8_t lcd[HAL_LCD_SIZE];
    bool output[HAL_OUTPUTS];
    uint32_t output_edges[HAL_OUTPUTS];
    bool driven[HAL_OUTPUTS];   /* what the firmware asks for; `output` is what is */
    uint8_t stuck[HAL_OUTPUTS]; /* enum board_contact */
    enum hal_ct_range ct_range;
    uint32_t baud;
    enum hal_parity parity;
    uint32_t frames_sent;
    /* Gets what hal_uart_send is given, at now_ns; NULL: no line is connected. */
    void (*uart_sent)(void *user, const uint8_t *frame, uint32_t size);
    /* From a device with a UART of its own: a character that will follow those before it
     * without a gap, or begins now; the driver is off before they have left. NULL as
     * above. What left whole comes to uart_sent, too, when the driver is off. */
    void (*uart_given)(void *user, uint8_t byte);
    void (*uart_cut)(void *user);
    void *uart_user;
    uint32_t serial_number;
    int64_t now_ns; /* stamps the tape */
    tape_sink sink; /* NULL: no tape */
    void *sink_user;
};

/* A board as it leaves the factory; NVM empty. */
void board_start(struct hal *h, uint32_t serial_number);
void board_free(struct hal *h);

/* Before anything is written. */
void board_nvm_attach(struct hal *h, const struct board_nvm *nvm);

/* Power is gone: outputs fall, LCD goes dark, NVM stays. */
void board_power_down(struct hal *h);

/* A relay whose contact does not follow. */
enum board_contact { BOARD_CONTACT_FREE, BOARD_CONTACT_CLOSED, BOARD_CONTACT_OPEN };
void board_stick_contact(struct hal *h, enum hal_output which,
                         enum board_contact stuck);

/* Puts one record on the tape, if there is one. */
void board_tape(struct hal *h, enum tape_kind kind, const uint64_t *number,
                const void *bytes, size_t size); /* as tape_make */
void board_tape_samples(struct hal *h, const int32_t *x, size_t stride, unsigned count);

/* NVM from outside, whatever the chip answers. A page is there once a byte of it was
 * written; lent memory has all. */
bool board_nvm_has_page(const struct hal *h, unsigned page);
void board_nvm_peek(const struct hal *h, uint32_t address, void *data, uint32_t size);
void board_nvm_poke(struct hal *h, uint32_t address, const void *data, uint32_t size);

/* All of a page at once; what of it is blank costs no memory. */
void board_nvm_put_page(struct hal *h, unsigned page, const uint8_t *content);

/* See enum tape_nvm_fault; a bit to flip is one of the memory's. Not for the tape: that
 * is the caller's. */
void board_nvm_fault(struct hal *h, enum tape_nvm_fault what, uint32_t value);
