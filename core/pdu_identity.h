/* Answers by which a Modbus server says who it is, for the meter and its reset system. */
#pragma once

#include <stdint.h>

/* The run indicator of function 0x11. */
enum pdu_server_status { PDU_SERVER_STANDS = 0x00, PDU_SERVER_RUNS = 0xFF };

/* Function 0x11: id 0xF7, the run indicator, two texts behind each other (manual, "Report
 * slave ID"). The answer's length. */
int pdu_server_id(const char *text, const char *more, enum pdu_server_status status,
                  uint8_t *answer);

/* Function 0x2B/0x0E. object_text gives object 0 vendor, 1 product or 2 revision, at most
 * `size` characters without an end, and returns how many. The answer's length, or minus
 * an exception code. */
int pdu_device_id(const uint8_t *request, int length,
                  int (*object_text)(const void *user, int object, char *text,
                                     int size),
                  const void *user, uint8_t *answer);
