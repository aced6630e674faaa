/* Records of a tape, and what differs between two of them, in the words of the field:
 * which register, reading, NVM record, contact or icon, from what to what. Any bytes
 * may come; what they do not explain is shown as bytes. */
#ifndef HAL_SIM_REPLAY_TEXT_H
#define HAL_SIM_REPLAY_TEXT_H

#include "core/model.h"
#include "hal_sim/tape.h"

/* What records follow from. */
struct replay_context {
    const struct model *model; /* NULL: not known */
    const uint8_t *request;    /* the last PDU, of which an answer is made */
    size_t request_size;       /* 0: there was none */
};

/* The tape's record against the one here; either may be NULL: there is none. */
void replay_text_difference(char *text, size_t room,
                            const struct replay_context *context,
                            const struct tape_record *tape,
                            const struct tape_record *here);

#endif
