/* See meter_view.h. */
#include "core/meter_view.h"
#include "core/assert.h"

bool meter_reading(const struct meter *m, enum quantity q, int64_t *value)
{
    CORE_ASSERT((unsigned)q < QUANTITIES);
    *value = m->reading[q];
    return (quantity_table[q].types & m->config.type_bit) && *value != METER_NO_READING;
}

const struct model *meter_model(const struct meter *m)
{
    return m->model;
}

const struct settings *meter_settings(const struct meter *m)
{
    return &m->settings;
}

const struct config *meter_config(const struct meter *m)
{
    return &m->config;
}

const struct calibration *meter_calibration(const struct meter *m)
{
    return &m->calibration;
}

const struct counters *meter_counters(const struct meter *m)
{
    return &m->counters;
}

const struct second *meter_second(const struct meter *m)
{
    return &m->second;
}

const struct energy *meter_energy(const struct meter *m)
{
    return &m->energy;
}

const struct demand *meter_demand(const struct meter *m)
{
    return &m->demand;
}

const struct lcd *meter_lcd(const struct meter *m)
{
    return &m->lcd;
}

uint16_t meter_alerts(const struct meter *m)
{
    return m->alerts;
}

uint8_t meter_outputs(const struct meter *m)
{
    return m->outputs;
}

uint32_t meter_seconds(const struct meter *m)
{
    return m->seconds;
}

bool meter_waiting(const struct meter *m)
{
    return m->waiting;
}

uint64_t meter_uart_deadline(const struct meter *m)
{
    return rtu_deadline(&m->rtu);
}
