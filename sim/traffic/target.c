/* Meters for requests. See target.h. */
#include "sim/traffic/target.h"
#include "sim/plant/demo.h"
#include "sim/program/error.h"
#include "sim/run/scenario.h"
#include "sim/script/script.h"
#include "sim/site/state_file.h"
#include "waveform/base/store.h"

static bool from_scenario(struct target *t, const char *path, GError **error)
{
    t->scenario = scenario_start(&(struct scenario_live){ .path = path }, t->sim);
    return t->scenario != NULL ||
           error_set(error, "--from: %s does not come to its first wait", path);
}

static bool from_snapshot(struct target *t, const char *path, GError **error)
{
    struct store state;
    g_autofree char *bytes = NULL;

    t->snapshot = script_new(t->sim, &(struct script_options){ .seed = 1 });
    bool good = state_file_read(path, &bytes, &state, error) &&
                script_begin_from(t->snapshot, &state, error);
    if (!good && error && *error)
        g_prefix_error(error, "--from: ");
    return good;
}

static bool plain(struct target *t, GError **error)
{
    struct demo demo;

    demo_default(&demo);
    struct unit *u = demo_unit(&demo, 0);
    if (!u)
        return error_set(error, "the meter cannot be set up");
    sim_add_unit(t->sim, u);
    return true;
}

bool target_open(struct target *t, const char *from, int address, GError **error)
{
    *t = (struct target){ .sim = sim_new() };
    bool good = !from                            ? plain(t, error)
                : g_str_has_suffix(from, ".lua") ? from_scenario(t, from, error)
                                                 : from_snapshot(t, from, error);
    if (!good)
        return false;
    if (sim_unit_count(t->sim) == 0)
        return error_set(error, "--from: %s has no meter before its first wait", from);
    for (int k = sim_unit_count(t->sim); k-- > 0;)
        if (unit_setting(sim_unit(t->sim, k), SETTING_ADDRESS) == address)
            t->index = k;
    return true;
}

void target_close(struct target *t)
{
    if (t->snapshot)
        script_free(t->snapshot);
    scenario_free(t->scenario);
    sim_free(t->sim);
}

struct unit *target_unit(const struct target *t)
{
    return sim_unit(t->sim, t->index);
}
