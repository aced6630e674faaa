/* The screens of the panel (rows in screen.def) and the two rings of groups they hang
 * in: the main one, and the setup's below it (docs/decisions.md, Panel). */
#pragma once

#include "core/config.h"
#include "core/model.h"

/* Downward, as drawn. */
enum screen_group {
    GROUP_SETUP,
    GROUP_DEMND,
    GROUP_CPHAS,
    GROUP_BPHAS,
    GROUP_APHAS,
    GROUP_NPHAS, /* _PHAS */
    GROUP_ENRGY,
    GROUP_ALERT,
    GROUP_INFO,
    GROUP_RESET,
    SCREEN_MAIN_GROUPS,
    GROUP_S_COM = SCREEN_MAIN_GROUPS,
    GROUP_S_CT,
    GROUP_S_SYS,
    GROUP_S_PT,
    GROUP_S_V,
    GROUP_S_PWR,
    GROUP_S_PLOS,
    GROUP_S_PULS,
    GROUP_S_DMND,
    GROUP_S_DIS,
    GROUP_S_PASS,
    SCREEN_GROUPS
};

enum screen_kind {
    SCREEN_TITLE,
    SCREEN_QUANTITY,  /* enum quantity */
    SCREEN_ALERT,     /* enum alert_screen */
    SCREEN_INFO,      /* enum screen_info */
    SCREEN_PASSWORD,  /* setting, as SCREEN_NUMBER: what must be entered */
    SCREEN_COMMAND,   /* of register 129: + or - runs it */
    SCREEN_NUMBER,    /* setting, edited by digits; passwords: the high half */
    SCREEN_LIST,      /* setting, chosen from a list */
    SCREEN_MAX_POWER, /* register 135 */
    SCREEN_PULSE_MS   /* register 145 */
};

enum screen_info { INFO_MODEL, INFO_SYSTEM, INFO_RESET_SYSTEM, INFO_SERIAL };

enum { SCREEN_TEXT = 5, SCREEN_NONE = 255 };

struct screen {
    char ieee[SCREEN_TEXT + 1], iec[SCREEN_TEXT + 1];
    uint8_t group, kind;
    uint16_t arg;
    uint8_t icon;   /* bit of enum lcd_icon, or 0 */
    uint8_t types;  /* system types that have the screen */
    uint8_t models; /* enum screen_models */
};

/* By the direction of energy. */
enum screen_models { SCREEN_BI = 1, SCREEN_UNI = 2, SCREEN_BOTH = 3 };

extern const struct screen screen_table[];
extern const unsigned screen_count;

/* By model and system type; FAULT by register 146. */
bool screen_shown(unsigned screen, const struct model *model, const struct config *c,
                  uint16_t alerts);

/* Its title. */
unsigned screen_title(enum screen_group group);

/* The next screen in the ring of the group, to the right or (way -1) to the left. */
unsigned screen_beside(unsigned screen, int way, const struct model *model,
                       const struct config *c, uint16_t alerts);

/* The title of the group below, or (way -1) above, in the same ring of groups. */
unsigned screen_below(unsigned screen, int way, const struct model *model,
                      const struct config *c, uint16_t alerts);
