/* Entries of the logs in FRAM. See log_entry.h. */
#include "core/log_entry.h"
#include "core/crc.h"

enum { BITS = 8 * LOG_ENTRY_BYTES, SCRUBBED = 16 /* a second */ };

_Static_assert((int)LOG_ADDRESS + LOG_BYTES <= (int)HAL_NVM_SIZE,
               "the logs do not fit");
_Static_assert((int)SCRUBBED <= (int)LOG_READ_MAX, "more than fits at once");

static uint32_t address_of(int log, unsigned place)
{
    return LOG_ADDRESS + LOG_ENTRY_BYTES * ((unsigned)log * LOG_RING + place);
}

static bool good(const uint8_t *entry)
{
    return crc_hec(entry, 2) == entry[2];
}

/* The byte that was wrong and is right now; LOG_ENTRY_BYTES: none was; -1: beyond help.
 */
static int mend(uint8_t *entry)
{
    if (good(entry))
        return LOG_ENTRY_BYTES;
    for (int bit = 0; bit < BITS; bit++) {
        entry[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (good(entry))
            return bit / 8;
        entry[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    return -1;
}

int log_entry_write(struct nvm *n, struct hal *h, int log, unsigned place,
                    uint16_t word)
{
    uint8_t entry[LOG_ENTRY_BYTES] = { (uint8_t)word, (uint8_t)(word >> 8) };

    entry[2] = crc_hec(entry, 2);
    return nvm_write(n, h, address_of(log, place), entry, sizeof entry);
}

int log_entry_read(struct nvm *n, struct hal *h, int log, unsigned place,
                   unsigned count, uint16_t *words)
{
    uint8_t entry[LOG_READ_MAX][LOG_ENTRY_BYTES];

    if (nvm_read(n, h, address_of(log, place), entry, LOG_ENTRY_BYTES * count))
        return -1;
    for (unsigned k = 0; k < count; k++) {
        words[k] = LOG_UNWRITTEN;
        if (mend(entry[k]) < 0)
            n->lost |= 1 << NVM_LOG;
        else
            words[k] = (uint16_t)(entry[k][0] | entry[k][1] << 8);
    }
    return 0;
}

static bool is_shown(const struct log_state *s, unsigned place)
{
    return (s->next + LOG_RING - 1 - place) % LOG_RING < s->shown;
}

/* One byte is written: a power cut finds it wrong or right. */
static void scrub_entry(struct nvm *n, struct hal *h, int log, unsigned place,
                        uint8_t *entry)
{
    int wrong = mend(entry);

    if (wrong < 0)
        n->lost |= 1 << NVM_LOG;
    else if (wrong < LOG_ENTRY_BYTES)
        nvm_write(n, h, address_of(log, place) + (unsigned)wrong, entry + wrong, 1);
}

void log_entry_scrub(struct log *l, struct nvm *n, struct hal *h)
{
    uint8_t entry[SCRUBBED][LOG_ENTRY_BYTES];
    unsigned first = l->scrubbed_place, left = LOG_RING - first;
    unsigned count = left < SCRUBBED ? left : SCRUBBED;

    if (l->state.shown == 0 ||
        nvm_read(n, h, address_of(l->scrubbed, first), entry, LOG_ENTRY_BYTES * count))
        return;
    for (unsigned k = 0; k < count; k++)
        if (is_shown(&l->state, first + k))
            scrub_entry(n, h, l->scrubbed, first + k, entry[k]);
    l->scrubbed_place = (uint16_t)((first + count) % LOG_RING);
    if (l->scrubbed_place == 0)
        l->scrubbed = (uint8_t)((l->scrubbed + 1) % LOGS);
}
