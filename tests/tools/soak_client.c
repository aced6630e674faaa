/* Polls the meters of `metersim serve --count N --load-seed S` over many connections
 * and checks every answer against the truth of that meter's own world, which this
 * program makes for itself from the same seed: powers, voltages, currents and frequency
 * within 0.02 %, energy never falling and, over the run, that of the power. See
 * soak.sh. */
#include "sim/plant/plant.h"
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PER_PORT = 247,
    FIRST = 257, /* register of the first float */
    REGISTERS = 125,
    ANSWER = 9 + 2 * REGISTERS,
    SETTLING_US = 3000000 /* until the first whole second is published */
};

static int port = 1502, count = 1000, connections = 200, seconds = 60, seed = 1;

static const GOptionEntry options[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &port, "first port of the meters", "N" },
    { "count", 'n', 0, G_OPTION_ARG_INT, &count, "meters", "N" },
    { "connections", 'c', 0, G_OPTION_ARG_INT, &connections, "open at once", "N" },
    { "seconds", 't', 0, G_OPTION_ARG_INT, &seconds, "how long", "S" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "of the loads", "N" },
    { 0 }
};

struct checked {
    struct waveform_truth truth;
    double first_kwh, last_kwh;
    gint64 first_us, last_us; /* first 0: not read yet */
};

struct client {
    int fd, got, meter, stride, last; /* meters meter, meter + stride … up to last */
    int first;
    bool asked;
    uint16_t transaction;
    gint64 due_us, sent_us;
    uint8_t answer[ANSWER];
};

struct soak {
    struct checked *meter;
    struct client *client;
    GArray *latency_us;
    int epoll_fd, wrong, late;
    gint64 start_us;
};

static void make_truths(struct soak *s)
{
    struct sim *sim = sim_new();
    struct demo d;

    demo_default(&d);
    for (int n = 0; n < count; n++)
        sim_add_unit(sim, demo_unit(&d, (unsigned)n));
    struct plant *plant = plant_new(sim, &d);
    plant_draw(plant, (uint64_t)seed);
    s->meter = g_new0(struct checked, count);
    for (int n = 0; n < count; n++)
        waveform_truth(sim_unit(sim, n)->world, &s->meter[n].truth);
    plant_free(plant);
    sim_free(sim);
}

static double value_at(const uint8_t *answer, int reg)
{
    const uint8_t *at = answer + 9 + 2 * (reg - FIRST);
    uint32_t bits = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | at[2] << 8 | at[3];
    float x;

    memcpy(&x, &bits, sizeof x);
    return (double)x;
}

static bool is_near(const uint8_t *answer, int n, int reg, double truth, double floor,
                    const char *what)
{
    double x = value_at(answer, reg);

    if (fabs(x - truth) <= 2e-4 * fabs(truth) + floor)
        return true;
    fprintf(stderr, "meter %d: %s is %.9g, its truth %.9g\n", n + 1, what, x, truth);
    return false;
}

static bool readings_right(const uint8_t *a, int n, const struct waveform_truth *t)
{
    double v = (t->v[0] + t->v[1] + t->v[2]) / 3, i = (t->i[0] + t->i[1] + t->i[2]) / 3;
    bool good = is_near(a, n, 277, t->p_total / 1e3, 1e-3, "kW") &&
                is_near(a, n, 279, t->q_total / 1e3, 5e-3, "kvar") &&
                is_near(a, n, 287, v, 0, "V") && is_near(a, n, 289, i, 1e-3, "A") &&
                is_near(a, n, 291, t->hz, 0, "Hz");

    for (int k = 0; good && k < 3; k++)
        good = is_near(a, n, 365 + 2 * k, t->p[k] / 1e3, 1e-3, "kW of a phase") &&
               is_near(a, n, 371 + 2 * k, t->q[k] / 1e3, 5e-3, "kvar of a phase");
    return good;
}

/* Net energy moves the way the power goes. */
static bool energy_right(const uint8_t *a, int n, struct checked *m, gint64 now_us)
{
    double kwh = value_at(a, 259) - value_at(a, 261);
    bool good = !m->first_us || (kwh - m->last_kwh) * m->truth.p_total >= 0;

    if (!good)
        fprintf(stderr, "meter %d: energy went back from %.9g to %.9g kWh\n", n + 1,
                m->last_kwh, kwh);
    if (!m->first_us) {
        m->first_us = now_us;
        m->first_kwh = kwh;
    }
    m->last_us = now_us;
    m->last_kwh = kwh;
    return good;
}

/* A second is published as a whole, so both ends are uncertain by one. */
static int wrong_energies(const struct soak *s)
{
    int wrong = 0;

    for (int n = 0; n < count; n++) {
        const struct checked *m = &s->meter[n];
        double kw = m->truth.p_total / 1e3;
        double passed = (double)(m->last_us - m->first_us) * 1e-6 * kw / 3600;
        double slack = fabs(kw) * 1.3 / 3600 + 2e-4 * fabs(passed) + 2e-3;
        if (m->first_us && fabs(m->last_kwh - m->first_kwh - passed) <= slack)
            continue;
        if (wrong < 3)
            fprintf(stderr, "meter %d: %.9g kWh, its power makes %.9g\n", n + 1,
                    m->last_kwh - m->first_kwh, passed);
        wrong++;
    }
    return wrong;
}

static bool client_connect(struct soak *s, struct client *c, int ports, int index)
{
    int to = index % ports, of = (connections + ports - 1 - to) / ports;
    struct sockaddr_in at = { .sin_family = AF_INET };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
    int on = 1;

    c->first = c->meter = to * PER_PORT + index / ports;
    c->stride = of;
    c->last = MIN(count, (to + 1) * PER_PORT) - 1;
    at.sin_port = htons((uint16_t)(port + to));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    c->due_us = s->start_us + SETTLING_US + 1000000LL * index / connections;
    return c->fd >= 0 && connect(c->fd, (struct sockaddr *)&at, sizeof at) == 0 &&
           setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
           epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, c->fd, &event) == 0;
}

/* Each meter once a second. */
static void client_ask(struct client *c, gint64 now_us)
{
    int addr = FIRST - 1,
        mine = c->first > c->last ? 0 : (c->last - c->first) / c->stride + 1;
    uint8_t request[12] = { [5] = 6, [7] = 3, [11] = REGISTERS };

    if (c->asked || now_us < c->due_us || !mine)
        return;
    c->transaction++;
    request[0] = (uint8_t)(c->transaction >> 8);
    request[1] = (uint8_t)c->transaction;
    request[6] = (uint8_t)(c->meter % PER_PORT + 1);
    request[8] = (uint8_t)(addr >> 8);
    request[9] = (uint8_t)addr;
    c->asked = send(c->fd, request, sizeof request, MSG_NOSIGNAL) == sizeof request;
    c->got = 0;
    c->sent_us = now_us;
    c->due_us = MAX(c->due_us + 1000000 / mine, now_us - 1000000);
}

static void take_answer(struct soak *s, struct client *c, gint64 now_us)
{
    const uint8_t head[9] = { (uint8_t)(c->transaction >> 8),
                              (uint8_t)c->transaction,
                              0,
                              0,
                              0,
                              ANSWER - 6,
                              (uint8_t)(c->meter % PER_PORT + 1),
                              3,
                              (uint8_t)(2 * REGISTERS) };
    struct checked *m = &s->meter[c->meter];
    uint32_t latency_us = (uint32_t)MIN(now_us - c->sent_us, UINT32_MAX);

    g_array_append_val(s->latency_us, latency_us);
    if (memcmp(c->answer, head, sizeof head) ||
        !readings_right(c->answer, c->meter, &m->truth) ||
        !energy_right(c->answer, c->meter, m, now_us))
        s->wrong++;
    c->asked = false;
    c->meter += c->stride;
    if (c->meter > c->last)
        c->meter = c->first;
}

static bool client_event(struct soak *s, struct client *c)
{
    ssize_t n = recv(c->fd, c->answer + c->got, (size_t)(ANSWER - c->got), 0);

    if (n <= 0)
        return false;
    c->got += (int)n;
    if (c->got == 9 && c->answer[7] & 0x80) {
        fprintf(stderr, "meter %d: exception %d\n", c->meter + 1, c->answer[8]);
        return false;
    }
    if (c->got == ANSWER)
        take_answer(s, c, g_get_monotonic_time());
    return true;
}

static bool run(struct soak *s)
{
    gint64 end_us = s->start_us + SETTLING_US + seconds * G_USEC_PER_SEC, now_us;

    while ((now_us = g_get_monotonic_time()) < end_us) {
        struct epoll_event events[64];
        for (int k = 0; k < connections; k++)
            client_ask(&s->client[k], now_us);
        int ready = epoll_wait(s->epoll_fd, events, 64, 2);
        for (int k = 0; k < ready; k++)
            if (!client_event(s, events[k].data.ptr)) {
                fputs("a connection ended\n", stderr);
                return false;
            }
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static void report(struct soak *s, int energies)
{
    GArray *l = s->latency_us;

    g_array_sort(l, compare);
    printf("%u answers from %d meters over %d connections in %d s: %d wrong, %d wrong "
           "energies\n",
           l->len, count, connections, seconds, s->wrong, energies);
    if (l->len)
        printf("latency ms: median %.3f, 99 %% %.3f, most %.3f\n",
               g_array_index(l, uint32_t, l->len / 2) / 1e3,
               g_array_index(l, uint32_t, (guint)((l->len - 1) * 0.99)) / 1e3,
               g_array_index(l, uint32_t, l->len - 1) / 1e3);
}

int main(int argc, char **argv)
{
    GOptionContext *context = g_option_context_new("- a plant, polled and checked");
    GError *error = NULL;
    struct soak s = { .latency_us = g_array_new(FALSE, FALSE, sizeof(uint32_t)) };

    g_option_context_add_main_entries(context, options, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || count < 1 ||
        connections < 1 || seconds < 1) {
        fprintf(stderr, "soak_client: %s\n",
                error ? error->message : "numbers above 0");
        return 2;
    }
    g_option_context_free(context);
    make_truths(&s);
    s.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    s.client = g_new0(struct client, connections);
    s.start_us = g_get_monotonic_time();
    for (int k = 0; k < connections; k++)
        if (!client_connect(&s, &s.client[k], (count + PER_PORT - 1) / PER_PORT, k)) {
            fprintf(stderr, "soak_client: connection %d: %s\n", k, strerror(errno));
            return 1;
        }
    bool good = run(&s);
    int energies = wrong_energies(&s);
    report(&s, energies);
    return good && s.wrong == 0 && energies == 0 && s.latency_us->len > 0 ? 0 : 1;
}
