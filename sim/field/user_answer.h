/* How long the answers of function 0x42 are, which no standard says. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* By the first three bytes of the PDU. */
int user_answer_length(const uint8_t pdu[3]);

/* Is the answer to this request the same bytes, so that it cannot be told from an echo? */
bool user_answer_is_request(const uint8_t *pdu, int size);
