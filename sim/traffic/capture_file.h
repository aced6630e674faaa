/* A capture file of libpcap's (pcap, pcapng), all of its Modbus. */
#pragma once

#include "sim/traffic/exchange.h"

/* NULL with *error set: no capture, a link type that is not read, a file that is cut. */
struct exchanges *capture_file_read(const char *path, GError **error);
