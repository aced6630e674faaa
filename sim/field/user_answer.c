/* Answers of function 0x42. See user_answer.h. */
#include "sim/field/user_answer.h"
#include "core/user_function.h"

/* Those that are not the update's say how many bytes follow. */
int user_answer_length(const uint8_t pdu[3])
{
    switch (pdu[1]) {
    case USER_UPDATE_INSTALL:
    case USER_UPDATE_SERVICE:
        return 2;
    case USER_UPDATE_BEGIN:
        return 3;
    case USER_UPDATE_WRITE:
    case USER_UPDATE_CHECK:
        return 6;
    default:
        return 3 + pdu[2];
    }
}
