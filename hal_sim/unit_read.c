/* Readings and registers of a unit's meter, read through its device: simulated time, the
 * tape and the meter stay as they are. See unit.h. */
#include "hal_sim/unit.h"
#include <string.h>

bool unit_reading(const struct unit *u, enum quantity q, int64_t *value)
{
    return u->device->kind->reading(u->device, q, value) &&
           model_has_quantity(u->model, q);
}

struct settings unit_settings(const struct unit *u)
{
    struct settings settings;

    u->device->kind->settings(u->device, &settings);
    return settings;
}

uint16_t unit_setting(const struct unit *u, enum setting id)
{
    return unit_settings(u).value[id];
}

struct config unit_config(const struct unit *u)
{
    const struct settings settings = unit_settings(u);
    struct config config;

    memset(&config, 0, sizeof config);
    if (settings.value[SETTING_SYSTEM_TYPE])
        config_derive(&config, &settings);
    return config;
}

uint32_t unit_seconds(const struct unit *u)
{
    return u->device->kind->seconds(u->device);
}

uint16_t unit_alerts(const struct unit *u)
{
    return u->device->kind->alerts(u->device);
}

bool unit_registers(const struct unit *u, uint16_t addr, int count, uint16_t *words)
{
    return u->device->kind->registers(u->device, addr, count, words);
}
