/* A Modbus client that says what came instead of an answer. libmodbus opens the socket
 * or the line; frames are this file's own, because what others skip is the news here:
 * the unit, the transaction, an echo, an answer that is late. */
#pragma once

#include "sim/field/place.h"
#include <modbus.h>
#include <stdint.h>

enum { CLIENT_PDU_MAX = 253, CLIENT_FRAME_MAX = 260, CLIENT_ASKED = 16 };

enum client_result {
    CLIENT_ANSWERED,
    CLIENT_EXCEPTION,         /* code: which */
    CLIENT_SILENT,            /* nothing came */
    CLIENT_LATE,              /* an answer came after the timeout: late_s */
    CLIENT_OTHER_UNIT,        /* unit: whose */
    CLIENT_OTHER_TRANSACTION, /* of no request of ours: transaction, expected */
    CLIENT_ECHO,              /* nothing but the request itself */
    CLIENT_DAMAGED,           /* CRC, length or function: what is wrong */
    CLIENT_GONE               /* the other end is: errno in reason */
};

struct client {
    const struct place *place;
    modbus_t *modbus;
    int lock; /* of the serial device; −1: none */
    int fd;
    /* Of the last exchange, for its result. */
    int code, unit, transaction, expected, reason;
    double late_s;
    const char *flaw;
    /* Of the last ones, when they had no answer. */
    int64_t asked_us[CLIENT_ASKED];
    uint16_t id;
    bool waits, was_late;
    uint8_t function;
    /* Modbus TCP: the beginning of a frame in which the timeout fell. */
    uint8_t begun[CLIENT_FRAME_MAX];
    int begun_size;
};

bool client_open(struct client *c, const struct place *place, GError **error);
void client_close(struct client *c);

/* Sends the PDU and waits for its answer, whose size is *answer_size. */
enum client_result client_ask(struct client *c, const uint8_t *pdu, int size,
                              uint8_t answer[CLIENT_PDU_MAX], int *answer_size);

/* Waits for one more timeout: does anything come after all? */
enum client_result client_wait_on(struct client *c, enum client_result result);

/* "an exception 2 (illegal data address)": what a result means, and what to do. */
void client_explain(const struct client *c, enum client_result result, bool any_answer,
                    GString *text);
