/* What the meter keeps in NVM. See keep.h. */
#include "core/keep.h"
#include "core/meter.h"
#include "core/publish.h"
#include <string.h>

static int load(struct meter *m, enum nvm_record record, void *data, uint32_t size)
{
    nvm_load(&m->nvm, m->hal, record, data, size);
    return m->nvm.silent ? -1 : 0;
}

/* A record whose CRC holds may still be of another firmware: no setting may be one that
 * could not have been made. */
static int load_settings(struct meter *m)
{
    struct settings stored;

    config_defaults(&m->settings, m->model);
    stored = m->settings;
    if (load(m, NVM_SETTINGS, &stored, sizeof stored))
        return -1;
    for (int k = 0; k < SETTINGS; k++)
        if (config_in_range(m->model, (enum setting)k, stored.value[k]))
            m->settings.value[k] = stored.value[k];
    return 0;
}

static int load_energy(struct meter *m)
{
    struct kept_energy kept;

    memset(&kept, 0, sizeof kept);
    if (load(m, NVM_ENERGY, &kept, sizeof kept))
        return -1;
    m->energy = kept.energy;
    m->demand.maxima = kept.maxima;
    for (int k = 0; k < PULSE_CHANNELS; k++) {
        m->pulse.channel[k].count = kept.pulse_count[k];
        m->pulse.channel[k].rest_uj = kept.pulse_rest_uj[k];
    }
    return 0;
}

static int save_counters(struct meter *m)
{
    return nvm_save(&m->nvm, m->hal, NVM_COUNTERS, &m->counters, sizeof m->counters);
}

int keep_load(struct meter *m)
{
    if (load_settings(m) ||
        load(m, NVM_CALIBRATION, &m->calibration, sizeof m->calibration) ||
        load(m, NVM_COUNTERS, &m->counters, sizeof m->counters) || load_energy(m))
        return -1;
    publish_energy(m); /* the logs start from it */
    if (log_start(m))
        return -1;
    m->counters.power_ups = (m->counters.power_ups + 1) & 0x7FFF;
    m->counters.lost |= m->nvm.lost;
    save_counters(m); /* refused: counted and reported, if not kept */
    return 0;
}

int meter_keep(struct meter *m)
{
    struct kept_energy kept;

    memset(&kept, 0, sizeof kept);
    kept.energy = m->energy;
    kept.maxima = m->demand.maxima;
    for (int k = 0; k < PULSE_CHANNELS; k++) {
        const struct pulse_channel *c = &m->pulse.channel[k];
        kept.pulse_count[k] = c->count + (c->due - c->given);
        kept.pulse_rest_uj[k] = c->rest_uj;
    }
    return nvm_save(&m->nvm, m->hal, NVM_ENERGY, &kept, sizeof kept);
}

/* One slot a second, of the four records that have two copies. */
static void tend_records(struct meter *m)
{
    const struct {
        const void *data;
        uint32_t size;
        enum nvm_record record;
    } kept[] = {
        { &m->settings, sizeof m->settings, NVM_SETTINGS },
        { &m->calibration, sizeof m->calibration, NVM_CALIBRATION },
        { &m->counters, sizeof m->counters, NVM_COUNTERS },
        { &m->log.state, sizeof m->log.state, NVM_LOG },
    };
    unsigned which = m->seconds % 8;

    nvm_tend(&m->nvm, m->hal, kept[which / 2].record, which % 2, kept[which / 2].data,
             kept[which / 2].size);
}

void keep_second(struct meter *m)
{
    if (meter_keep(m))
        return; /* next second again */
    tend_records(m);
    log_entry_tend(m);
    if (m->nvm.lost & ~m->counters.lost) {
        m->counters.lost |= m->nvm.lost;
        save_counters(m);
    }
}

void keep_accept(struct meter *m, enum nvm_record record)
{
    uint8_t bit = (uint8_t)(1 << record);

    if (!keep_has_lost(m, record))
        return;
    m->nvm.lost &= (uint8_t)~bit;
    m->counters.lost &= ~(uint32_t)bit;
    save_counters(m);
}

bool keep_has_lost(const struct meter *m, enum nvm_record record)
{
    return ((m->counters.lost | m->nvm.lost) >> record & 1) != 0;
}

bool keep_in_trouble(const struct meter *m)
{
    return m->nvm.silent || m->counters.lost || m->nvm.lost;
}
