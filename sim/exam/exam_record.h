/* What a client has recorded: lines of CSV or JSON. */
#pragma once

#include "sim/exam/exam_profile.h"

struct exam_record {
    int64_t ns;       /* simulated time at which it came */
    int64_t since_ns; /* lock-step: when the poll began that read it; 0: not known */
    double time;      /* as the client says it, in seconds; NaN: it says none */
    int unit, point;
    double value; /* NaN: the client says that it has none */
};

/* Appends the records of one line to `to`; returns how many. A line is
 *   time,unit,register or name,value
 *   {"time": …, "unit": 1, "name": "kw_total" or "register": 21, "value": 61.2}
 *   {"time": …, "unit": 1, "values": {"kw_total": 61.2, …}}
 * and anything else is none. An empty value, null and NaN are "no value". */
int exam_record_parse(const struct exam_profile *p, const char *line, int64_t ns,
                      GArray *to);

/* One line of Prometheus' text format: name{unit="1",…} value. */
int exam_record_parse_metric(const struct exam_profile *p, const char *line, int64_t ns,
                             GArray *to);
