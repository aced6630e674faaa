/* See fm25v20a.h; "Command structure", "Status register and write protection" of
 * 001-90261. */
#include "hal_sim/chips/fm25v20a.h"

enum {
    WRSR = 0x01,
    WRITE = 0x02,
    READ = 0x03,
    WRDI = 0x04,
    RDSR = 0x05,
    WREN = 0x06,
    ADDRESS_BYTES = 3,
    STATUS_6 = 0x40, /* bit 6 reads 1 */
    WEL = 0x02,
    BP = 0x0C,
    WPEN = 0x80
};

void fm25v20a_power(struct fm25v20a *f, bool on, int64_t now_ns)
{
    (void)now_ns;
    f->powered = on;
    f->latch = false;
    f->selected = false;
    f->wrote_size = 0;
}

void fm25v20a_write_protect(struct fm25v20a *f, bool on)
{
    f->protect = on ? BP : 0;
}

/* BP1, BP0: nothing, the upper quarter, the upper half, all. */
static bool is_protected(const struct fm25v20a *f, uint32_t address)
{
    static const uint32_t from[4] = { FM25V20A_SIZE, FM25V20A_SIZE / 4 * 3,
                                      FM25V20A_SIZE / 2, 0 };

    return address >= from[(f->protect & BP) >> 2];
}

static void report(struct fm25v20a *f)
{
    if (f->wrote_size && f->wires.wrote)
        f->wires.wrote(f->wires.user, f->wrote_at, f->wrote, f->wrote_size);
    f->wrote_size = 0;
}

static void store(struct fm25v20a *f, uint32_t address, uint8_t byte)
{
    if (!f->latch || is_protected(f, address) ||
        !f->wires.write(f->wires.user, address, byte))
        return;
    if (f->wrote_size == FM25V20A_PIECE || address == 0)
        report(f);
    if (f->wrote_size == 0)
        f->wrote_at = address;
    f->wrote[f->wrote_size++] = byte;
}

/* WEL falls with CS, after a WRITE or WRSR that came as far as its data. */
static void end(struct fm25v20a *f)
{
    const bool wrote = (f->opcode == WRITE && f->count > 1 + ADDRESS_BYTES) ||
                       (f->opcode == WRSR && f->count > 1);

    report(f);
    if (wrote)
        f->latch = false;
}

void fm25v20a_select(struct fm25v20a *f, bool selected, int64_t now_ns)
{
    (void)now_ns;
    if (selected == f->selected)
        return;
    f->selected = selected;
    if (!f->powered || f->silent)
        return;
    if (!selected)
        end(f);
    f->count = f->address = 0;
}

static void obey(struct fm25v20a *f, uint8_t opcode)
{
    f->opcode = opcode;
    if (opcode == WREN)
        f->latch = true;
    if (opcode == WRDI)
        f->latch = false;
}

static int status(const struct fm25v20a *f)
{
    return STATUS_6 | (f->latch ? WEL : 0) | f->protect;
}

static void write_status(struct fm25v20a *f, uint8_t value)
{
    if (f->latch && !(f->wp_low && f->protect & WPEN))
        f->protect = value & (WPEN | BP);
}

static int exchange_data(struct fm25v20a *f, uint8_t mosi)
{
    if (f->count <= 1 + ADDRESS_BYTES) {
        f->address = (f->address << 8 | mosi) % FM25V20A_SIZE;
        return -1;
    }
    const uint32_t address = f->address;
    f->address = (address + 1) % FM25V20A_SIZE;
    if (f->opcode == READ)
        return f->wires.read(f->wires.user, address);
    store(f, address, mosi);
    return -1;
}

int fm25v20a_exchange(void *part, uint8_t mosi, const struct spi_clocking *how,
                      int64_t now_ns)
{
    struct fm25v20a *f = part;
    int miso = -1;

    (void)now_ns;
    if (!f->selected || !f->powered || f->silent)
        return -1;
    /* Modes 0 and 3. Too fast, or on the wrong edges: bits slip. */
    const bool slips =
        how->hz > FM25V20A_SCLK_HZ || how->mode % 3 != 0 || how->lsb_first;
    f->too_fast += slips;
    if (slips)
        mosi >>= 1;
    if (f->count++ == 0)
        obey(f, mosi);
    else if (f->opcode == RDSR)
        miso = status(f);
    else if (f->opcode == WRSR && f->count == 2)
        write_status(f, mosi);
    else if (f->opcode == READ || f->opcode == WRITE)
        miso = exchange_data(f, mosi);
    return slips && miso > 0 ? miso >> 1 : miso;
}
