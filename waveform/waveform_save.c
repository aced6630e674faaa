/* A world as bytes: all that waveform_fill and the truth depend on, as it stands in the
 * middle of a block. Lines are kept as they are and not made anew, because some of them
 * (flicker, loads on a floating neutral) depend on when they were made. Only the tables
 * of sines are computed again: they follow from the lines. */
#include "waveform/waveform_parts.h"
#include <stdlib.h>

enum { LINES_MAX = 65535, PERCENT_MAX = 1000000, DEGREES_MAX = 1000000000 };

/* World time: some centuries. */
#define SECONDS_MAX 1e10
#define SAMPLES_MAX INT64_C(10000000000000) /* a century */

/* Samples a second of a meter whose clock is out by whatever a fault allows. */
enum { RATE_MIN = 1, RATE_MAX = 1000000 };

void waveform_store_harmonics(struct store *s, struct waveform_harmonics *h)
{
    h->count = store_count(s, h->count, 0, WAVEFORM_HARMONICS);
    for (int k = 0; k < h->count; k++) {
        store_reals(s, &h->item[k].order, 1, 0, SHAPE_ORDERS);
        STORE_REAL(s, h->item[k].percent, PERCENT_MAX);
        STORE_REAL(s, h->item[k].degrees, DEGREES_MAX);
    }
}

void waveform_store_grid(struct store *s, struct waveform_grid *grid)
{
    store_reals(s, &grid->hz, 1, WAVEFORM_HZ_MIN, WAVEFORM_HZ_MAX);
    STORE_REALS(s, grid->volts, STORE_SIZE_MAX);
    STORE_REALS(s, grid->degrees, DEGREES_MAX);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        waveform_store_harmonics(s, &grid->harmonics[k]);
        store_flag(s, &grid->lost[k]);
    }
}

void waveform_store_load(struct store *s, struct waveform_load *load)
{
    STORE_REALS(s, load->amps, STORE_SIZE_MAX);
    STORE_REALS(s, load->lag_degrees, DEGREES_MAX);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        waveform_store_harmonics(s, &load->harmonics[k]);
    store_flag(s, &load->ab);
}

void waveform_store_disturbance(struct store *s, struct waveform_disturbance *t)
{
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        STORE_ENUM(s, t->loss[k], WAVEFORM_LOSS_MOTOR);
    STORE_REALS(s, t->motor_share, 1);
    STORE_REAL(s, t->motor_slows_s, SECONDS_MAX);
    store_flag(s, &t->neutral_open);
    STORE_REAL(s, t->flicker_hz, WAVEFORM_HZ_MAX);
    STORE_REAL(s, t->flicker_percent, PERCENT_MAX);
    STORE_REALS(s, t->flicker_less, 1);
    STORE_REALS(s, t->notch_less, 1);
    store_flag(s, &t->flicker_rectangular);
    STORE_REAL(s, t->notch_percent, PERCENT_MAX);
    STORE_REAL(s, t->notch_width_degrees, DEGREES_MAX);
    STORE_REAL(s, t->notch_delay_degrees, DEGREES_MAX);
    t->notch_orders = store_count(s, t->notch_orders, 0, SHAPE_ORDERS);
}

void waveform_store_line(struct store *s, struct waveform_line *line)
{
    store_reals(s, &line->order, 1, 0, STORE_SIZE_MAX);
    STORE_REALS(s, line->re, STORE_SIZE_MAX);
    STORE_REALS(s, line->im, STORE_SIZE_MAX);
}

static void store_lines(struct store *s, struct lines *lines)
{
    int capacity = store_count(s, lines->capacity, 0, LINES_MAX);
    int count = store_count(s, lines->count, 0, capacity);

    if (s->loading)
        lines_reserve(lines, capacity);
    lines->count = count;
    for (int k = 0; k < count; k++)
        waveform_store_line(s, &lines->item[k]);
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

static void store_truth(struct store *s, struct waveform_truth *t)
{
    store_reals(s, &t->hz, sizeof *t / sizeof(double), -STORE_SIZE_MAX, STORE_SIZE_MAX);
}

static void store_piece(struct store *s, struct waveform *w)
{
    STORE_REAL(s, w->slope, WAVEFORM_HZ_MAX);
    store_turn(s, &w->bend);
    store_turn(s, &w->piece_phase);
    STORE_REAL(s, w->piece_s, SECONDS_MAX);
    store_integers(s, &w->cut, 1, w->samples, INT64_MAX);
    store_truth(s, &w->steady);
    store_integers(s, &w->piece, 1, 0, w->samples);
    store_reals(s, &w->energy.wh_import[0], sizeof w->energy / sizeof(double),
                -STORE_SIZE_MAX, STORE_SIZE_MAX);
}

static void store_plain(struct store *s, struct waveform *w)
{
    struct waveform_grid grid = kept_grid(&w->grid);
    struct waveform_load load = kept_load(&w->load);

    waveform_store_grid(s, &grid);
    waveform_store_load(s, &load);
    if (!s->loading)
        return;
    kept_set_grid(&w->grid, &grid);
    kept_set_load(&w->load, &load);
}

static void store_world(struct store *s, struct waveform *w)
{
    STORE_ENUM(s, w->wiring, WAVEFORM_WIRINGS - 1);
    store_reals(s, &w->hz, 1, 0, 2 * WAVEFORM_HZ_MAX);
    store_reals(s, &w->rate, 1, RATE_MIN, RATE_MAX);
    store_plain(s, w);
    store_lines(s, &w->lines);
    store_lines(s, &w->seen);
    store_reals(s, w->seen_gain[0], sizeof w->seen_gain / sizeof(double),
                -STORE_SIZE_MAX, STORE_SIZE_MAX);
    store_turn(s, &w->next);
    w->left = store_count(s, w->left, 0, WAVEFORM_BLOCK);
    store_reals(s, &w->seconds, 1, 0, SECONDS_MAX);
    store_integers(s, &w->samples, 1, 0, SAMPLES_MAX);
    store_flag(s, &w->raw);
    store_motion(s, w);
    store_piece(s, w);
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
    w->block = WAVEFORM_NO_BLOCK;
    store_world(s, w);
    if (s->failed)
        return -1;
    const struct waveform_grid grid = kept_grid(&w->grid);
    if (w->motion && !motion_has_room(w->motion, &grid, &w->lines, &w->seen))
        return -1;
    spectrum_reserve(&w->spectrum, w->lines.capacity);
    spectrum_set(&w->spectrum, w->view ? &w->seen : &w->lines,
                 turn_from_ratio(w->hz, 2 * w->rate));
    restore_blocks(w);
    return 0;
}
