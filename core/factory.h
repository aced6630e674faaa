/* The factory state: what may be done to a meter before it is sealed. It is entered by
 * power-up with the factory's pin at ground (HAL_FACTORY_PIN) and ends with the seal. A
 * sealed meter whose pin is at ground offers one thing: to break the seal, which is
 * counted for good. In the field the pin is open, and none of it exists. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct meter;

/* In NVM (NVM_SEAL). A meter that has lost it counts as sealed. */
struct seal {
    uint32_t sealed;       /* 1: it stands */
    uint32_t broken;       /* how often */
    uint32_t calibrations; /* how often constants were written */
};

struct factory {
    struct seal seal;
    uint8_t keys_seen; /* down since they were last asked for, bits of enum meter_key */
};

/* Sub-functions of 0x42 in the factory state: a byte behind the function's. */
enum factory_function {
    FACTORY_READ_CONSTANTS = 0x20,
    FACTORY_WRITE_CONSTANTS = 0x21,
    FACTORY_READ_MEANS = 0x22,
    FACTORY_DRIVE_OUTPUTS = 0x23,
    FACTORY_SHOW_SEGMENTS = 0x24,
    FACTORY_READ_KEYS = 0x25,
    FACTORY_TEST_MEMORY = 0x26,
    FACTORY_READ_CLOCK = 0x27,
    FACTORY_SEAL = 0x2E,
    FACTORY_BREAK_SEAL = 0x2F
};

/* What FACTORY_TEST_MEMORY finds. */
enum factory_memory {
    FACTORY_MEMORY_SILENT = 1,
    FACTORY_MEMORY_DIFFERS = 2,
    FACTORY_MEMORY_ALIAS = 4, /* both addresses reach the same bytes */
    FACTORY_MEMORY_NOT_RESTORED = 8
};

enum { FACTORY_IDENTIFY = 0x02, FACTORY_AREA = 32, FACTORY_CONSTANTS = 15 };

/* Bits of the state in the answer to FACTORY_IDENTIFY. */
enum factory_state { FACTORY_PIN = 1, FACTORY_SEALED = 2, FACTORY_OPEN = 4 };

/* Function 0x42 with 0x02 and 0x20 to 0x2F: the answer's length, or minus an exception. */
int factory_answer(struct meter *m, const uint8_t *request, int length,
                   uint8_t *answer);
