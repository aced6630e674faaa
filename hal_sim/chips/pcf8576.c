/* See pcf8576.h; "Command decoder" and "Display RAM" of the data sheet. */
#include "hal_sim/chips/pcf8576.h"
#include <string.h>

enum {
    ADDRESS = 0x38,
    MORE = 0x80,
    /* Commands by their upper bits, without MORE. */
    LOAD_POINTER_MASK = 0x40,
    LOAD_POINTER = 0x00,
    MODE_SET_MASK = 0x60,
    MODE_SET = 0x40,
    DEVICE_SELECT_MASK = 0x78,
    DEVICE_SELECT = 0x60,
    MODE_ENABLE = 0x08,
    MODE_DRIVE = 0x07, /* bias and multiplex: 0 is 1/3 and 1:4 */
    SEGMENTS = 40,
    SEGMENTS_A_BYTE = 2
};

static void show(const struct pcf8576 *p)
{
    static const uint8_t dark[PCF8576_RAM];
    const bool lit = p->powered && p->on && p->multiplexed;

    if (p->wires.shows)
        p->wires.shows(p->wires.user, lit ? p->ram : dark);
}

void pcf8576_power(struct pcf8576 *p, bool on, int64_t now_ns)
{
    p->powered = on;
    p->addressed = p->on = p->multiplexed = p->commands = false;
    p->wired = true;
    p->pointer = 0;
    p->ready_ns = now_ns + PCF8576_POWER_ON_NS;
    memset(p->ram, 0xFF, sizeof p->ram);
    show(p);
}

/* A transfer that comes too soon after power-on is not received; one that is too fast
 * for it neither. */
bool pcf8576_address(void *part, uint8_t address, uint32_t hz, int64_t now_ns)
{
    struct pcf8576 *p = part;

    p->addressed = false;
    if (!p->powered || p->absent || address != ADDRESS)
        return false;
    p->too_soon += now_ns < p->ready_ns;
    p->too_fast += hz > PCF8576_BUS_HZ;
    p->addressed = now_ns >= p->ready_ns && hz <= PCF8576_BUS_HZ;
    p->commands = true;
    return p->addressed;
}

static void obey(struct pcf8576 *p, uint8_t command)
{
    p->commands = command & MORE;
    command &= (uint8_t)~MORE;
    if ((command & LOAD_POINTER_MASK) == LOAD_POINTER) {
        p->pointer = command & 0x3F;
    } else if ((command & MODE_SET_MASK) == MODE_SET) {
        p->on = command & MODE_ENABLE;
        p->multiplexed = (command & MODE_DRIVE) == 0;
    } else if ((command & DEVICE_SELECT_MASK) == DEVICE_SELECT) {
        p->wired = (command & 7) == 0;
    }
}

bool pcf8576_byte(void *part, uint8_t byte, int64_t now_ns)
{
    struct pcf8576 *p = part;

    (void)now_ns;
    if (!p->addressed || p->absent)
        return false;
    if (p->commands) {
        obey(p, byte);
        return true;
    }
    if (p->wired && p->pointer < SEGMENTS)
        p->ram[p->pointer / SEGMENTS_A_BYTE] = byte;
    p->pointer = (uint8_t)((p->pointer + SEGMENTS_A_BYTE) % SEGMENTS);
    return true;
}

void pcf8576_stop(void *part, int64_t now_ns)
{
    struct pcf8576 *p = part;

    (void)now_ns;
    if (p->addressed)
        show(p);
    p->addressed = false;
}

void pcf8576_hold(struct pcf8576 *p, uint32_t clocks)
{
    p->holds = clocks;
    if (p->wires.sda)
        p->wires.sda(p->wires.user, clocks ? PIN_LOW : PIN_OPEN);
}

void pcf8576_clock(struct pcf8576 *p)
{
    if (p->holds)
        pcf8576_hold(p, p->holds - 1);
}
