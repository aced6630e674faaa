/* Causes and hypotheses: the rows of causes.def, phase by phase, alone and in pairs. */
#pragma once

#include "hal_sim/fault.h"
#include "sim/diagnose/supply.h"

enum { CAUSE_ID = 32, CAUSES_MAX = 160 };

struct cause_row {
    const char *name;
    int pattern;
    enum supply_kind supply; /* SOUND: the fault */
    enum fault_id fault;     /* FAULTS: none */
    double value, frequency;
    const char *words, *alike, *measurement; /* with %s; `alike` may be empty */
};

struct cause_fault {
    enum fault_id id;
    int phase;
    double value;
};

/* A row on certain phases. */
struct cause {
    const struct cause_row *row;
    char id[CAUSE_ID], phases[4];
    int faults;
    struct cause_fault fault[3];
    struct supply supply;
    double prior; /* among the faulty sites with one fault */
};

struct causes {
    int count;
    struct cause cause[CAUSES_MAX];
};

/* Those that a meter of this model and system type can have. */
void causes_list(struct causes *c, const struct model *model,
                 const struct system_type_row *type);

/* Can both be at once, on their own inputs? */
bool causes_go_together(const struct cause *a, const struct cause *b);

/* The fault's value is set on top of what stands there. */
void cause_apply(const struct cause *cause, struct faults *faults);

/* A text of the row with its phases; the calls of a scenario that set the faults. */
void cause_say(const struct cause *cause, const char *words, GString *to);
void cause_lua(const struct cause *cause, const struct observation *o, GString *to);
