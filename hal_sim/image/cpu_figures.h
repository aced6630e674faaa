/* What an image with time (--cpu) shows besides its outputs: latencies, load, stack, and
 * what it executes. Counted from the first wait of the main loop on: before that it
 * starts, and waits for clocks and parts. Plain data, all of it numbers of 64 bits. */
#pragma once

#include "hal_sim/chips/meter_board.h"
#include "hal_sim/device.h"

struct machine;

/* Latencies, ns. */
enum cpu_latency {
    CPU_SELECT,  /* DRDY falls … the front end is selected */
    CPU_RELEASE, /* the last byte of its frame … CS rises */
    CPU_ANSWER,  /* t3.5 after a request's last stop bit … DE rises */
    CPU_LET_GO,  /* the last stop bit of an answer … DE falls */
    CPU_LATENCIES
};

struct cpu_range {
    int64_t count, sum, least, most;
};

struct cpu_figures {
    int64_t from_ns, idle_ns; /* of the whole; idle: WFI */
    int64_t second_ns, second_idle_ns;
    int64_t waits_ns;                       /* since then it does; −1: it does not */
    int64_t instructions, blocks, accesses; /* at from_ns */
    int64_t exceptions, starts;
    struct cpu_range latency[CPU_LATENCIES], busy_ppm; /* of each second */
    int64_t event_ns[METER_BOARD_EVENTS]; /* the last of each; −1: none */
};

/* At power-up and at any reset: what follows up to the first wait does not count. */
void cpu_figures_start(struct cpu_figures *f);

/* The processor begins to wait, and has waited. */
void cpu_figures_wait(struct cpu_figures *f, const struct machine *m);
void cpu_figures_wake(struct cpu_figures *f, const struct machine *m);

void cpu_figures_event(struct cpu_figures *f, const struct soc *s,
                       enum meter_board_event event);

/* As lines of a table; how many. The stack is read by its paint (startup.c). */
int cpu_figures_list(const struct cpu_figures *f, const struct machine *m,
                     struct device_figure figures[DEVICE_FIGURES]);

void cpu_figures_store(struct cpu_figures *f, struct store *s);
