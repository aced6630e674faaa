/* The table of wirings. See wiring.h. */
#include "waveform/wiring.h"

const struct wiring_row wiring_table[WAVEFORM_WIRINGS] = {
#define W(id, name, conductors, neutral, elements)                                     \
    { name, conductors, neutral, elements },
#include "waveform/wiring.def"
#undef W
};

int wiring_first(enum waveform_wiring wiring)
{
    return __builtin_ctz(wiring_table[wiring].conductors);
}

int wiring_count(enum waveform_wiring wiring)
{
    return __builtin_popcount(wiring_table[wiring].conductors);
}

unsigned wiring_inputs(enum waveform_wiring wiring)
{
    return (unsigned)wiring_table[wiring].conductors >> wiring_first(wiring);
}
