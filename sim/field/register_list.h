/* The registers of a model as users read about them: name, access, format, units,
 * scale, range, text. Addresses, kinds and settings' ranges come from the firmware's
 * own tables; what firmware has no use for stands here, once. */
#pragma once

#include "core/model.h"
#include "core/quantity.h"

enum register_section {
    SECTION_READINGS,
    SECTION_PHASES,
    SECTION_DEMAND,
    SECTION_ENERGY,
    SECTION_ENERGY_PHASES,
    SECTION_PULSES,
    SECTION_SETTINGS,
    SECTION_STATE,
    SECTION_LOG,
    SECTION_SUNSPEC,
    SECTION_RESERVED,
    SECTIONS
};

extern const char *const register_section_titles[SECTIONS];

enum { REGISTER_NAME = 40 };

struct register_entry {
    int reg, words;
    enum register_section section;
    const struct quantity_row *quantity; /* NULL: the register is no reading */
    char name[REGISTER_NAME];
    const char *access, *format, *units, *scale;
    bool nonvolatile;
    char min[16], max[16]; /* "" when there is no range */
    const char *text;
};

typedef void (*register_list_visit)(void *user, const struct register_entry *entry);

/* What the model calls a reading; which reading it calls so, or -1. */
void register_list_name(const struct model *model, enum quantity q,
                        char name[REGISTER_NAME]);
int register_list_quantity(const struct model *model, const char *name);

/* What the model has instead of a reading that it does not have; false: nothing. */
bool register_list_instead(const struct model *model, enum quantity q,
                           char name[REGISTER_NAME]);

/* All registers of the model in ascending order; not SunSpec's. */
void register_list_model(const struct model *model, register_list_visit visit,
                         void *user);
