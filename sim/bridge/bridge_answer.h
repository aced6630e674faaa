/* What a gateway makes of an answer: which transaction and unit it bears, what it keeps
 * of it, and what the faults of the family "gateway" do. */
#pragma once

#include "sim/bridge/bridge_state.h"

/* The answer that came over the line, from that unit. Its client may be gone, also
 * afterwards. */
void bridge_answer(struct bridge *b, const struct bridge_ask *a, uint8_t unit,
                   const uint8_t *pdu, int size);

/* No sound answer came. */
void bridge_answer_dead(struct bridge *b, const struct bridge_ask *a);

/* From what is kept, when the options allow it; false: the line has to be asked. */
bool bridge_answer_cached(struct bridge *b, const struct bridge_ask *a);

/* The gateway's own exception. */
void bridge_answer_exception(struct bridge *b, const struct bridge_ask *a, int code);
