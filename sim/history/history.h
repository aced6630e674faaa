/* A historian's table: rows of readings with their times. What each column is, and how
 * it was read, is kept for who reports it. */
#pragma once

#include "sim/history/heading.h"
#include "sim/history/moment.h"
#include "sim/history/number.h"
#include <glib.h>

struct history_options {
    const char *map;  /* a file that says what columns are; NULL: none */
    const char *zone; /* of local times; NULL: they have none, or are UTC */
    enum moment_order dates;
    enum number_mark decimal; /* NUMBER_ANY: by what stands there */
    enum history_stamps { HISTORY_STAMPS_OPEN, HISTORY_BEGIN, HISTORY_END } stamps;
};

struct history_column {
    int column; /* of the file, from 0 */
    char *text; /* the heading */
    struct heading heading;
    int empty;    /* cells that are */
    int decimals; /* the most that stand there */
};

/* A row holds from at_ms to to_ms; stamped at its end, that is to_ms, but for our own
 * records: a window of the core ends so much before it is published. */
enum { HISTORY_OWN_LAG_MS = 83 };
struct history_row {
    int64_t at_ms, to_ms, stamp_ms;
    int line;
    int to_ns; /* behind to_ms */
    int like;  /* the row that the world is like in it: itself, but for steps */
};

struct history {
    char *path;
    int columns; /* of the file, in struct history_column */
    struct history_column *column;
    int rows;
    struct history_row *row;
    double *value; /* [row * columns + column]; NaN: none */

    /* How it was read. */
    char separator;
    enum number_mark decimal;
    enum moment_order dates;
    enum moment_form form;
    bool zoned;  /* times say their zones */
    bool joined; /* a date and a time of day */
    bool newest_first, ends;
    bool own;        /* a record of metersim run: its rows are the core's windows */
    int64_t step_ms; /* what most rows are apart */
    int gaps;        /* longer than 1.5 steps */
    int64_t longest_gap_ms;
    int repeated; /* rows that were there already */
    int twice;    /* rows in an hour that came twice */
    char *zone;   /* NULL: none was given */
};

void history_free(struct history *h);

/* The column of a reading or of a sum; -1: none. */
int history_find(const struct history *h, int quantity);

double history_value(const struct history *h, int row, int column);

/* What the row is stamped with, and when the log begins and ends. */
int64_t history_stamp_ms(const struct history *h, int row);
int64_t history_begin_ms(const struct history *h);
int64_t history_end_ms(const struct history *h);

/* "2026-11-01 00:15:00", in the zone that was given, or "90 s". g_free. */
char *history_time_text(const struct history *h, int64_t at_ms);
