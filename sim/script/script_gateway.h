/* A gateway of the field in a scenario, and a client of it that the script is. */
#pragma once

#include "sim/bridge/bridge.h"
#include "sim/script/script_state.h"

enum { SCRIPT_GATEWAY_PDU = 253 };

/* A request that is under way; Lua's registry has it meanwhile. */
struct script_gateway_ask {
    struct script_gateway *gateway;
    lua_State *L;
    int reference;
    uint64_t timeout; /* event; 0: it is over */
    int64_t start_ns;
    uint16_t transaction;
    uint8_t unit;
    const char *failure; /* NULL: there is an answer */
    int size;
    uint8_t pdu[SCRIPT_GATEWAY_PDU];
};

/* The script's connection to a gateway. */
struct script_gateway {
    struct script *script;
    struct bridge *bridge;
    struct bridge_client *client; /* NULL: not connected */
    double timeout_s;
    bool trusts; /* takes the next frame for the answer, whatever its header says */
    bool over;
    uint16_t transaction;
    struct script_gateway_ask *ask; /* NULL: none is under way */
    GByteArray *input;
    const char *dropped; /* why a frame was, during this request; NULL: none was */
    double took_s;       /* the last answer, from its request on */
};

struct script_gateway *script_gateway_check(lua_State *L, int index);

extern const struct script_family script_gateway_family;
