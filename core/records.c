/* The numbers of each NVM record's struct. See records.h. */
#include "core/records.h"
#include "core/meter_state.h"

static const struct nvm_field settings_fields[] = {
    NVM_FIELD(struct settings, value, uint16_t),
};
const struct nvm_layout settings_layout = NVM_LAYOUT(settings_fields);

static const struct nvm_field calibration_fields[] = {
    NVM_FIELD(struct calibration, gain_ppm, int32_t),
    NVM_FIELD(struct calibration, offset_codes2, int32_t),
    NVM_FIELD(struct calibration, phase_urad, int32_t),
};
const struct nvm_layout calibration_layout = NVM_LAYOUT(calibration_fields);

static const struct nvm_field counters_fields[] = {
    NVM_FIELD(struct counters, power_ups, uint32_t),
    NVM_FIELD(struct counters, lost, uint32_t),
};
const struct nvm_layout counters_layout = NVM_LAYOUT(counters_fields);

static const struct nvm_field stored_energy_fields[] = {
    NVM_FIELD(struct stored_energy, energy.mwh, uint64_t),
    NVM_FIELD(struct stored_energy, energy.rest_uj, uint32_t),
    NVM_FIELD(struct stored_energy, energy.resets, uint32_t),
    NVM_FIELD(struct stored_energy, energy.overrun, uint32_t),
    NVM_FIELD(struct stored_energy, pulse_rest_uj, uint64_t),
    NVM_FIELD(struct stored_energy, pulse_count, uint32_t),
    NVM_FIELD(struct stored_energy, maxima.import_uw, int64_t),
    NVM_FIELD(struct stored_energy, maxima.export_uw, int64_t),
};
const struct nvm_layout stored_energy_layout = NVM_LAYOUT(stored_energy_fields);

static const struct nvm_field seal_fields[] = {
    NVM_FIELD(struct seal, sealed, uint32_t),
    NVM_FIELD(struct seal, broken, uint32_t),
    NVM_FIELD(struct seal, calibrations, uint32_t),
};
const struct nvm_layout seal_layout = NVM_LAYOUT(seal_fields);

static const struct nvm_field log_state_fields[] = {
    NVM_FIELD(struct log_state, start_mwh, int64_t),
    NVM_FIELD(struct log_state, next, uint16_t),
    NVM_FIELD(struct log_state, shown, uint16_t),
    NVM_FIELD(struct log_state, entries, uint16_t),
    NVM_FIELD(struct log_state, wraps, uint16_t),
    NVM_FIELD(struct log_state, status, uint16_t),
    NVM_FIELD(struct log_state, events, uint16_t),
    NVM_FIELD(struct log_state, stamp, uint16_t),
    NVM_FIELD(struct log_state, spare, uint16_t),
};
const struct nvm_layout log_state_layout = NVM_LAYOUT(log_state_fields);
