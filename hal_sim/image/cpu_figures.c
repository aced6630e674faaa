/* Latencies, load and stack of an image with time. See cpu_figures.h. */
#include "hal_sim/image/cpu_figures.h"
#include "hal_sim/image/machine.h"
#include "waveform/base/store.h"
#include <string.h>

enum {
    SECOND_NS = 1000000000,
    PPM = 1000000,
    /* t3.5: characters of 11 bits up to 19200 baud, a fixed time above (Modbus over
     * Serial Line 1.02, 2.5.1.1). */
    BAUD_BY_CHARACTER = 19200,
    T35_NS = 1750000,
    HALF_BITS = 77,
    STACK_PAINT = 0xA5
};

_Static_assert(sizeof(struct cpu_figures) % sizeof(int64_t) == 0, "numbers alone");

void cpu_figures_start(struct cpu_figures *f)
{
    memset(f, 0, sizeof *f);
    f->waits_ns = f->from_ns = -1;
    for (int k = 0; k < METER_BOARD_EVENTS; k++)
        f->event_ns[k] = -1;
}

static void add(struct cpu_range *r, int64_t value)
{
    if (r->count == 0 || value < r->least)
        r->least = value;
    if (r->count == 0 || value > r->most)
        r->most = value;
    r->count++;
    r->sum += value;
}

static int64_t accesses_of(const struct machine *m)
{
    return (int64_t)(m->soc.reads + m->soc.writes);
}

void cpu_figures_wait(struct cpu_figures *f, const struct machine *m)
{
    if (f->from_ns < 0) {
        f->from_ns = f->second_ns = m->soc.now_ns;
        f->instructions = (int64_t)m->time.instructions;
        f->blocks = (int64_t)m->time.blocks;
        f->accesses = accesses_of(m);
        f->exceptions = f->starts = 0;
    }
    if (f->waits_ns < 0)
        f->waits_ns = m->soc.now_ns;
}

void cpu_figures_wake(struct cpu_figures *f, const struct machine *m)
{
    const int64_t now_ns = m->soc.now_ns;

    if (f->waits_ns < 0)
        return;
    f->idle_ns += now_ns - f->waits_ns;
    f->second_idle_ns += now_ns - f->waits_ns;
    f->waits_ns = -1;
    const int64_t second_ns = now_ns - f->second_ns;
    if (second_ns < SECOND_NS)
        return;
    add(&f->busy_ppm, PPM - (int64_t)((__int128)f->second_idle_ns * PPM / second_ns));
    f->second_ns = now_ns;
    f->second_idle_ns = 0;
}

static int64_t silence_ns(uint32_t baud)
{
    return baud && baud <= BAUD_BY_CHARACTER ? HALF_BITS * (int64_t)SECOND_NS / 2 / baud
                                             : T35_NS;
}

/* From `since`, which is then used up, to now. */
static void measure(struct cpu_figures *f, enum cpu_latency which,
                    enum meter_board_event since, int64_t now_ns)
{
    if (f->from_ns >= 0 && f->event_ns[since] >= 0)
        add(&f->latency[which], now_ns - f->event_ns[since]);
    f->event_ns[since] = -1;
}

/* An edge that waits for the processor keeps its own moment. */
void cpu_figures_event(struct cpu_figures *f, const struct soc *s,
                       enum meter_board_event event)
{
    if (event == METER_BOARD_SELECTED)
        measure(f, CPU_SELECT, METER_BOARD_READY, s->now_ns);
    else if (event == METER_BOARD_RELEASED && f->from_ns >= 0)
        add(&f->latency[CPU_RELEASE], s->now_ns - s->spi[0].ends_ns);
    else if (event == METER_BOARD_DRIVES)
        measure(f, CPU_ANSWER, METER_BOARD_RECEIVED,
                s->now_ns - silence_ns(s->usart.told_baud));
    else if (event == METER_BOARD_LETS_GO)
        measure(f, CPU_LET_GO, METER_BOARD_SENT, s->now_ns);
    if (event != METER_BOARD_READY || f->event_ns[event] < 0)
        f->event_ns[event] = s->now_ns;
}

/* The bytes below its top that have lost their paint. */
static double stack_used(const struct machine *m)
{
    const uint32_t top = machine_stack_top(m) - MACHINE_RAM;
    uint32_t at = 0;

    while (at < top && at < MACHINE_RAM_SIZE && m->ram[at] == STACK_PAINT)
        at++;
    return top - at;
}

static struct device_figure once(const char *name, const char *unit, double value)
{
    return (struct device_figure){ name, unit, 1, value, value, value };
}

static struct device_figure range_of(const char *name, const char *unit,
                                     const struct cpu_range *r, double by)
{
    const double count = r->count ? (double)r->count : 1;

    return (struct device_figure){ name,
                                   unit,
                                   r->count,
                                   (double)r->least / by,
                                   (double)r->sum / count / by,
                                   (double)r->most / by };
}

static int list_counts(const struct cpu_figures *f, const struct machine *m,
                       double a_second, struct device_figure *figures)
{
    const struct {
        const char *name;
        int64_t count;
    } counts[] = {
        { "instructions a second", (int64_t)m->time.instructions - f->instructions },
        { "blocks of them a second", (int64_t)m->time.blocks - f->blocks },
        { "accesses to registers a second", accesses_of(m) - f->accesses },
        { "exceptions a second", f->exceptions },
        { "starts of the emulator a second", f->starts },
    };
    const int n = sizeof counts / sizeof *counts;

    for (int k = 0; k < n; k++)
        figures[k] = once(counts[k].name, "", (double)counts[k].count * a_second);
    return n;
}

int cpu_figures_list(const struct cpu_figures *f, const struct machine *m,
                     struct device_figure figures[DEVICE_FIGURES])
{
    static const char *const latencies[CPU_LATENCIES] = {
        [CPU_SELECT] = "DRDY falls to AFE selected",
        [CPU_RELEASE] = "last byte of AFE to CS high",
        [CPU_ANSWER] = "t3.5 to DE high",
        [CPU_LET_GO] = "last stop bit to DE low",
    };
    const int64_t idle_ns =
        f->idle_ns + (f->waits_ns < 0 ? 0 : m->soc.now_ns - f->waits_ns);
    const double ns = (double)(m->soc.now_ns - f->from_ns);
    int n = 0;

    if (f->from_ns < 0 || ns <= 0)
        return 0;
    for (int k = 0; k < CPU_LATENCIES; k++)
        figures[n++] = range_of(latencies[k], "us", &f->latency[k], 1e3);
    struct device_figure load =
        range_of("load of the processor, of each second", "%", &f->busy_ppm, 1e4);
    load.mean = 100 - (double)idle_ns / ns * 100;
    figures[n++] = load;
    n += list_counts(f, m, SECOND_NS / ns, figures + n);
    figures[n++] = once("deepest stack since its start", "bytes", stack_used(m));
    return n;
}

/* Sums of what is read from a snapshot stay far below the end of the numbers. */
void cpu_figures_store(struct cpu_figures *f, struct store *s)
{
    int64_t number[sizeof *f / sizeof(int64_t)];

    memcpy(number, f, sizeof number);
    store_integers(s, number, sizeof number / sizeof *number, -STORE_NS_MAX / 8,
                   STORE_NS_MAX / 8);
    memcpy(f, number, sizeof number);
}
