/* The system types: how a meter is wired, what it can measure there, which voltages are
 * tested. The rows stand in system_type.def. A set of types is a mask of T10 … T40; the
 * masks WITH_… follow from the rows, so that a new type is one row. */
#pragma once

#include <stdint.h>

/* Bits: phases, or voltages of them to N; voltages between two phases. */
enum { SYSTEM_A = 1, SYSTEM_B = 2, SYSTEM_C = 4, SYSTEM_A_B = 3, SYSTEM_A_B_C = 7 };
enum { SYSTEM_AB = 1, SYSTEM_BC = 2, SYSTEM_CA = 4, SYSTEM_ALL_LINES = 7 };

enum system_type {
#define Y(number, ...) SYSTEM_TYPE_##number,
#include "core/system_type.def"
#undef Y
    SYSTEM_TYPES
};

/* The rows ascend, so the last number is one below this enumerator. */
enum system_type_number {
#define Y(number, ...) SYSTEM_TYPE_NUMBER_##number = number,
#include "core/system_type.def"
#undef Y
    SYSTEM_TYPE_NUMBERS_END
};

enum system_type_bit {
#define Y(number, ...) T##number = 1 << SYSTEM_TYPE_##number,
#include "core/system_type.def"
#undef Y
    ALL = (1 << SYSTEM_TYPES) - 1
};

enum system_element { ELEMENT_LN, ELEMENT_AB, ELEMENT_STAR };
enum system_nominal { NOMINAL_WHOLE, NOMINAL_HALF, NOMINAL_BY_ROOT3 };

struct system_type_row {
    uint16_t number;        /* register 130 */
    uint16_t sunspec_model; /* register 40070 */
    const char *panel_text;
    uint8_t element;        /* enum system_element */
    uint8_t phases;         /* SYSTEM_A … */
    uint8_t phase_voltages; /* SYSTEM_A …: valid L-N voltages */
    uint8_t line_voltages;  /* SYSTEM_AB …: valid L-L voltages */
    uint8_t nominal_ln;     /* enum system_nominal */
};

extern const struct system_type_row system_type_table[SYSTEM_TYPES];

/* By the value of register 130; -1: there is no such type. */
int system_type_find(unsigned number);

/* The types that have a phase, a voltage L-N, a voltage L-L. */
enum system_types_with {
    WITH_B = 0
#define Y(n, w, t, e, phases, ln, ll, ...) | ((phases)&SYSTEM_B ? T##n : 0)
#include "core/system_type.def"
#undef Y
    ,
    WITH_C = 0
#define Y(n, w, t, e, phases, ln, ll, ...) | ((phases)&SYSTEM_C ? T##n : 0)
#include "core/system_type.def"
#undef Y
    ,
    WITH_AN = 0
#define Y(n, w, t, e, phases, ln, ll, ...) | ((ln)&SYSTEM_A ? T##n : 0)
#include "core/system_type.def"
#undef Y
    ,
    WITH_BN = 0
#define Y(n, w, t, e, phases, ln, ll, ...) | ((ln)&SYSTEM_B ? T##n : 0)
#include "core/system_type.def"
#undef Y
    ,
    WITH_CN = 0
#define Y(n, w, t, e, phases, ln, ll, ...) | ((ln)&SYSTEM_C ? T##n : 0)
#include "core/system_type.def"
#undef Y
    ,
    WITH_AB = 0
#define Y(n, w, t, e, phases, ln, ll, ...) | ((ll)&SYSTEM_AB ? T##n : 0)
#include "core/system_type.def"
#undef Y
    ,
    WITH_BC = 0
#define Y(n, w, t, e, phases, ln, ll, ...) | ((ll)&SYSTEM_BC ? T##n : 0)
#include "core/system_type.def"
#undef Y
    ,
    WITH_CA = 0
#define Y(n, w, t, e, phases, ln, ll, ...) | ((ll)&SYSTEM_CA ? T##n : 0)
#include "core/system_type.def"
#undef Y
    ,
    WITH_LN = WITH_AN | WITH_BN | WITH_CN,
    WITH_LL = WITH_AB | WITH_BC | WITH_CA
};
