/* The client under test: a process, its standard input and output. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct exam_client;

struct exam_place {
    const char *host;
    int port;
    const char *units; /* "1" or "1,2" */
};

/* Starts it: {host}, {port}, {unit} (the first) and {units} in its arguments are
 * replaced, and METERSIM_HOST, _PORT, _UNIT, _UNITS set. Lines that it prints go to
 * line(user). With `input` it has a pipe as standard input, else nothing. NULL with
 * *error set. */
struct exam_client *exam_client_start(char **command, const struct exam_place *place,
                                      bool input,
                                      void (*line)(void *user, const char *text),
                                      void *user, GError **error);

/* A line to its standard input; false: it does not read any more. */
bool exam_client_send(struct exam_client *c, const char *text);

bool exam_client_ended(const struct exam_client *c);
/* How it ended: "exit code 1", "signal 11"; NULL: it runs, or has ended with 0. */
const char *exam_client_trouble(const struct exam_client *c);

/* Ends its whole process group: at first by the end of its input and SIGTERM, after a
 * second by SIGKILL. What it has printed until then still comes. */
void exam_client_end(struct exam_client *c);
