/* A console without a socket, over a simulation with one meter: lines in, what they
 * answer in a struct. */
#pragma once

#include "sim/lua/json.h"
#include "sim/plant/demo.h"
#include "sim/plant/pace.h"
#include "sim/plant/sim.h"
#include "sim/script/script_console.h"
#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>

struct lines {
    struct sim *sim;
    struct pace *pace;
    struct script_console *console;
    GString *error;  /* of the last line, "" when it has none */
    JsonNode *value; /* of the last line, or NULL */
    lua_State *L;    /* of the last line that was answered */
    bool answered;
    int printed; /* lines of text, in all */
};

/* What nobody asked for says something. */
static inline void lines_print(void *user, const char *text)
{
    if (!user && !*text)
        abort();
    if (user)
        ((struct lines *)user)->printed++;
}

static inline void lines_answer(void *user, const char *error, lua_State *L, int first,
                                int count)
{
    struct lines *l = user;

    l->answered = true;
    l->L = L;
    g_string_assign(l->error, error ? error : "");
    if (count)
        l->value = json_of_lua(L, first, count);
}

/* One line; what waits in simulated time is dropped. */
static inline void lines_run(struct lines *l, const char *line)
{
    l->answered = false;
    g_string_truncate(l->error, 0);
    g_clear_pointer(&l->value, json_node_unref);
    script_console_run(l->console, line, lines_answer, l);
    if (!l->answered)
        script_console_drop(l->console, l);
}

/* folder: of the files that lines read, or NULL. others: sim_set_others, or NULL. */
static inline void lines_open_with(struct lines *l, const char *folder,
                                   bool (*others)(void *user), void *user)
{
    const struct demo d = { .model = model_find("s4100"),
                            .system_type = 40,
                            .ct_primary_a = 200,
                            .pt_ratio = 1,
                            .volts_ll = 480,
                            .hz = 60,
                            .amps = 80,
                            .pf = 0.9 };
    struct unit *unit = demo_unit(&d, 0);

    *l = (struct lines){ .sim = sim_new(), .error = g_string_new("") };
    if (others)
        sim_set_others(l->sim, others, user);
    sim_add_unit(l->sim, unit);
    l->pace = pace_new(NULL, l->sim, 1);
    pace_hold(l->pace);
    l->console = script_console_new(l->sim, l->pace, folder, lines_print);
    script_console_adopt(l->console, unit, "meter1");
}

static inline void lines_open_in(struct lines *l, const char *folder)
{
    lines_open_with(l, folder, NULL, NULL);
}

static inline void lines_open(struct lines *l)
{
    lines_open_in(l, NULL);
}

static inline void lines_close(struct lines *l)
{
    g_clear_pointer(&l->value, json_node_unref);
    script_console_free(l->console);
    pace_free(l->pace);
    sim_free(l->sim);
    g_string_free(l->error, TRUE);
}
