/* The verb truth(m, "0.2S"): every reading that the wave has an exact value for, against
 * it (site_class.h). */
#include "sim/script/script_object.h"
#include "sim/script/script_report.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include "sim/site/site_class.h"

static const struct site_class *find_class(lua_State *L, const char *name)
{
    const struct site_class *class = site_class_find(name);

    if (class)
        return class;
    lua_pushliteral(L, "");
    for (int k = 0; site_class_name(k); k++) {
        lua_pushfstring(L, "%s%s", k ? ", " : "", site_class_name(k));
        lua_concat(L, 2);
    }
    luaL_error(L, "truth: unknown class '%s' (%s)", name, lua_tostring(L, -1));
    return NULL;
}

int script_truth_class(lua_State *L)
{
    struct script *s = script_of(L);
    struct site_meter *m = script_meter_check(L, 1);
    const struct site_class *class = find_class(L, luaL_checkstring(L, 2));
    int line = sandbox_line(L);
    GString *wrong = g_string_new(""), *text = g_string_new("");
    struct site_truth truth;

    site_truth(m, &truth);
    s->checks++;
    int count = site_class_judge(m, class, &truth, wrong);
    site_class_account(m, &truth);
    g_string_append_printf(text, "%d readings are outside class %s at %.3f s\n", count,
                           luaL_checkstring(L, 2), (double)sim_now(s->sim) / 1e9);
    script_report_source(s, line, text);
    g_string_append(text, wrong->str);
    m->read = true;
    script_report_meters(s, text);
    if (count)
        script_set_failed(s, line, text->str);
    m->read = false;
    g_string_free(text, TRUE);
    g_string_free(wrong, TRUE);
    return count ? luaL_error(L, "expectation failed") : 0;
}
