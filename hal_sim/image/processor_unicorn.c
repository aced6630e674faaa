/* The processor on Unicorn 2.0 (GPL-2; Debian: libunicorn-dev). See processor.h.
 *
 * A start of Unicorn costs as much as a thousand instructions, so exceptions are entered
 * and left inside one: PC is written in a hook, which ends the block and goes on from
 * there. An EXC_RETURN comes as interrupt 8. WFI is caught by a hook on its address. */
#include "hal_sim/image/processor.h"
#include <stdlib.h>
#include <string.h>
#include <unicorn/unicorn.h>

enum {
    MEMORIES = 4,
    UNDOS = 64,
    WFI = 0xBF30,
    EXCEPTION_EXIT = 8, /* Unicorn's number for EXC_RETURN */
    XPSR_T = 1 << 24,
    XPSR_ALIGNED = 1 << 9,
    XPSR_EXCEPTION = 0x1FF,
    FRAME_WORDS = 8,
    PAGE = 4096
};
#define XPSR_IT          0x0600FC00u
#define THREAD_RETURN    0xFFFFFFF9u
#define HANDLER_RETURN   0xFFFFFFF1u
#define PERIPHERALS      0x40000000u
#define PERIPHERALS_SIZE 0x00080000u
#define PRIVATE          0xE0000000u
#define PRIVATE_SIZE     0x00100000u

struct processor {
    uc_engine *uc;
    struct processor_wires wires;
    struct processor_memory memory[MEMORIES];
    int memories;
    uint32_t pc; /* where to begin, while it stands */
    bool stops;
    bool trapped;   /* by an exception that is not the machine's */
    uint32_t alone; /* blocks since the last access to a register */
    /* What stores to flash have written over, until the next block (on_store). */
    struct {
        uint8_t *at;
        uint64_t bytes;
    } undo[UNDOS];
    int undos;
    uc_hook *wfi; /* hooks, one for each halfword of code that may be WFI */
    size_t wfis;
    uint16_t *in_block; /* instructions from a halfword of flash on: by its block … */
    uint16_t *block_size; /* … of so many bytes */
};

static uint32_t get_register(struct processor *p, int id)
{
    uint32_t value = 0;

    uc_reg_read(p->uc, id, &value);
    return value;
}

static void set_register(struct processor *p, int id, uint32_t value)
{
    uc_reg_write(p->uc, id, &value);
}

static uint8_t *memory_at(struct processor *p, uint32_t address, uint32_t size)
{
    for (int k = 0; k < p->memories; k++) {
        struct processor_memory *m = &p->memory[k];
        if (address - m->base <= m->size - size && address >= m->base)
            return m->bytes + (address - m->base);
    }
    return NULL;
}

static uint32_t word_at(struct processor *p, uint32_t address)
{
    const uint8_t *at = memory_at(p, address, 4);
    uint32_t word = 0;

    if (at)
        memcpy(&word, at, 4);
    return word;
}

/* Where code goes on from a hook. */
static void go_on_at(struct processor *p, uint32_t pc)
{
    p->pc = pc & ~1u;
    set_register(p, UC_ARM_REG_PC, pc | 1);
}

static void stop_at(struct processor *p, uint32_t pc)
{
    p->pc = pc;
    p->stops = true;
    uc_emu_stop(p->uc);
}

static int frame_ids[FRAME_WORDS] = { UC_ARM_REG_R0, UC_ARM_REG_R1,  UC_ARM_REG_R2,
                                      UC_ARM_REG_R3, UC_ARM_REG_R12, UC_ARM_REG_LR,
                                      UC_ARM_REG_PC, UC_ARM_REG_XPSR };

/* B1.5.6: eight words on the stack, aligned to 8. A stack that is in no memory loses the frame. */
static void enter(struct processor *p, int exception, uint32_t return_to)
{
    uint32_t frame[FRAME_WORDS] = { 0 };
    void *values[FRAME_WORDS];
    uint32_t sp = get_register(p, UC_ARM_REG_SP);

    for (int k = 0; k < FRAME_WORDS; k++)
        values[k] = &frame[k];
    uc_reg_read_batch(p->uc, frame_ids, values, FRAME_WORDS);
    const uint32_t xpsr = frame[7];
    const bool nested = xpsr & XPSR_EXCEPTION, padded = sp & 4;
    frame[6] = return_to;
    frame[7] = (xpsr & ~(uint32_t)XPSR_ALIGNED) | (padded ? XPSR_ALIGNED : 0);
    sp = ((sp - (padded ? 4 : 0)) & ~7u) - (uint32_t)sizeof frame;
    uint8_t *stack = memory_at(p, sp, sizeof frame);
    if (stack)
        memcpy(stack, frame, sizeof frame);
    set_register(p, UC_ARM_REG_SP, sp);
    set_register(p, UC_ARM_REG_LR, nested ? HANDLER_RETURN : THREAD_RETURN);
    set_register(p, UC_ARM_REG_XPSR,
                 (xpsr & ~(XPSR_IT | XPSR_EXCEPTION)) | XPSR_T | (uint32_t)exception);
    const uint32_t vectors = p->wires.vectors(p->wires.user);
    go_on_at(p, word_at(p, vectors + 4 * (uint32_t)exception));
}

/* B1.5.8 */
static void leave(struct processor *p)
{
    uint32_t frame[FRAME_WORDS] = { 0 };
    void *values[FRAME_WORDS];
    uint32_t sp = get_register(p, UC_ARM_REG_SP);
    const uint32_t xpsr = get_register(p, UC_ARM_REG_XPSR);
    const uint8_t *stack = memory_at(p, sp, sizeof frame);

    if (stack)
        memcpy(frame, stack, sizeof frame);
    for (int k = 0; k < FRAME_WORDS; k++)
        values[k] = &frame[k];
    p->wires.leave(p->wires.user, (int)(xpsr & XPSR_EXCEPTION));
    sp += (uint32_t)sizeof frame + (frame[7] & XPSR_ALIGNED ? 4 : 0);
    const uint32_t pc = frame[6];
    frame[7] = (frame[7] & ~(uint32_t)XPSR_ALIGNED) | XPSR_T;
    set_register(p, UC_ARM_REG_SP, sp);
    set_register(p, UC_ARM_REG_XPSR, frame[7]);
    uc_reg_write_batch(p->uc, frame_ids, values, 6);
    go_on_at(p, pc);
}

/* Halfwords whose five upper bits are 11101, 11110 or 11111 begin a 32-bit instruction
 * (A5.1). */
static unsigned count_instructions(struct processor *p, uint32_t address, uint32_t size)
{
    const uint8_t *code = memory_at(p, address, size);
    unsigned count = 0;

    for (uint32_t at = 0; code && at < size; count++)
        at += (code[at + 1] & 0xF8) >= 0xE8 ? 4 : 2;
    return count;
}

static unsigned instructions(struct processor *p, uint32_t address, uint32_t size)
{
    const uint32_t at = (address - p->memory[0].base) / 2;

    if (at >= p->memory[0].size / 2)
        return count_instructions(p, address, size);
    if (p->block_size[at] != size) {
        p->block_size[at] = (uint16_t)size;
        p->in_block[at] = (uint16_t)count_instructions(p, address, size);
    }
    return p->in_block[at];
}

static void obey(struct processor *p, int what, uint32_t pc)
{
    if (what == PROCESSOR_STOP)
        stop_at(p, pc);
    else if (what > 0)
        enter(p, what, pc);
}

/* Unicorn calls for a store to memory that is not writable, and then lets it happen: what
 * stood there is written back before the next block. */
static bool on_store(uc_engine *uc, uc_mem_type type, uint64_t address, int size,
                     int64_t value, void *user)
{
    struct processor *p = user;
    const uint32_t from = (uint32_t)address & ~7u;
    uint8_t *at = memory_at(p, from, 8);

    (void)uc;
    (void)type;
    if (!at || p->undos == UNDOS)
        return false;
    p->undo[p->undos].at = at;
    memcpy(&p->undo[p->undos++].bytes, at, 8);
    p->alone = 0;
    p->wires.write(p->wires.user, (uint32_t)address, (uint32_t)value, (unsigned)size);
    return true;
}

/* The last one first: it may have seen a store before it. */
static void undo_stores(struct processor *p)
{
    while (p->undos) {
        p->undos--;
        memcpy(p->undo[p->undos].at, &p->undo[p->undos].bytes, 8);
    }
}

static void on_block(uc_engine *uc, uint64_t address, uint32_t size, void *user)
{
    struct processor *p = user;
    const uint32_t pc = (uint32_t)address;

    (void)uc;
    undo_stores(p);
    const bool alone = ++p->alone > PROCESSOR_BLOCKS;
    if (*p->wires.asks || alone) {
        const int what = p->wires.attend(p->wires.user, alone);
        if (alone || !*p->wires.asks) /* who asks at each block counts them, too */
            p->alone = 0;
        if (what != PROCESSOR_GO_ON) {
            obey(p, what, pc);
            return;
        }
    }
    if (pc == PROCESSOR_RETURN)
        stop_at(p, pc);
    else if (p->wires.spend)
        p->wires.spend(p->wires.user, instructions(p, pc, size));
}

static void on_wfi(uc_engine *uc, uint64_t address, uint32_t size, void *user)
{
    struct processor *p = user;
    const int what = p->wires.wait(p->wires.user);

    (void)uc;
    (void)size;
    p->alone = 0;
    if (what == PROCESSOR_STOP)
        stop_at(p, (uint32_t)address);
    else if (what == PROCESSOR_GO_ON)
        go_on_at(p, (uint32_t)address + 2);
    else
        enter(p, what, (uint32_t)address + 2);
}

static void on_interrupt(uc_engine *uc, uint32_t number, void *user)
{
    struct processor *p = user;

    (void)uc;
    if (number == EXCEPTION_EXIT)
        leave(p);
    else
        stop_at(p, get_register(p, UC_ARM_REG_PC));
    p->trapped = number != EXCEPTION_EXIT;
}

static uint64_t read_at(struct processor *p, uint32_t address, unsigned size)
{
    p->alone = 0;
    return p->wires.read(p->wires.user, address, size);
}

static uint64_t read_peripheral(uc_engine *uc, uint64_t offset, unsigned size,
                                void *user)
{
    (void)uc;
    return read_at(user, PERIPHERALS + (uint32_t)offset, size);
}

static uint64_t read_private(uc_engine *uc, uint64_t offset, unsigned size, void *user)
{
    (void)uc;
    return read_at(user, PRIVATE + (uint32_t)offset, size);
}

static void write_at(struct processor *p, uint32_t address, unsigned size,
                     uint64_t value)
{
    p->alone = 0;
    p->wires.write(p->wires.user, address, (uint32_t)value, size);
}

static void write_peripheral(uc_engine *uc, uint64_t offset, unsigned size,
                             uint64_t value, void *user)
{
    (void)uc;
    write_at(user, PERIPHERALS + (uint32_t)offset, size, value);
}

static void write_private(uc_engine *uc, uint64_t offset, unsigned size, uint64_t value,
                          void *user)
{
    (void)uc;
    write_at(user, PRIVATE + (uint32_t)offset, size, value);
}

/* Unicorn has stopped by itself: what the processor would make of it. */
static void deal_with(struct processor *p, uc_err error)
{
    const uint32_t pc = get_register(p, UC_ARM_REG_PC);
    const bool no_memory =
        error != UC_ERR_OK && error != UC_ERR_INSN_INVALID && error != UC_ERR_EXCEPTION;
    const int what = p->wires.fault(
        p->wires.user,
        no_memory && !p->trapped ? PROCESSOR_NO_MEMORY : PROCESSOR_NO_INSTRUCTION, pc);

    p->trapped = false;
    p->stops = false;
    p->pc = pc;
    if (what == PROCESSOR_STOP)
        p->stops = true;
    else
        enter(p, what, pc);
}

static void run(struct processor *p)
{
    p->stops = false;
    while (!p->stops) {
        const uc_err error = uc_emu_start(p->uc, p->pc | 1, 0, 0, 0);
        if (error != UC_ERR_OK || p->trapped)
            deal_with(p, error);
    }
}

static void get(struct processor *p, struct processor_state *state)
{
    for (int k = 0; k < 13; k++)
        state->r[k] = get_register(p, UC_ARM_REG_R0 + k);
    state->r[13] = get_register(p, UC_ARM_REG_SP);
    state->r[14] = get_register(p, UC_ARM_REG_LR);
    state->r[15] = p->pc;
    state->xpsr = get_register(p, UC_ARM_REG_XPSR);
}

static void set(struct processor *p, const struct processor_state *state)
{
    for (int k = 0; k < 13; k++)
        set_register(p, UC_ARM_REG_R0 + k, state->r[k]);
    set_register(p, UC_ARM_REG_SP, state->r[13]);
    set_register(p, UC_ARM_REG_LR, state->r[14]);
    set_register(p, UC_ARM_REG_XPSR, state->xpsr | XPSR_T);
    p->pc = state->r[15] & ~1u;
}

/* RAM is not executable: a store to pages with translated code costs four times as
 * much. */
static uc_err map(struct processor *p)
{
    uc_err error = UC_ERR_OK;

    for (int k = 0; k < p->memories && error == UC_ERR_OK; k++) {
        const struct processor_memory *m = &p->memory[k];
        error = uc_mem_map_ptr(p->uc, m->base, m->size,
                               UC_PROT_READ | (m->fixed ? UC_PROT_EXEC : UC_PROT_WRITE),
                               m->bytes);
    }
    if (error == UC_ERR_OK)
        error = uc_mem_map(p->uc, PROCESSOR_RETURN, PAGE, UC_PROT_READ | UC_PROT_EXEC);
    if (error == UC_ERR_OK)
        error = uc_mmio_map(p->uc, PERIPHERALS, PERIPHERALS_SIZE, read_peripheral, p,
                            write_peripheral, p);
    if (error == UC_ERR_OK)
        error = uc_mmio_map(p->uc, PRIVATE, PRIVATE_SIZE, read_private, p,
                            write_private, p);
    return error;
}

static uc_err hook_wfi(struct processor *p, uint32_t address)
{
    uc_hook *more = realloc(p->wfi, (p->wfis + 1) * sizeof *more);

    if (!more)
        return UC_ERR_NOMEM;
    p->wfi = more;
    return uc_hook_add(p->uc, &p->wfi[p->wfis++], UC_HOOK_CODE, (void *)on_wfi, p,
                       address, address);
}

/* Halfwords of data that look like WFI are never executed, and harmless. */
static uc_err find_wfi(struct processor *p)
{
    const struct processor_memory *code = &p->memory[0];
    uc_err error = UC_ERR_OK;

    for (uint32_t at = 0; at < code->size && error == UC_ERR_OK; at += 2)
        if ((code->bytes[at] | code->bytes[at + 1] << 8) == WFI)
            error = hook_wfi(p, code->base + at);
    return error;
}

static uc_err add_hooks(struct processor *p)
{
    uc_hook hook;
    uc_err error = uc_hook_add(p->uc, &hook, UC_HOOK_BLOCK, (void *)on_block, p, 1, 0);

    if (error == UC_ERR_OK)
        error = uc_hook_add(p->uc, &hook, UC_HOOK_INTR, (void *)on_interrupt, p, 1, 0);
    if (error == UC_ERR_OK)
        error = uc_hook_add(p->uc, &hook, UC_HOOK_MEM_WRITE_PROT, (void *)on_store, p,
                            1, 0);
    return error == UC_ERR_OK ? find_wfi(p) : error;
}

static void forget(struct processor *p)
{
    const struct processor_memory *code = &p->memory[0];
    const size_t halfwords = code->size / 2;

    undo_stores(p);
    for (size_t k = 0; k < p->wfis; k++)
        uc_hook_del(p->uc, p->wfi[k]);
    p->wfis = 0;
    memset(p->block_size, 0, halfwords * sizeof *p->block_size);
    uc_ctl_remove_cache(p->uc, code->base, code->base + code->size);
    find_wfi(p);
}

static void release(struct processor *p)
{
    if (!p)
        return;
    if (p->uc)
        uc_close(p->uc);
    free(p->wfi);
    free(p->in_block);
    free(p->block_size);
    free(p);
}

static bool prepare(struct processor *p)
{
    const uint32_t halfwords = p->memory[0].size / 2;

    p->in_block = calloc(halfwords, sizeof *p->in_block);
    p->block_size = calloc(halfwords, sizeof *p->block_size);
    return p->in_block && p->block_size &&
           uc_open(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &p->uc) == UC_ERR_OK &&
           uc_ctl_set_cpu_model(p->uc, UC_CPU_ARM_CORTEX_M4) == UC_ERR_OK &&
           map(p) == UC_ERR_OK && add_hooks(p) == UC_ERR_OK;
}

static struct processor *make(const struct processor_wires *wires,
                              const struct processor_memory *memory, int memories)
{
    struct processor *p = calloc(1, sizeof *p);

    if (!p || memories < 1 || memories > MEMORIES) {
        free(p);
        return NULL;
    }
    p->wires = *wires;
    p->memories = memories;
    memcpy(p->memory, memory, (size_t)memories * sizeof *memory);
    if (prepare(p))
        return p;
    release(p);
    return NULL;
}

extern const struct processor_module processor_module;
const struct processor_module processor_module = { .version = PROCESSOR_VERSION,
                                                   .make = make,
                                                   .free = release,
                                                   .run = run,
                                                   .forget = forget,
                                                   .get = get,
                                                   .set = set };
