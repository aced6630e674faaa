/* A capture file of libpcap's (pcap, pcapng), all of its Modbus. */
#ifndef SIM_TRAFFIC_CAPTURE_FILE_H
#define SIM_TRAFFIC_CAPTURE_FILE_H

#include "sim/traffic/exchange.h"

/* NULL with *error set: no capture, a link type that is not read, a file that is cut. */
struct exchanges *capture_file_read(const char *path, GError **error);

#endif
