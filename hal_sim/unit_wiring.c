/* The wiring of a system type. See unit_wiring.h. */
#include "hal_sim/unit_wiring.h"
#include "core/system_type.h"

enum waveform_wiring unit_wiring_of(int system_type)
{
    static const uint8_t wiring[SYSTEM_TYPES] = {
#define Y(number, wiring, ...) WAVEFORM_##wiring,
#include "core/system_type.def"
#undef Y
    };
    const int type = system_type < 0 ? -1 : system_type_find((unsigned)system_type);

    return type < 0 ? WAVEFORM_WYE : (enum waveform_wiring)wiring[type];
}
