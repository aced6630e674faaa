/* The identification block. See identity.h; git_id.h is made by the build. */
#include "hal_target/stm32f405/identity.h"
#include "core/identity.h"
#include "hal_target/git_id.h"

__attribute__((section(".identity"), used))
const struct identity identity = { .magic = "METERFW",
                                   .version = METER_FIRMWARE_VERSION,
                                   .board = "STM32F405 meter 1",
                                   .git = GIT_ID };
