/* See port_field.h. */
#include "sim/factory/port_field.h"
#include "sim/program/error.h"
#include <stdio.h>
#include <string.h>

enum { ATTEMPTS = 3 };

bool port_field_open(struct port_field *f, const struct place *place,
                     const char *command, GError **error)
{
    f->command = command;
    f->fixture = NULL;
    f->lost = 0;
    return client_open(&f->client, place, error);
}

void port_field_close(struct port_field *f)
{
    client_close(&f->client);
}

static int ask(void *user, const uint8_t *pdu, int size, uint8_t answer[PORT_PDU_MAX],
               GError **error)
{
    struct port_field *f = user;
    enum client_result result = CLIENT_SILENT;
    int length = 0;

    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        result = client_ask(&f->client, pdu, size, answer, &length);
        if (result == CLIENT_ANSWERED)
            return length;
        if (result == CLIENT_EXCEPTION)
            return -f->client.code;
        f->lost++;
    }
    g_autoptr(GString) text = g_string_new("no answer from the meter: ");
    client_explain(&f->client, result, false, text);
    error_set(error, "%s", text->str);
    return 0;
}

static bool wait_on(void *user, double seconds, GError **error)
{
    (void)user;
    (void)error;
    g_usleep((gulong)(seconds * 1e6));
    return true;
}

static const char *value_of(const char *name, size_t length, const char *const pairs[])
{
    for (; pairs[0]; pairs += 2)
        if (strlen(pairs[0]) == length && !strncmp(pairs[0], name, length))
            return pairs[1];
    return NULL;
}

/* The length of the name behind a brace, if nothing but a name is in it; else 0. */
static size_t name_length(const char *brace)
{
    const size_t length = strspn(brace + 1, "abcdefghijklmnopqrstuvwxyz_");

    return brace[1 + length] == '}' ? length : 0;
}

char *port_field_fill(const char *text, const char *const pairs[], GError **error)
{
    GString *filled = g_string_new(NULL);

    while (*text) {
        const size_t length = *text == '{' ? name_length(text) : 0;
        const char *value = length ? value_of(text + 1, length, pairs) : NULL;

        if (length && !value) {
            error_set(error, "\"%.*s\" is no placeholder", (int)length + 2, text);
            g_string_free(filled, TRUE);
            return NULL;
        }
        if (value)
            g_string_append(filled, value);
        else
            g_string_append_c(filled, *text);
        text += value ? length + 2 : 1;
    }
    return g_string_free(filled, FALSE);
}

/* Runs a command line, without a shell; false unless it ends with code 0. */
static bool run_line(const char *line, GError **error)
{
    GError *failure = NULL;
    int status = 0;

    if (!g_spawn_command_line_sync(line, NULL, NULL, &status, &failure) ||
        !g_spawn_check_wait_status(status, &failure)) {
        error_set(error, "%s: %s", line, failure->message);
        g_error_free(failure);
        return false;
    }
    return true;
}

/* Shows the text and waits for Enter; false at the end of input. */
static bool prompt(const char *text, GError **error)
{
    char line[200];

    fprintf(stderr, "%s, then press Enter: ", text);
    if (!fgets(line, sizeof line, stdin))
        return error_set(error, "nobody answers at the terminal; --set names a program "
                                "that sets the source");
    return true;
}

static bool set_source(void *user, const struct source_point *point, GError **error)
{
    const struct port_field *f = user;
    char volts[G_ASCII_DTOSTR_BUF_SIZE], amps[G_ASCII_DTOSTR_BUF_SIZE],
        pf[G_ASCII_DTOSTR_BUF_SIZE], hz[G_ASCII_DTOSTR_BUF_SIZE], text[200];

    g_ascii_formatd(volts, sizeof volts, "%g", point->volts);
    g_ascii_formatd(amps, sizeof amps, "%g", point->amps);
    g_ascii_formatd(hz, sizeof hz, "%g", point->hz);
    g_ascii_formatd(pf, sizeof pf, "%g", point->pf);
    if (!f->command) {
        g_snprintf(text, sizeof text,
                   "Set the source to %s V, %s A, power factor %s lagging", volts, amps,
                   pf);
        return prompt(text, error);
    }
    const char *const pairs[] = {
        "volts", volts, "amps", amps, "hz", hz, "pf", pf, NULL
    };
    g_autofree char *line = port_field_fill(f->command, pairs, error);

    return line && run_line(line, error);
}

static bool ask_person(const char *action, bool *yes, GError **error)
{
    const bool sees = g_str_has_prefix(action, "see ");
    char line[200];

    fprintf(stderr, "%s%s: ", action, sees ? "? (y or n)" : ", then press Enter");
    if (!fgets(line, sizeof line, stdin))
        return error_set(error, "nobody answers at the terminal; --fixture names a "
                                "program that does");
    *yes = !sees || line[0] == 'y';
    return true;
}

static bool run_fixture(const char *line, bool *yes, GError **error)
{
    GError *failure = NULL;
    int status = 0;

    if (!g_spawn_command_line_sync(line, NULL, NULL, &status, &failure))
        return error_move(error, failure);
    *yes = g_spawn_check_wait_status(status, &failure);
    if (!*yes && !(failure->domain == G_SPAWN_EXIT_ERROR && failure->code == 1))
        return error_move(error, failure);
    g_clear_error(&failure);
    return true;
}

static bool use_fixture(void *user, const char *action, bool *yes, GError **error)
{
    const struct port_field *f = user;
    const char *const pairs[] = { "action", action, NULL };

    if (!f->fixture)
        return ask_person(action, yes, error);
    g_autofree char *line = port_field_fill(f->fixture, pairs, error);

    return line && run_fixture(line, yes, error);
}

static int lost(void *user)
{
    return ((struct port_field *)user)->lost;
}

struct port port_field(struct port_field *f)
{
    return (struct port){ f, ask, wait_on, set_source, use_fixture, lost };
}
