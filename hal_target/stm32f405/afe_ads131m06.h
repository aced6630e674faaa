/* The front end: an ADS131M06 on SPI1, clocked by TIM1. DRDY starts a frame by DMA, the
 * DMA's end takes it apart: two short interrupts for each sample set, no waiting.
 *
 * Time is counted in sample sets, so a frame that came damaged, or that the processor
 * was too late for, is not left out: the set before it stands in for it, and is counted.
 * When frames stay bad or away, or the part has lost its registers, it is started anew;
 * no set stands in before the first good frame after that, so nothing old is metered. */
#pragma once

#include "core/acquire.h"
#include "hal_target/stm32f405/ads131m06.h"
#include <stdbool.h>

enum {
    AFE_PIECE = 6,     /* sample sets handed on at a time, or some more */
    AFE_BAD_STEP = 4,  /* a damaged frame counts for so many good ones … */
    AFE_BAD_MAX = 100, /* … 25 in a row (10 ms) or one of five are too many */
    AFE_OWED_MAX = 10, /* sets in a gap that core does not count: FRONT_END_GAP_US */
    AFE_SILENCE_US = 20000, /* without a frame */
    AFE_RETRY_US = 1000000,
    AFE_PROOF_US = 2500000 /* started anew: runs for so long before it counts as well */
};

struct afe {
    uint8_t tx[ADS_FRAME], rx[ADS_FRAME];
    int32_t code[HAL_CHANNELS];     /* of the newest good frame, if there is one */
    int32_t x[HAL_CHANNELS][BLOCK]; /* the piece that fills */
    uint32_t fill;                  /* sets in it */
    uint32_t owed;                  /* sets for which the one before is to stand in */
    uint32_t edge_us;               /* of DRDY, the last one; 0: none since the start */
    bool has_code;
    volatile bool moving; /* a frame is under way, or waits for its interrupt */
    bool waits;           /* … and was there at the last edge */
    uint8_t more;         /* sets that are to be read behind it */
    volatile bool lost_registers;
    volatile uint8_t bad;      /* of AFE_BAD_MAX */
    volatile uint32_t frames;  /* that came in */
    volatile uint32_t damaged; /* CRC, DMA, or without their registers */
    volatile uint32_t late;    /* edges of DRDY that came late, or fell together */
    bool running;
    uint32_t starts, seen; /* seen: frames when afe_watch last looked */
    uint64_t moved_us;     /* when they last were more */
    uint64_t tried_us;     /* the last start */
};

/* The clock of the part, from TIM1; SPI1 from its reset; then the part. False when it
 * does not answer. */
bool afe_start(struct afe *a);

/* Starts the part, and anew when it must be, once a second at the most; that takes 2 ms.
 * False while it does not run, and after another start until it has run for a while. */
bool afe_watch(struct afe *a, uint64_t now_us);

/* The interrupts. The second returns how many sets of x[] are to be metered: AFE_PIECE or
 * more, or 0. */
void afe_ready_interrupt(struct afe *a, uint32_t now_us);
uint32_t afe_frame_interrupt(struct afe *a);

/* From an interrupt: what x[] holds is not to be metered. */
void afe_drop_piece(struct afe *a);
