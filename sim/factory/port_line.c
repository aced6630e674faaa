/* See port_line.h. 19200 baud, 8N1: the meter's factory settings. */
#include "sim/factory/port_line.h"
#include "sim/factory/port_unit.h"
#include "sim/line/line_master.h"
#include "sim/program/error.h"
#include <stdio.h>
#include <string.h>

enum { BYTE_NS = 520833, STEP_NS = 1000000, SILENCE_NS = 3000000, ATTEMPTS = 3 };
#define TIMEOUT_NS INT64_C(500000000)

static void sent(void *user, const uint8_t *frame, uint32_t size)
{
    struct port_line *l = user;

    l->size = MIN(size, PORT_LINE_FRAME);
    memcpy(l->frame, frame, l->size);
}

static void pass(struct port_line *l, int64_t ns)
{
    unit_advance(l->u, l->u->now_ns + ns);
}

static void send(struct port_line *l, const uint8_t *pdu, int size)
{
    uint8_t frame[PORT_LINE_FRAME] = { l->address };

    memcpy(frame + 1, pdu, (size_t)size);
    const int length = line_master_finish(frame, size + 1);
    l->size = 0;
    for (int k = 0; k < length; k++) {
        pass(l, BYTE_NS);
        unit_uart_byte(l->u, frame[k], 0);
    }
}

static bool is_answer(const struct port_line *l, uint8_t function)
{
    uint8_t frame[PORT_LINE_FRAME];

    if (l->size < 5 || l->frame[0] != l->address || (l->frame[1] & 0x7F) != function)
        return false;
    memcpy(frame, l->frame, l->size - 2);
    line_master_finish(frame, (int)l->size - 2);
    return !memcmp(frame, l->frame, l->size);
}

static bool exchange(struct port_line *l, const uint8_t *pdu, int size)
{
    const int64_t until_ns = l->u->now_ns + size * (int64_t)BYTE_NS + TIMEOUT_NS;

    send(l, pdu, size);
    while (!l->size && l->u->now_ns < until_ns)
        pass(l, STEP_NS);
    const bool answered = is_answer(l, pdu[0]);
    pass(l, SILENCE_NS); /* the answer has left when it is noted */
    l->lost += !answered;
    return answered;
}

static int ask(void *user, const uint8_t *pdu, int size, uint8_t answer[PORT_PDU_MAX],
               GError **error)
{
    struct port_line *l = user;

    for (int attempt = 0; attempt < ATTEMPTS; attempt++)
        if (exchange(l, pdu, size)) {
            const int length = (int)l->size - 3;
            memcpy(answer, l->frame + 1, (size_t)MIN(length, PORT_PDU_MAX));
            return answer[0] & 0x80 ? -answer[1] : length;
        }
    error_set_code(error, ERROR_FAILED,
                   "no answer on RS-485: supply, processor, memory or transceiver");
    return 0;
}

static bool wait_on(void *user, double seconds, GError **error)
{
    (void)error;
    pass(user, (int64_t)(seconds * 1e9));
    return true;
}

static bool set_source(void *user, const struct source_point *point, GError **error)
{
    (void)error;
    port_unit_source(((struct port_line *)user)->u, point);
    return true;
}

static bool press(struct port_line *l, const char *key)
{
    static const char *const names[] = { "plus", "minus", "back", "select" };
    unsigned down = 0;

    for (size_t k = 0; k < G_N_ELEMENTS(names); k++)
        if (!strcmp(key, names[k]))
            down = 1u << k;
    unit_keys(l->u, down);
    return true;
}

static bool see_output(const struct port_line *l, const char *name)
{
    static const char *const names[HAL_OUTPUTS] = { [HAL_ENERGY_CONTACT] = "energy",
                                                    [HAL_ALARM_CONTACT] = "alarm",
                                                    [HAL_LED_GREEN] = "green",
                                                    [HAL_LED_RED] = "red",
                                                    [HAL_BACKLIGHT] = "backlight" };

    for (int which = 0; which < HAL_OUTPUTS; which++)
        if (!strcmp(name, names[which])) /* the alarm contact is normally closed */
            return l->u->hal.output[which] != (which == HAL_ALARM_CONTACT);
    return false;
}

static bool see_segments(const struct port_line *l, const char *hex)
{
    uint8_t memory[HAL_LCD_SIZE];
    char seen[2 * HAL_LCD_SIZE + 1];

    unit_glass(l->u, memory);
    for (int k = 0; k < HAL_LCD_SIZE; k++)
        g_snprintf(seen + 2 * k, 3, "%02X", memory[k]);
    return !strcmp(seen, hex);
}

static bool cut(struct port_line *l, int ms)
{
    unit_supply(l->u, false);
    pass(l, ms * INT64_C(1000000));
    unit_supply(l->u, true);
    return true;
}

static bool fixture(void *user, const char *action, bool *yes, GError **error)
{
    struct port_line *l = user;

    (void)error;
    if (g_str_has_prefix(action, "press "))
        *yes = press(l, action + 6);
    else if (g_str_has_prefix(action, "cut "))
        *yes = cut(l, atoi(action + 4));
    else if (g_str_has_prefix(action, "see segments "))
        *yes = see_segments(l, action + 13);
    else
        *yes = see_output(l, action + 4);
    return true;
}

static int lost(void *user)
{
    return ((struct port_line *)user)->lost;
}

void port_line_open(struct port_line *l, struct unit *u, uint8_t address)
{
    *l = (struct port_line){ .u = u, .address = address };
    u->hal.uart_sent = sent;
    u->hal.uart_user = l;
}

struct port port_line(struct port_line *l)
{
    return (struct port){ l, ask, wait_on, set_source, fixture, lost };
}
