/* See script_screenshot.h. */
#include "sim/script/script_screenshot.h"
#include "gui/panel_screenshot.h"
#include "sim/script/script_family.h"
#include "sim/script/script_file.h"
#include "sim/script/script_note.h"
#include "sim/script/script_object.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A picture takes as long as so many steps of Lua, so a loop of them meets the
 * limit. */
enum { PICTURES_MAX = 1000, NAME_LENGTH_MAX = 80, STEPS = 250000 };

struct screenshots {
    int asked, missed;
};

/* What is beside the meter, or the film that gets one picture more. */
enum { FILM = PANEL_VIEWS };

/* In the family's list. */
struct film {
    char *name;
    struct picture picture;
    int pictures;
};

static void free_film(void *item)
{
    struct film *f = item;

    g_free(f->name);
    free(f->picture.pixels);
    g_free(f);
}

/* One of this name, made when there is none. */
static struct film *film_of(const struct script *s, const char *name)
{
    GPtrArray *films = script_family_list(s, &script_screenshot_family);

    for (guint k = 0; k < films->len; k++) {
        struct film *f = g_ptr_array_index(films, k);
        if (!strcmp(f->name, name))
            return f;
    }
    struct film *f = g_new0(struct film, 1);
    f->name = g_strdup(name);
    g_ptr_array_add(films, f);
    return f;
}

static struct screenshots *screenshots_of(const struct script *s)
{
    return script_family_state(s, &script_screenshot_family);
}

static const char *parse_name(lua_State *L, int index)
{
    size_t length;
    const char *name = luaL_checklstring(L, index, &length);

    if (length != strlen(name) || length > NAME_LENGTH_MAX ||
        !g_str_has_suffix(name, ".png") ||
        strspn(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._-") != strlen(name) ||
        name[0] == '.' || name[0] == '-')
        luaL_error(L,
                   "screenshot: a name is letters, digits, dot, dash and underscore, "
                   "and ends in .png, such as \"alarm.png\"; not '%s'",
                   name);
    return name;
}

static int parse_view(lua_State *L, int index, bool films)
{
    const char *name = luaL_optstring(L, index, panel_view_names[0]);

    if (films && !strcmp(name, "film"))
        return FILM;

    for (int k = 0; k < PANEL_VIEWS; k++)
        if (!strcmp(panel_view_names[k], name))
            return k;
    return luaL_error(L,
                      "the views are \"panel\", \"phasors\" and \"waves\"%s; not '%s'",
                      films ? ", or \"film\"" : "", name);
}

/* The first meter, unless one is given. */
static struct site_meter *choose_meter(lua_State *L)
{
    struct script *s = script_of(L);
    struct site_meter *m = script_meter_optional(L);

    if (m)
        return m;
    if (s->site.meters->len == 0)
        luaL_error(L, "there is no meter yet");
    return site_at(&s->site, 0);
}

/* Nothing but a file is written over: no link, no device. */
static const char *prepare(const char *folder, const char *path)
{
    GStatBuf there;

    if (g_mkdir_with_parents(folder, 0777) != 0)
        return g_strerror(errno);
    if (g_lstat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return "there is something else of that name";
    return NULL;
}

static struct panel_status status_of(const struct script *s, const struct site_meter *m)
{
    return (struct panel_status){
        .sim_ns = sim_now(s->sim), .speed = 1, .connections = -1, .title = m->name
    };
}

static bool draw_film(struct script *s, const struct site_meter *m, const char *name,
                      const char *path, char error[PANEL_ERROR_MAX])
{
    const struct panel_status status = status_of(s, m);

    return panel_film(&film_of(s, name)->picture, m->unit, &status, path, error);
}

/* False: *error says why. */
static bool draw(struct script *s, const struct site_meter *m, const char *name,
                 int view, char error[PANEL_ERROR_MAX])
{
    const struct panel_status status = status_of(s, m);
    char *path = g_build_filename(s->options.screenshots, name, NULL);
    const char *problem = prepare(s->options.screenshots, path);

    if (problem)
        g_snprintf(error, PANEL_ERROR_MAX, "%.160s: %.80s", path, problem);
    bool drawn =
        !problem &&
        (view == FILM ? draw_film(s, m, name, path, error)
                      : panel_screenshot(m->unit, &status, (enum panel_view)view,
                                         PANEL_WIDTH, PANEL_HEIGHT, path, error));
    g_free(path);
    return drawn;
}

static bool is_wanted(struct script *s)
{
    if (s->options.screenshots && script_case_fd(s) < 0)
        return true;
    if (screenshots_of(s)->missed++ == 0 && !s->options.forked)
        script_line(s, "no screenshot is taken: they are of metersim run --record or "
                       "--screenshots");
    return false;
}

int script_screenshot(lua_State *L)
{
    struct script *s = script_of(L);
    struct site_meter *m = choose_meter(L);
    const char *name = parse_name(L, 1);
    int view = parse_view(L, 2, true);
    char error[PANEL_ERROR_MAX];

    if (lua_gettop(L) > 2)
        return luaL_error(L, "screenshot: too many arguments");
    if (screenshots_of(s)->asked++ == PICTURES_MAX)
        return luaL_error(L, "screenshot: at most %d in a scenario", PICTURES_MAX);
    if (view == FILM && film_of(s, name)->pictures++ == PANEL_FILM_MAX)
        return luaL_error(L, "screenshot: a film has at most %d pictures",
                          PANEL_FILM_MAX);
    sandbox_count_steps(L, STEPS);
    script_note_call(L, OBSERVED_LOG, m);
    if (is_wanted(s) && !draw(s, m, name, view, error))
        return luaL_error(L, "screenshot: %s", error);
    return 0;
}

/* A picture on its way to base64. */
struct drawing {
    struct panel_shot *shot;
    char *text; /* to be freed; NULL: error says why */
    char error[PANEL_ERROR_MAX];
};

/* Others are served meanwhile. It goes through memory that the kernel shows as a file:
 * nothing is on a disk. */
static void draw_text(void *user)
{
    struct drawing *d = user;
    char path[32];
    gchar *bytes;
    gsize size;
    const int fd = memfd_create("picture", MFD_CLOEXEC);

    g_snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (panel_shot_write(d->shot, PANEL_WIDTH, PANEL_HEIGHT, path, d->error) &&
        g_file_get_contents(path, &bytes, &size, NULL)) {
        d->text = g_base64_encode((const guchar *)bytes, size);
        g_free(bytes);
    }
    if (fd >= 0)
        close(fd);
}

static int push_text(lua_State *L)
{
    lua_pushstring(L, lua_touserdata(L, 1));
    return 1;
}

int script_picture(lua_State *L)
{
    struct script *s = script_of(L);
    const struct site_meter *m = choose_meter(L);
    enum panel_view view = (enum panel_view)parse_view(L, 1, false);
    struct drawing d = { .error = "no memory for it" };

    sandbox_count_steps(L, STEPS);
    const struct panel_status status = status_of(s, m);
    d.shot = panel_shot_read(m->unit, &status, view);
    script_file_work(s, draw_text, &d);
    if (!d.text)
        return luaL_error(L, "picture: %s", d.error);
    lua_pushcfunction(L, push_text); /* protected: Lua may have no memory for it */
    lua_pushlightuserdata(L, d.text);
    const int pushed = lua_pcall(L, 1, 1, 0);
    g_free(d.text);
    return pushed == LUA_OK ? 1 : lua_error(L);
}

int script_screenshots_missed(const struct script *s)
{
    return screenshots_of(s)->missed;
}

const struct script_family script_screenshot_family = {
    .size = sizeof(struct screenshots),
    .free_item = free_film,
};
