/* The reset system on RS-485. See serve.h. */
#include "hal_target/reset_system/serve.h"
#include "core/config.h"
#include "core/identity.h"
#include "core/modbus.h"
#include "core/nvm.h"
#include "core/pdu_identity.h"
#include "core/records.h"
#include "core/rtu.h"
#include "hal_target/cortex_m/startup.h"
#include "hal_target/stm32f405/clocks.h"
#include "hal_target/stm32f405/factory.h"
#include "hal_target/stm32f405/fault.h"
#include "hal_target/stm32f405/fram.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/pins.h"
#include "hal_target/stm32f405/registers.h"
#include "hal_target/stm32f405/rs485.h"
#include "hal_target/stm32f405/watchdog.h"

enum { REPORT_SERVER_ID = 0x11, ENCAPSULATED = 0x2B, USER_DEFINED = 0x42 };

/* "Version x.xxx" in the text of function 0x11 (manual, "Report slave ID"). */
#define STANDS " - RESET SYSTEM RUNNING RS Version 0.000"

struct hal {
    struct rs485 rs485;
    struct rtu rtu;
    struct watchdog watchdog;
    struct factory_flash factory;
    const struct model *model;
    struct update *update;
};

static struct hal hal;

void startup_tick(void)
{
    clocks_tick();
}

static void on_uart(void)
{
    rs485_interrupt(&hal.rs485, clocks_now_us());
}

__attribute__((section(".interrupts"), used)) static void (*const interrupts[IRQS])(
    void) = { [0 ... IRQ_USART2 - 1] = startup_exception,
              [IRQ_USART2] = on_uart,
              [IRQ_USART2 + 1 ... IRQS - 1] = startup_exception };

_Noreturn void hal_assert_failed(const char *file, uint32_t line)
{
    (void)file;
    startup_end((int)line);
}

int hal_nvm_read(struct hal *h, uint32_t address, void *data, uint32_t size)
{
    (void)h;
    return fram_read(address, data, size);
}

void hal_uart_send(struct hal *h, const uint8_t *frame, uint32_t size)
{
    rs485_send(&h->rs485, frame, size);
}

static int object_text(const void *user, int object, char *text, int size)
{
    const struct hal *h = user;

    return identity_text(h->model, (enum identity_object)object, text, size);
}

static void put_digits(char *end, uint32_t x)
{
    static const int8_t places[] = { -1, -2, -3, -5 };

    for (unsigned k = 0; k < sizeof places; k++, x /= 10)
        end[places[k]] = (char)('0' + x % 10);
}

static int server_id(const struct hal *h, int length, uint8_t *answer)
{
    char stands[] = STANDS;

    put_digits(stands + sizeof stands - 1, RESET_SYSTEM_VERSION);
    return length == 1
               ? pdu_server_id(h->model->server_text, stands, PDU_SERVER_STANDS, answer)
               : -MODBUS_ILLEGAL_VALUE;
}

static int answer_to(struct hal *h, const uint8_t *request, int length, uint8_t *answer)
{
    const struct update_who who = { h->model->name, h->factory.block.serial,
                                    RESET_SYSTEM_VERSION };

    if (request[0] == REPORT_SERVER_ID)
        return server_id(h, length, answer);
    if (request[0] == ENCAPSULATED)
        return pdu_device_id(request, length, object_text, h, answer);
    if (request[0] == USER_DEFINED && length >= 2)
        return update_answer(h->update, &who, request, length, answer);
    return -MODBUS_ILLEGAL_FUNCTION;
}

static void answer(struct hal *h, const uint8_t *request, int length, uint64_t now_us)
{
    uint8_t pdu[METER_PDU_MAX] = { request[0] };
    int size = answer_to(h, request, length, pdu);

    if (size < 0) {
        pdu[0] = request[0] | 0x80;
        pdu[1] = (uint8_t)-size;
        size = 2;
    }
    rtu_answer(&h->rtu, h, pdu, size, now_us);
}

static void start_line(struct hal *h)
{
    struct nvm nvm = { 0 };
    struct settings stored, settings;

    config_defaults(&settings, h->model);
    stored = settings;
    nvm_load(&nvm, h, NVM_SETTINGS, &settings_layout, &stored);
    for (int k = SETTING_ADDRESS; k <= SETTING_PARITY; k++)
        if (config_in_range(h->model, (enum setting)k, stored.value[k]))
            settings.value[k] = stored.value[k];
    const enum hal_parity parity = (enum hal_parity)settings.value[SETTING_PARITY];
    rs485_configure(&h->rs485, config_baud(&settings), parity);
    rtu_start(&h->rtu);
    rtu_configure(&h->rtu, config_baud(&settings), parity,
                  (uint8_t)settings.value[SETTING_ADDRESS]);
}

static void start(struct hal *h, struct update *u)
{
    clocks_start();
    pins_start();
    fram_start();
    factory_read(&h->factory);
    h->model = model_find(factory_model(&h->factory));
    h->update = u;
    update_start(u, SLOT_NONE);
    start_line(h);
    mmio_write(NVIC_ISER0 + IRQ_USART2 / 32 * 4, 1u << IRQ_USART2 % 32);
}

/* As in the meter: what is asked is asked of a frame that silence has ended, at a time
 * that is read before the bytes are. */
static void turn(struct hal *h, uint64_t now_us)
{
    struct rs485_byte byte;
    const uint8_t *request;
    int length;

    while (rs485_receive(&h->rs485, &byte)) {
        if ((length = rtu_request(&h->rtu, byte.ended_us, &request)))
            answer(h, request, length, byte.ended_us);
        rtu_byte(&h->rtu, byte.byte, byte.flags, byte.ended_us);
    }
    if ((length = rtu_request(&h->rtu, now_us, &request)))
        answer(h, request, length, now_us);
    watchdog_feed(&h->watchdog, now_us);
    if (h->update->restart && !h->rs485.sending)
        fault_restart();
}

_Noreturn void serve(struct update *u)
{
    start(&hal, u);
    for (;;) {
        turn(&hal, clocks_now_us());
        __asm__ volatile("wfi");
    }
}
