/* Packet captures that Wireshark dissects as they are: `--pcap FILE`, by libpcap. A
 * file has one link type, so Modbus TCP and Modbus RTU go to files of their own.
 *
 * TCP: Ethernet, IP and TCP headers are made up around what the gateway receives and
 * sends, with the real addresses and the client's real port. The server's port is
 * always written as 502, by which Wireshark recognises Modbus and its requests. Time is wall time: clients live in it.
 *
 * RTU: link type 252 (Wireshark upper PDU) with the dissector's name "mbrtu"; time is
 * simulated, from 1 January 2000 on, as the meters' clock; a packet stands at the end
 * of its last stop bit. */
#pragma once

#include "sim/line/line_wire.h"

enum packet_kind { PACKET_TCP, PACKET_RTU };

struct packet_file;

/* NULL with `error` set when the file cannot be written. Every packet is written
 * through at once: a process that is killed leaves a file that can be read. */
struct packet_file *packet_file_open(const char *path, enum packet_kind kind,
                                     GError **error);

/* The errno of the first write that failed (a full disk), or 0. Nothing is written from
 * then on, and the file ends with its last whole packet. */
int packet_file_error(const struct packet_file *file);

/* Calls failed(user, text) at the first write that fails: "FILE: why". */
void packet_file_on_error(struct packet_file *file,
                          void (*failed)(void *user, const char *text), void *user);

/* False with *error set when something could not be written. NULL is allowed. */
bool packet_file_close(struct packet_file *file, GError **error);

/* Writes one packet. */
void packet_file_put(struct packet_file *file, int64_t ns, const uint8_t *packet,
                     int size);

/* What the file holds for the writer of its packets; free_with is called at the end. */
void **packet_file_data(struct packet_file *file, void (*free_with)(void *data));

/* A line_listener; user: the file, of PACKET_RTU. */
void packet_file_rtu(void *user, const struct line_sent *sent);
