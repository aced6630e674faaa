/* What the meter stores in NVM. See persist.h. */
#include "core/persist.h"
#include "core/log_entry.h"
#include "core/meter_state.h"
#include "core/records.h"
#include "core/unfinished.h"
#include <string.h>

enum { COUNT_MAX = 0x7FFF };

static int load(struct meter *m, enum nvm_record record,
                const struct nvm_layout *layout, void *data)
{
    nvm_load(&m->nvm, m->hal, record, layout, data);
    return m->nvm.silent ? -1 : 0;
}

/* A record whose CRC holds may still be of another firmware: no setting may be one that
 * could not have been made. */
static int load_settings(struct meter *m)
{
    struct settings stored;

    config_defaults(&m->settings, m->model);
    stored = m->settings;
    if (load(m, NVM_SETTINGS, &settings_layout, &stored))
        return -1;
    for (int k = 0; k < SETTINGS; k++)
        if (config_in_range(m->model, (enum setting)k, stored.value[k]))
            m->settings.value[k] = stored.value[k];
    return 0;
}

static int load_energy(struct meter *m)
{
    struct stored_energy stored;

    memset(&stored, 0, sizeof stored);
    if (load(m, NVM_ENERGY, &stored_energy_layout, &stored))
        return -1;
    m->energy = stored.energy;
    m->demand.maxima = stored.maxima;
    for (int k = 0; k < PULSE_CHANNELS; k++) {
        m->pulse.channel[k].count = stored.pulse_count[k];
        m->pulse.channel[k].rest_uj = stored.pulse_rest_uj[k];
    }
    return 0;
}

static int save_counters(struct meter *m)
{
    return nvm_save(&m->nvm, m->hal, NVM_COUNTERS, &counters_layout, &m->counters);
}

int persist_load(struct meter *m)
{
    if (load_settings(m) ||
        load(m, NVM_CALIBRATION, &calibration_layout, &m->calibration) ||
        load(m, NVM_COUNTERS, &counters_layout, &m->counters) ||
        load(m, NVM_SEAL, &seal_layout, &m->factory.seal))
        return -1;
    return load_energy(m);
}

void persist_power_up(struct meter *m)
{
    m->counters.power_ups = (m->counters.power_ups + 1) & COUNT_MAX;
    m->counters.lost |= m->nvm.lost;
    save_counters(m); /* refused: counted and reported, if not stored */
}

static void fill_energy(const struct meter *m, struct stored_energy *stored)
{
    memset(stored, 0, sizeof *stored);
    stored->energy = m->energy;
    stored->maxima = m->demand.maxima;
    for (int k = 0; k < PULSE_CHANNELS; k++) {
        const struct pulse_channel *c = &m->pulse.channel[k];
        stored->pulse_count[k] = c->count + (c->due - c->given);
        stored->pulse_rest_uj[k] = c->rest_uj;
    }
}

static int save_energy(struct meter *m, const struct stored_energy *stored)
{
    return nvm_save(&m->nvm, m->hal, NVM_ENERGY, &stored_energy_layout, stored);
}

int persist_energy(struct meter *m)
{
    struct stored_energy stored;

    fill_energy(m, &stored);
    return save_energy(m, &stored);
}

int persist_unfinished(struct meter *m)
{
    const struct carried *carried = &m->metering.carried;
    struct stored_energy stored;
    struct second part;

    if (m->waiting)
        return -1;
    fill_energy(m, &stored);
    unfinished_energy(&m->metering, m->model, &stored.energy, &part);
    stored.pulse_rest_uj[0] += carried->import_uj + part.import_uj;
    stored.pulse_rest_uj[1] += m->model->unidirectional
                                   ? carried->reactive_uj + part.reactive_uj
                                   : carried->export_uj + part.export_uj;
    return save_energy(m, &stored);
}

/* One slot a second, of the five records that have two copies. */
static void scrub_records(struct meter *m)
{
    const struct {
        const void *data;
        const struct nvm_layout *layout;
        enum nvm_record record;
    } records[] = {
        { &m->settings, &settings_layout, NVM_SETTINGS },
        { &m->calibration, &calibration_layout, NVM_CALIBRATION },
        { &m->counters, &counters_layout, NVM_COUNTERS },
        { &m->log.state, &log_state_layout, NVM_LOG },
        { &m->factory.seal, &seal_layout, NVM_SEAL },
    };
    unsigned which = m->seconds % (2 * sizeof records / sizeof *records);

    nvm_scrub(&m->nvm, m->hal, records[which / 2].record, which % 2,
              records[which / 2].layout, records[which / 2].data);
}

/* A failing supply's save has stored more than has been accumulated: that may not be
 * taken back. */
void persist_second(struct meter *m)
{
    if (m->failing ? persist_unfinished(m) : persist_energy(m))
        return; /* next second again */
    scrub_records(m);
    log_entry_scrub(&m->log, &m->nvm, m->hal);
    if (m->nvm.lost & ~m->counters.lost) {
        m->counters.lost |= m->nvm.lost;
        save_counters(m);
    }
}

void persist_accept(struct meter *m, enum nvm_record record)
{
    uint8_t bit = (uint8_t)(1 << record);

    if (!persist_has_lost(m, record))
        return;
    m->nvm.lost &= (uint8_t)~bit;
    m->counters.lost &= ~(uint32_t)bit;
    save_counters(m);
}

bool persist_has_lost(const struct meter *m, enum nvm_record record)
{
    return ((m->counters.lost | m->nvm.lost) >> record & 1) != 0;
}

bool persist_in_trouble(const struct meter *m)
{
    return m->nvm.silent || m->counters.lost || m->nvm.lost;
}
