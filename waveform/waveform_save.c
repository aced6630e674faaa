/* A world as bytes: all that waveform_fill and the truth depend on, as it stands in the
 * middle of a block. Lines are kept as they are and not made anew, because some of them
 * (flicker, loads on a floating neutral) depend on when they were made. Only the tables
 * of sines are computed again: they follow from the lines. */
#include "waveform/waveform_parts.h"
#include <stdlib.h>

enum { LINES_MAX = 65535 };

void waveform_store_harmonics(struct store *s, struct waveform_harmonics *h)
{
    h->count = store_count(s, h->count, 0, WAVEFORM_HARMONICS);
    for (int k = 0; k < h->count; k++)
        STORE(s, h->item[k]);
}

void waveform_store_grid(struct store *s, struct waveform_grid *grid)
{
    STORE(s, grid->hz);
    STORE(s, grid->volts);
    STORE(s, grid->degrees);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        waveform_store_harmonics(s, &grid->harmonics[k]);
        store_flag(s, &grid->lost[k]);
    }
}

void waveform_store_load(struct store *s, struct waveform_load *load)
{
    STORE(s, load->amps);
    STORE(s, load->lag_degrees);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        waveform_store_harmonics(s, &load->harmonics[k]);
    store_flag(s, &load->ab);
}

void waveform_store_disturbance(struct store *s, struct waveform_disturbance *t)
{
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        STORE_ENUM(s, t->loss[k], WAVEFORM_LOSS_MOTOR);
    STORE(s, t->motor_share);
    STORE(s, t->motor_slows_s);
    store_flag(s, &t->neutral_open);
    STORE(s, t->flicker_hz);
    STORE(s, t->flicker_percent);
    STORE(s, t->flicker_less);
    STORE(s, t->notch_less);
    store_flag(s, &t->flicker_rectangular);
    STORE(s, t->notch_percent);
    STORE(s, t->notch_width_degrees);
    STORE(s, t->notch_delay_degrees);
    t->notch_orders = store_count(s, t->notch_orders, 0, SHAPE_ORDERS);
}

static void store_lines(struct store *s, struct lines *lines)
{
    int capacity = store_count(s, lines->capacity, 0, LINES_MAX);
    int count = store_count(s, lines->count, 0, capacity);

    if (s->loading)
        lines_reserve(lines, capacity);
    lines->count = count;
    for (int k = 0; k < count; k++)
        STORE(s, lines->item[k]);
}

static void store_turn(struct store *s, struct turn *t)
{
    STORE(s, t->whole);
    STORE(s, t->frac);
}

static void store_motion(struct store *s, struct waveform *w)
{
    bool there = w->motion != NULL;

    store_flag(s, &w->moves);
    store_flag(s, &there);
    if (there && s->loading)
        w->motion = motion_new();
    if (there)
        motion_store(w->motion, w->moves, s);
    else if (w->moves)
        s->failed = true;
}

static void store_piece(struct store *s, struct waveform *w)
{
    STORE(s, w->slope);
    store_turn(s, &w->bend);
    store_turn(s, &w->piece_phase);
    STORE(s, w->piece_s);
    STORE(s, w->cut);
    STORE(s, w->steady);
    STORE(s, w->piece);
    STORE(s, w->energy);
}

static void store_world(struct store *s, struct waveform *w)
{
    STORE_ENUM(s, w->wiring, WAVEFORM_WIRINGS - 1);
    STORE(s, w->hz);
    STORE(s, w->rate);
    waveform_store_grid(s, &w->grid);
    waveform_store_load(s, &w->load);
    store_lines(s, &w->lines);
    store_lines(s, &w->seen);
    STORE(s, w->seen_gain);
    store_turn(s, &w->next);
    w->left = store_count(s, w->left, 0, WAVEFORM_BLOCK);
    STORE(s, w->block);
    STORE(s, w->seconds);
    STORE(s, w->samples);
    store_flag(s, &w->raw);
    store_motion(s, w);
    store_piece(s, w);
    if (!(w->rate > 0))
        s->failed = true;
}

/* Saving changes nothing; a copy of the struct says so to the compiler. */
int waveform_save(const struct waveform *w, struct store *s)
{
    struct waveform copy = *w;
    bool has_view = w->view != NULL;

    if (w->play.recording)
        return -1;
    store_flag(s, &has_view);
    store_world(s, &copy);
    return s->failed ? -1 : 0;
}

/* What moves in the block that is being handed out is made again, the same. */
static void restore_blocks(struct waveform *w)
{
    w->blocks = w->moves && motion_has_blocks(w->motion);
    if (!w->blocks)
        return;
    motion_set_basis(w->motion, w->spectrum.half);
    basis_block(&w->motion->basis,
                turn_sub(w->next, waveform_phase_of(w, WAVEFORM_BLOCK)));
}

int waveform_restore(struct waveform *w, struct store *s)
{
    bool has_view = false;

    store_flag(s, &has_view);
    if (has_view != (w->view != NULL))
        s->failed = true;
    motion_free(w->motion);
    w->motion = NULL;
    playback_start(&w->play, NULL);
    store_world(s, w);
    if (s->failed)
        return -1;
    spectrum_reserve(&w->spectrum, w->lines.capacity);
    spectrum_set(&w->spectrum, w->view ? &w->seen : &w->lines,
                 turn_from_ratio(w->hz, 2 * w->rate));
    restore_blocks(w);
    return 0;
}
