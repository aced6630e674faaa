/* A unit's FRAM from outside: its faults, and settings made at the factory. Whatever
 * the chip does beyond its duty is an input of the meter, and goes on the tape. */
#include "core/meter.h"
#include "core/records.h"
#include "hal_sim/unit.h"
#include "waveform/base/random.h"
#include <stdlib.h>
#include <string.h>

static void nvm_fault(struct unit *u, enum tape_nvm_fault what, uint32_t value)
{
    board_tape(&u->hal, TAPE_NVM_FAULT, TAPE_NUMBERS(what, value), NULL, 0);
    board_nvm_fault(&u->hal, what, value);
}

/* Some bit of the pages that hold something. */
static void rot_some_bit(struct unit *u)
{
    unsigned used = 0, page = 0;

    for (unsigned k = 0; k < BOARD_PAGES; k++)
        used += board_nvm_has_page(&u->hal, k);
    if (used == 0)
        return;
    uint32_t bit = (uint32_t)(random_next(&u->rot_state) % (used * 8 * BOARD_PAGE));
    for (uint32_t left = bit / (8 * BOARD_PAGE);; page++)
        if (board_nvm_has_page(&u->hal, page) && left-- == 0)
            break;
    nvm_fault(u, TAPE_NVM_FLIP, page * 8 * BOARD_PAGE + bit % (8 * BOARD_PAGE));
}

static void rot(struct unit *u, double value)
{
    if (value > 0)
        nvm_fault(u, TAPE_NVM_FLIP, (uint32_t)value - 1);
    for (int left = (int)-value; left > 0; left--)
        rot_some_bit(u);
}

void unit_nvm_faults(struct unit *u, enum fault_id fault, double value)
{
    if (fault == FAULT_NVM_SILENT)
        nvm_fault(u, TAPE_NVM_SILENT, value != 0);
    if (fault == FAULT_NVM_BIT_ROT)
        rot(u, value);
    if (fault == FAULT_NVM_TORN)
        nvm_fault(u, TAPE_NVM_TEAR, (uint32_t)value);
}

/* The tape knows of it when the content of NVM is put there at power-up. */
static bool store(struct unit *u, struct nvm *nvm, enum nvm_record record,
                  const struct nvm_layout *layout, const void *data)
{
    tape_sink sink = u->hal.sink;
    uint32_t tear = u->hal.nvm_tear;

    u->hal.sink = NULL;
    u->hal.nvm_tear = 0; /* that waits for the meter's own bytes */
    int failed = nvm_save(nvm, &u->hal, record, layout, data);
    u->hal.sink = sink;
    u->hal.nvm_tear = tear;
    return !failed;
}

static bool program_setting(struct unit *u, enum setting id, uint16_t value)
{
    struct nvm nvm = { .silent = false };
    struct settings settings;

    config_defaults(&settings, u->model);
    nvm_load(&nvm, &u->hal, NVM_SETTINGS, &settings_layout, &settings);
    if (!config_allows(&settings, u->model, id, value))
        return false;
    settings.value[id] = value;
    return store(u, &nvm, NVM_SETTINGS, &settings_layout, &settings);
}

static void program_energy(struct unit *u, const uint64_t mwh[][ENERGY_KINDS])
{
    struct nvm nvm = { .silent = false };
    struct stored_energy kept;

    memset(&kept, 0, sizeof kept);
    nvm_load(&nvm, &u->hal, NVM_ENERGY, &stored_energy_layout, &kept);
    memcpy(kept.energy.mwh, mwh, sizeof kept.energy.mwh);
    store(u, &nvm, NVM_ENERGY, &stored_energy_layout, &kept);
}

int unit_program(struct unit *u, const struct unit_factory *f)
{
    if (u->powered)
        abort();
    for (int id = 0; id < SETTINGS; id++)
        if (f->given[id] && !program_setting(u, (enum setting)id, f->value[id]))
            return id;
    bool any = false;
    for (int k = 0; k < ENERGY_OWNERS * ENERGY_KINDS; k++)
        any |= f->energy_mwh[k / ENERGY_KINDS][k % ENERGY_KINDS] != 0;
    if (any)
        program_energy(u, f->energy_mwh);
    return UNIT_PROGRAMMED;
}
