/* What a gateway of the field does: its behaviours, one row each, and the common kinds
 * of gateways as rows of settings. From these tables come the option --gateway, the
 * fields of the verb gateway, their ranges, and docs/gateway.md. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* The words of the rows with a choice, in the order of their texts. */
enum bridge_full { BRIDGE_FULL_BUSY, BRIDGE_FULL_SILENCE, BRIDGE_FULL_DROP };
enum bridge_dead { BRIDGE_DEAD_TARGET, BRIDGE_DEAD_PATH, BRIDGE_DEAD_SILENCE };
enum bridge_match { BRIDGE_MATCH_ANY, BRIDGE_MATCH_ANSWER };
enum bridge_transaction {
    BRIDGE_ID_ECHOED,
    BRIDGE_ID_OWN,
    BRIDGE_ID_PLUS_ONE,
    BRIDGE_ID_BEFORE
};
enum bridge_next { BRIDGE_NEXT_REFUSED, BRIDGE_NEXT_HANGS, BRIDGE_NEXT_EVICTS };
enum bridge_segments { BRIDGE_WHOLE, BRIDGE_SPLIT, BRIDGE_MERGED };
enum bridge_unit {
    BRIDGE_UNIT_SENT,
    BRIDGE_UNIT_FIRST,
    BRIDGE_UNIT_PATH,
    BRIDGE_UNIT_SILENCE
};

/* All int, in the units of the rows. */
struct bridge_options {
    int baud, parity; /* 0, −1: as the line's first meter */
    int timeout, retries, gap;
    int dead, match;
    int queue, full;
    int transaction;
    int connections, next, keep_alive, idle;
    int cache, stale;
    int segments, segment_gap;
    int unit_0, unit_255;
};

struct bridge_row {
    const char *key;
    size_t offset;       /* of the int in struct bridge_options */
    const char *choices; /* "a,b,c": their numbers are 0, 1, 2; NULL: a number */
    int preset, min, max;
    const char *unit; /* "", "ms", "s" … */
    const char *text;
};

struct bridge_kind {
    const char *name, *settings, *text;
};

extern const struct bridge_row bridge_rows[];
extern const int bridge_row_count;
extern const struct bridge_kind bridge_kinds[];
extern const int bridge_kind_count;

/* Those of the first kind. */
void bridge_options_start(struct bridge_options *o);

/* One setting; the value is a number, with its unit or without ("500", "500 ms", "2 s"),
 * or a word of the row. The key "kind" sets all that its row has, and the presets of
 * what it has not. False with *error set. */
bool bridge_options_set(struct bridge_options *o, const char *key, const char *value,
                        GError **error);

/* "converter,baud=9600,queue=4": a kind, settings, or both. */
bool bridge_options_parse(struct bridge_options *o, const char *text, GError **error);

int bridge_option(const struct bridge_options *o, const struct bridge_row *row);

/* The value as it would be given: "0x0B", "1000". Its size is BRIDGE_VALUE. */
enum { BRIDGE_VALUE = 32 };
void bridge_value_text(const struct bridge_row *row, int value,
                       char text[BRIDGE_VALUE]);
