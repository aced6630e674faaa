/* The verb case: a what-if. The process forks, so that every case goes on from the same
 * warm state, to the bit, and knows nothing of the others; the scenario itself goes on
 * as if the case had not been. Cases run one after the other: order and results do not
 * depend on --jobs. The case's process sends its result through a pipe and ends. */
#include "sim/run/scenario.h"
#include "sim/script/script_internal.h"
#include "sim/script/script_verbs.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAME_MOST = 100, CASES_MOST = 10000 };

static void receive(struct scenario_result *r, int fd, pid_t pid)
{
    GByteArray *bytes = g_byte_array_new();
    uint8_t part[4096];
    int status = 0;
    ssize_t n;

    while ((n = read(fd, part, sizeof part)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            g_byte_array_append(bytes, part, (guint)n);
    close(fd);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!scenario_result_receive(bytes, r))
        scenario_result_wrong(
            r, g_strdup_printf("the case's process ended by signal %d",
                               WIFSIGNALED(status) ? WTERMSIG(status) : 0));
    g_byte_array_unref(bytes);
}

/* In the case's process: what was reported until here is not its own. It dies with the
 * scenario's process, which the runner may kill. */
static void become_case(struct script *s, int fd)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    s->case_fd = fd;
    s->checks = 0;
    g_string_truncate(s->log, 0);
    guint number = s->cases->len + 1;
    g_ptr_array_set_size(s->cases, 0);
    if (s->options.forked)
        s->options.forked(s->options.user, (int)number);
}

static struct scenario_case *add_case(struct script *s, const char *name)
{
    struct scenario_case *c = g_new0(struct scenario_case, 1);

    c->name = g_utf8_make_valid(name, -1);
    g_ptr_array_add(s->cases, c);
    return c;
}

/* Argument 1: the function; the name is an upvalue. In the case's process the function's
 * coroutine takes the scenario's place, so what is wrong in it comes to no pcall of the
 * scenario's, and its end is the script's. */
static int run_case(lua_State *L)
{
    struct script *s = script_of(L);
    int ends[2];

    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    if (L != s->body || !lua_isyieldable(L))
        return luaL_error(L, "case: only the scenario itself can begin a case");
    lua_State *body = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, body, 1);
    if (pipe(ends))
        return luaL_error(L, "case: no pipe: %s", strerror(errno));
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        become_case(s, ends[1]);
        s->body = body; /* the scenario's, which is never resumed, keeps it */
        s->begins_case = true;
        return lua_yield(L, 0);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return luaL_error(L, "case: no process: %s", strerror(errno));
    }
    struct scenario_case *c = add_case(s, lua_tostring(L, lua_upvalueindex(1)));
    receive(&c->result, ends[0], pid);
    return 0;
}

static void check_name(lua_State *L, const struct script *s, const char *name)
{
    if (!*name || strlen(name) > NAME_MOST || strpbrk(name, "\r\n"))
        luaL_error(L, "case: a name is one line of 1 to %d bytes", NAME_MOST);
    for (guint k = 0; k < s->cases->len; k++)
        if (!strcmp(((struct scenario_case *)g_ptr_array_index(s->cases, k))->name,
                    name))
            luaL_error(L, "case: there is a case '%s' already", name);
    if (s->cases->len >= CASES_MOST)
        luaL_error(L, "case: at most %d cases", CASES_MOST);
}

int script_case(lua_State *L)
{
    struct script *s = script_of(L);

    check_name(L, s, luaL_checkstring(L, 1));
    if (!s->options.forked)
        return luaL_error(L, "case: a live scenario has no cases; use metersim run");
    lua_settop(L, 2);
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, run_case, 1);
    if (lua_isnil(L, 2))
        return 1;
    luaL_checktype(L, 2, LUA_TFUNCTION);
    return luaL_error(L, "case: write case \"%s\" (function() … end)",
                      lua_tostring(L, 1));
}
