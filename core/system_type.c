/* The table of system types. See system_type.h. */
#include "core/system_type.h"

const struct system_type_row system_type_table[SYSTEM_TYPES] = {
#define Y(number, wiring, text, element, phases, ln, ll, nominal, sunspec)             \
    { number, sunspec, text, ELEMENT_##element, phases, ln, ll, NOMINAL_##nominal },
#include "core/system_type.def"
#undef Y
};

int system_type_find(unsigned number)
{
    for (int k = 0; k < SYSTEM_TYPES; k++)
        if (system_type_table[k].number == number)
            return k;
    return -1;
}
