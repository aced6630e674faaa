/* The front end: an ADS131M06 on SPI1, clocked by TIM1. DRDY starts a frame by DMA, the
 * DMA's end takes it apart: two short interrupts for each sample set, no waiting.
 *
 * Time is counted in sample sets, so a frame that came damaged is not left out: the set
 * before it stands in for it, and is counted. When frames stay bad or away, or the part
 * has lost its registers, it is started anew. */
#ifndef STM32F405_AFE_ADS131M06_H
#define STM32F405_AFE_ADS131M06_H

#include "core/acquire.h"
#include "hal_target/stm32f405/ads131m06.h"
#include <stdbool.h>

enum {
    AFE_PIECE = 6,          /* sample sets handed on at a time */
    AFE_BAD_MAX = 25,       /* damaged frames in a row: 10 ms */
    AFE_SILENCE_US = 20000, /* without a frame */
    AFE_RETRY_US = 1000000
};

struct afe {
    uint8_t tx[ADS_FRAME], rx[ADS_FRAME];
    int32_t code[HAL_CHANNELS];      /* of the newest good frame */
    int32_t x[HAL_CHANNELS][BLOCK];  /* the piece that fills */
    uint32_t fill;                   /* sets in it */
    volatile uint32_t frames;        /* that came in */
    volatile uint32_t damaged, late; /* CRC; DRDY while a frame was under way */
    volatile uint8_t bad_in_a_row;
    volatile bool lost_registers;
    bool running;
    uint32_t starts, seen; /* seen: frames when afe_watch last looked */
    uint64_t moved_us;     /* when they last were more */
    uint64_t tried_us;     /* the last start */
};

/* The clock of the part, from TIM1; then the part. False when it does not answer. */
bool afe_start(struct afe *a);

/* False, as long as it does not run. Starts it anew when it must be, once a second at
 * the most; that takes 2 ms. */
bool afe_watch(struct afe *a, uint64_t now_us);

/* The interrupts. The second returns true when x[][0…AFE_PIECE-1] is to be metered. */
void afe_ready_interrupt(struct afe *a);
bool afe_frame_interrupt(struct afe *a);

#endif
