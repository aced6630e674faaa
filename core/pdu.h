/* The Modbus PDU server, apart from the meter behind it: it reaches that meter only by
 * the functions of registers.h, so a test can link it to a register map of its own. */
#pragma once

#include "core/modbus.h"
#include <stdint.h>

struct meter;

/* The PDU server: answers request[0…length-1] into answer (METER_PDU_MAX bytes);
 * returns the answer's length. Length 0 of the request returns 0. */
int pdu_answer(struct meter *m, const uint8_t *request, int length, uint8_t *answer);
