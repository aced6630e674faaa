/* See identity.h. */
#include "core/identity.h"
#include "core/assert.h"

static int copy_text(char *text, int size, const char *from)
{
    int n = 0;

    for (; from[n] && n < size; n++)
        text[n] = from[n];
    return n;
}

/* "Vxx.yyy" from register 7001. */
static int version_text(char *text, int size, unsigned version)
{
    char digits[] = "V00.000";

    digits[6] = (char)('0' + version % 10);
    digits[5] = (char)('0' + version / 10 % 10);
    digits[4] = (char)('0' + version / 100 % 10);
    digits[2] = (char)('0' + version / 1000 % 10);
    digits[1] = (char)('0' + version / 10000 % 10);
    return copy_text(text, size, digits);
}

int identity_text(const struct model *model, enum identity_object which, char *text,
                  int size)
{
    switch (which) {
    case IDENTITY_VENDOR:
        return copy_text(text, size, "Leviton");
    case IDENTITY_PRODUCT:
        return copy_text(text, size, model->product);
    case IDENTITY_REVISION:
        return version_text(text, size, METER_FIRMWARE_VERSION);
    case IDENTITIES:
        break;
    }
    CORE_UNREACHABLE();
}
