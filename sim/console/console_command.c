/* metersim console: a prompt into a running serve. Lines go to its socket (console.h),
 * answers come back as JSON; on a terminal they are shown as Lua would, with history
 * and completion by libedit, otherwise as they came, one line each. */
#include "sim/console/console.h"
#include "sim/program/commands.h"
#include "sim/program/error.h"
#include <editline/readline.h>
#include <errno.h>
#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { HISTORY_MAX = 1000, BUSY_S = 30 };

struct prompt {
    GSocketConnection *connection;
    GDataInputStream *in;
};

/* Completion has no user pointer. */
static struct prompt *completed_prompt;

/* The line, and the answer to it, to be freed; NULL: the other end is gone. */
static char *exchange(struct prompt *l, const char *line)
{
    GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(l->connection));
    g_autofree char *request = g_strconcat(line, "\n", NULL);
    gboolean sent =
        g_output_stream_write_all(out, request, strlen(request), NULL, NULL, NULL);

    return sent ? g_data_input_stream_read_line_utf8(l->in, NULL, NULL, NULL) : NULL;
}

static JsonObject *parse(JsonParser *parser, const char *answer)
{
    if (!json_parser_load_from_data(parser, answer, -1, NULL))
        return NULL;
    JsonNode *root = json_parser_get_root(parser);
    return root && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
}

static void print_value(JsonNode *value)
{
    if (JSON_NODE_HOLDS_NULL(value))
        return;
    if (JSON_NODE_HOLDS_VALUE(value) &&
        json_node_get_value_type(value) == G_TYPE_STRING) {
        puts(json_node_get_string(value));
        return;
    }
    g_autofree char *text = json_to_string(value, JSON_NODE_HOLDS_OBJECT(value));
    puts(text);
}

/* What people want to see of an answer. */
static bool show(const char *answer)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonObject *o = parse(parser, answer);
    bool ok = false;

    if (!o) {
        puts(answer);
    } else {
        ok = json_object_get_boolean_member_with_default(o, "ok", FALSE);
        fputs(json_object_get_string_member_with_default(o, "printed", ""), stdout);
        if (!ok)
            puts(json_object_get_string_member_with_default(o, "error", answer));
        else if (json_object_has_member(o, "value"))
            print_value(json_object_get_member(o, "value"));
    }
    return ok;
}

static GPtrArray *fetch_completions(const char *text)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(JsonBuilder) b = json_builder_new();
    g_autoptr(JsonParser) parser = json_parser_new();

    json_builder_begin_object(b);
    json_builder_set_member_name(b, "complete");
    json_builder_add_string_value(b, text);
    json_builder_end_object(b);
    g_autoptr(JsonNode) root = json_builder_get_root(b);
    g_autofree char *line = json_to_string(root, FALSE),
                    *answer = exchange(completed_prompt, line);
    JsonObject *o = answer ? parse(parser, answer) : NULL;
    JsonArray *list = o && json_object_has_member(o, "value")
                          ? json_node_get_array(json_object_get_member(o, "value"))
                          : NULL;
    for (guint k = 0; list && k < json_array_get_length(list); k++)
        g_ptr_array_add(words, g_strdup(json_array_get_string_element(list, k)));
    return words;
}

static char *next_completion(const char *text, int state)
{
    static GPtrArray *words;
    static guint next;

    if (state == 0) {
        g_clear_pointer(&words, g_ptr_array_unref);
        words = fetch_completions(text);
        next = 0;
    }
    return next < words->len ? strdup(g_ptr_array_index(words, next++)) : NULL;
}

static char **complete(const char *text, int start, int end)
{
    (void)start;
    (void)end;
    rl_attempted_completion_over = 1;
    return rl_completion_matches(text, next_completion);
}

static int end_of_server(GError **error)
{
    error_set(error, "the other end has closed the connection");
    return 2;
}

static int talk(struct prompt *l, GError **error)
{
    g_autofree char *history =
        g_build_filename(g_get_user_state_dir(), "metersim_history", NULL);
    char *line;
    bool gone = false;

    completed_prompt = l;
    rl_attempted_completion_function = complete;
    rl_basic_word_break_characters = " \t\n\"'`(){}[],;=<>+-*/%^#~|&";
    using_history();
    stifle_history(HISTORY_MAX);
    read_history(history);
    puts("Lua; Tab completes, Ctrl-D ends. Try: meters   meters.meter1.kw_total");
    while ((line = readline("> "))) {
        char *answer = *line ? exchange(l, line) : NULL;
        if (*line)
            add_history(line);
        if (answer)
            show(answer);
        else if (*line)
            gone = true;
        free(line);
        g_free(answer);
        if (gone)
            break;
    }
    g_mkdir_with_parents(g_get_user_state_dir(), 0700);
    write_history(history);
    if (!gone)
        putchar('\n');
    return gone ? end_of_server(error) : 0;
}

/* Lines of a program: each answer as it came. 1 when one of them was no success. */
static int pass_lines(struct prompt *l, GError **error)
{
    char *line = NULL;
    size_t room = 0;
    int code = 0;

    while (getline(&line, &room, stdin) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        if (!*line)
            continue;
        char *answer = exchange(l, line);
        if (!answer) {
            code = end_of_server(error);
            break;
        }
        puts(answer);
        fflush(stdout);
        if (strstr(answer, "\"ok\":false"))
            code = 1;
        g_free(answer);
    }
    free(line);
    return code;
}

static void list_sockets(const char *folder, GPtrArray *paths)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir)))
        if (g_str_has_suffix(name, ".sock"))
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    if (dir)
        g_dir_close(dir);
}

/* A server that computes accepts later: this waits for it, which GIO's own connect, that
 * never blocks, does not. Returns a descriptor, -1: errno. */
static int open_socket(const char *path)
{
    const struct timeval patience = { .tv_sec = BUSY_S };
    struct sockaddr_un to = { .sun_family = AF_UNIX };

    if (g_strlcpy(to.sun_path, path, sizeof to.sun_path) >= sizeof to.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

static GSocketConnection *connect_to(const char *path, GError **error)
{
    int fd = open_socket(path);

    if (fd < 0) {
        error_set(error, "could not connect: %s", g_strerror(errno));
        return NULL;
    }
    g_autoptr(GSocket) socket = g_socket_new_from_fd(fd, error);
    if (!socket) {
        close(fd);
        return NULL;
    }
    return g_socket_connection_factory_create_connection(socket);
}

/* To the only console that answers. */
static GSocketConnection *connect_to_only(GError **error)
{
    g_autofree char *folder = console_folder(NULL);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    GSocketConnection *found = NULL;
    g_autoptr(GString) names = g_string_new("");
    int count = 0;

    if (folder)
        list_sockets(folder, paths);
    for (guint k = 0; k < paths->len; k++) {
        const char *path = g_ptr_array_index(paths, k);
        GSocketConnection *c = connect_to(path, NULL);
        if (!c)
            continue;
        g_string_append_printf(names, "\n  metersim console %s", path);
        if (count++ == 0)
            found = c;
        else
            g_object_unref(c);
    }
    if (count == 0)
        error_set(error, "no running console found; start one with: metersim serve");
    if (count > 1) {
        error_set(error, "several are running; choose one:%s", names->str);
        g_clear_object(&found);
    }
    return found;
}

static GSocketConnection *connect_to_named(const char *path, GError **error)
{
    GSocketConnection *c = connect_to(path, error);

    if (!c)
        g_prefix_error(error,
                       "no metersim serve listens at %s (without a path the one "
                       "that runs is found): ",
                       path);
    return c;
}

static int single(struct prompt *l, const char *text, GError **error)
{
    g_autofree char *answer = exchange(l, text);

    if (!answer)
        return end_of_server(error);
    bool ok = show(answer);
    return ok ? 0 : 1;
}

int command_console(int argc, char **argv, GError **error)
{
    char *execute = NULL;
    const GOptionEntry entries[] = { { "execute", 'e', 0, G_OPTION_ARG_STRING, &execute,
                                       "Only this line; exit code 1 when it fails",
                                       "LUA" },
                                     G_OPTION_ENTRY_NULL };
    struct prompt l = { NULL, NULL };

    if (!command_options(
            &argc, &argv, "[SOCKET]", entries,
            "Without SOCKET: the only serve that runs. On a terminal: a prompt with "
            "history and\n"
            "completion. Otherwise: each line of Lua on standard input is answered "
            "with "
            "a line of JSON.\n\n"
            "Examples:\n"
            "  metersim console\n"
            "  metersim console -e 'fault(meters.meter1, \"ct_reversed\", \"B\")'\n"
            "  echo 'advance \"15 min\"' | metersim console\n",
            error))
        return 2;
    if (argc > 2) {
        error_set(error, "one socket at most; '%s' is one too many", argv[2]);
        return 2;
    }
    l.connection =
        argc == 2 ? connect_to_named(argv[1], error) : connect_to_only(error);
    if (!l.connection)
        return 2;
    l.in = g_data_input_stream_new(
        g_io_stream_get_input_stream(G_IO_STREAM(l.connection)));
    int code = execute                ? single(&l, execute, error)
               : isatty(STDIN_FILENO) ? talk(&l, error)
                                      : pass_lines(&l, error);
    g_object_unref(l.in);
    g_object_unref(l.connection);
    return code;
}
