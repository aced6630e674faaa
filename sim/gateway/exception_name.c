/* See exception_name.h. */
#include "sim/gateway/exception_name.h"
#include <glib.h>

const char *exception_name(int code)
{
    static const char *const names[] = { [1] = "illegal function",
                                         [2] = "illegal data address",
                                         [3] = "illegal data value",
                                         [4] = "device failure",
                                         [5] = "acknowledge",
                                         [6] = "busy",
                                         [10] = "gateway path unavailable",
                                         [EXCEPTION_NO_TARGET] =
                                             "gateway target did not answer" };

    return code > 0 && code < (int)G_N_ELEMENTS(names) && names[code] ? names[code]
                                                                      : "unknown";
}
