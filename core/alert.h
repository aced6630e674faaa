/* Diagnostic alerts: register 146 (rows in alert.def; docs/decisions.md, Alerts). */
#pragma once

#include "core/metering_state.h"

enum alert {
#define A(bit, id, ...) ALERT_##id = 1 << (bit),
#include "core/alert.def"
#undef A
    ALERT_PHASE_LOSS = ALERT_PHASE_LOSS_A | ALERT_PHASE_LOSS_B | ALERT_PHASE_LOSS_C
};

enum { ALERT_BITS = 16 };

/* The screens of the panel's group ALERT. */
enum alert_screen {
#define G(screen, ...) ALERT_SCREEN_##screen,
#include "core/alert.def"
#undef G
    ALERT_SCREENS
};

struct alert_row {
    const char *name;
    const char *words;      /* "phase loss" */
    const char *full_words; /* "phase loss B" */
    const char *phase;      /* " B", or "" */
    const char *shown;      /* in the bottom row of its screen */
    uint8_t screen;         /* enum alert_screen */
};

extern const struct alert_row alert_table[ALERT_BITS]; /* by bit */
extern const char *const alert_screen_words[ALERT_SCREENS];

enum { ALERT_TEXT = 6 }; /* with its end */

/* The bottom row of an ALERT screen: "A b C", "Error" …, or "nOnE". */
void alert_text(uint16_t alerts, enum alert_screen screen, char text[ALERT_TEXT]);

/* The bits that follow from one second; bits 7, 14 and 15 are the caller's. */
uint16_t alert_bits(const struct metering *m, const struct settings *settings,
                    const struct config *config, const struct alert_rules *rules,
                    const struct second *second);
