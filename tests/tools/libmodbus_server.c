/* The yardstick of gateway_load: a Modbus TCP server of libmodbus in the shape of its
 * own example for many clients: select(), modbus_receive(), modbus_reply(). It cannot
 * hold descriptors from 1024 on, and a client that is slow stops it. */
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LIFETIME_S = 600, BACKLOG = 128 };

struct server {
    modbus_t *modbus;
    modbus_mapping_t *registers;
    int listener, highest;
    fd_set open;
};

static void accept_client(struct server *s)
{
    int fd = accept(s->listener, NULL, NULL);

    if (fd < 0)
        return;
    if (fd >= FD_SETSIZE) {
        close(fd);
        return;
    }
    FD_SET(fd, &s->open);
    s->highest = fd > s->highest ? fd : s->highest;
}

static void serve_client(struct server *s, int fd)
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

static void serve(struct server *s)
{
    time_t end = time(NULL) + LIFETIME_S;

    while (time(NULL) < end) {
        fd_set ready = s->open;
        struct timeval patience = { .tv_sec = 1 };
        if (select(s->highest + 1, &ready, NULL, NULL, &patience) <= 0)
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

int main(int argc, char **argv)
{
    struct server s = { 0 };

    if (argc < 2) {
        fprintf(stderr, "usage: libmodbus_server PORT\n");
        return 2;
    }
    s.modbus = modbus_new_tcp("127.0.0.1", atoi(argv[1]));
    s.registers = modbus_mapping_new(0, 0, 200, 200);
    s.listener = modbus_tcp_listen(s.modbus, BACKLOG);
    if (s.listener < 0) {
        fprintf(stderr, "libmodbus_server: cannot listen\n");
        return 1;
    }
    FD_ZERO(&s.open);
    FD_SET(s.listener, &s.open);
    s.highest = s.listener;
    serve(&s);
    modbus_mapping_free(s.registers);
    modbus_free(s.modbus);
    return 0;
}
