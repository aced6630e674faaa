/* The image of the physical meter: interrupts, start and the main loop. It meters what
 * its ADC gives; there is no other mode. Parts that do not answer leave the rest at
 * work: Modbus is served, the red LED blinks, and readings show that there are none. */
#include "hal_target/stm32f405/main.h"
#include "core/meter.h"
#include "hal_target/cortex_m/startup.h"
#include "hal_target/stm32f405/board.h"
#include "hal_target/stm32f405/keypad.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/registers.h"

enum { PRIORITY_SAMPLES = 0x40, PRIORITY_UART = 0x80, PRIORITY_SUPPLY = 0xC0 };

/* All that the meter has in RAM; the fault record outlives a reset. */
struct meter meter;
static struct hal hal;

/* What has woken the main loop, and when it is to have a turn at the latest. Time is read
 * and turns are had as the tick comes, every 625 µs: most interrupts leave nothing to do. */
static volatile bool ticked, came;
static uint64_t due_us;
static unsigned keys_down; /* as the core knows them */

__attribute__((section(".noinit"))) static struct fault fault;

extern uint32_t image_start[]; /* the linker's: the vectors */

_Noreturn void startup_end(int code)
{
    (void)code;
    for (;;)
        fault_restart();
}

_Noreturn void startup_fault(uint32_t exception, const uint32_t *frame)
{
    fault_record(&fault, exception, frame);
    startup_end(0);
}

_Noreturn void hal_assert_failed(const char *file, uint32_t line)
{
    (void)file;
    fault_record_assertion(&fault, (uint32_t)(uintptr_t)__builtin_return_address(0),
                           line);
    startup_end(0);
}

void startup_first(void)
{
    watchdog_start();
}

void startup_tick(void)
{
    clocks_tick();
    ticked = true;
}

static void on_ready(void)
{
    afe_ready_interrupt(&hal.afe, (uint32_t)clocks_now_us());
}

/* A new system type begins its blocks with the next set, wherever the piece stands. */
static void on_frame(void)
{
    static uint8_t starts;
    const uint8_t now = meter.metering.acquire.starts;

    if (starts != now)
        afe_drop_piece(&hal.afe);
    starts = now;
    const uint32_t sets = afe_frame_interrupt(&hal.afe);

    if (sets && meter_samples(&meter, (const int32_t(*)[BLOCK])hal.afe.x, sets))
        came = true;
}

static void on_uart(void)
{
    rs485_interrupt(&hal.rs485, clocks_now_us());
}

static void on_supply(void)
{
    supply_interrupt(&hal.supply);
    came = true;
}

/* Interrupts that nobody asked for are faults. */
__attribute__((section(".interrupts"), used)) static void (*const interrupts[IRQS])(
    void) = { [0 ... IRQ_EXTI0 - 1] = startup_exception,
              [IRQ_EXTI0] = on_ready,
              [IRQ_EXTI0 + 1 ... IRQ_EXTI9_5 - 1] = startup_exception,
              [IRQ_EXTI9_5] = on_supply,
              [IRQ_EXTI9_5 + 1 ... IRQ_USART2 - 1] = startup_exception,
              [IRQ_USART2] = on_uart,
              [IRQ_USART2 + 1 ... IRQ_DMA2_STREAM0 - 1] = startup_exception,
              [IRQ_DMA2_STREAM0] = on_frame,
              [IRQ_DMA2_STREAM0 + 1 ... IRQS - 1] = startup_exception };

static void enable(enum irq irq, uint32_t priority)
{
    uint32_t reg = NVIC_IPR0 + (irq & ~3u);
    unsigned shift = irq % 4 * 8;

    mmio_write(reg, (mmio_read(reg) & ~(0xFFu << shift)) | priority << shift);
    mmio_write(NVIC_ISER0 + irq / 32 * 4, 1u << irq % 32);
}

/* SysTick keeps priority 0, the highest: see clocks_now_us. */
static void enable_interrupts(void)
{
    enable(IRQ_EXTI0, PRIORITY_SAMPLES);
    enable(IRQ_DMA2_STREAM0, PRIORITY_SAMPLES);
    enable(IRQ_USART2, PRIORITY_UART);
    enable(IRQ_EXTI9_5, PRIORITY_SUPPLY);
}

/* With all that has been sampled stored, as when the supply fails. */
_Noreturn static void start_anew(void)
{
    meter_save(&meter);
    startup_end(0);
}

/* `now_us` is read before the bytes are taken, so none that ended before it is missed:
 * the core would take its place for silence. */
static void turn(uint64_t now_us)
{
    struct rs485_byte byte;
    struct hal_report report;

    while (rs485_receive(&hal.rs485, &byte))
        meter_uart_byte(&meter, byte.byte, byte.flags, byte.ended_us);
    keys_down = keypad_read();
    meter_keys(&meter, keys_down, now_us);
    meter_tick(&meter, now_us);
    meter_poll(&meter);
    meter_supply(&meter, board_run(&hal, now_us));
    if (board_report(&hal, now_us, &report)) {
        meter_board(&meter, &report);
        update_watch(&hal.update, meter.seconds - meter.front_end.silent_seconds,
                     now_us);
    }
    if (board_restarts(&hal))
        start_anew();
    const uint64_t core_us = meter_deadline(&meter),
                   rest_us = now_us + board_rest_us(&hal);
    due_us = core_us < rest_us ? core_us : rest_us;
}

/* Bytes that wait carry their times; their frame's end is known when core has them. Keys
 * that bounce are seen to: looked at seldom they would seem to be at rest. */
static void follow_tick(void)
{
    const uint64_t now_us = clocks_now_us();

    if (now_us >= due_us || rs485_waits(&hal.rs485) || keypad_read() != keys_down)
        turn(now_us);
}

int main(void)
{
    mmio_write(SCB_VTOR, (uint32_t)image_start);
    board_start(&hal, &fault);
    meter_start(&meter, &hal, hal.model);
    enable_interrupts();
    for (;;) {
        if (came) {
            came = ticked = false;
            turn(clocks_now_us());
        } else if (ticked) {
            ticked = false;
            follow_tick();
        }
        __asm__ volatile("wfi");
    }
}
