/* See script_case.h. */
#include "sim/script/script_case.h"
#include "sim/program/jobs.h"
#include "sim/program/stuck.h"
#include "sim/record/scenario_result.h"
#include "sim/script/script_family.h"
#include "sim/script/script_note.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAME_LENGTH_MAX = 100, CASES_MAX = 10000, DEPTH_MAX = 8 };

struct beside {
    struct scenario_case *result_of;
    pid_t pid;
    int fd;
    bool ticket;
};

struct cases {
    GPtrArray *list; /* struct scenario_case */
    int fd;          /* this process is a case's; or -1 */
    int depth;       /* of how many cases, one in the other, this is the inmost */
    int begun;       /* with those that --filter leaves out */
    GArray *beside;  /* that run still */
    bool has_ticket; /* of jobs.h, for this process */
};

static struct cases *cases_of(const struct script *s)
{
    return script_family_state(s, &script_case_family);
}

static void read_result(struct scenario_result *r, int fd, int status)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    uint8_t part[4096];
    ssize_t n;

    lseek(fd, 0, SEEK_SET);
    while ((n = read(fd, part, sizeof part)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            g_byte_array_append(bytes, part, (guint)n);
    if (!scenario_result_receive(bytes, r))
        scenario_result_wrong(
            r, stuck_ended(status)
                   ? g_strdup(STUCK_TEXT)
                   : g_strdup_printf("the case's process ended by signal %d",
                                     WIFSIGNALED(status) ? WTERMSIG(status) : 0));
}

/* False: it runs still. Who is killed gives no ticket back. */
static bool end_beside(struct script *s, const struct beside *b, int flags)
{
    int status = 0;
    pid_t pid;

    if (!flags)
        stuck_guard(0); /* the case has a guard of its own */
    while ((pid = waitpid(b->pid, &status, flags)) < 0 && errno == EINTR)
        ;
    if (!flags)
        stuck_guard(s->options.deadline_us);
    if (pid == 0)
        return false;
    read_result(&b->result_of->result, b->fd, status);
    close(b->fd);
    if (WIFSIGNALED(status) && b->ticket)
        jobs_release(s->options.jobs, s->options.holder);
    return true;
}

static void collect_finished(struct script *s, int flags)
{
    for (guint k = cases_of(s)->beside->len; k-- > 0;)
        if (end_beside(s, &g_array_index(cases_of(s)->beside, struct beside, k), flags))
            g_array_remove_index_fast(cases_of(s)->beside, k);
}

/* Who only waits leaves its ticket to those that work. */
void script_cases_wait(struct script *s)
{
    if (cases_of(s)->beside->len > 0 && cases_of(s)->has_ticket) {
        cases_of(s)->has_ticket = false;
        jobs_release(s->options.jobs, s->options.holder);
    }
    collect_finished(s, 0);
}

/* In the case's process: what was reported until here is not its own. It dies with the
 * scenario's process, which the runner may kill. */
static void become_case(struct script *s, pid_t parent, const struct scenario_case *c)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    stuck_guard(s->options.deadline_us);
    for (guint k = 0; k < cases_of(s)->beside->len; k++)
        close(g_array_index(cases_of(s)->beside, struct beside, k).fd);
    g_array_set_size(cases_of(s)->beside, 0);
    s->checks = 0;
    g_string_truncate(s->log, 0);
    cases_of(s)->begun = 0;
    cases_of(s)->depth++;
    if (s->options.forked)
        s->options.forked(s->options.user, c->number, c->name);
    g_autofree char *text = g_strdup_printf("case \"%s\"", c->name);
    script_note(s, OBSERVED_SCRIPT, NULL, sandbox_line(s->body), text);
    g_ptr_array_set_size(cases_of(s)->list, 0);
}

static struct scenario_case *add_case(struct script *s, const char *name)
{
    struct scenario_case *c = g_new0(struct scenario_case, 1);

    c->name = g_utf8_make_valid(name, -1);
    c->number = cases_of(s)->begun;
    g_ptr_array_add(cases_of(s)->list, c);
    return c;
}

/* Is it one of those asked for? *inner: which of the cases in it are. */
static bool is_wanted(const char *filter, const char *name, const char **inner)
{
    const char *colon;
    bool wanted;

    *inner = NULL;
    if (!filter || strstr(name, filter))
        return true;
    colon = strstr(filter, ": ");
    if (!colon)
        return false;
    g_autofree char *first = g_strndup(filter, (gsize)(colon - filter));
    wanted = strstr(name, first) != NULL;
    *inner = colon + 2;
    return wanted;
}

/* 0 in the case's process, which has taken its place. */
static pid_t fork_case(struct script *s, const char *name, bool ticket)
{
    struct beside b = { .fd = memfd_create("case", MFD_CLOEXEC), .ticket = ticket };
    pid_t parent = getpid();

    if (b.fd < 0)
        return -1;
    fflush(NULL);
    b.pid = fork();
    if (b.pid < 0) {
        close(b.fd);
        return -1;
    }
    b.result_of = add_case(s, name);
    if (b.pid == 0) {
        cases_of(s)->fd = b.fd;
        cases_of(s)->has_ticket = ticket;
        become_case(s, parent, b.result_of);
        return 0;
    }
    g_array_append_val(cases_of(s)->beside, b);
    if (!ticket) {
        end_beside(s, &b, 0);
        g_array_set_size(cases_of(s)->beside, cases_of(s)->beside->len - 1);
    }
    return b.pid;
}

/* Argument 1: the function; the name is an upvalue. In the case's process the
 * function's coroutine takes the scenario's place, so what is wrong in it comes to no
 * pcall of the scenario's, and its end is the script's. */
static int run_case(lua_State *L)
{
    struct script *s = script_of(L);
    const char *name = lua_tostring(L, lua_upvalueindex(1)), *inner;

    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    if (L != s->body || !lua_isyieldable(L))
        return luaL_error(L, "case: only the scenario itself can begin a case");
    if (cases_of(s)->depth >= DEPTH_MAX)
        return luaL_error(L, "case: at most %d cases, one in the other", DEPTH_MAX);
    sandbox_count_steps(L, 0); /* beginning cases alone is no way past the time limit */
    cases_of(s)->begun++;
    if (s->options.skips_cases || !is_wanted(s->options.cases, name, &inner))
        return 0;
    lua_State *body = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, body, 1);
    collect_finished(s, WNOHANG);
    bool ticket = s->options.jobs && jobs_acquire(s->options.jobs, s->options.holder);
    pid_t pid = fork_case(s, name, ticket);
    if (pid < 0) {
        int number = errno;
        if (ticket)
            jobs_release(s->options.jobs, s->options.holder);
        return luaL_error(L, "case: no process: %s", strerror(number));
    }
    if (pid > 0)
        return 0;
    s->options.cases = inner;
    s->body = body; /* the scenario's, which is never resumed, keeps it */
    s->begins_case = true;
    return lua_yield(L, 0);
}

static void check_name(lua_State *L, const struct script *s, const char *name)
{
    if (!*name || strlen(name) > NAME_LENGTH_MAX || strpbrk(name, "\r\n"))
        luaL_error(L, "case: a name is one line of 1 to %d bytes", NAME_LENGTH_MAX);
    for (guint k = 0; k < cases_of(s)->list->len; k++)
        if (!strcmp(
                ((struct scenario_case *)g_ptr_array_index(cases_of(s)->list, k))->name,
                name))
            luaL_error(L, "case: there is a case '%s' already", name);
    if (cases_of(s)->begun >= CASES_MAX)
        luaL_error(L, "case: at most %d cases", CASES_MAX);
}

int script_case(lua_State *L)
{
    struct script *s = script_of(L);

    check_name(L, s, luaL_checkstring(L, 1));
    if (!s->options.forked && !s->options.skips_cases)
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

bool script_only_cases(const struct script *s)
{
    return s->options.cases != NULL;
}

bool script_has_ticket(const struct script *s)
{
    return cases_of(s)->has_ticket;
}

GPtrArray *script_cases(const struct script *s)
{
    return cases_of(s)->list;
}

int script_case_fd(const struct script *s)
{
    return cases_of(s)->fd;
}

static void open_cases(struct script *s, void *state)
{
    struct cases *c = state;

    *c = (struct cases){ .list = scenario_cases_new(),
                         .fd = -1,
                         .beside = g_array_new(FALSE, FALSE, sizeof(struct beside)),
                         .has_ticket = s->options.jobs != NULL };
}

static void close_cases(struct script *s, void *state)
{
    const struct cases *c = state;

    (void)s;
    g_ptr_array_unref(c->list);
    g_array_unref(c->beside);
}

const struct script_family script_case_family = { .size = sizeof(struct cases),
                                                  .open = open_cases,
                                                  .close = close_cases };
