/* Nonvolatile records in two slots each. See nvm.h. */
#include "core/nvm.h"
#include "core/crc.h"
#include <string.h>

enum { HEADER = 8, CRC = 4, TRAILER = CRC + 1, SLOT_MAX = 1024, COPIED_MAX = 256 };

static const struct {
    uint32_t address; /* of slot 0; slot 1 follows */
    uint32_t slot;    /* bytes */
} places[NVM_RECORDS] = {
    [NVM_SETTINGS] = { 0x0000, COPIED_MAX },
    [NVM_CALIBRATION] = { 0x0200, 128 },
    [NVM_COUNTERS] = { 0x0300, 64 },
    [NVM_ENERGY] = { 0x0400, SLOT_MAX },
    [NVM_SEAL] = { 0x0380, 64 },
    [NVM_LOG] = { 0x0C00, 64 }, /* entries of the logs: from 0x2000 on */
};

enum slot_state {
    SLOT_EMPTY,  /* never written */
    SLOT_WHOLE,  /* perhaps mended */
    SLOT_TORN,   /* power went while it was written */
    SLOT_ROTTEN, /* written, and damaged since */
    SLOT_SILENT  /* it cannot be read */
};

struct slot {
    enum slot_state state;
    uint32_t sequence;
};

static void put32(uint8_t *at, uint32_t x)
{
    for (int k = 0; k < 4; k++)
        at[k] = (uint8_t)(x >> (8 * k));
}

static uint32_t get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Known when it is compiled, and nothing is left of it then. */
static bool is_little_endian(void)
{
    const uint16_t one = 1;
    uint8_t first;

    memcpy(&first, &one, 1);
    return first == 1;
}

/* Numbers in the processor's byte order to little-endian ones, or back. */
static void copy_numbers(uint8_t *to, const uint8_t *from, const struct nvm_field *f)
{
    const uint32_t size = (uint32_t)f->count * f->width;

    if (is_little_endian())
        memcpy(to, from, size);
    else
        for (uint32_t k = 0; k < size; k++)
            to[k] = from[k - k % f->width + (f->width - 1 - k % f->width)];
}

static uint32_t aligned(uint32_t at, uint32_t width)
{
    return (at + width - 1) / width * width;
}

static uint32_t size_of(const struct nvm_layout *layout)
{
    uint32_t at = 0;

    for (uint32_t k = 0; k < layout->fields; k++) {
        const struct nvm_field *f = &layout->field[k];
        at = aligned(at, f->width) + (uint32_t)f->count * f->width;
    }
    return at;
}

static void encode(uint8_t *to, const struct nvm_layout *layout, const void *data)
{
    uint32_t at = 0;

    for (uint32_t k = 0; k < layout->fields; k++) {
        const struct nvm_field *f = &layout->field[k];
        for (; at % f->width; at++)
            to[at] = 0;
        copy_numbers(to + at, (const uint8_t *)data + f->at, f);
        at += (uint32_t)f->count * f->width;
    }
}

static void decode(void *data, const struct nvm_layout *layout, const uint8_t *from)
{
    uint32_t at = 0;

    for (uint32_t k = 0; k < layout->fields; k++) {
        const struct nvm_field *f = &layout->field[k];
        at = aligned(at, f->width);
        copy_numbers((uint8_t *)data + f->at, from + at, f);
        at += (uint32_t)f->count * f->width;
    }
}

static uint32_t address_of(enum nvm_record record, int slot)
{
    return places[record].address + (uint32_t)slot * places[record].slot;
}

int nvm_read(struct nvm *n, struct hal *h, uint32_t address, void *data, uint32_t size)
{
    n->silent = hal_nvm_read(h, address, data, size) != 0;
    return n->silent ? -1 : 0;
}

int nvm_write(struct nvm *n, struct hal *h, uint32_t address, const void *data,
              uint32_t size)
{
    n->silent = hal_nvm_write(h, address, data, size) != 0;
    return n->silent ? -1 : 0;
}

static bool has_two_copies(enum nvm_record record)
{
    return record != NVM_ENERGY;
}

/* Mends one wrong bit of header, data or CRC; the caller checks whether that helped. */
static void mend(uint8_t *image, uint32_t size)
{
    uint32_t syndrome = crc_ieee(image, HEADER + size) ^ get32(image + HEADER + size);
    int32_t bit = syndrome ? crc_ieee_wrong_bit(syndrome, HEADER + size) : -1;

    if (bit >= 0)
        image[HEADER + size + CRC - 1 - (uint32_t)bit / 8] ^=
            (uint8_t)(0x80 >> (bit % 8));
}

static bool whole(const uint8_t *image, enum nvm_record record, uint32_t size)
{
    return get32(image) != 0 && get32(image + 4) == ((uint32_t)record | size << 16) &&
           get32(image + HEADER + size) == crc_ieee(image, HEADER + size);
}

static bool torn(const uint8_t *image, uint32_t size)
{
    return image[0] != image[HEADER + size + CRC];
}

/* A new chip reads all ones, or all zeros; one of three words may have rotted. */
static bool empty(const uint8_t *image, uint32_t size)
{
    const uint32_t word[3] = { get32(image), get32(image + 4),
                               get32(image + HEADER + size) };
    int blank = 0;

    for (int k = 0; k < 3; k++)
        blank += word[k] == 0 || word[k] == UINT32_MAX;
    return blank >= 2;
}

/* Reads a slot into image, mended when one bit of it is wrong. */
static struct slot read_slot(struct nvm *n, struct hal *h, enum nvm_record record,
                             int slot, uint32_t size, uint8_t *image)
{
    struct slot s = { SLOT_SILENT, 0 };

    if (nvm_read(n, h, address_of(record, slot), image, HEADER + size + TRAILER))
        return s;
    s.sequence = get32(image);
    s.state = SLOT_WHOLE;
    if (whole(image, record, size))
        return s;
    s.state = empty(image, size)  ? SLOT_EMPTY
              : torn(image, size) ? SLOT_TORN
                                  : SLOT_ROTTEN;
    mend(image, size);
    if (whole(image, record, size) && !torn(image, size))
        s = (struct slot){ SLOT_WHOLE, get32(image) };
    return s;
}

/* Was something in this slot that is nowhere else? An older copy is no loss; nor is a
 * torn one, which was never reported as stored. */
static bool held_more(const struct slot *s, uint32_t newest)
{
    return s->state == SLOT_ROTTEN && s->sequence != newest &&
           s->sequence != newest - 1;
}

static bool is_lost(const struct slot s[2], uint32_t newest)
{
    if (newest)
        return held_more(&s[0], newest) || held_more(&s[1], newest);
    if (s[0].state == SLOT_ROTTEN || s[1].state == SLOT_ROTTEN)
        return true;
    return s[0].state != SLOT_EMPTY && s[1].state != SLOT_EMPTY;
}

bool nvm_load(struct nvm *n, struct hal *h, enum nvm_record record,
              const struct nvm_layout *layout, void *data)
{
    uint8_t image[SLOT_MAX];
    uint32_t newest = 0, size = size_of(layout);
    struct slot s[2];

    for (int slot = 0; slot < 2; slot++) {
        s[slot] = read_slot(n, h, record, slot, size, image);
        if (s[slot].state == SLOT_SILENT)
            return false;
        if (s[slot].state == SLOT_WHOLE && s[slot].sequence > newest) {
            newest = s[slot].sequence;
            n->slot[record] = (uint8_t)slot;
            decode(data, layout, image + HEADER);
        }
    }
    n->sequence[record] = newest;
    if (is_lost(s, newest))
        n->lost |= (uint8_t)(1 << record);
    return newest != 0;
}

/* Returns its size. */
static uint32_t make_image(uint8_t *image, enum nvm_record record, uint32_t sequence,
                           const struct nvm_layout *layout, const void *data)
{
    uint32_t size = size_of(layout);

    put32(image, sequence);
    put32(image + 4, (uint32_t)record | size << 16);
    encode(image + HEADER, layout, data);
    put32(image + HEADER + size, crc_ieee(image, HEADER + size));
    image[HEADER + size + CRC] = (uint8_t)sequence;
    return HEADER + size + TRAILER;
}

/* The second copy is a reserve: when the chip falls silent between the two, the first
 * one stands, and nvm_scrub makes up for it. */
int nvm_save(struct nvm *n, struct hal *h, enum nvm_record record,
             const struct nvm_layout *layout, const void *data)
{
    uint8_t image[SLOT_MAX];
    uint32_t sequence = n->sequence[record] + 1;
    int slot = 1 - n->slot[record];
    uint32_t size = make_image(image, record, sequence, layout, data);

    if (nvm_write(n, h, address_of(record, slot), image, size))
        return -1;
    n->sequence[record] = sequence;
    n->slot[record] = (uint8_t)slot;
    if (has_two_copies(record))
        nvm_write(n, h, address_of(record, 1 - slot), image, size);
    return 0;
}

void nvm_scrub(struct nvm *n, struct hal *h, enum nvm_record record, int slot,
               const struct nvm_layout *layout, const void *data)
{
    uint8_t image[COPIED_MAX], there[COPIED_MAX];

    if (n->sequence[record] == 0)
        return;
    uint32_t size = make_image(image, record, n->sequence[record], layout, data);
    if (nvm_read(n, h, address_of(record, slot), there, size))
        return;
    if (memcmp(there, image, size))
        nvm_write(n, h, address_of(record, slot), image, size);
}
