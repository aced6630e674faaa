/* What a user does to a meter, as text: "fault,ct_reversed,A,1". The page sends it, the
 * link holds it, a scenario is made of it. Numbers stay as they were written, so that
 * all three mean the same to the last bit.
 *
 *   grid,HZ,VA,VB,VC        volts to neutral
 *   load,IA,IB,IC,DEGREES   amps, and by how much all currents lag
 *   load,IA,IB,IC,DA,DB,DC  each by its own angle
 *   fault,NAME,PHASES,X     X: its value; PHASES: A, BC, … or all
 *   clear                   no faults any more
 *   keys,MASK               these keys are down from now on (bits of enum meter_key)
 *   power,0 | power,1       control power
 *   pdu,HEX                 a Modbus PDU
 *   mark                    nothing: the tape is cut here, as at the end of a scenario */
#pragma once

#include "hal_sim/unit.h"
#include "page/text.h"

enum { ACTION_WORDS = 8, ACTION_TEXT = 640 };

enum action_error {
    ACTION_DONE,
    ACTION_UNKNOWN = -1, /* no such action, or too many or too few words */
    ACTION_NUMBER = -2,  /* not a number, or out of range */
    ACTION_FAULT = -3,   /* no such fault, or no such phases */
    ACTION_IDLE = -4,    /* the fault has nothing here that it could act on */
    ACTION_CURRENTS = -5 /* three wires, and currents that cannot sum to zero */
};

struct action {
    char text[ACTION_TEXT]; /* its words, each ended by NUL */
    const char *word[ACTION_WORDS];
    int words;
};

/* The answer to the last PDU; size 0: none. */
struct action_answer {
    uint8_t bytes[METER_PDU_MAX];
    int size;
};

enum action_error action_parse(struct action *a, const char *text);

/* On a unit that has been brought to the present. */
enum action_error action_apply(const struct action *a, struct unit *u,
                               struct action_answer *answer);

/* As a line of a scenario whose meter is m. */
void action_print_lua(const struct action *a, const struct unit *u, struct text *lua);

const char *action_error_text(enum action_error error);

/* Why a fault does nothing in the page; NULL: it acts. */
const char *action_fault_idle(const struct unit *u, enum fault_id id);
