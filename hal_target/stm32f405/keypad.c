/* The keys. See keypad.h. */
#include "hal_target/stm32f405/keypad.h"
#include "hal_target/stm32f405/pins.h"

unsigned keypad_read(void)
{
    static const struct {
        enum pin pin;
        unsigned bit;
    } keys[] = { { PIN_KEY_PLUS, KEYPAD_PLUS },
                 { PIN_KEY_MINUS, KEYPAD_MINUS },
                 { PIN_KEY_BACK, KEYPAD_BACK },
                 { PIN_KEY_SELECT, KEYPAD_SELECT } };
    const uint32_t levels = pin_port(PIN_KEY_PLUS); /* they are on one port */
    unsigned down = 0;

    for (unsigned k = 0; k < sizeof keys / sizeof *keys; k++)
        if (!(levels >> pin_number(keys[k].pin) & 1))
            down |= keys[k].bit;
    return down;
}
