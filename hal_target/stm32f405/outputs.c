/* Outputs. See outputs.h. Contacts are opto relays: high = current in their LED. */
#include "hal_target/stm32f405/outputs.h"
#include "hal_target/stm32f405/pins.h"

static const enum pin pins[HAL_OUTPUTS] = { [HAL_ENERGY_CONTACT] = PIN_ENERGY_CONTACT,
                                            [HAL_ALARM_CONTACT] = PIN_ALARM_CONTACT,
                                            [HAL_LED_GREEN] = PIN_LED_GREEN,
                                            [HAL_LED_RED] = PIN_LED_RED,
                                            [HAL_BACKLIGHT] = PIN_BACKLIGHT };

static bool only_shows(enum hal_output which)
{
    return which == HAL_LED_GREEN || which == HAL_LED_RED || which == HAL_BACKLIGHT;
}

static void show(struct outputs *o, enum hal_output which, bool on)
{
    if (o->dark && only_shows(which))
        on = false;
    if (o->shown[which] == on)
        return;
    o->shown[which] = on;
    pin_write(pins[which], on);
}

void outputs_set(struct outputs *o, enum hal_output which, bool on)
{
    o->on[which] = on;
    if (which != HAL_LED_RED || !o->fault)
        show(o, which, on);
}

void outputs_ct_range(enum hal_ct_range range)
{
    pin_write(PIN_CT_THIRD_V, range == HAL_CT_THIRD_V);
}

void outputs_run(struct outputs *o, bool fault, bool dark, uint64_t now_us)
{
    o->fault = fault;
    o->dark = dark;
    for (int which = 0; which < HAL_OUTPUTS; which++)
        if (which != HAL_LED_RED)
            show(o, (enum hal_output)which, o->on[which]);
    show(o, HAL_LED_RED, fault ? now_us / OUTPUTS_BLINK_US % 2 : o->on[HAL_LED_RED]);
}
