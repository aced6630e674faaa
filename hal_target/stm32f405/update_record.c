/* Records of the update. See update_record.h. */
#include "hal_target/stm32f405/update_record.h"
#include "core/crc.h"
#include "hal_target/stm32f405/flash.h"
#include <stddef.h>
#include <string.h>

static const enum flash_sector sectors[] = { FLASH_SECTOR_RECORDS_0,
                                             FLASH_SECTOR_RECORDS_1 };

static uint32_t address_of(unsigned sector, unsigned n)
{
    return 0x08004000u + sector * (16u << 10) +
           n * (uint32_t)sizeof(struct update_record);
}

static uint32_t sum(const struct update_record *r)
{
    return crc_ieee(r, offsetof(struct update_record, crc));
}

static bool is_valid(const struct update_record *r)
{
    return r->sequence && r->confirmed < SLOTS && r->other_state < UPDATE_STATES &&
           r->crc == sum(r);
}

static bool is_blank(const struct update_record *r)
{
    uint32_t word[sizeof *r / 4];

    memcpy(word, r, sizeof *r);
    for (unsigned k = 0; k < sizeof *r / 4; k++)
        if (word[k] != UINT32_MAX)
            return false;
    return true;
}

/* Afterwards r->now is newer, if this sector holds a newer one; r->next is free. */
static void scan(struct update_records *r, unsigned sector)
{
    struct update_record there;
    unsigned next = 0;
    bool newer = false;

    for (unsigned n = 0; n < UPDATE_RECORDS; n++) {
        flash_read(address_of(sector, n), &there, sizeof there);
        if (is_blank(&there))
            continue;
        next = n + 1;
        if (is_valid(&there) && there.sequence > r->now.sequence) {
            r->now = there;
            newer = true;
        }
    }
    if (newer || sector == 0) {
        r->sector = (uint8_t)sector;
        r->next = (uint16_t)next;
    }
}

void update_records_load(struct update_records *r)
{
    *r = (struct update_records){ .now = { .confirmed = SLOT_A } };
    scan(r, 0);
    scan(r, 1);
}

unsigned update_records_room(const struct update_records *r)
{
    return UPDATE_RECORDS - r->next;
}

int update_records_save(struct update_records *r, const struct update_record *now)
{
    struct update_record next = *now;

    if (r->next >= UPDATE_RECORDS)
        return -1;
    next.sequence = r->now.sequence + 1;
    next.crc = sum(&next);
    const uint32_t address = address_of(r->sector, r->next++);
    if (flash_program(address, &next, sizeof next))
        return -1;
    r->now = next;
    return 0;
}

int update_records_move(struct update_records *r)
{
    const unsigned other = 1u - r->sector;
    const struct update_record now = r->now;

    if (flash_erase(sectors[other]))
        return -1;
    r->sector = (uint8_t)other;
    r->next = 0;
    return update_records_save(r, &now);
}
