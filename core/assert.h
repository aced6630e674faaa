/* Assertions of what cannot be: they hold whatever comes in by samples, keys, bytes or
 * from NVM, so a failure is a fault of the program or of the processor. The board says
 * what becomes of the meter (hal_assert_failed). Never in the loops over samples. */
#pragma once

#include "core/hal.h"

#define CORE_ASSERT(condition)                                                         \
    ((condition) ? (void)0 : hal_assert_failed(__FILE__, __LINE__))

/* Where no path leads: behind a switch that returns for every enumerator. */
#define CORE_UNREACHABLE() hal_assert_failed(__FILE__, __LINE__)
