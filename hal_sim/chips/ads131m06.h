/* The analog front end: an ADS131M06 (SBAS949), six 24-bit delta-sigma converters behind
 * an SPI of frames. Commands act when CS rises, if their words (and their CRC, once it is
 * asked for) came whole; the answer is the first word of the next frame. Two sets of
 * codes are held: who misses one reads a set late from then on, until it reads twice.
 *
 * Not modelled: reads of several registers at a time, calibration registers, global chop,
 * current detection; they answer as if they were not there. */
#pragma once

#include "hal_sim/chips/part.h"

enum {
    ADS131M06_CHANNELS = 6,
    ADS131M06_WORDS = 2 + ADS131M06_CHANNELS,
    ADS131M06_REGISTERS = 64,
    ADS131M06_HELD = 2,
    ADS131M06_CLKIN_NS = 49,     /* 6.6: t_w(CLKL), t_w(CLKH) at least */
    ADS131M06_SCLK_HZ = 25000000 /* 6.7: t_c(SC) is 40 ns at least */
};

struct ads131m06_wires {
    void *user;
    void (*drdy)(void *user, enum pin_level level, int64_t now_ns);
    /* ads131m06_run is wanted then; INT64_MAX: no more. */
    void (*due)(void *user, int64_t at_ns);
    /* What a conversion that ends at at_ns finds, as codes of ±2^23 at the gains `gain`
     * of the struct. */
    void (*codes)(void *user, int64_t at_ns, int32_t code[ADS131M06_CHANNELS]);
    /* Conversions begin anew: conversion n, from 1, ends at origin_ns +
     * chip_rate_ns(rate, n). Rate 0: there are none. */
    void (*grid)(void *user, int64_t origin_ns, struct chip_rate rate);
};

struct ads131m06 {
    uint16_t reg[ADS131M06_REGISTERS];
    bool powered, selected, locked, standby;
    int64_t low_ns;   /* since when SYNC/RESET is low; −1: it is high */
    int64_t ready_ns; /* it answers from then on */
    struct chip_rate clkin;
    int64_t origin_ns, converted;                     /* conversions since then */
    int32_t held[ADS131M06_HELD][ADS131M06_CHANNELS]; /* [0] is the older one */
    int32_t shown[ADS131M06_CHANNELS];                /* in the last frame */
    uint8_t holds;                                    /* sets that wait in held[] */
    uint8_t in[4 * ADS131M06_WORDS], out[4 * ADS131M06_WORDS];
    uint32_t at; /* bytes of the frame so far */
    int64_t frame_ns;
    uint16_t command; /* answered by the next frame; 0: by the status */
    bool crc_error, resynchronised;
    /* As the board is made: log2 of the gains at which `codes` are given. */
    uint8_t gain[ADS131M06_CHANNELS];
    /* What may befall it. */
    bool silent;          /* drives neither MISO nor DRDY: ads131m06_silence */
    uint32_t damages;     /* in so many frames, the next ones … */
    uint32_t one_in;      /* … and in every n-th (0: none) a bit comes out wrong */
    uint32_t lost_one_in; /* every n-th conversion does not come about, 1: none does */
    uint32_t hidden_one_in; /* every n-th fall of DRDY does not reach the processor */
    /* For reports. */
    uint32_t frames, bad_crc, too_fast, resets;
    struct ads131m06_wires wires;
};

/* Wires, gains and faults stay. */
void ads131m06_power(struct ads131m06 *a, bool on, int64_t now_ns);
void ads131m06_reset_pin(struct ads131m06 *a, bool high, int64_t now_ns);
void ads131m06_clkin(struct ads131m06 *a, struct chip_rate rate, int64_t now_ns);
void ads131m06_select(struct ads131m06 *a, bool selected, int64_t now_ns);
int ads131m06_exchange(void *a, uint8_t mosi, const struct spi_clocking *how,
                       int64_t now_ns);

/* Its conversions are not long ago, and what it counts lies in its tables. */
bool ads131m06_is_sound(const struct ads131m06 *a, int64_t now_ns);

/* What is due happens: a conversion ends. */
void ads131m06_run(struct ads131m06 *a, int64_t now_ns);

void ads131m06_silence(struct ads131m06 *a, bool silent, int64_t now_ns);

/* A disturbance resets it: registers as after power-up, conversions begin anew. */
void ads131m06_upset(struct ads131m06 *a, int64_t now_ns);
