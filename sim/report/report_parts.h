/* What a report collects of a scenario, and the parts that draw it. Private to
 * sim/report/. */
#ifndef SIM_REPORT_REPORT_PARTS_H
#define SIM_REPORT_REPORT_PARTS_H

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

/* report_lane.c */
void report_lane_event(struct report *r, const struct observed_event *e);
void report_lane_free(void *lane);

/* report_picture.c */
void report_picture_add(struct report *r, const struct observed_meter *m,
                        const char *caption);
void report_picture_free(void *picture);

/* report_plot.c, report_timeline.c: append <figure>s over 0 to end_s. */
void report_plots(const struct report *r, double end_s, GString *html);
void report_timeline(const struct report *r, double end_s, GString *html);

/* report_axis.c: the drawing is 1100 units wide; time runs from LEFT to RIGHT. */
enum { AXIS_LEFT = 150, AXIS_RIGHT = 1088, AXIS_WIDTH = 1100 };
double report_axis_x(double seconds, double end_s);
void report_axis_time(GString *svg, double end_s, int top, int bottom);
/* Steps of 1, 2, 5 · 10^n: about `count` of them in `span`. */
double report_axis_step(double span, int count);
/* "0:06.0", "2:30:00": as fine as the span asks for. */
void report_axis_clock(double seconds, double end_s, char *text, size_t size);

/* report_text.c: with what HTML needs escaped; numbers in no locale. */
void report_text(GString *html, const char *text);
/* "3.000 s", "8:00:03.017". */
void report_clock(GString *html, double seconds);
void report_number(GString *html, double x, const char *format);

#endif
