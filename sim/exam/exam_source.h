/* Where a client's records are read from, when it does not print them: a file of CSV
 * that grows, or a page of Prometheus' text. */
#pragma once

#include "sim/exam/exam_record.h"

struct exam_source;

/* "csv:FILE" or "prometheus:URL"; "json" and NULL: none, because it is what the client
 * prints. False with *error set. */
bool exam_source_new(struct exam_source **s, const char *text, GError **error);
void exam_source_free(struct exam_source *s);

/* A client is started: what is there is not its. */
void exam_source_begin(struct exam_source *s);

/* Appends what has come since. Of a page: what it said last; it is asked for once a
 * second, or at once where `now` says so. True: something is still to come. */
bool exam_source_read(struct exam_source *s, const struct exam_profile *p, bool now,
                      int64_t ns, GArray *to);
