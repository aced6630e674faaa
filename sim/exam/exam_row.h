/* The situations of `metersim exam`: one row each, in exam_row_values.def (what the meter
 * does) and exam_row_line.def (what line and gateway do). To add one: a row there, and,
 * where no present judge fits, a function in exam_judge.c or exam_judge_wire.c. */
#pragma once

struct exam_case;

/* Sets the verdict of the case. */
typedef void (*exam_judge)(struct exam_case *c);

enum exam_flags {
    EXAM_TIMED = 1, /* the client's own time-outs matter: time follows the wall clock
                        while it polls, also in lock-step */
    EXAM_TORN = 2,  /* after half of a 32-bit number time goes on for some seconds */
    EXAM_COMES_BACK = 4, /* ends as soon as unit 1 is recorded again */
    EXAM_TWO_UNITS = 8,  /* the client is asked to read units 1 and 2 */
    EXAM_SAME = 16       /* judged from the run of the row before it */
};

/* Times are simulated seconds since the meters' start; the client starts at
 * EXAM_START_S. */
enum { EXAM_START_S = 3, EXAM_BACK_S = 30 };

struct exam_row {
    const char *name, *title;
    const char *field;  /* what is seen, and why it happens */
    const char *good;   /* what a good client does */
    const char *manual; /* the line of the manual or the standard */
    const char
        *reported; /* who has seen it: paths on github.com, with blanks between */
    unsigned flags;
    /* The situation begins, is over (both 0: it is there all the time), and the row
     * ends. */
    int from_s, to_s, end_s;
    exam_judge judge;
    const char *setup; /* Lua: meters, gateway, and what happens when */
};

extern const struct exam_row exam_rows[];
extern const int exam_row_count;
