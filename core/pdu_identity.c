/* Functions 0x11 and 0x2B/0x0E. See pdu_identity.h. */
#include "core/pdu_identity.h"
#include "core/modbus.h"

enum { ID = 0xF7, READ_DEVICE_ID = 0x0E, OBJECTS = 3, TEXT_MAX = 64 };

static int put_text(uint8_t *at, const char *text)
{
    int n = 0;

    for (; text[n] && n < TEXT_MAX; n++)
        at[n] = (uint8_t)text[n];
    return n;
}

int pdu_server_id(const char *text, const char *more, enum pdu_server_status status,
                  uint8_t *answer)
{
    answer[2] = ID;
    answer[3] = (uint8_t)status;
    int n = put_text(answer + 4, text);
    n += put_text(answer + 4 + n, more);
    answer[1] = (uint8_t)(2 + n);
    return 4 + n;
}

/* Basic identification, conformity level 1 (stream access only). A higher level is
 * answered at our own; an unknown object starts at the first. */
int pdu_device_id(const uint8_t *request, int length,
                  int (*object_text)(const void *user, int object, char *text,
                                     int size),
                  const void *user, uint8_t *answer)
{
    char text[TEXT_MAX];

    if (length >= 2 && request[1] != READ_DEVICE_ID)
        return -MODBUS_ILLEGAL_FUNCTION;
    if (length != 4)
        return -MODBUS_ILLEGAL_VALUE;
    if (request[2] < 1 || request[2] > 3)
        return -MODBUS_ILLEGAL_VALUE;
    int first = request[3] < OBJECTS ? request[3] : 0, at = 7;
    answer[1] = READ_DEVICE_ID;
    answer[2] = request[2];
    answer[3] = 1;
    answer[4] = answer[5] = 0;
    answer[6] = (uint8_t)(OBJECTS - first);
    for (int object = first; object < OBJECTS; object++) {
        int n = object_text(user, object, text, TEXT_MAX);
        answer[at++] = (uint8_t)object;
        answer[at++] = (uint8_t)n;
        for (int k = 0; k < n; k++)
            answer[at++] = (uint8_t)text[k];
    }
    return at;
}
