/* Who the meter says it is: texts of functions 0x2B/0x0E and of SunSpec. */
#pragma once

#include "core/model.h"

enum identity_object {
    IDENTITY_VENDOR,
    IDENTITY_PRODUCT,
    IDENTITY_REVISION,
    IDENTITIES
};

enum { METER_FIRMWARE_VERSION = 1000 /* register 7001: V01.000 */ };

/* Of the reset system that is made from the same sources: 1.000. */
enum { RESET_SYSTEM_VERSION = 1000 };

/* At most `size` characters, without an end; returns how many. */
int identity_text(const struct model *model, enum identity_object which, char *text,
                  int size);
