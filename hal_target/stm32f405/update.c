/* The update's states. See update.h. Each change is one record, so that power may go
 * between any two. */
#include "hal_target/stm32f405/update.h"
#include "hal_target/stm32f405/flash.h"

static int save(struct update *u, const struct update_record *next)
{
    return update_records_save(&u->records, next);
}

void update_start(struct update *u, enum slot running)
{
    struct identity who;

    *u = (struct update){ .running = running };
    update_records_load(&u->records);
    if (running < SLOTS && slot_identify(running, &who, &u->crc))
        u->version = who.version;
}

static enum slot other_of(const struct update *u)
{
    return slot_other((enum slot)u->records.now.confirmed);
}

/* An erase that does not succeed is not tried for ever: the image does not arrive. */
static void erase(struct update *u)
{
    struct update_record next = u->records.now;

    next.other_state = UPDATE_RECEIVING;
    if (flash_erase(other_of(u) == SLOT_A ? FLASH_SECTOR_SLOT_0 : FLASH_SECTOR_SLOT_1))
        next.other_state = UPDATE_REJECTED;
    save(u, &next);
}

static bool is_asked_for(const struct update *u, enum slot slot)
{
    struct identity who;
    uint32_t crc;

    return slot_is_whole(slot, &who, &crc) && crc == u->records.now.other_crc;
}

/* The start is counted before it; without a record there is none. */
static bool tries_again(struct update *u)
{
    struct update_record next = u->records.now;

    if (next.tries >= UPDATE_TRIES || !is_asked_for(u, other_of(u))) {
        next.other_state = UPDATE_REJECTED;
        save(u, &next);
        return false;
    }
    next.tries++;
    return save(u, &next) == 0;
}

static void prepare(struct update *u)
{
    update_records_load(&u->records);
    if (update_records_room(&u->records) < UPDATE_SPARE_RECORDS)
        update_records_move(&u->records);
    if (u->records.now.other_state == UPDATE_ERASE)
        erase(u);
}

/* The image before this one takes the place of the damaged one. */
static enum slot fall_back(struct update *u)
{
    struct update_record next = u->records.now;

    if (next.other_state != UPDATE_PREVIOUS || !is_asked_for(u, other_of(u)))
        return SLOT_NONE;
    next.confirmed = (uint8_t)other_of(u);
    next.other_state = UPDATE_REJECTED;
    return save(u, &next) ? SLOT_NONE : (enum slot)next.confirmed;
}

enum slot update_choose(struct update *u)
{
    const struct update_record *now = &u->records.now;
    struct identity who;
    uint32_t crc;

    prepare(u);
    if (now->flags & UPDATE_RECORD_SERVICE)
        return SLOT_NONE;
    if (now->other_state == UPDATE_TRIAL && tries_again(u))
        return other_of(u);
    if (slot_is_whole((enum slot)now->confirmed, &who, &crc))
        return (enum slot)now->confirmed;
    return fall_back(u);
}

static bool is_on_trial(const struct update *u)
{
    return u->records.now.other_state == UPDATE_TRIAL && u->running == other_of(u);
}

static uint32_t size_of(enum slot slot, uint32_t *crc)
{
    struct identity who;

    return slot_is_whole(slot, &who, crc) ? who.length + SLOT_SEAL : 0;
}

/* The slots change places. */
static void confirm(struct update *u)
{
    struct update_record next = u->records.now;

    next.other_size = size_of((enum slot)next.confirmed, &next.other_crc);
    next.other_state = next.other_size ? UPDATE_PREVIOUS : UPDATE_NONE;
    next.confirmed = (uint8_t)u->running;
    next.tries = 0;
    save(u, &next);
}

static void reject(struct update *u)
{
    struct update_record next = u->records.now;

    next.other_state = UPDATE_REJECTED;
    save(u, &next);
    u->restart = true;
}

void update_watch(struct update *u, uint32_t seconds, uint64_t now_us)
{
    if (!is_on_trial(u))
        return;
    if (seconds >= UPDATE_HEALTHY_SECONDS)
        confirm(u);
    else if (now_us >= UPDATE_TRIAL_US)
        reject(u);
}
