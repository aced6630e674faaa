/* A libmodbus client of a live meter that only a hang can fail: libmodbus waits 0.5 s by
 * default, and after one late answer takes each for the next one's. */
#pragma once

#include <modbus.h>

enum { MODBUS_CLIENT_TIMEOUT_S = 300 };

static inline modbus_t *modbus_client_new(int port)
{
    modbus_t *client = modbus_new_tcp("127.0.0.1", port);

    if (client)
        modbus_set_response_timeout(client, MODBUS_CLIENT_TIMEOUT_S, 0);
    return client;
}
