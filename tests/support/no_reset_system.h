/* A board without a reset system and without functions of its own. For boards of tests;
 * included once per program. */
#pragma once

#include "core/hal.h"
#include "core/modbus.h"

uint32_t hal_reset_system_version(struct hal *h)
{
    (void)h;
    return 0;
}

int hal_user_function(struct hal *h, const uint8_t *request, int length,
                      uint8_t *answer)
{
    (void)h;
    (void)request;
    (void)length;
    (void)answer;
    return -MODBUS_ILLEGAL_FUNCTION;
}
