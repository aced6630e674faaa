/* What a report collects of a scenario, and the parts that draw it. Private to
 * sim/report/. */
#pragma once

#include "core/quantity.h"
#include "sim/record/observer.h"
#include "sim/record/trace.h"
#include <glib.h>

enum {
    REPORT_METERS = 8,   /* that have plots; all have lanes */
    REPORT_TRACES = 4,   /* of one plot */
    REPORT_WATCHED = 12, /* registers of one meter */
    REPORT_EVENTS = 400,
    REPORT_SPANS = 400 /* of one lane */
};

/* Traces of a plot by their colour: phases A, B, C, then the total, and so on. */
struct report_plot_row {
    const char *title, *unit;
    int traces;
    struct {
        enum quantity quantity;
        const char *label, *colour; /* class of report.css */
    } trace[REPORT_TRACES];
    bool line_voltage; /* only where there are none to neutral */
};

enum { REPORT_PLOTS = 7 };
extern const struct report_plot_row report_plot_table[REPORT_PLOTS];

struct report_watched {
    struct observed_register reg;
    struct trace trace;
};

struct report_meter {
    const struct observed_meter *meter;
    struct trace trace[REPORT_PLOTS][REPORT_TRACES];
    GPtrArray *watched; /* struct report_watched */
};

struct report_span {
    int64_t from_ns, to_ns; /* to_ns INT64_MAX: it lasts */
};

/* Something that is or is not, over time; or moments, from_ns = to_ns. */
struct report_lane {
    enum observed_kind kind;
    const struct observed_meter *meter;
    char *label;
    GArray *spans;
    int64_t gap_ns; /* narrower gaps are not seen */
};

struct report_event {
    enum observed_kind kind;
    int64_t at_ns;
    int line;
    char *meter, *text;
};

struct report_picture {
    char *caption, *base64;
};

/* A picture that is due some time after a fault. */
struct report_due {
    const struct observed_meter *meter;
    int64_t at_ns;
    char *text;
};

struct report {
    char *path;
    char *source; /* of the script, valid UTF-8 */
    int pictures_max;
    GPtrArray *meters, *lanes, *events, *pictures;
    int64_t events_left_out;
    GPtrArray *due; /* struct report_due */
};
