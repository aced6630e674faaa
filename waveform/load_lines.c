/* Currents from the description of a load of constant current. The harmonics of a
 * current stand against the current's own fundamental, so that the shape of the wave (a
 * rectifier's, a dimmer's) does not change with its lag. */
#include "waveform/load_lines.h"
#include "waveform/three_wires.h"
#include <math.h>

static void add_current(const struct waveform_load *load, int phase, double amps,
                        enum waveform_channel channel, struct turn voltage,
                        struct lines *lines)
{
    struct turn lag = turn_from_ratio(load->lag_degrees[phase], 360);
    struct turn angle = turn_sub(voltage, lag);
    lines_add_phasor(lines, 1, channel, amps, angle.frac);
    lines_add_harmonics(lines, &load->harmonics[phase], channel, amps, angle);
}

static struct turn angle_ab(const struct lines *lines)
{
    for (int k = 0; k < lines->count; k++) {
        const struct waveform_line *line = &lines->item[k];
        if (line->order == 1)
            return turn_from_vector(line->re[WAVEFORM_VA] - line->re[WAVEFORM_VB],
                                    line->im[WAVEFORM_VA] - line->im[WAVEFORM_VB]);
    }
    return (struct turn){ 0, 0 };
}

static void add_between_a_and_b(const struct waveform_load *load,
                                const struct waveform_grid *grid, struct lines *lines)
{
    if (grid->lost[0] || grid->lost[1] || load->amps[0] == 0)
        return;
    struct turn voltage = angle_ab(lines);
    add_current(load, 0, load->amps[0], WAVEFORM_IA, voltage, lines);
    add_current(load, 0, -load->amps[0], WAVEFORM_IB, voltage, lines);
}

static void add_on_three_wires(const struct waveform_load *load,
                               const struct waveform_grid *grid, struct lines *lines)
{
    struct waveform_load closed = *load;
    struct turn star[WAVEFORM_PHASES];
    double volts[WAVEFORM_PHASES];
    three_wires_close(grid, &closed);
    three_wires_star(grid, volts, star);
    for (int phase = 0; phase < WAVEFORM_PHASES; phase++)
        if (closed.amps[phase] != 0)
            add_current(&closed, phase, closed.amps[phase],
                        (enum waveform_channel)(WAVEFORM_IA + phase), star[phase],
                        lines);
    for (int k = 0; k < lines->count; k++)
        three_wires_line(&lines->item[k], grid->lost);
}

void load_add_lines(const struct waveform_load *load, const struct waveform_grid *grid,
                    enum waveform_wiring wiring, struct lines *lines)
{
    if (load->ab) {
        add_between_a_and_b(load, grid, lines);
        return;
    }
    if (wiring == WAVEFORM_DELTA) {
        add_on_three_wires(load, grid, lines);
        return;
    }
    for (int phase = 0; phase < WAVEFORM_PHASES; phase++) {
        enum waveform_channel channel = (enum waveform_channel)(WAVEFORM_IA + phase);
        struct turn voltage = turn_from_ratio(grid->degrees[phase], 360);
        if (!grid->lost[phase] && load->amps[phase] != 0)
            add_current(load, phase, load->amps[phase], channel, voltage, lines);
    }
}
