/* The meter's end of RS-485. See link.h. */
#include "hal_sim/link.h"
#include "core/crc.h"
#include "core/rtu.h"
#include "hal_sim/unit.h"
#include "waveform/base/random.h"
#include <string.h>

static double value(const struct unit *u, enum fault_id id)
{
    return u->faults->value[id][0];
}

static bool on(const struct unit *u, enum fault_id id)
{
    return value(u, id) != 0;
}

void link_uart(const struct unit *u, struct link_uart *uart)
{
    *uart = (struct link_uart){ .baud = u->hal.baud,
                                .parity = u->hal.parity,
                                .inverted = on(u, FAULT_BUS_SWAPPED),
                                .receives_itself = on(u, FAULT_BUS_ECHO),
                                .stuck = u->powered && on(u, FAULT_BUS_DRIVER_STUCK),
                                .silent = !u->powered || on(u, FAULT_BUS_SILENCE),
                                .end_open = on(u, FAULT_BUS_TERMINATOR),
                                .bias_lost = on(u, FAULT_BUS_BIAS),
                                .shield_open = on(u, FAULT_BUS_SHIELD),
                                .stub_m = value(u, FAULT_BUS_STUB) };
    if (on(u, FAULT_BUS_WRONG_BAUD))
        uart->baud = (uint32_t)value(u, FAULT_BUS_WRONG_BAUD);
    if (uart->baud < LINK_SLOWEST)
        uart->baud = LINK_SLOWEST;
    if (on(u, FAULT_BUS_WRONG_PARITY))
        uart->parity = (enum hal_parity)(int)(value(u, FAULT_BUS_WRONG_PARITY) - 1);
}

int64_t link_response_ns(const struct unit *u)
{
    return LINK_RESPONSE_NS + u->hal.serial_number % 50 * INT64_C(10000);
}

/* One call per answer. */
static bool is_hit(struct unit *u)
{
    return ++u->link.answers % (int64_t)value(u, FAULT_BUS_ONE_IN) == 0;
}

static int finish(uint8_t *frame, int size)
{
    uint16_t crc = crc_modbus(frame, (uint32_t)size);

    frame[size] = (uint8_t)crc;
    frame[size + 1] = (uint8_t)(crc >> 8);
    return size + 2;
}

/* What the firmware would have sent with another outcome or another address: its CRC
 * is right. */
static int replace_content(const struct unit *u, uint8_t *frame, int size)
{
    bool exception = on(u, FAULT_BUS_EXCEPTION), other = on(u, FAULT_BUS_WRONG_ID);

    if (!exception && !other)
        return size;
    if (other)
        frame[0] = (uint8_t)(frame[0] + (int)value(u, FAULT_BUS_WRONG_ID));
    if (exception) {
        frame[1] |= 0x80;
        frame[2] = (uint8_t)value(u, FAULT_BUS_EXCEPTION);
        size = 5;
    }
    return finish(frame, size - 2);
}

static int damage(struct unit *u, uint8_t *frame, int size)
{
    int less = (int)value(u, FAULT_BUS_TRUNCATED),
        more = (int)value(u, FAULT_BUS_EXTRA_BYTES);

    if (on(u, FAULT_BUS_BAD_CRC))
        frame[size - 1] ^= 0x01;
    size = less < size ? size - less : 0;
    while (more-- > 0)
        frame[size++] = (uint8_t)random_next(&u->link.random);
    return size;
}

bool link_acts_on_frames(const struct unit *u)
{
    static const enum fault_id faults[] = {
        FAULT_BUS_ANSWER_LOST, FAULT_BUS_ANSWER_LATE, FAULT_BUS_EXCEPTION,
        FAULT_BUS_WRONG_ID,    FAULT_BUS_BAD_CRC,     FAULT_BUS_TRUNCATED,
        FAULT_BUS_EXTRA_BYTES
    };

    for (size_t k = 0; k < sizeof faults / sizeof *faults; k++)
        if (on(u, faults[k]))
            return true;
    return false;
}

int link_send(struct unit *u, const uint8_t *frame, int size, uint8_t *out,
              int64_t *late_ns)
{
    *late_ns = 0;
    memcpy(out, frame, (size_t)size);
    if (!is_hit(u))
        return size;
    if (on(u, FAULT_BUS_ANSWER_LOST))
        return 0;
    *late_ns = (int64_t)(value(u, FAULT_BUS_ANSWER_LATE) * 1e9);
    size = replace_content(u, out, size);
    return damage(u, out, size);
}

/* Each bit for itself; a flipped bit shows as a wrong parity unless another one hides
 * it. */
static uint8_t flip_bits(struct unit *u, uint8_t byte, unsigned *flags)
{
    const uint64_t share = (uint64_t)(value(u, FAULT_BUS_NOISE) / 100 * 4294967296.0);

    for (int bit = 0; bit < 8; bit++)
        if ((random_next(&u->link.random) >> 32) < share) {
            byte ^= (uint8_t)(1 << bit);
            if (u->hal.parity != HAL_PARITY_NONE)
                *flags ^= METER_UART_PARITY;
        }
    return byte;
}

void link_receive(struct unit *u, uint8_t byte, unsigned flags)
{
    if (on(u, FAULT_BUS_NOISE))
        byte = flip_bits(u, byte, &flags);
    unit_uart_byte(u, byte, flags);
}

bool link_acts_on_pdu(enum fault_id fault)
{
    return fault == FAULT_BUS_SILENCE || fault == FAULT_BUS_ANSWER_LOST ||
           fault == FAULT_BUS_EXCEPTION || fault == FAULT_BUS_ONE_IN;
}

bool link_acts_on_cable(enum fault_id fault)
{
    return fault == FAULT_BUS_TERMINATOR || fault == FAULT_BUS_BIAS ||
           fault == FAULT_BUS_STUB || fault == FAULT_BUS_SHIELD;
}

bool link_receives_pdu(const struct unit *u)
{
    return !on(u, FAULT_BUS_SILENCE);
}

int link_answer_pdu(struct unit *u, uint8_t *answer, int size)
{
    if (size <= 0 || !is_hit(u))
        return size;
    if (on(u, FAULT_BUS_ANSWER_LOST))
        return 0;
    if (!on(u, FAULT_BUS_EXCEPTION))
        return size;
    answer[0] |= 0x80;
    answer[1] = (uint8_t)value(u, FAULT_BUS_EXCEPTION);
    return 2;
}

/* By chance only where a chance is set: random numbers are left as they come. */
bool link_gateway_hits(struct unit *u, int64_t *hits)
{
    const double percent = value(u, FAULT_GATEWAY_CHANCE);
    const uint64_t share = (uint64_t)(percent / 100 * 4294967296.0);
    bool hit = ++u->link.polls % (int64_t)value(u, FAULT_GATEWAY_ONE_IN) == 0;

    if (hit && percent < 100)
        hit = (random_next(&u->link.random) >> 32) < share;
    u->link.hits += hit;
    *hits = u->link.hits;
    return hit;
}
