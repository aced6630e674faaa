/* The reset system: at the start of flash, never updated, the first that runs after each
 * reset. It erases for an update, chooses the meter's image and runs it; when there is
 * none that is whole, or a service engineer asks for it (function 0x42, or BACK and
 * SELECT held at power-up), it serves Modbus instead. */
#include "core/identity.h"
#include "hal_target/cortex_m/startup.h"
#include "hal_target/reset_system/serve.h"
#include "hal_target/stm32f405/fault.h"
#include "hal_target/stm32f405/identity.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/pins.h"
#include "hal_target/stm32f405/registers.h"
#include "hal_target/stm32f405/update.h"
#include "hal_target/stm32f405/watchdog.h"

extern const struct identity identity;

__attribute__((section(".identity"), used))
const struct identity identity = { .magic = IDENTITY_RESET_SYSTEM,
                                   .version = RESET_SYSTEM_VERSION,
                                   .board = IDENTITY_BOARD,
                                   .address = FLASH_START };

static struct update update;

_Noreturn void startup_end(int code)
{
    (void)code;
    for (;;)
        fault_restart();
}

_Noreturn void startup_fault(uint32_t exception, const uint32_t *frame)
{
    (void)frame;
    startup_end((int)exception);
}

/* An image that hangs is left alone by no reset: its watchdog has been started here. */
void startup_first(void)
{
    watchdog_start_slow();
}

/* BACK and SELECT are down, and no others: of pins that all read low nobody has pressed
 * any. Their capacitors (100 nF) have been charged meanwhile. */
static bool keys_ask(void)
{
    return !pin_read(PIN_KEY_BACK) && !pin_read(PIN_KEY_SELECT) &&
           pin_read(PIN_KEY_PLUS) && pin_read(PIN_KEY_MINUS);
}

/* As after a reset, but for clocks of pins, caches and the watchdog. */
_Noreturn static void run(enum slot slot)
{
    const uint32_t vectors = slot_address(slot);
    const uint32_t stack = mmio_read(vectors), entry = mmio_read(vectors + 4);

    mmio_write(SCB_VTOR, vectors);
    __asm__ volatile("msr msp, %0\n"
                     "bx %1\n"
                     :
                     : "r"(stack), "r"(entry));
    __builtin_unreachable();
}

int main(void)
{
    mmio_write(FLASH_ACR, FLASH_ACR_PREFETCH | FLASH_ACR_CACHES);
    mmio_set(RCC_AHB1ENR, RCC_AHB1ENR_GPIO_ABC);
    for (enum pin key = PIN_KEY_PLUS; key <= PIN_KEY_SELECT; key++)
        pin_start(key);
    const enum slot slot = update_choose(&update);
    if (slot != SLOT_NONE && !keys_ask())
        run(slot);
    serve(&update);
}
