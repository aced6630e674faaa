/* Fault records. See fault.h; the stacked frame: Armv7-M ARM, B1.5.6, the fault status:
 * B3.2.15 to B3.2.19. */
#include "hal_target/stm32f405/fault.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/registers.h"
#include <stddef.h>

enum { FRESH = 0x464C5421, FILED = 0x464C542E, FRAME_LR = 5, FRAME_PC = 6 };
enum { CFSR_MMARVALID = 1 << 7, CFSR_BFARVALID = 1 << 15 };

static uint32_t sum(const struct fault *f)
{
    return f->magic + f->count + f->exception + f->pc + f->lr + f->cfsr + f->hfsr +
           f->address;
}

static bool is_record(const struct fault *f)
{
    return (f->magic == FRESH || f->magic == FILED) && f->check == sum(f);
}

static uint32_t bad_address(uint32_t cfsr)
{
    if (cfsr & CFSR_BFARVALID)
        return mmio_read(SCB_BFAR);
    return cfsr & CFSR_MMARVALID ? mmio_read(SCB_MMFAR) : 0;
}

static void record(struct fault *f, struct fault now)
{
    now.magic = FRESH;
    now.count = is_record(f) ? f->count + 1 : 1;
    *f = now;
    f->check = sum(f);
}

void fault_record(struct fault *f, uint32_t exception, const uint32_t *frame)
{
    uint32_t cfsr = mmio_read(SCB_CFSR);

    record(f, (struct fault){ .exception = exception,
                              .pc = frame ? frame[FRAME_PC] : 0,
                              .lr = frame ? frame[FRAME_LR] : 0,
                              .cfsr = cfsr,
                              .hfsr = mmio_read(SCB_HFSR),
                              .address = bad_address(cfsr) });
}

void fault_record_assertion(struct fault *f, uint32_t pc, uint32_t line)
{
    record(f, (struct fault){ .exception = FAULT_ASSERTION, .pc = pc, .lr = line });
}

bool fault_fetch(struct fault *f)
{
    if (!is_record(f)) {
        *f = (struct fault){ .magic = FILED };
        f->check = sum(f);
        return false;
    }
    bool fresh = f->magic == FRESH;
    f->magic = FILED;
    f->check = sum(f);
    return fresh;
}

void fault_restart(void)
{
    mmio_write(SCB_AIRCR, SCB_AIRCR_RESET);
}
