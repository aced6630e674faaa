/* How the parts of the physical board and its microcontroller meet: pins, an SPI bus, an
 * I2C bus, the clock that one drives and the other counts. A part is a struct of plain
 * data (so that a snapshot can hold it) with functions of its own; these tables are what
 * the board (meter_board.c) makes of them. All calls come at `now_ns` of the device's
 * time, in order; a part that wants to act later says when (soc_due). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What somebody does with a wire. OPEN: nobody drives it, a pull decides. */
enum pin_level { PIN_OPEN, PIN_LOW, PIN_HIGH };

/* A clock: num ÷ den Hz, exactly; num 0: it stands still. */
struct chip_rate {
    uint64_t num, den;
};

/* How the bits of a byte come over SPI. */
struct spi_clocking {
    uint32_t hz;  /* of SCLK */
    uint8_t mode; /* 0 to 3: CPOL × 2 + CPHA */
    bool lsb_first;
};

/* A part on SPI. Its chip select is a pin, of which the board tells it. */
struct spi_target {
    void *part;
    /* A byte has been shifted out to the part; what it has shifted in, or −1 when it
     * does not drive MISO (not selected, no power). */
    int (*exchange)(void *part, uint8_t mosi, const struct spi_clocking *how,
                    int64_t now_ns);
};

/* A part on I2C that only listens. True: it acknowledges. A part that holds SDA or SCL
 * low does so at the pin (soc_drive), and learns of clocks that are made by hand
 * (UM10204, 3.1.16) from the pin, too. */
struct i2c_target {
    void *part;
    /* Its seven bits, with the write bit. */
    bool (*start)(void *part, uint8_t address, uint32_t hz, int64_t now_ns);
    bool (*byte)(void *part, uint8_t byte, int64_t now_ns);
    void (*stop)(void *part, int64_t now_ns);
};
