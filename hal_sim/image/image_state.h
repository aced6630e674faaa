/* What stands behind device_image.c, image_open.c and image_wires.c. */
#pragma once

#include "core/meter_state.h"
#include "core/rtu.h"
#include "hal_sim/chips/meter_board.h"
#include "hal_sim/device.h"
#include "hal_sim/image/machine.h"
#include <stddef.h>

/* struct meter begins with two pointers, of four bytes on the processor and of eight
 * here; all that follows is laid out alike (no pointers, the same alignment). */
enum {
    IMAGE_OWN_HEAD = offsetof(struct meter, settings),
    IMAGE_HEAD = 8,
    IMAGE_BODY = sizeof(struct meter) - IMAGE_OWN_HEAD,
    IMAGE_METER = IMAGE_BODY + IMAGE_HEAD
};
_Static_assert(IMAGE_OWN_HEAD == 2 * sizeof(void *), "two pointers, then the body");

/* Where the factory's block stands (hal_target/stm32f405/factory.h). */
enum { IMAGE_FACTORY = 0x080E0000 - MACHINE_FLASH };

/* Where the meter's image may stand, and its identification
 * (hal_target/stm32f405/slot.h, identity.h). */
enum {
    IMAGE_SLOTS = 0x20000,
    IMAGE_IDENTITY = 0x200,
    IMAGE_IDENTITY_METER = 112,
    IMAGE_IDENTITY_METER_SIZE = 116,
    IMAGE_IDENTITY_REQUEST = 120
};

static inline uint32_t image_word(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
           (uint32_t)at[3] << 24;
}

struct device_image {
    struct device_maker maker;
    const struct processor_module *module;
    uint8_t *flash; /* as it is flashed */
    struct cpu_cycles cycles;
    uint32_t crc;
};

struct image_device {
    struct device device;
    const struct device_image *image;
    struct machine machine;
    struct meter_board board;
    struct meter seen;   /* what is in RAM, as the core here reads it … */
    bool checked, sound; /* … once it is known to be the state of a meter */
    bool ahead;          /* it is what the turn under way comes to */
    int64_t to_ns; /* the unit's time, since power-up: outputs happen then at most */
    int64_t powered_ns; /* when the unit was powered up */
    int64_t began_ns;   /* … which came then */
    /* The samples that the unit has given: the last one, taken at last_ns. */
    int32_t x[HAL_CHANNELS][DEVICE_BLOCK];
    int count;
    int64_t last_ns;
    int32_t before[HAL_CHANNELS]; /* the set before them */
    /* What has left over RS-485 since DE rose. */
    uint8_t frame[RTU_FRAME_MAX];
    uint32_t sent, given;
    int64_t off_ns; /* when its power went, in the board's time; −1: it never had any */
    int64_t line_ns;         /* when something was last heard or said there */
    bool cut_while_selected; /* power went while FRAM was selected */
    bool factory_damaged;
};
