/* The identification block of the meter's image. See identity.h; git_id.h is made by the
 * build. */
#include "hal_target/stm32f405/identity.h"
#include "core/identity.h"
#include "core/meter.h"
#include "hal_target/git_id.h"
#include "hal_target/stm32f405/main.h"

/* The linker's: addresses that are numbers. */
extern const uint8_t image_start[], image_length[];

extern const struct identity identity;

__attribute__((section(".identity"), used))
const struct identity identity = { .magic = IDENTITY_METER,
                                   .version = METER_FIRMWARE_VERSION,
                                   .board = IDENTITY_BOARD,
                                   .git = GIT_ID,
                                   .address = (uint32_t)image_start,
                                   .length = (uint32_t)image_length,
                                   .models = "s4100 s4000r s4100_fds",
                                   .meter = (uint32_t)&meter,
                                   .meter_size = sizeof meter,
                                   .request = (uint32_t)meter_request };

/* Its place: the CRC is written there when the image is linked (seal.sh). */
extern const uint32_t identity_seal;

__attribute__((section(".seal"), used)) const uint32_t identity_seal = UINT32_MAX;
