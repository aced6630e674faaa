/* Records of a tape, and what differs between two of them, in the words of the field:
 * which register, reading, NVM record, contact or icon, from what to what. Any bytes
 * may come; what they do not explain is shown as bytes. */
#pragma once

#include "core/model.h"
#include "hal_sim/tape.h"

/* How the two that are compared are called. */
struct replay_words {
    const char *in_tape, *in_here; /* "on the tape", "from the meter" */
    const char *tape, *here;       /* "the tape has", "the meter gives" */
    const char *here_writes;       /* "the meter writes" */
};

/* What records follow from. */
struct replay_context {
    const struct model *model;        /* NULL: not known */
    const uint8_t *request;           /* the last PDU, of which an answer is made */
    size_t request_size;              /* 0: there was none */
    const struct replay_words *words; /* NULL: a tape and a meter */
};

/* "read 21..22", "write 131 to 400", "function 43". */
void replay_text_request(char *text, size_t room, const uint8_t *pdu, size_t size);

/* The tape's record against the one here; either may be NULL: there is none. */
void replay_text_difference(char *text, size_t room,
                            const struct replay_context *context,
                            const struct tape_record *tape,
                            const struct tape_record *here);
