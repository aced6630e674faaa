/* A PDU in words: "read 21, 2", "2 registers: 0102 0304", "exception 02, illegal data
 * address". Registers count from 1, as in the meters' manuals. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Any bytes. request: from a client. */
void web_pdu_append(GString *text, const uint8_t *pdu, int size, bool request);
