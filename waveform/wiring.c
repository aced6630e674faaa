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
    /* conductors A, B, C are bits 0 to 2; a loop over bits is a call on many processors */
    static const uint8_t bits[8] = { 0, 1, 1, 2, 1, 2, 2, 3 };
    return bits[wiring_table[wiring].conductors & 7];
}

unsigned wiring_inputs(enum waveform_wiring wiring)
{
    return (unsigned)wiring_table[wiring].conductors >> wiring_first(wiring);
}
