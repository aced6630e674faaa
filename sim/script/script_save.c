/* The verbs save and restore, and the same state for files: the meters with all that is
 * theirs, the grid and load as they were asked for, ends of faults, simulated time.
 * Time goes back; what belongs to the script itself (its variables, random numbers,
 * triggers, conditions that are watched) stays, and what waits of it keeps the time
 * that it still has to wait. A waiting function beside the scenario reckons in absolute
 * times and bytes on a line have no place in the state, so with these nothing is put
 * back. */
#include "sim/script/script_save.h"
#include "sim/lua/near_name.h"
#include "sim/program/error.h"
#include "sim/script/script_adopt.h"
#include "sim/script/script_family.h"
#include "sim/script/script_line.h"
#include "sim/script/script_note.h"
#include "sim/script/script_state.h"
#include "sim/script/script_task.h"
#include "sim/script/script_verbs.h"
#include "sim/site/site_state.h"
#include <string.h>

enum { SAVES_MAX = 100, NAME_LENGTH_MAX = 100 };
static const size_t bytes_most = 1u << 30;

struct save {
    char *name;
    struct store state;
};

static void free_save(void *user)
{
    struct save *save = user;

    store_free(&save->state);
    g_free(save->name);
    g_free(save);
}

struct saves {
    struct store end; /* with keeps_end */
    char *problem;    /* why there is none, or NULL */
};

static struct saves *saves_of(const struct script *s)
{
    return script_family_state(s, &script_save_family);
}

static struct site_meter *adopt(void *user, struct unit *unit, const char *name)
{
    struct script *s = user;

    if (s->options.observer)
        observer_meter(s->options.observer, unit, name);
    return script_adopt(s, unit, name);
}

/* Both ways; a script without meters adopts those of the bytes. */
static bool store_state(struct script *s, struct store *st)
{
    const struct unit_options tape = { .sink = s->options.tape,
                                       .sink_user = s->options.tape_user,
                                       .maker = sim_maker(s->sim) };

    return site_state_store(&s->site, st, &tape, adopt, s);
}

static void refuse(lua_State *L, const char *verb, char *why)
{
    if (!why)
        return;
    lua_pushfstring(L, "%s: %s", verb, why);
    g_free(why);
    luaL_error(L, "%s", lua_tostring(L, -1));
}

static void refuse_live(lua_State *L, const char *verb)
{
    if (!script_of(L)->options.restored)
        luaL_error(L, "%s: live meters do not go back in time; use metersim run", verb);
}

static struct save *find(const struct script *s, const char *name)
{
    for (guint k = 0; k < script_family_list(s, &script_save_family)->len; k++) {
        struct save *save =
            g_ptr_array_index(script_family_list(s, &script_save_family), k);
        if (!strcmp(save->name, name))
            return save;
    }
    return NULL;
}

static void check_room(lua_State *L, const struct script *s)
{
    size_t bytes = 0;

    for (guint k = 0; k < script_family_list(s, &script_save_family)->len; k++)
        bytes += ((struct save *)g_ptr_array_index(
                      script_family_list(s, &script_save_family), k))
                     ->state.size;
    if (script_family_list(s, &script_save_family)->len >= SAVES_MAX ||
        bytes >= bytes_most)
        luaL_error(L, "save: at most %d states, or 1 GB; save under a name again",
                   SAVES_MAX);
}

/* The state under that name, empty. */
static struct save *claim(lua_State *L, struct script *s, const char *name)
{
    struct save *save = find(s, name);

    if (save) {
        store_free(&save->state);
        return save;
    }
    check_room(L, s);
    save = g_new0(struct save, 1);
    save->name = g_strdup(name);
    g_ptr_array_add(script_family_list(s, &script_save_family), save);
    return save;
}

int script_save(lua_State *L)
{
    struct script *s = script_of(L);
    const char *name = luaL_checkstring(L, 1);

    refuse_live(L, "save");
    if (!*name || strlen(name) > NAME_LENGTH_MAX)
        return luaL_error(L, "save: a name has 1 to %d bytes", NAME_LENGTH_MAX);
    refuse(L, "save", script_obstacle(s));
    script_note_call(L, OBSERVED_SCRIPT, NULL);
    if (!store_state(s, &claim(L, s, name)->state))
        return luaL_error(L, "save: this state cannot be kept");
    return 0;
}

static struct save *check_name(lua_State *L, const struct script *s, const char *name)
{
    struct save *save = find(s, name);
    struct near_name near;
    char hint[80];

    if (save)
        return save;
    near_name_start(&near, name);
    for (guint k = 0; k < script_family_list(s, &script_save_family)->len; k++)
        near_name_offer(&near, ((struct save *)g_ptr_array_index(
                                    script_family_list(s, &script_save_family), k))
                                   ->name);
    luaL_error(L, "restore: nothing was saved as '%s'%s", name,
               near_name_hint(&near, hint, sizeof hint));
    return NULL;
}

/* The meters that there are must be those of the state: the script holds them. */
static void check_meters(lua_State *L, const struct script *s, const struct save *save)
{
    int count = site_state_meters(&save->state);

    if (count < (int)s->site.meters->len)
        luaL_error(L,
                   "restore: %s was made after save \"%s\"; make all meters before it",
                   site_at(&s->site, (guint)count)->name, save->name);
}

int script_restore(lua_State *L)
{
    struct script *s = script_of(L);
    const struct save *save = check_name(L, s, luaL_checkstring(L, 1));

    refuse_live(L, "restore");
    if (L != s->body || !lua_isyieldable(L))
        return luaL_error(L, "restore: only the scenario itself can go back, not a "
                             "condition or what a trigger calls");
    if (script_task_any(s))
        return luaL_error(L, "restore: a function that a trigger called still waits; "
                             "let it end first");
    if (script_line_any(s))
        refuse(L, "restore", script_obstacle(s));
    check_meters(L, s, save);
    script_note_call(L, OBSERVED_SCRIPT, NULL);
    int64_t was_ns = sim_now(s->sim);
    struct store st = store_load(save->state.byte, save->state.size);
    if (!store_state(s, &st))
        return luaL_error(L, "restore: the state cannot be restored");
    script_restored(s);
    s->options.restored(s->options.user, sim_now(s->sim) - was_ns);
    sim_stop(s->sim); /* whoever runs it runs on from the time that is now */
    return 0;
}

const struct store *script_end_state(const struct script *s, GError **error)
{
    const struct saves *saves = saves_of(s);

    if (!saves->problem)
        return &saves->end;
    error_set(error, "%s", saves->problem);
    return NULL;
}

bool script_begin_from(struct script *s, struct store *state, GError **error)
{
    if (!store_state(s, state))
        return error_set(error, "cannot be restored; save it again");
    if (s->options.tape && s->site.meters->len != 1)
        return error_set(error, "has %u meters, and a tape holds one",
                         s->site.meters->len);
    return true;
}

static void save_end(struct script *s, void *state)
{
    struct saves *saves = state;

    if (!s->options.keeps_end || script_case_fd(s) >= 0)
        return;
    saves->problem = script_obstacle(s);
    if (!saves->problem && !s->site.meters->len)
        saves->problem = g_strdup("the scenario makes no meter");
    if (!saves->problem && !store_state(s, &saves->end))
        saves->problem = g_strdup("this state cannot be kept");
}

static void close_saves(struct script *s, void *state)
{
    struct saves *saves = state;

    (void)s;
    store_free(&saves->end);
    g_free(saves->problem);
}

const struct script_family script_save_family = { .size = sizeof(struct saves),
                                                  .free_item = free_save,
                                                  .passed = save_end,
                                                  .close = close_saves };
