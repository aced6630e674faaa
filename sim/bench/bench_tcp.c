/* Row g: a meter behind the gateway, and libmodbus's own server with select(), each in a
 * child process, under the same load from this one, in turn. Simulated time stands
 * still, so that only the answering of requests is measured. */
#include "sim/bench/bench.h"
#include "sim/bench/modbus_load.h"
#include "sim/gateway/bus.h"
#include "sim/gateway/gateway.h"
#include "sim/plant/demo.h"
#include <errno.h>
#include <modbus.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REQUESTS = 20000, BACKLOG = 1024, STEPS = 4 };

static const int connections[STEPS] = { 1, 10, 100, 1000 };

struct server {
    pid_t pid;
    int port;
};

static void tell_port(int fd, int port)
{
    if (write(fd, &port, sizeof port) != sizeof port)
        _exit(1);
    close(fd);
}

static void serve_meter(int fd)
{
    struct sim *sim = sim_new();
    struct demo d;
    struct bus bus = { .sim = sim, .count = 1 };

    demo_default(&d);
    sim_add_unit(sim, demo_unit(&d, 0));
    sim_run(sim, 3000000000);
    struct gateway *g = gateway_new(NULL, NULL);
    tell_port(fd, gateway_listen(g, "127.0.0.1", 0, bus_handle, &bus, NULL));
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
}

struct selector {
    modbus_t *modbus;
    modbus_mapping_t *registers;
    int listener, highest;
    fd_set open;
};

static void accept_client(struct selector *s)
{
    int fd = accept(s->listener, NULL, NULL);

    if (fd >= FD_SETSIZE)
        close(fd);
    if (fd < 0 || fd >= FD_SETSIZE)
        return;
    FD_SET(fd, &s->open);
    s->highest = MAX(fd, s->highest);
}

static void serve_client(struct selector *s, int fd)
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

/* In the shape of libmodbus's example for many clients (bandwidth-server-many-up.c). */
static void select_for_ever(struct selector *s)
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

static void serve_libmodbus(int fd)
{
    struct selector s = { .modbus = modbus_new_tcp("127.0.0.1", 0) };
    struct sockaddr_in at = { 0 };
    socklen_t size = sizeof at;

    s.registers = modbus_mapping_new(0, 0, 200, 200);
    s.listener = modbus_tcp_listen(s.modbus, BACKLOG);
    if (s.listener < 0 || getsockname(s.listener, (struct sockaddr *)&at, &size))
        _exit(1);
    tell_port(fd, ntohs(at.sin_port));
    FD_ZERO(&s.open);
    FD_SET(s.listener, &s.open);
    s.highest = s.listener;
    select_for_ever(&s);
}

/* Descriptors that were inherited would count against select's 1024. */
static void run_child(int fd, void (*serve)(int fd))
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int other = 3; other < 256; other++)
        if (other != fd)
            close(other);
    serve(fd);
    _exit(1);
}

static bool start(struct server *s, void (*serve)(int fd))
{
    int ends[2];

    fflush(NULL);
    if (pipe(ends))
        return false;
    s->pid = fork();
    if (s->pid == 0)
        run_child(ends[1], serve);
    close(ends[1]);
    bool good = s->pid > 0 &&
                read(ends[0], &s->port, sizeof s->port) == sizeof s->port &&
                s->port > 0;
    close(ends[0]);
    return good;
}

static void stop(struct server *s)
{
    if (s->pid <= 0)
        return;
    kill(s->pid, SIGKILL);
    while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

struct rows {
    struct bench_row *ours, *theirs, *ratio, *p99;
};

static void make_rows(struct bench *b, struct rows rows[STEPS])
{
    static const char *const id[STEPS][4] = {
        { "g1", "g1.lib", "g1.ratio", "g1.p99" },
        { "g10", "g10.lib", "g10.ratio", "g10.p99" },
        { "g100", "g100.lib", "g", "g100.p99" },
        { "g1000", "g1000.lib", "g1000.ratio", "g1000.p99" }
    };

    for (int k = 0; k < STEPS; k++) {
        const char *s = k ? "s" : "";
        const int n = connections[k];
        rows[k].ratio =
            bench_row(b, id[k][2], "of libmodbus",
                      "Modbus TCP, %d connection%s: CPU per transaction", n, s);
        rows[k].ours = bench_row(b, id[k][0], "us", "  a meter behind the gateway");
        rows[k].theirs = bench_row(b, id[k][1], "us", "  libmodbus's server, select");
        rows[k].p99 = bench_row(b, id[k][3], "us", "  99 %% of the answers within");
    }
}

static void measure(const struct rows *rows, int n, const struct server *ours,
                    const struct server *theirs)
{
    struct modbus_load_result a, b;

    if (modbus_load(ours->port, n, REQUESTS, ours->pid, &a)) {
        bench_add(rows->ours, a.server_us);
        bench_add(rows->p99, a.p99_us);
        if (modbus_load(theirs->port, n, REQUESTS, theirs->pid, &b)) {
            bench_add(rows->theirs, b.server_us);
            bench_add(rows->ratio, a.server_us / b.server_us);
        }
    }
}

void bench_tcp(struct bench *b)
{
    struct server ours = { 0 }, theirs = { 0 };
    struct rows rows[STEPS];

    gateway_raise_descriptor_limit();
    if (start(&ours, serve_meter) && start(&theirs, serve_libmodbus)) {
        make_rows(b, rows);
        for (int n = 0; n < b->runs; n++)
            for (int k = 0; k < STEPS; k++)
                measure(&rows[k], connections[k], &ours, &theirs);
    } else {
        fputs("metersim bench: row g is left out: no server could be started\n",
              stderr);
    }
    stop(&ours);
    stop(&theirs);
}
