/* Row g: a meter behind the gateway, and libmodbus's own server with select(), each in
 * a child process, under the same load from this one, in turn. Simulated time stands
 * still, so that only the answering of requests is measured. */
#include "sim/bench/bench.h"
#include "sim/bench/modbus_load.h"
#include "sim/bench/select_server.h"
#include "sim/gateway/bus.h"
#include "sim/gateway/gateway.h"
#include "sim/plant/demo.h"
#include "sim/program/error.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REQUESTS = 20000, REGISTERS = 10, PATIENCE_S = 60, STEPS = 4 };

static const int connections[STEPS] = { 1, 10, 100, 1000 };

struct server {
    pid_t pid;
    int port;
};

static void write_port(int fd, int port)
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
    write_port(fd, gateway_listen(g, "127.0.0.1", 0, bus_handle, &bus, NULL));
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
}

static void serve_libmodbus(int fd)
{
    struct select_server s;
    int port = select_server_listen(&s, 0);

    if (port < 0)
        _exit(1);
    write_port(fd, port);
    select_server_run(&s);
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

static bool load(const struct server *s, int n, struct modbus_load_result *r)
{
    const struct modbus_load_options options = { .port = s->port,
                                                 .ports = 1,
                                                 .connections = n,
                                                 .requests = REQUESTS,
                                                 .unit = 1,
                                                 .first = 1,
                                                 .registers = REGISTERS,
                                                 .server_pid = s->pid,
                                                 .seconds = PATIENCE_S };

    if (modbus_load(&options, r))
        return true;
    error_warn("row g: %d connections: %s", n, r->trouble);
    return false;
}

static void measure(const struct rows *rows, int n, const struct server *ours,
                    const struct server *theirs)
{
    struct modbus_load_result a, b;

    if (load(ours, n, &a)) {
        bench_add(rows->ours, a.server_us);
        bench_add(rows->p99, a.p99_us);
        if (load(theirs, n, &b)) {
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
        error_warn("row g is left out: no server could be started");
    }
    stop(&ours);
    stop(&theirs);
}
