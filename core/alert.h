/* Diagnostic alerts: register 146 (docs/decisions.md, Alerts). */
#ifndef CORE_ALERT_H
#define CORE_ALERT_H

#include "core/metering.h"

enum alert {
    ALERT_VOLTAGE_A = 1 << 0, /* and B, C: the next bits, as in all groups of three */
    ALERT_CURRENT_A = 1 << 3,
    ALERT_FREQUENCY = 1 << 6,
    ALERT_NVM = 1 << 7, /* silent, or something is lost: see keep.h */
    ALERT_PHASE_LOSS_A = 1 << 8,
    ALERT_PHASE_LOSS = 7 << 8,
    ALERT_LOW_PF_A = 1 << 11,
    ALERT_PULSE_OVERRUN = 1 << 14,
    ALERT_PULSE_CONFIG = 1 << 15
};

/* The bits that follow from one second; bits 7, 14 and 15 are the caller's. */
uint16_t alert_bits(const struct metering *m, const struct settings *settings,
                    const struct config *config, enum phase_loss_rule rule,
                    const struct second *second);

#endif
