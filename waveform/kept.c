/* Harmonics packed and unpacked. See kept.h. */
#include "waveform/kept.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

void kept_free(struct kept_harmonics *h)
{
    free(h->item);
    *h = (struct kept_harmonics){ .item = NULL };
}

static void pack(struct kept_harmonics *to, const struct waveform_harmonics *from)
{
    size_t count = 0, at = 0;

    kept_free(to);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        assert(from[k].count >= 0 && from[k].count <= WAVEFORM_HARMONICS);
        to->count[k] = from[k].count;
        count += (size_t)from[k].count;
    }
    if (count == 0)
        return;
    to->item = malloc(count * sizeof *to->item);
    if (!to->item)
        abort();
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        memcpy(&to->item[at], from[k].item, (size_t)to->count[k] * sizeof *to->item);
        at += (size_t)to->count[k];
    }
}

static void unpack(struct waveform_harmonics *to, const struct kept_harmonics *from)
{
    const struct waveform_harmonic *item = from->item;

    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        to[k].count = from->count[k];
        for (int n = 0; n < from->count[k]; n++)
            to[k].item[n] = *item++;
    }
}

void kept_set_grid(struct kept_grid *kept, const struct waveform_grid *grid)
{
    kept->hz = grid->hz;
    memcpy(kept->volts, grid->volts, sizeof kept->volts);
    memcpy(kept->degrees, grid->degrees, sizeof kept->degrees);
    memcpy(kept->lost, grid->lost, sizeof kept->lost);
    pack(&kept->harmonics, grid->harmonics);
}

void kept_set_load(struct kept_load *kept, const struct waveform_load *load)
{
    memcpy(kept->amps, load->amps, sizeof kept->amps);
    memcpy(kept->lag_degrees, load->lag_degrees, sizeof kept->lag_degrees);
    kept->ab = load->ab;
    pack(&kept->harmonics, load->harmonics);
}

struct waveform_grid kept_grid(const struct kept_grid *kept)
{
    struct waveform_grid grid = { .hz = kept->hz };

    memcpy(grid.volts, kept->volts, sizeof grid.volts);
    memcpy(grid.degrees, kept->degrees, sizeof grid.degrees);
    memcpy(grid.lost, kept->lost, sizeof grid.lost);
    unpack(grid.harmonics, &kept->harmonics);
    return grid;
}

struct waveform_load kept_load(const struct kept_load *kept)
{
    struct waveform_load load = { .ab = kept->ab };

    memcpy(load.amps, kept->amps, sizeof load.amps);
    memcpy(load.lag_degrees, kept->lag_degrees, sizeof load.lag_degrees);
    unpack(load.harmonics, &kept->harmonics);
    return load;
}
