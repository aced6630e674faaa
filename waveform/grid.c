/* Voltages from the description of the grid. The fundamental is always there, even at
 * 0 V: the load and the exact values ask for it. */
#include "waveform/grid.h"

void grid_add_lines(const struct waveform_grid *grid, struct lines *lines)
{
    for (int phase = 0; phase < WAVEFORM_PHASES; phase++) {
        enum waveform_channel channel = (enum waveform_channel)(WAVEFORM_VA + phase);
        double volts = grid->lost[phase] ? 0 : grid->volts[phase];
        struct turn angle = turn_from_ratio(grid->degrees[phase], 360);
        lines_add_phasor(lines, 1, channel, volts, angle.frac);
        if (volts != 0)
            lines_add_harmonics(lines, &grid->harmonics[phase], channel, volts, angle);
    }
}
