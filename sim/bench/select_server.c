/* libmodbus's server behind select(). See select_server.h. */
#include "sim/bench/select_server.h"
#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024, REGISTERS = 200 };

int select_server_listen(struct select_server *s, int port)
{
    struct sockaddr_in at = { 0 };
    socklen_t size = sizeof at;

    s->modbus = modbus_new_tcp("127.0.0.1", port);
    s->registers = modbus_mapping_new(0, 0, REGISTERS, REGISTERS);
    if (!s->modbus || !s->registers)
        return -1;
    s->listener = modbus_tcp_listen(s->modbus, BACKLOG);
    if (s->listener < 0 || getsockname(s->listener, (struct sockaddr *)&at, &size))
        return -1;
    FD_ZERO(&s->open);
    FD_SET(s->listener, &s->open);
    s->highest = s->listener;
    return ntohs(at.sin_port);
}

static void accept_client(struct select_server *s)
{
    int fd = accept(s->listener, NULL, NULL);

    if (fd >= FD_SETSIZE)
        close(fd);
    if (fd < 0 || fd >= FD_SETSIZE)
        return;
    FD_SET(fd, &s->open);
    s->highest = fd > s->highest ? fd : s->highest;
}

static void serve_client(struct select_server *s, int fd)
{
    uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];

    modbus_set_socket(s->modbus, fd);
    int length = modbus_receive(s->modbus, request);
    if (length > 0) {
        modbus_reply(s->modbus, request, length, s->registers);
    } else if (length < 0) {
        close(fd);
        FD_CLR(fd, &s->open);
    }
}

void select_server_run(struct select_server *s)
{
    for (;;) {
        fd_set ready = s->open;
        if (select(s->highest + 1, &ready, NULL, NULL, NULL) <= 0)
            continue;
        for (int fd = 0; fd <= s->highest; fd++) {
            if (!FD_ISSET(fd, &ready))
                continue;
            if (fd == s->listener)
                accept_client(s);
            else
                serve_client(s, fd);
        }
    }
}
