/* Answers of function 0x42. See user_answer.h. */
#include "sim/field/user_answer.h"
#include "core/factory.h"
#include "core/user_function.h"

enum { FUNCTION = 0x42, BARE = 2 };

/* Those that hold something say how many bytes follow, but for the update's. */
int user_answer_length(const uint8_t pdu[3])
{
    switch (pdu[1]) {
    case USER_UPDATE_INSTALL:
    case USER_UPDATE_SERVICE:
    case FACTORY_WRITE_CONSTANTS:
    case FACTORY_DRIVE_OUTPUTS:
    case FACTORY_SHOW_SEGMENTS:
    case FACTORY_SEAL:
    case FACTORY_BREAK_SEAL:
        return BARE;
    case USER_UPDATE_BEGIN:
        return 3;
    case USER_UPDATE_WRITE:
    case USER_UPDATE_CHECK:
        return 6;
    default:
        return 3 + pdu[2];
    }
}

bool user_answer_is_request(const uint8_t *pdu, int size)
{
    return size == BARE && pdu[0] == FUNCTION &&
           user_answer_length((const uint8_t[]){ pdu[0], pdu[1], 0 }) == BARE;
}
