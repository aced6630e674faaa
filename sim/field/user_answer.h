/* How long the answers of function 0x42 are, which no standard says. */
#ifndef SIM_FIELD_USER_ANSWER_H
#define SIM_FIELD_USER_ANSWER_H

#include <stdint.h>

/* By the first three bytes of the PDU. */
int user_answer_length(const uint8_t pdu[3]);

#endif
