/* An image that says what the two interrupts of a sample set cost, in instructions: the
 * front end's driver as in the meter's own image, on registers that the emulator lacks
 * and a frame that lies in memory already. Under -icount shift=0, see counter.h. */
#include "core/meter.h"
#include "hal_target/cortex_m/semihost.h"
#include "hal_target/cortex_m/startup.h"
#include "hal_target/emulated/counter.h"
#include "hal_target/emulated/report.h"
#include "hal_target/stm32f405/afe_ads131m06.h"
#include "hal_target/stm32f405/clocks.h"
#include <stddef.h>

enum { SETS = 600 };

void startup_first(void)
{
}

_Noreturn void startup_end(int code)
{
    semihost_exit(code);
}

_Noreturn void startup_fault(uint32_t exception, const uint32_t *frame)
{
    (void)exception, (void)frame;
    semihost_print("an exception of the processor\n");
    semihost_exit(1);
}

void startup_tick(void)
{
    startup_fault(15, NULL);
}

/* As it comes from the part: codes, and their CRC. */
static void make_frame(uint8_t frame[ADS_FRAME])
{
    const uint32_t size = ADS_FRAME - ADS_WORD;

    for (uint32_t k = ADS_WORD; k < size; k++)
        frame[k] = (uint8_t)(k * 37);
    uint16_t crc = ads_crc(frame, ADS_WORDS - 1);
    frame[size] = (uint8_t)(crc >> 8);
    frame[size + 1] = (uint8_t)crc;
}

int main(void)
{
    static struct meter meter;
    static struct afe afe;
    static struct counter counter;

    make_frame(afe.rx);
    counter_start(&counter);
    for (int k = 0; k < SETS; k++) {
        counter_begin(&counter);
        afe_ready_interrupt(&afe, (uint32_t)clocks_now_us());
        const uint32_t sets = afe_frame_interrupt(&afe);
        if (sets)
            meter_samples(&meter, (const int32_t(*)[BLOCK])afe.x, sets);
        counter_end(&counter, COUNTER_SAMPLES);
    }
    if (afe.damaged || afe.frames != SETS)
        semihost_print("frames were not taken\n");
    else
        report_line("interrupts of a sample set:", counter.sum[COUNTER_SAMPLES] / SETS);
    return afe.damaged != 0;
}
