/* A line of RS-485 in a scenario: the line, its master, and what the script holds. */
#pragma once

#include "sim/line/line_master.h"
#include "sim/script/script_state.h"

struct script_line {
    struct script *script;
    struct line *line;
    struct line_master *master; /* NULL once the script is over */
    struct line_master_options options;
    double timeout_s, turnaround_s, noise_per_s, noise_width_s, foreign_s;
    bool other_master;
    struct line_cable cable;
    bool shares;    /* the line is another's: this one is but a further master */
    bool takes_all; /* meters that are made later hang on it */
    struct line_exchange last; /* times of the last one */
    GPtrArray *polls;
};

struct script_line *script_line_check(lua_State *L, int index);

/* A new meter hangs on the line that takes all. */
void script_lines_add_meter(struct script *s, struct site_meter *m);

/* Is there a line at all? */
bool script_line_any(const struct script *s);

extern const struct script_family script_line_family;
