/* Buttons of the panel. See serve_keys.h. A click that begins and ends between two looks
 * at the window lasts for the meter's debouncing all the same. */
#include "sim/serve_keys.h"

#define LEAST_NS INT64_C(60000000)

static void release(void *user)
{
    struct serve_keys *k = user;

    unit_keys(sim_unit(k->sim, 0), k->pressed);
}

void serve_keys_press(void *user, enum panel_key key, bool down)
{
    static const unsigned bits[PANEL_KEYS] = {
        [PANEL_KEY_MINUS] = METER_KEY_MINUS,
        [PANEL_KEY_PLUS] = METER_KEY_PLUS,
        [PANEL_KEY_LEFT] = METER_KEY_BACK,
        [PANEL_KEY_RIGHT] = METER_KEY_SELECT,
    };
    struct serve_keys *k = user;

    k->pressed = down ? k->pressed | bits[key] : k->pressed & ~bits[key];
    if (down)
        unit_keys(sim_unit(k->sim, 0), k->pressed);
    else
        sim_at(k->sim, sim_now(k->sim) + LEAST_NS, release, k);
}
