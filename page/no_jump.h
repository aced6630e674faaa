/* A browser's machine has no way back from a failed assertion of the firmware: it ends
 * there, and the page says so. Included before every file of that build. */
#pragma once

#include <setjmp.h>
#include <stdlib.h>

#undef sigsetjmp
#undef siglongjmp
#define sigsetjmp(point, mask)    0
#define siglongjmp(point, result) abort()
