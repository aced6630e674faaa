/* Axes of the drawings in a report. All share one time axis, so that what happens at
 * one time stands in one line. */
#include "sim/report/report_axis.h"
#include "sim/report/report_text.h"
#include <math.h>
#include <stdbool.h>

double report_axis_x(double seconds, double end_s)
{
    double part = end_s > 0 ? seconds / end_s : 0;

    return AXIS_LEFT + (AXIS_RIGHT - AXIS_LEFT) * fmin(fmax(part, 0), 1);
}

double report_axis_step(double span, int count)
{
    double step = pow(10, floor(log10(span / count)));
    static const double factors[] = { 1, 2, 5, 10 };

    for (size_t k = 0; k < G_N_ELEMENTS(factors); k++)
        if (span / (factors[k] * step) <= count)
            return factors[k] * step;
    return 10 * step;
}

/* Steps that a clock has. */
static double time_step(double span)
{
    static const double steps[] = { 1,   2,   5,    10,   15,   30,    60,    120,  300,
                                    600, 900, 1800, 3600, 7200, 10800, 21600, 43200 };

    if (span <= 10)
        return report_axis_step(span, 11);
    for (size_t k = 0; k < G_N_ELEMENTS(steps); k++)
        if (span / steps[k] <= 13)
            return steps[k];
    return 86400 * ceil(span / 86400 / 13);
}

/* "0:06.0", "2:30:00": as fine as the span asks for. */
static void print_clock(double seconds, double end_s, char *text, size_t size)
{
    long whole = (long)floor(seconds);

    if (end_s <= 120)
        g_ascii_formatd(text, (int)size, seconds == floor(seconds) ? "%.0f" : "%.3g",
                        seconds);
    else if (end_s <= 3600)
        g_snprintf(text, size, "%ld:%02ld", whole / 60, whole % 60);
    else if (whole % 60 == 0)
        g_snprintf(text, size, "%ld:%02ld", whole / 3600, whole / 60 % 60);
    else
        g_snprintf(text, size, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60,
                   whole % 60);
}

static const char *unit_of(double end_s)
{
    return end_s <= 120 ? " s" : end_s <= 3600 ? " min" : " h";
}

void report_axis_time(GString *svg, double end_s, int top, int bottom)
{
    double step = end_s > 0 ? time_step(end_s) : 1;
    char clock[32];

    for (int k = 0; k * step <= end_s * 1.000001; k++) {
        double x = report_axis_x(k * step, end_s);
        g_string_append(svg, "<line class=\"grid\" x1=\"");
        report_number(svg, x, "%.1f");
        g_string_append(svg, "\" x2=\"");
        report_number(svg, x, "%.1f");
        g_string_append_printf(svg, "\" y1=\"%d\" y2=\"%d\"/>", top, bottom);
        g_string_append(svg, "<text class=\"tick mid\" x=\"");
        report_number(svg, x, "%.1f");
        print_clock(k * step, end_s, clock, sizeof clock);
        bool last = (k + 1) * step > end_s * 1.000001;
        g_string_append_printf(svg, "\" y=\"%d\">%s%s</text>", bottom + 15, clock,
                               last ? unit_of(end_s) : "");
    }
}
