/* The table of situations. See exam_row.h. Their sites: a wye service of 480 V with three
 * different phases, so that no two readings are alike. */
#include "sim/exam/exam_row.h"
#include "sim/exam/exam_judge.h"
#include "sim/exam/exam_judge_wire.h"

#define COUNTERS                                                                       \
    "kwh_import = 81234.56, kwh_export = 70123.45, kvarh_q1 = 43210.98, "              \
    "kvah_import = 95432.1"
#define PLANT(fields, gateway)                                                         \
    "local meters_of_site = {}\n"                                                      \
    "for address = 1, 2 do\n"                                                          \
    "  meters_of_site[address] = meter { address = address, system_type = 40, "        \
    "ct_primary = 200, system_voltage = 480, " fields " }\n"                           \
    "end\n"                                                                            \
    "local m = meters_of_site[1]\n"                                                    \
    "grid { hz = 60, volts = { 277, 275, 279 } }\n"                                    \
    "load { amps = { 70, 80, 95 }, pf = { 0.9, 0.85, 0.95 } }\n"                       \
    "load(meters_of_site[2], { amps = { 31, 42, 53 }, pf = 0.8 })\n"                   \
    "local g = gateway { " gateway " }\n"
#define SITE(fields) PLANT(fields, "")
#define EXCEPTION(code)                                                                \
    "wait \"5 s\"\nfault(m, \"gateway_exception\", " code ", { duration = \"3 s\" "    \
    "})\n"

/* All answers of the first poll from then on. */
#define ONE_POLL(fault, value)                                                         \
    "wait \"5 s\"\nfault(m, \"" fault "\", " value ")\n"                               \
    "on_poll(m, 1, function() wait \"300 ms\" clear(m) end)\nwait \"1 h\"\n"

#define X(name, title, field, good, manual, reported, flags, from, to, end, judge,     \
          setup)                                                                       \
    { name, title, field, good, manual, reported, flags, from, to, end, judge, setup },
const struct exam_row exam_rows[] = {
#include "sim/exam/exam_row_values.def"

#include "sim/exam/exam_row_line.def"
};
#undef X

const int exam_row_count = sizeof exam_rows / sizeof *exam_rows;
