/* Packet captures that Wireshark dissects as they are: `--pcap FILE`, by libpcap. A file
 * has one link type, so Modbus TCP and Modbus RTU go to files of their own.
 *
 * TCP: Ethernet, IP and TCP headers are made up around what the gateway receives and
 * sends, with the real addresses and the client's real port. The server's port is
 * always written as 502, by which Wireshark knows Modbus and tells requests from
 * answers. Time is wall time: clients live in it.
 *
 * RTU: link type 252 (Wireshark upper PDU) with the dissector's name "mbrtu"; time is
 * simulated, from 1 January 2000 on, as the meters' clock; a packet stands at the end of
 * its last stop bit. */
#ifndef SIM_CAPTURE_FILE_H
#define SIM_CAPTURE_FILE_H

#include "sim/gateway.h"
#include "sim/line.h"

enum capture_kind { CAPTURE_TCP, CAPTURE_RTU };

struct capture_file;

/* NULL with `error` set when the file cannot be written. Every packet is written through
 * at once: a process that is killed leaves a file that can be read. */
struct capture_file *capture_file_open(const char *path, enum capture_kind kind,
                                       GError **error);

/* False: something could not be written (a full disk). Frees the file in any case. */
bool capture_file_close(struct capture_file *file);

/* A gateway_tap; user: the file, of CAPTURE_TCP. */
void capture_file_tcp(void *user, uint64_t connection, int fd,
                      enum gateway_traffic what, const uint8_t *bytes, int size);

/* A line_listener; user: the file, of CAPTURE_RTU. */
void capture_file_rtu(void *user, const struct line_sent *sent);

#endif
