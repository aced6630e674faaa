/* Vector table and reset of a Cortex-M4 (ARMv7-M Architecture Reference Manual, B1.5).
 * The stack is painted first, so that its use can be read off later. Here are the
 * system exceptions; a board's interrupts follow by the linker script. See
 * startup.h. */
#include "hal_target/cortex_m/startup.h"
#include <string.h>

enum { PAINT = 0xA5, EXCEPTIONS = 16 };

extern uint32_t stack_bottom[], stack_top[];
extern uint32_t data_start[], data_end[], data_load[];
extern uint32_t bss_start[], bss_end[];

int main(void);
void startup_reset(void);

static uint32_t bytes_between(const uint32_t *from, const uint32_t *to)
{
    return (uint32_t)((uintptr_t)to - (uintptr_t)from);
}

/* In words, not by memset: the stack that it would use is what is painted. */
static void paint_stack(void)
{
    const uint32_t paint = PAINT * UINT32_C(0x01010101);
    volatile uint32_t *end = (uint32_t *)__builtin_frame_address(0) - 16;

    for (volatile uint32_t *word = stack_bottom; word < end; word++)
        *word = paint;
}

_Noreturn static void enter_main(void)
{
    memcpy(data_start, data_load, bytes_between(data_start, data_end));
    memset(bss_start, 0, bytes_between(bss_start, bss_end));
    startup_end(main());
}

void startup_reset(void)
{
    startup_first();
    paint_stack();
    enter_main();
}

/* The stack may be what has failed: then the handler begins a new one, and there is no
 * frame to look at. */
__attribute__((naked)) void startup_exception(void)
{
    __asm__("mrs r0, ipsr\n"
            "mov r1, sp\n"
            "ldr r2, =stack_bottom + 256\n"
            "cmp r1, r2\n"
            "bhs 1f\n"
            "movs r1, #0\n"
            "ldr r2, =stack_top\n"
            "mov sp, r2\n"
            "1: b startup_fault\n");
}

uint32_t startup_stack_size(void)
{
    return bytes_between(stack_bottom, stack_top);
}

uint32_t startup_stack_used(void)
{
    const uint8_t *byte = (const uint8_t *)stack_bottom;

    while (byte < (const uint8_t *)stack_top && *byte == PAINT)
        byte++;
    return (uint32_t)((const uint8_t *)stack_top - byte);
}

struct vectors {
    uint32_t *stack;
    void (*handler[EXCEPTIONS - 1])(void);
};

__attribute__((section(".vectors"), used)) static const struct vectors vectors = {
    .stack = stack_top,
    .handler = { startup_reset, startup_exception, startup_exception, startup_exception,
                 startup_exception, startup_exception, startup_exception,
                 startup_exception, startup_exception, startup_exception,
                 startup_exception, startup_exception, startup_exception,
                 startup_exception, startup_tick }
};
