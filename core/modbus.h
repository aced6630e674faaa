/* Modbus, application protocol V1.1b3: the size of a PDU (4.1), exceptions (7). */
#pragma once

enum { METER_PDU_MAX = 253 };

enum modbus_exception {
    MODBUS_OK = 0,
    MODBUS_ILLEGAL_FUNCTION = 1,
    MODBUS_ILLEGAL_ADDRESS = 2,
    MODBUS_ILLEGAL_VALUE = 3,
    MODBUS_DEVICE_FAILURE = 4,
    MODBUS_DEVICE_BUSY = 6
};
