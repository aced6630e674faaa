/* A message from a page or a program. It is a line of the console (console.h), Lua or
 * JSON, or one of the objects that are served without running Lua:
 *
 *   {"token": "…"}                              from now on this client may change things
 *   {"meters": "words", "from": 0, "count": 50} the meters whose names have these words
 *   {"faults": 3}                               what is in force at meter 3
 *   {"world": 3}                                what flows there, and what it reads
 *   {"watch": "panel", "meter": 3, "view": "panel"}   what changes is sent from now on
 *   {"watch": "time" | "events" | "traffic"}
 *   {"unwatch": "panel" | "time" | "events" | "traffic"}
 *
 * each with an "id", which comes back. Meters count from 1. */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>

enum web_verb {
    WEB_CONSOLE,
    WEB_AUTHENTICATE,
    WEB_METERS,
    WEB_FAULTS,
    WEB_WORLD,
    WEB_WATCH,
    WEB_UNWATCH
};

enum web_topic { WEB_PANEL, WEB_TIME, WEB_EVENTS, WEB_TRAFFIC, WEB_TOPICS };

enum {
    WEB_ROWS_MAX = 200,
    WEB_DEPTH_MAX = 32,
    WEB_VALUES_MAX = 64,
    WEB_WORDS_MAX = 256
};

struct web_request {
    enum web_verb verb;
    JsonNode *id; /* or NULL */
    char *text;   /* the token; the words; or NULL */
    int meter;    /* from 1 */
    int from, count;
    enum web_topic topic;
    int view; /* enum panel_view */
};

/* False with *wrong (of static storage) set; to be cleared in any case. */
bool web_request_parse(struct web_request *r, const char *message, const char **wrong);
void web_request_clear(struct web_request *r);
