/* A microcontroller that runs an image: processor, memories, and the peripherals of
 * soc.h. Time is that of the peripherals; by default instructions take none, and it goes
 * on while the processor waits (WFI), with each access to a register, and when a loop
 * does neither. With cycles of their own (cpu_time.h) blocks of them take time, too. */
#pragma once

#include "hal_sim/chips/soc.h"
#include "hal_sim/image/cpu_figures.h"
#include "hal_sim/image/cpu_time.h"
#include "hal_sim/image/processor.h"

enum {
    MACHINE_FLASH = 0x08000000,
    MACHINE_FLASH_SIZE = 1 << 20,
    MACHINE_RAM = 0x20000000,
    MACHINE_RAM_SIZE = 128 << 10
};

struct machine {
    struct soc soc;
    const struct processor_module *module;
    struct processor *processor;
    uint8_t *flash, *ram;
    const uint8_t *flashed; /* the caller's, MACHINE_FLASH_SIZE bytes */
    int64_t until_ns;       /* of machine_run */
    bool locked;   /* a fault inside the handler of one: only a reset helps (B1.5.15) */
    bool halted;   /* its power goes: nothing is executed any more */
    bool waits;    /* it does now */
    bool waited;   /* the main loop has, since the last reset */
    bool starting; /* machine_start_up */
    uint32_t resets;    /* but for power-up */
    int64_t stalled_ns; /* the processor stands still until then, or until a reset */
    /* Power goes when so many instructions have been executed; 0: not. They are counted
     * when they take time. */
    uint64_t cut_at;
    /* Called when the main loop begins to wait; NULL: nobody asks. */
    void (*on_wait)(void *user);
    void *user;
    struct cpu_time time;
    struct cpu_figures figures;
};

/* Flash as it was flashed, RAM of no meaning; NULL wires. `flashed` stays the caller's.
 * False: the processor cannot be made. */
bool machine_start(struct machine *m, const struct processor_module *module,
                   const uint8_t *flashed);
void machine_free(struct machine *m);

/* Instructions take so many cycles from the next power-up on. */
void machine_set_cycles(struct machine *m, struct cpu_cycles cycles);

/* Power comes: time is 0, RAM holds what `seed` makes of it. */
void machine_power_up(struct machine *m, uint64_t seed);

/* Executes until the main loop waits for the first time, for at most so long. */
void machine_start_up(struct machine *m, int64_t most_ns);

/* Executes up to this moment. */
void machine_run(struct machine *m, int64_t to_ns);

/* A turn of the main loop, or a handler, is under way, and can be ended. */
bool machine_has_turn(const struct machine *m);

/* The turn of the main loop, or the handler, that is under way ends, without time. */
void machine_finish_turn(struct machine *m);

/* Calls a function between two turns of the main loop, as a debugger does: up to four
 * arguments, a stack of its own at the end of RAM, no interrupts, no time. Its result;
 * *returned is false when the processor cannot be had. */
enum { MACHINE_CALL_ROOM = 2048 };
#define MACHINE_CALL_BUFFER                                                            \
    (MACHINE_RAM + (uint32_t)MACHINE_RAM_SIZE - MACHINE_CALL_ROOM)
uint32_t machine_call(struct machine *m, uint32_t function, const uint32_t argument[4],
                      bool *returned);

/* As its vector says. */
uint32_t machine_stack_top(const struct machine *m);

/* What is in RAM at an address; NULL: not there. */
uint8_t *machine_ram(struct machine *m, uint32_t address, uint32_t size);

/* These bits of the byte at this offset of the flash flip; a start finds it. */
void machine_flip(struct machine *m, uint32_t offset, unsigned bits);

void machine_store(struct machine *m, struct store *s);
