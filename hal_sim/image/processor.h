/* A Cortex-M4 that executes, as the machine (machine.h) needs one. It comes in a module
 * of its own, loaded when an image is to run, and knows nothing of the program: state and
 * memory go in, calls come out. It enters and leaves exceptions (Armv7-M ARM, B1.5) that
 * the machine names. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct processor;

/* By this symbol a module offers itself. */
#define PROCESSOR_SYMBOL "processor_module"
enum { PROCESSOR_VERSION = 2 };

/* Memory of the host's that code and data are in; the rest are registers. */
struct processor_memory {
    uint32_t base, size;
    uint8_t *bytes;
    bool
        fixed; /* flash: code; a store to it is a call of `write`, and changes nothing */
};

/* A function that returns here ends `run`: the ROM of the boot loader (RM0090, 2.4), which
 * no image enters, and a place that may be executed. */
#define PROCESSOR_RETURN 0x1FFF0000u

enum { PROCESSOR_STOP = -1, PROCESSOR_GO_ON = 0 }; /* or an exception to enter */

enum processor_fault {
    PROCESSOR_NO_MEMORY,     /* nothing is at the address */
    PROCESSOR_NO_INSTRUCTION /* undefined, or another state than Thumb */
};

/* What the machine is asked, between instructions. An exception that it names is
 * active from then on. */
struct processor_wires {
    void *user;
    uint32_t (*read)(void *user, uint32_t address, unsigned size);
    void (*write)(void *user, uint32_t address, uint32_t value, unsigned size);
    /* *asks is seen at the beginning of the next block of instructions: then attend is
     * called; so it is after PROCESSOR_BLOCKS of them without an access (alone: true). */
    const bool *asks;
    int (*attend)(void *user, bool alone);
    int (*wait)(void *user); /* WFI; GO_ON: it is over */
    void (*leave)(void *user, int exception);
    uint32_t (*vectors)(void *user); /* where their table is (VTOR) */
    int (*fault)(void *user, enum processor_fault what, uint32_t address);
    /* A block of so many instructions is about to be executed, after attend has had its
     * say; NULL: they take no time. */
    void (*spend)(void *user, unsigned instructions);
};
enum { PROCESSOR_BLOCKS = 1 << 20 };

/* Between two runs. */
struct processor_state {
    uint32_t r[16], xpsr;
};

struct processor_module {
    uint32_t version;
    /* NULL: it cannot be made. `wires` and memories stay the caller's. */
    struct processor *(*make)(const struct processor_wires *wires,
                              const struct processor_memory *memory, int memories);
    void (*free)(struct processor *p);
    /* Executes until it is told to stop, or a call returns. */
    void (*run)(struct processor *p);
    /* The code has changed since the last run. */
    void (*forget)(struct processor *p);
    void (*get)(struct processor *p, struct processor_state *state);
    void (*set)(struct processor *p, const struct processor_state *state);
};
