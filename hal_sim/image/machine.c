/* Processor and peripherals together. See machine.h. */
#include "hal_sim/image/machine.h"
#include "waveform/base/random.h"
#include "waveform/base/store.h"
#include <stdlib.h>
#include <string.h>

enum { HELD_NS = 20000000, FLASH_PIECE = 1024, XPSR_EXCEPTION = 0x1FF };

/* Faults of the processor's status (PM0214, 4.4.11, 4.4.12). */
enum { CFSR_UNDEFINED = 1 << 16, CFSR_IMPRECISE = 1 << 10, HFSR_FORCED = 1 << 30 };

static uint32_t read_register(void *user, uint32_t address, unsigned size)
{
    struct machine *m = user;
    const uint32_t value = soc_read(&m->soc, address, size);

    m->soc.nvic.attend |= m->soc.bus_fault;
    return value;
}

static void write_register(void *user, uint32_t address, uint32_t value, unsigned size)
{
    struct machine *m = user;

    soc_write(&m->soc, address, value, size);
    m->soc.nvic.attend |= m->soc.bus_fault;
}

static int enter(struct machine *m, int exception)
{
    if (!exception)
        return PROCESSOR_GO_ON;
    m->figures.exceptions++;
    cortex_nvic_enter(&m->soc.nvic, exception);
    return exception;
}

/* What a debugger executes takes no time, and is not the image's load; nor is WFI once
 * more, after a stop in it. */
static void spend(void *user, unsigned instructions)
{
    struct machine *m = user;
    struct soc *s = &m->soc;

    if (s->held || m->waits)
        return;
    soc_run(s, s->now_ns + cpu_time_block(&m->time, instructions, s->clock_fs));
    if (m->cut_at && m->time.instructions >= m->cut_at)
        s->nvic.attend = m->halted = true;
}

/* Faults are a hard fault here, for no handler of the others is enabled; inside one the
 * processor locks up. */
static int hard_fault(struct machine *m, uint32_t status)
{
    struct cortex_nvic *n = &m->soc.nvic;
    const int active = cortex_nvic_active(n);

    n->cfsr |= status;
    n->hfsr |= HFSR_FORCED;
    if (active == CORTEX_HARD_FAULT || active == CORTEX_NMI) {
        m->locked = true;
        n->attend = true;
        return PROCESSOR_STOP;
    }
    return enter(m, CORTEX_HARD_FAULT);
}

static bool must_stop(const struct machine *m)
{
    return m->soc.reset != SOC_RUNS || m->locked || m->halted ||
           m->soc.now_ns >= m->until_ns;
}

/* What a chip out of its limits does, nobody knows: here it is a fault. */
static bool is_sound(const struct soc *s)
{
    return !s->rcc.beyond && stm32_flash_fast_enough(s);
}

/* Who executes from flash stands still while it is written (RM0090, 3.5.2). */
static void stall(struct machine *m)
{
    struct soc *s = &m->soc;

    while (s->flash.operation != FLASH_RESTS && !must_stop(m))
        soc_run(s, s->next_ns);
}

/* Between two blocks of instructions. A loop that touches nothing lets time go on to the
 * next event, when its instructions do not; without a clock nothing is executed. Before
 * WFI, on which it stopped, `wait` decides. */
static int attend(void *user, bool alone)
{
    struct machine *m = user;
    struct soc *s = &m->soc;

    if (s->held)
        return alone || m->halted || s->reset != SOC_RUNS ||
                       s->now_ns - s->held_ns > HELD_NS
                   ? PROCESSOR_STOP
                   : PROCESSOR_GO_ON;
    stall(m);
    alone &= !cpu_time_passes(&m->time);
    while ((alone || s->rcc.core.num == 0) && !must_stop(m)) {
        soc_run(s, s->next_ns);
        alone = false;
    }
    if (must_stop(m)) {
        s->nvic.attend = true;
        return PROCESSOR_STOP;
    }
    s->nvic.attend = false;
    if (m->waits)
        return PROCESSOR_GO_ON;
    if (s->bus_fault || !is_sound(s)) {
        s->bus_fault = false;
        return hard_fault(m, CFSR_IMPRECISE);
    }
    return enter(m, cortex_nvic_due(&s->nvic));
}

static void begin_to_wait(struct machine *m)
{
    const bool begins = !m->waits;

    m->waited = m->waits = true;
    if (begins && m->on_wait)
        m->on_wait(m->user);
    if (!m->soc.held)
        cpu_figures_wait(&m->figures, m);
}

static int wait(void *user)
{
    struct machine *m = user;
    struct soc *s = &m->soc;

    begin_to_wait(m);
    for (;;) {
        if (s->held || must_stop(m) || m->starting) {
            s->nvic.attend = true;
            return PROCESSOR_STOP;
        }
        s->nvic.attend = false;
        const int due = cortex_nvic_due(&s->nvic);
        if (due)
            stall(m);
        if (due && must_stop(m))
            continue;
        if (due || !is_sound(s)) {
            m->waits = false;
            cpu_figures_wake(&m->figures, m);
            return due ? enter(m, due) : hard_fault(m, CFSR_IMPRECISE);
        }
        soc_run(s, s->next_ns);
    }
}

static void leave(void *user, int exception)
{
    struct machine *m = user;

    cortex_nvic_leave(&m->soc.nvic, exception);
}

static uint32_t vectors(void *user)
{
    const struct machine *m = user;
    const uint32_t at = m->soc.nvic.vtor;

    return at < MACHINE_FLASH_SIZE ? at + MACHINE_FLASH : at;
}

static int fault(void *user, enum processor_fault what, uint32_t address)
{
    struct machine *m = user;

    (void)address;
    if (m->soc.held)
        return PROCESSOR_STOP;
    return hard_fault(m, what == PROCESSOR_NO_MEMORY ? CFSR_IMPRECISE : CFSR_UNDEFINED);
}

static struct processor_wires wires_of(struct machine *m)
{
    return (struct processor_wires){ .user = m,
                                     .read = read_register,
                                     .write = write_register,
                                     .asks = &m->soc.nvic.attend,
                                     .attend = attend,
                                     .wait = wait,
                                     .leave = leave,
                                     .vectors = vectors,
                                     .fault = fault,
                                     .spend =
                                         cpu_time_passes(&m->time) ? spend : NULL };
}

void machine_set_cycles(struct machine *m, struct cpu_cycles cycles)
{
    m->time.cycles = cycles;
}

bool machine_start(struct machine *m, const struct processor_module *module,
                   const uint8_t *flashed)
{
    m->module = module;
    m->flashed = flashed;
    m->flash = malloc(MACHINE_FLASH_SIZE);
    m->ram = calloc(1, MACHINE_RAM_SIZE);
    if (!m->flash || !m->ram)
        abort();
    memcpy(m->flash, flashed, MACHINE_FLASH_SIZE);
    soc_start(&m->soc);
    m->soc.wires.memory[0] =
        (struct soc_memory){ MACHINE_FLASH, MACHINE_FLASH_SIZE, m->flash, true };
    m->soc.wires.memory[1] =
        (struct soc_memory){ MACHINE_RAM, MACHINE_RAM_SIZE, m->ram, false };
    const struct processor_memory memory[] = {
        { MACHINE_FLASH, MACHINE_FLASH_SIZE, m->flash, true },
        { MACHINE_RAM, MACHINE_RAM_SIZE, m->ram, false }
    };
    const struct processor_wires wires = wires_of(m);
    m->processor = module->make(&wires, memory, 2);
    return m->processor != NULL;
}

void machine_free(struct machine *m)
{
    if (m->processor)
        m->module->free(m->processor);
    free(m->flash);
    free(m->ram);
}

static uint32_t word(const uint8_t *at)
{
    uint32_t value;

    memcpy(&value, at, sizeof value);
    return value;
}

/* B1.5.5; BOOT0 is low, so flash stands at 0 (RM0090, 2.4). */
static void begin(struct machine *m)
{
    struct processor_state state = { .xpsr = 1 << 24 };

    if (m->soc.flash.changed)
        m->module->forget(m->processor);
    m->soc.flash.changed = false;

    state.r[13] = word(m->flash);
    state.r[14] = 0xFFFFFFFF;
    state.r[15] = word(m->flash + 4);
    m->module->set(m->processor, &state);
    m->locked = m->waited = m->waits = false;
}

void machine_power_up(struct machine *m, uint64_t seed)
{
    cpu_time_start(&m->time, seed);
    cpu_figures_start(&m->figures);
    for (uint32_t at = 0; at < MACHINE_RAM_SIZE; at += 8) {
        const uint64_t noise = random_next(&seed);
        memcpy(m->ram + at, &noise, sizeof noise);
    }
    soc_power_up(&m->soc);
    m->resets = 0;
    m->stalled_ns = 0;
    m->halted = false;
    begin(m);
}

static void execute(struct machine *m)
{
    m->figures.starts++;
    m->module->run(m->processor);
}

void machine_run(struct machine *m, int64_t to_ns)
{
    struct soc *s = &m->soc;

    while (s->now_ns < to_ns && !m->halted && !(m->starting && m->waited)) {
        if (s->reset != SOC_RUNS) {
            soc_restart(s, s->reset);
            cpu_figures_wake(&m->figures, m);
            m->resets++;
            m->stalled_ns = 0;
            begin(m);
        }
        m->until_ns = to_ns;
        soc_due(s, SOC_ALARM, to_ns);
        if (m->locked || s->now_ns < m->stalled_ns)
            soc_run(s, s->next_ns);
        else
            execute(m);
    }
}

void machine_start_up(struct machine *m, int64_t most_ns)
{
    m->starting = true;
    machine_run(m, most_ns);
    m->starting = false;
}

/* The peripherals stand still but for SPI; each block is looked at, so that a loop that
 * waits for one of the others ends. */
static void run_held(struct machine *m)
{
    soc_hold(&m->soc);
    m->soc.nvic.attend = true;
    m->module->run(m->processor);
    soc_let_go(&m->soc);
}

/* Unless it waits for the flash, whose time must pass. */
bool machine_has_turn(const struct machine *m)
{
    return m->soc.flash.operation == FLASH_RESTS && !m->waits && m->waited &&
           !m->locked && m->soc.reset == SOC_RUNS && m->soc.rcc.core.num != 0;
}

void machine_finish_turn(struct machine *m)
{
    if (machine_has_turn(m))
        run_held(m);
}

uint32_t machine_call(struct machine *m, uint32_t function, const uint32_t argument[4],
                      bool *returned)
{
    struct processor_state before, after;

    *returned = false;
    if (!m->waits || m->soc.reset != SOC_RUNS || m->soc.rcc.core.num == 0)
        return 0;
    m->module->get(m->processor, &before);
    after = before;
    memcpy(after.r, argument, 4 * sizeof *argument);
    after.r[13] = MACHINE_CALL_BUFFER;
    after.r[14] = PROCESSOR_RETURN | 1;
    after.r[15] = function;
    after.xpsr = 1 << 24;
    m->module->set(m->processor, &after);
    run_held(m);
    m->module->get(m->processor, &after);
    m->module->set(m->processor, &before);
    *returned = after.r[15] == PROCESSOR_RETURN;
    return after.r[0];
}

uint32_t machine_stack_top(const struct machine *m)
{
    const uint32_t at = m->soc.nvic.vtor % MACHINE_FLASH_SIZE;

    return word(m->flash + (at & ~3u));
}

uint8_t *machine_ram(struct machine *m, uint32_t address, uint32_t size)
{
    if (address < MACHINE_RAM || size > MACHINE_RAM_SIZE ||
        address - MACHINE_RAM > MACHINE_RAM_SIZE - size)
        return NULL;
    return m->ram + (address - MACHINE_RAM);
}

void machine_flip(struct machine *m, uint32_t offset, unsigned bits)
{
    m->flash[offset] ^= (uint8_t)bits;
    m->soc.flash.changed = true;
}

/* A piece as it was kept, or as it was flashed. True: it is another one than before. */
static bool load_piece(struct machine *m, struct store *s, uint32_t at, bool differs)
{
    uint8_t kept[FLASH_PIECE];

    memcpy(kept, m->flashed + at, FLASH_PIECE);
    if (differs)
        store_bytes(s, kept, FLASH_PIECE);
    if (!memcmp(m->flash + at, kept, FLASH_PIECE))
        return false;
    memcpy(m->flash + at, kept, FLASH_PIECE);
    return true;
}

/* Pieces that are not as they were flashed. What has been translated stays, unless it is
 * of another content than there was: each translation anew is work, and room that the
 * processor does not give back. */
static void store_flash(struct machine *m, struct store *s)
{
    bool changes = false;

    for (uint32_t at = 0; at < MACHINE_FLASH_SIZE; at += FLASH_PIECE) {
        bool differs = memcmp(m->flash + at, m->flashed + at, FLASH_PIECE) != 0;
        store_flag(s, &differs);
        if (s->loading)
            changes |= load_piece(m, s, at, differs);
        else if (differs)
            store_bytes(s, m->flash + at, FLASH_PIECE);
    }
    if (changes)
        m->module->forget(m->processor);
}

void machine_store(struct machine *m, struct store *s)
{
    struct processor_state state;

    m->module->get(m->processor, &state);
    STORE(s, state);
    store_flash(m, s);
    store_bytes(s, m->ram, MACHINE_RAM_SIZE);
    soc_store(&m->soc, s);
    store_flag(s, &m->halted);
    store_flag(s, &m->locked);
    store_flag(s, &m->waited);
    store_flag(s, &m->waits);
    STORE(s, m->resets);
    store_integers(s, &m->stalled_ns, 1, 0, STORE_NS_MAX);
    cpu_time_store(&m->time, s);
    cpu_figures_store(&m->figures, s);
    /* The code that runs is that of the exception which is active. */
    if (s->loading &&
        (state.xpsr & XPSR_EXCEPTION) != (uint32_t)cortex_nvic_active(&m->soc.nvic))
        s->failed = true;
    if (s->loading && !s->failed)
        m->module->set(m->processor, &state);
}
