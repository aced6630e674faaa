/* The FRAM: an FM25V20A (001-90261; CY15B102Q, 001-89166, has the same commands), 256 KB
 * behind SPI. A byte is written when its last bit has come, so a power cut leaves a
 * prefix. The memory itself is the unit's. */
#pragma once

#include "hal_sim/chips/part.h"

enum {
    FM25V20A_SIZE = 262144,
    FM25V20A_SCLK_HZ = 25000000, /* CY15B102Q; FM25V20A bears 40 MHz */
    FM25V20A_PIECE = 4096        /* bytes told of at a time */
};

struct fm25v20a_wires {
    void *user;
    uint8_t (*read)(void *user, uint32_t address);
    /* False: power has gone inside; the byte has not been written. */
    bool (*write)(void *user, uint32_t address, uint8_t byte);
    /* What a WRITE has written, when CS rises; in pieces, where it is long or wraps. */
    void (*wrote)(void *user, uint32_t address, const uint8_t *bytes, uint32_t size);
};

struct fm25v20a {
    bool powered, selected;
    bool latch;      /* WEL */
    uint8_t protect; /* WPEN and BP1, BP0 of the status register; they outlive power */
    bool wp_low;     /* the pin WP */
    uint8_t opcode;
    uint32_t count, address; /* bytes since CS fell */
    uint32_t wrote_at, wrote_size;
    uint8_t wrote[FM25V20A_PIECE];
    bool silent;       /* does not answer, and hears nothing */
    uint32_t too_fast; /* for reports */
    struct fm25v20a_wires wires;
};

void fm25v20a_power(struct fm25v20a *f, bool on, int64_t now_ns);
void fm25v20a_select(struct fm25v20a *f, bool selected, int64_t now_ns);
int fm25v20a_exchange(void *f, uint8_t mosi, const struct spi_clocking *how,
                      int64_t now_ns);

/* All of it is protected (BP1 and BP0), or none, as somebody has set it. */
void fm25v20a_write_protect(struct fm25v20a *f, bool on);
