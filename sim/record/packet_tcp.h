/* Packets of Modbus TCP connections, for a capture. */
#pragma once

#include "sim/gateway/gateway.h"
#include "sim/record/packet_file.h"

/* A gateway_tap; user: the file, of PACKET_TCP. */
void packet_file_tcp(void *user, uint64_t connection, int fd, enum gateway_traffic what,
                     const uint8_t *bytes, int size);
