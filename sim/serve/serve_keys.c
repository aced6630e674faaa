/* Buttons of the panel. See serve_keys.h. A click that begins and ends between two
 * looks at the window lasts for the meter's debouncing all the same. */
#include "sim/serve/serve_keys.h"
#include <string.h>

#define LEAST_NS INT64_C(60000000)
#define HOLD_NS  INT64_C(80000000) /* of a click, and the gap behind it */

static const unsigned bits[PANEL_KEYS] = {
    [PANEL_KEY_MINUS] = METER_KEY_MINUS,
    [PANEL_KEY_PLUS] = METER_KEY_PLUS,
    [PANEL_KEY_LEFT] = METER_KEY_BACK,
    [PANEL_KEY_RIGHT] = METER_KEY_SELECT,
};

static void notify(struct serve_keys *k)
{
    unit_keys(sim_unit(k->sim, k->meter), k->pressed);
}

static void release(void *user)
{
    notify(user);
}

void serve_keys_press(void *user, enum panel_key key, bool down)
{
    struct serve_keys *k = user;

    k->pressed = down ? k->pressed | bits[key] : k->pressed & ~bits[key];
    if (down)
        notify(k);
    else
        sim_at(k->sim, sim_now(k->sim) + LEAST_NS, release, k);
}

static void click_ends(void *user);

static void click_begins(struct serve_keys *k)
{
    k->pressed = k->click[0];
    notify(k);
    sim_at(k->sim, sim_now(k->sim) + HOLD_NS, click_ends, k);
}

static void click_gone(void *user)
{
    struct serve_keys *k = user;

    k->clicks--;
    memmove(k->click, k->click + 1, sizeof k->click - sizeof *k->click);
    if (k->clicks > 0)
        click_begins(k);
}

static void click_ends(void *user)
{
    struct serve_keys *k = user;

    k->pressed = 0;
    notify(k);
    sim_at(k->sim, sim_now(k->sim) + HOLD_NS, click_gone, k);
}

void serve_keys_click(struct serve_keys *k, enum panel_key key)
{
    if (k->clicks == SERVE_KEYS_CLICKS)
        return;
    k->click[k->clicks++] = bits[key];
    if (k->clicks == 1)
        click_begins(k);
}

void serve_keys_turn(struct serve_keys *k, int by)
{
    const int count = sim_unit_count(k->sim);

    k->pressed = 0;
    notify(k);
    k->meter = (k->meter + by + count) % count;
}
