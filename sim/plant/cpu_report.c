/* The figures of --cpu as text. See cpu_report.h. */
#include "sim/plant/cpu_report.h"
#include "hal_sim/board.h"
#include "hal_sim/unit.h"
#include "sim/plant/sim.h"
#include <stdio.h>

static void append_figure(GString *text, const struct device_figure *f)
{
    const char *gap = *f->unit ? " " : "";

    if (f->count == 0)
        g_string_append_printf(text, "  %s: never\n", f->name);
    else if (f->count == 1)
        g_string_append_printf(text, "  %s: %.6g%s%s\n", f->name, f->mean, gap,
                               f->unit);
    else
        g_string_append_printf(
            text, "  %s: %.3g to %.3g%s%s, mean %.3g (%" G_GINT64_FORMAT " times)\n",
            f->name, f->least, f->most, gap, f->unit, f->mean, f->count);
}

static void append_device(GString *text, const struct device *d)
{
    struct device_figure f[DEVICE_FIGURES];
    const int count = d->kind->figures ? d->kind->figures(d, f) : 0;

    if (count)
        g_string_append_printf(text, "processor of %s, serial number %u:\n",
                               d->model->name, d->board->serial_number);
    for (int k = 0; k < count; k++)
        append_figure(text, &f[k]);
}

static char *finish(GString *text)
{
    const bool empty = text->len == 0;

    if (!empty)
        g_string_truncate(text, text->len - 1);
    return g_string_free(text, empty);
}

char *cpu_report(struct sim *sim)
{
    GString *text = g_string_new(NULL);

    for (int k = 0; k < sim_unit_count(sim); k++)
        append_device(text, sim_unit(sim, k)->device);
    return finish(text);
}

char *cpu_report_device(const struct device *device)
{
    GString *text = g_string_new(NULL);

    append_device(text, device);
    return finish(text);
}

void cpu_report_print(struct sim *sim)
{
    char *figures = cpu_report(sim);

    if (figures)
        puts(figures);
    g_free(figures);
}
