/* Text about instructions and the stack. See report.h. */
#include "hal_target/emulated/report.h"
#include "core/hal.h"
#include "hal_target/cortex_m/semihost.h"
#include "hal_target/cortex_m/startup.h"

void report_line(const char *name, uint64_t x)
{
    char text[24];
    char *at = text + sizeof text;

    *--at = '\0';
    *--at = '\n';
    do
        *--at = (char)('0' + x % 10);
    while (x /= 10);
    semihost_print(name);
    semihost_print(" ");
    semihost_print(at);
}

static void print_part(const struct counter *c, enum counter_part part,
                       const char *const name[3])
{
    report_line(name[0], c->calls[part]);
    if (!c->calls[part])
        return;
    report_line(name[1], c->sum[part] / c->calls[part]);
    report_line(name[2], c->worst[part]);
}

void report_counts(const struct counter *c, uint64_t sample_sets)
{
    static const char *const name[COUNTER_PARTS][3] = {
        { "calls of meter_samples:", "  instructions, mean:", "  worst:" },
        { "passes of the main loop:", "  instructions, mean:", "  worst:" },
        { "Modbus requests:", "  instructions, mean:", "  worst:" }
    };
    uint64_t sum = c->sum[COUNTER_SAMPLES] + c->sum[COUNTER_PASS];

    for (int part = 0; part < COUNTER_PARTS; part++)
        print_part(c, (enum counter_part)part, name[part]);
    report_line("sample sets:", sample_sets);
    if (sample_sets) {
        report_line("  instructions each:", sum / sample_sets);
        report_line("  instructions a second:", sum * HAL_SAMPLE_RATE / sample_sets);
    }
    report_line("stack, bytes:", startup_stack_size());
    report_line("  used:", startup_stack_used());
}
