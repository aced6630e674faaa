/* The yardstick of the gateway: a Modbus TCP server of libmodbus in the shape of its
 * own example for many clients (bandwidth-server-many-up.c): select(),
 * modbus_receive(), modbus_reply(). It cannot hold descriptors from 1024 on, and a
 * client that is slow stops it. */
#pragma once

#include <modbus.h>
#include <sys/select.h>

struct select_server {
    modbus_t *modbus;
    modbus_mapping_t *registers;
    int listener, highest;
    fd_set open;
};

/* Listens on 127.0.0.1 at the port, 0: any free one. The port; -1: it cannot. */
int select_server_listen(struct select_server *s, int port);

/* Serves until the process is ended. */
void select_server_run(struct select_server *s);
