/* Client processes. See exam_client.h. A client may be a shell with children, so it is
 * a process group of its own. */
#include "sim/exam/exam_client.h"
#include "sim/program/error.h"
#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { END_MS = 1000 };

struct exam_client {
    GSubprocess *process;
    GDataInputStream *output;
    pid_t group;
    GCancellable *cancel;
    void (*line)(void *user, const char *text);
    void *user;
    bool ended, drained;
    char *trouble;
};

static void replace(GString *text, const char *what, const char *with)
{
    g_string_replace(text, what, with, 0);
}

static char *expanded(const char *argument, const struct exam_place *p)
{
    GString *text = g_string_new(argument);
    g_autofree char *port = g_strdup_printf("%d", p->port);

    replace(text, "{host}", p->host);
    replace(text, "{port}", port);
    replace(text, "{units}", p->units);
    replace(text, "{unit}", "1");
    return g_string_free(text, FALSE);
}

static void set_environment(GSubprocessLauncher *l, const struct exam_place *p)
{
    g_autofree char *port = g_strdup_printf("%d", p->port);

    g_subprocess_launcher_setenv(l, "METERSIM_HOST", p->host, TRUE);
    g_subprocess_launcher_setenv(l, "METERSIM_PORT", port, TRUE);
    g_subprocess_launcher_setenv(l, "METERSIM_UNIT", "1", TRUE);
    g_subprocess_launcher_setenv(l, "METERSIM_UNITS", p->units, TRUE);
}

static void own_group(gpointer user)
{
    (void)user;
    setpgid(0, 0);
}

static GSubprocess *spawn(char **command, const struct exam_place *place, bool input,
                          GError **error)
{
    g_autoptr(GSubprocessLauncher) l = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDOUT_PIPE |
        (input ? G_SUBPROCESS_FLAGS_STDIN_PIPE : G_SUBPROCESS_FLAGS_NONE));
    g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);
    GError *wrong = NULL;

    set_environment(l, place);
    g_subprocess_launcher_set_child_setup(l, own_group, NULL, NULL);
    for (char **a = command; *a; a++)
        g_ptr_array_add(arguments, expanded(*a, place));
    g_ptr_array_add(arguments, NULL);
    GSubprocess *process =
        g_subprocess_launcher_spawnv(l, (const char *const *)arguments->pdata, &wrong);
    if (!process) {
        error_set(error, "%s cannot be started: %s", command[0], wrong->message);
        g_error_free(wrong);
    }
    return process;
}

static void read_next(struct exam_client *c);

static void on_line(GObject *source, GAsyncResult *result, gpointer user)
{
    GError *wrong = NULL;
    char *text = g_data_input_stream_read_line_finish(G_DATA_INPUT_STREAM(source),
                                                      result, NULL, &wrong);

    if (g_error_matches(wrong, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_error_free(wrong); /* the client may be gone */
        return;
    }
    g_clear_error(&wrong);
    struct exam_client *c = user;
    if (!text) {
        c->drained = true;
        return;
    }
    c->line(c->user, text);
    g_free(text);
    read_next(c);
}

static void read_next(struct exam_client *c)
{
    g_data_input_stream_read_line_async(c->output, G_PRIORITY_DEFAULT, c->cancel,
                                        on_line, c);
}

static void on_end(GObject *source, GAsyncResult *result, gpointer user)
{
    GSubprocess *p = G_SUBPROCESS(source);
    g_autoptr(GError) wrong = NULL;

    g_subprocess_wait_finish(p, result, &wrong);
    if (g_error_matches(wrong, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    struct exam_client *c = user;
    c->ended = true;
    if (g_subprocess_get_if_signaled(p))
        c->trouble = g_strdup_printf("signal %d", g_subprocess_get_term_sig(p));
    else if (g_subprocess_get_exit_status(p))
        c->trouble = g_strdup_printf("exit code %d", g_subprocess_get_exit_status(p));
}

struct exam_client *exam_client_start(char **command, const struct exam_place *place,
                                      bool input,
                                      void (*line)(void *user, const char *text),
                                      void *user, GError **error)
{
    GSubprocess *process = spawn(command, place, input, error);

    if (!process)
        return NULL;
    struct exam_client *c = g_new0(struct exam_client, 1);
    c->process = process;
    c->group = (pid_t)g_ascii_strtoll(g_subprocess_get_identifier(process), NULL, 10);
    c->cancel = g_cancellable_new();
    c->output = g_data_input_stream_new(g_subprocess_get_stdout_pipe(process));
    c->line = line;
    c->user = user;
    g_subprocess_wait_async(process, c->cancel, on_end, c);
    read_next(c);
    return c;
}

bool exam_client_send(struct exam_client *c, const char *text)
{
    GOutputStream *to = g_subprocess_get_stdin_pipe(c->process);

    return g_output_stream_write_all(to, text, strlen(text), NULL, NULL, NULL) &&
           g_output_stream_flush(to, NULL, NULL);
}

bool exam_client_ended(const struct exam_client *c)
{
    return c->ended;
}

const char *exam_client_trouble(const struct exam_client *c)
{
    return c->trouble;
}

/* Until it has ended and all that it printed has come; false: not within END_MS. */
static bool wait_for_end(struct exam_client *c)
{
    const gint64 end_us = g_get_monotonic_time() + END_MS * 1000;

    while ((!c->ended || !c->drained) && g_get_monotonic_time() < end_us) {
        g_main_context_iteration(NULL, FALSE);
        g_usleep(1000);
    }
    return c->ended && c->drained;
}

void exam_client_end(struct exam_client *c)
{
    GOutputStream *to = g_subprocess_get_stdin_pipe(c->process);

    if (to)
        g_output_stream_close(to, NULL, NULL);
    kill(-c->group, SIGTERM);
    if (!wait_for_end(c)) {
        kill(-c->group, SIGKILL);
        wait_for_end(c);
    }
    g_cancellable_cancel(c->cancel);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_object_unref(c->output);
    g_object_unref(c->cancel);
    g_object_unref(c->process);
    g_free(c->trouble);
    g_free(c);
}
