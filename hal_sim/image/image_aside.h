/* A request as a frame on the line, aside: the image receives it over USART2 in byte
 * times and answers it, and is then put back to where it stood before, so that all else
 * happens at its own time. Meanwhile its front end is silent: no second ends. */
#pragma once

#include "core/pdu.h"
#include "core/rtu.h"
#include <stddef.h>
#include <stdint.h>

struct device;

struct image_aside {
    uint8_t frame[RTU_FRAME_MAX]; /* what came back; CRC and address with it */
    uint32_t size;                /* 0: nothing */
    int64_t
        answer_ns; /* from the end of the request's last character to that of its own */
};

/* The device is one of device_image.h, with power. */
void image_aside(struct device *d, const uint8_t *pdu, int size,
                 struct image_aside *aside);

/* The frame answers so (`size` bytes of PDU; 0: not at all). */
bool image_aside_is(const struct image_aside *aside, uint8_t address,
                    const uint8_t *answer, int size);

/* The turn of the main loop that is under way ends on the copy: what the device has seen
 * of its meter is then what the turn comes to. */
void image_aside_turn(struct device *d);
