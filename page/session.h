/* A session: one meter in its world, what was done to it and when, and the hash of its
 * tape. Its text is all of it, to be shared and repeated:
 *
 *   MODEL,TYPE,CT,VOLTS,SEED;MS,ACTION;MS,ACTION;…
 *
 * model, system type (register 130), CT rating (A, 131), system voltage (V, 134), seed of
 * the noise; then each action (action.h) behind the simulated milliseconds at which it
 * was done. */
#pragma once

#include "hal_sim/unit.h"
#include "page/action.h"
#include "page/sha256.h"
#include "page/text.h"

struct session {
    struct unit *unit;
    int64_t now_ms;
    struct sha256 tape;
    struct text text;            /* so far */
    struct action_answer answer; /* to the last PDU */
    char *pending;               /* actions still to be repeated … */
    const char *next;            /* … from here on; "": none */
};

/* By a text: its meter now, its actions by session_repeat. NULL: no such meter, or it
 * refuses one of the settings. */
struct session *session_new(const char *text);
void session_free(struct session *s); /* NULL is allowed */

/* To now_ms (not before now), in any number of steps: they leave no trace. */
void session_advance(struct session *s, int64_t now_ms);

/* Now; becomes part of the text when it could be done. */
enum action_error session_do(struct session *s, const char *action);

/* Does what is still to be repeated, each action at its time, but no more than so many
 * milliseconds of simulated time; the error of the first action that cannot be done. */
enum action_error session_repeat(struct session *s, int64_t ms);
bool session_repeats(const struct session *s); /* something is left of it */

/* Another session that is to repeat this one up to the present. */
struct session *session_copy(const struct session *s);

/* Ends it, faults in force as well, as the end of a scenario does: the SHA-256 of its
 * tape, as `metersim run --tape -` prints it for the scenario. */
void session_end(struct session *s, char hash[SHA256_TEXT]);

/* The scenario that does the same as a session that has ended with this hash. */
void session_print_lua(const struct session *s, const char *hash, struct text *lua);
