/* One situation with one client: what happens, what was recorded meanwhile, and what the
 * judges made of it. */
#pragma once

#include "sim/exam/exam_client.h"
#include "sim/exam/exam_plant.h"
#include "sim/exam/exam_profile.h"
#include "sim/exam/exam_record.h"

enum exam_verdict { EXAM_NOT_SEEN, EXAM_PASSED, EXAM_FAILED };

struct exam_source;
struct exam_options {
    char **command;    /* NULL: waits for a client at `where` */
    const char *where; /* HOST:PORT */
    bool step;         /* lock-step */
    double speed;      /* simulated seconds per second, else */
    const char *pcaps; /* folder of captures, one for each row; NULL: none */
};

struct exam_case {
    const struct exam_row *row;
    const struct exam_options *options;
    const struct exam_profile *profile;
    struct exam_source *source; /* NULL: what the client prints */
    struct exam_plant plant;
    struct exam_client *client;
    GArray *records; /* of struct exam_record */
    int64_t poll_ns; /* lock-step: when the present poll began */
    bool answered;   /* it has answered `done` */
    unsigned split;  /* a half of a 32-bit number is asked on this connection, plus 1 */
    bool torn;       /* … and was answered */
    bool jumped;     /* time has gone on then */
    bool asked;      /* it has sent a request */
    char *trouble;   /* the client has ended, or hangs; NULL: neither */
    /* Of the judges: */
    enum exam_verdict verdict;
    GString *why;  /* what is wrong, or why it was not seen */
    int flaws;     /* that were found */
    GArray *shown; /* of guint: frames that show it */
    double wall_s, simulated_s;
};

/* Runs the row. False with *error set: it could not be run. To be cleared in
 * any case. */
bool exam_case_run(struct exam_case *c, GError **error);
void exam_case_clear(struct exam_case *c);

/* From when on the value of a record may be. */
int64_t exam_case_since(const struct exam_case *c, guint record);
