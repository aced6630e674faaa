/* The world of one meter: grid and load, raw lines or a recording, and the time in it.
 *
 * Only the fundamental has a phase that runs; every line's is its order times that, so
 * a change of frequency, amplitude or lines cannot make one jump. Samples are made in
 * blocks of 42, each as a whole, and handed out in pieces of any size.
 * A change throws away what of the block is not handed out and begins a new one at the
 * very next sample: blocks are cut where the world changes and nowhere else, which is
 * why the samples do not depend on the size of the pieces.
 *
 * Between changes all powers are constant: energy is power × time over these pieces,
 * import or export by the sign of the piece's power.
 *
 * Events and added loads (motion.h) are changes that the world makes by itself: it
 * ends the piece at their sample, whatever the size of the fills, and has envelopes and a
 * moving frequency within a piece, which are functions of the sample's own time. */
#include "waveform/base/constants.h"
#include "waveform/grid.h"
#include "waveform/load_lines.h"
#include "waveform/waveform_parts.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Energy up to now, into `energy`. */
static void add_piece(const struct waveform *w, struct playback *play,
                      struct truth_energy *energy)
{
    if (play->recording)
        playback_settle(play, w->wiring, w->rate, energy);
    else if (w->moves)
        motion_add_energy(w->motion, w->piece_s,
                          w->piece_s + (double)w->piece / w->rate, energy);
    else
        truth_add_energy(energy, &w->steady, (double)w->piece / w->rate);
}

/* Before anything changes: closes the piece and drops the rest of the block. */
static void end_piece(struct waveform *w)
{
    add_piece(w, &w->play, &w->energy);
    if (w->slope != 0) {
        w->next = waveform_phase_at(w, w->piece);
        w->hz += w->slope * ((double)w->piece / w->rate);
        w->slope = 0;
    }
    w->piece = 0;
    w->next = turn_sub(w->next, waveform_phase_of(w, w->left));
    w->left = 0;
}

static struct waveform_line see_line(const struct waveform *w,
                                     const struct waveform_line *x)
{
    double re[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS] = { { 0 } };
    double im[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS] = { { 0 } };
    struct waveform_line y = { .order = x->order };

    w->view(w->view_user, x->order * w->hz, re, im);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        for (int k = 0; k < WAVEFORM_CHANNELS; k++) {
            y.re[ch] += re[ch][k] * x->re[k] - im[ch][k] * x->im[k];
            y.im[ch] += re[ch][k] * x->im[k] + im[ch][k] * x->re[k];
        }
    return y;
}

/* What the samples are made of: the lines, or the lines through the view. */
static const struct lines *see_lines(struct waveform *w)
{
    if (!w->view)
        return &w->lines;
    w->seen.count = 0;
    for (int k = 0; k < w->lines.count; k++) {
        struct waveform_line y = see_line(w, &w->lines.item[k]);
        lines_add(&w->seen, &y);
    }
    return &w->seen;
}

/* Whether the world does more than its plain grid and load. */
static bool is_live(const struct waveform *w)
{
    return w->motion && !w->raw && !w->play.recording && !motion_idle(w->motion);
}

/* The first sample that comes after the instant, but not the next one's own. */
static int64_t sample_after(const struct waveform *w, double instant)
{
    double sample = (instant - w->seconds) * w->rate;
    if (!(sample < 9e15))
        return INT64_MAX;
    int64_t n = (int64_t)ceil(sample);
    while (event_reached(waveform_time_of(w, n - 1), instant))
        n--;
    while (!event_reached(waveform_time_of(w, n), instant))
        n++;
    return n > w->samples ? n : w->samples + 1;
}

static void begin_motion(struct waveform *w)
{
    struct motion *m = w->motion;
    w->moves = m->layers > 0;
    w->slope = m->hz.slope;
    w->bend = grid_signed_turns(TWO_TO_32 * w->slope, 2 * w->rate * w->rate);
    w->piece_phase = w->next;
    w->piece_s = waveform_time_of(w, w->samples);
    w->cut = sample_after(w, motion_next(m, w->piece_s));
    w->blocks = motion_has_blocks(m);
    if (w->blocks)
        motion_set_basis(m, w->spectrum.half);
    if (!w->moves)
        return;
    if (m->rotates)
        w->cut = w->samples + 1;
    for (int k = 0; k < m->lines; k++)
        m->line[k].seen = w->view ? see_line(w, &m->line[k].line) : m->line[k].line;
    motion_find_powers(m, w->wiring, &w->lines);
}

/* After the lines, the view, the frequency or the rate have changed. */
static void begin_piece(struct waveform *w)
{
    struct truth_sums sums = { 0 };
    spectrum_set(&w->spectrum, see_lines(w), turn_from_ratio(w->hz, 2 * w->rate));
    for (int k = 0; k < w->lines.count; k++)
        truth_add_line(&sums, w->wiring, &w->lines.item[k]);
    truth_from_sums(&sums, w->wiring, w->hz, &w->steady);
    w->moves = w->blocks = false;
    w->cut = INT64_MAX;
    if (is_live(w))
        begin_motion(w);
}

/* Frequencies that have changed until now, and events that are over. The grid's hz is
 * where the frequency goes, so that a grid that is set again as it was changes nothing.
 */
static void pass_time(struct waveform *w)
{
    double turns = motion_pass(w->motion, waveform_time_of(w, w->samples), &w->hz);
    w->grid.hz = w->motion->hz.slope != 0 ? w->motion->hz.to_hz : w->hz;
    w->next = turn_add(w->next, grid_signed_turns(turns, 1));
}

static void add_plain_lines(struct waveform *w)
{
    const struct waveform_grid grid = kept_grid(&w->grid);
    const struct waveform_load load = kept_load(&w->load);

    grid_add_lines(&grid, &w->lines);
    load_add_lines(&load, &grid, w->wiring, &w->lines);
}

/* The lines of now; the piece before has ended. */
static void build_world(struct waveform *w)
{
    w->lines.count = 0;
    if (is_live(w))
        pass_time(w);
    if (!is_live(w)) {
        add_plain_lines(w);
        return;
    }
    const struct waveform_grid grid = kept_grid(&w->grid);
    struct motion_place place = { &grid,
                                  w->wiring,
                                  { w->next, waveform_time_of(w, w->samples), w->hz } };
    motion_build(w->motion, &place, &w->lines);
}

/* Reserves all that fill may need, so that it does not allocate. */
static void reserve_motion(struct waveform *w)
{
    const struct waveform_grid grid = kept_grid(&w->grid);
    const struct waveform_load load = kept_load(&w->load);

    load_part_from_plain(&load, &grid, w->wiring, &w->motion->plain);
    spectrum_reserve(&w->spectrum,
                     motion_reserve(w->motion, &grid, &w->lines, &w->seen));
}

/* Takes in what was changed; the piece before has ended. */
static void apply_changes(struct waveform *w)
{
    playback_start(&w->play, NULL);
    w->raw = false;
    if (w->motion)
        reserve_motion(w);
    if (!w->motion || w->motion->hz.slope == 0)
        w->hz = w->grid.hz;
    build_world(w);
    begin_piece(w);
}

static void end_motion(struct waveform *w)
{
    motion_free(w->motion);
    w->motion = NULL;
}

struct waveform *waveform_new(enum waveform_wiring wiring)
{
    struct waveform *w = calloc(1, sizeof *w);
    if (!w)
        abort();
    w->wiring = wiring;
    w->hz = w->grid.hz = 60;
    w->rate = 2520;
    w->grid.degrees[1] = -120;
    w->grid.degrees[2] = 120;
    begin_piece(w);
    return w;
}

void waveform_free(struct waveform *w)
{
    if (!w)
        return;
    spectrum_free(&w->spectrum);
    lines_free(&w->lines);
    lines_free(&w->seen);
    motion_free(w->motion);
    kept_free(&w->grid.harmonics);
    kept_free(&w->load.harmonics);
    free(w);
}

void waveform_set_rate(struct waveform *w, double samples_per_s)
{
    assert(samples_per_s > 0);
    end_piece(w);
    w->seconds += (double)w->samples / w->rate;
    w->samples = 0;
    w->rate = samples_per_s;
    if (is_live(w))
        build_world(w);
    begin_piece(w);
}

void waveform_set_grid(struct waveform *w, const struct waveform_grid *grid)
{
    end_piece(w);
    if (w->motion && grid->hz != w->grid.hz)
        w->motion->hz = (struct event_hz){ 0 };
    if (w->motion)
        motion_note_losses(w->motion, w->grid.lost, grid->lost,
                           waveform_time_of(w, w->samples));
    kept_set_grid(&w->grid, grid);
    apply_changes(w);
}

void waveform_set_load(struct waveform *w, const struct waveform_load *load)
{
    end_piece(w);
    kept_set_load(&w->load, load);
    apply_changes(w);
}

enum waveform_wiring waveform_wiring(const struct waveform *w)
{
    return w->wiring;
}

struct waveform_grid waveform_grid(const struct waveform *w)
{
    return kept_grid(&w->grid);
}

struct waveform_load waveform_load(const struct waveform *w)
{
    return kept_load(&w->load);
}

/* The world in motion, made at first use. */
static struct motion *motion(struct waveform *w)
{
    if (!w->motion)
        w->motion = motion_new();
    return w->motion;
}

/* Raw lines and recordings have no grid that anything could happen to. */
static bool has_grid(const struct waveform *w)
{
    return !w->raw && !w->play.recording;
}

int waveform_set_disturbance(struct waveform *w,
                             const struct waveform_disturbance *disturbance)
{
    if (!has_grid(w))
        return -1;
    end_piece(w);
    int result =
        motion_set_disturbance(motion(w), disturbance, waveform_time_of(w, w->samples));
    apply_changes(w);
    return result;
}

const struct waveform_disturbance *waveform_disturbance(const struct waveform *w)
{
    static const struct waveform_disturbance none;
    return w->motion ? &w->motion->disturbance : &none;
}

int waveform_add_load(struct waveform *w, const struct waveform_load_spec *spec)
{
    if (!has_grid(w))
        return -1;
    end_piece(w);
    const struct waveform_grid grid = kept_grid(&w->grid);
    int result =
        motion_add_load(motion(w), spec, &grid, waveform_time_of(w, w->samples));
    apply_changes(w);
    return result;
}

void waveform_clear_loads(struct waveform *w)
{
    if (!w->motion || w->motion->parts == 0)
        return;
    end_piece(w);
    motion_clear_loads(w->motion);
    apply_changes(w);
}

int waveform_add_event(struct waveform *w, const struct waveform_event *event)
{
    if (!event_valid(event) || !has_grid(w) || !(w->hz > 0) ||
        motion(w)->events == MOTION_EVENTS)
        return -1;
    end_piece(w);
    struct turn a = turn_add(w->next, turn_from_ratio(w->grid.degrees[0], 360));
    w->motion->event[w->motion->events++] =
        event_schedule(event, waveform_time_of(w, w->samples), a, w->hz);
    apply_changes(w);
    return 0;
}

void waveform_clear_events(struct waveform *w)
{
    if (!w->motion)
        return;
    end_piece(w);
    w->motion->events = 0;
    w->motion->hz = (struct event_hz){ 0 };
    w->grid.hz = w->hz;
    apply_changes(w);
}

int waveform_set_lines(struct waveform *w, double hz, const struct waveform_line *line,
                       int count)
{
    if (count < 0 || count > WAVEFORM_LINES)
        return -1;
    end_piece(w);
    playback_start(&w->play, NULL);
    end_motion(w);
    w->raw = true;
    w->hz = hz;
    w->lines.count = 0;
    for (int k = 0; k < count; k++)
        lines_add(&w->lines, &line[k]);
    begin_piece(w);
    return 0;
}

static void prepare_recording_view(struct waveform *w)
{
    double im[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS] = { { 0 } };

    memset(w->seen_gain, 0, sizeof w->seen_gain);
    if (w->view && w->play.recording)
        w->view(w->view_user, w->play.recording->hz, w->seen_gain, im);
}

void waveform_set_view(struct waveform *w, waveform_view view, void *user)
{
    end_piece(w);
    w->view = view;
    w->view_user = user;
    prepare_recording_view(w);
    begin_piece(w);
}

bool waveform_plays(const struct waveform *w)
{
    return w->play.recording != NULL;
}

bool waveform_uses_recording(const struct waveform *w, const struct recording *r)
{
    return w->play.recording == r;
}

bool waveform_uses_profile(const struct waveform *w, const struct profile *p)
{
    for (int n = 0; w->motion && n < w->motion->parts; n++)
        for (int k = 0; k < WAVEFORM_PHASES; k++)
            if (w->motion->part[n].drive[k].profile == p)
                return true;
    return false;
}

/* Makes room for the lines of grid and load, which a recording may give way to while it
 * is filled. */
static void reserve_grid(struct waveform *w)
{
    add_plain_lines(w);
    spectrum_reserve(&w->spectrum, w->lines.count);
    see_lines(w);
    w->lines.count = 0;
}

/* The world is dead under a recording: it stays dead when the recording is removed. */
void waveform_play(struct waveform *w, const struct recording *recording)
{
    if (!recording && !w->play.recording)
        return;
    end_piece(w);
    end_motion(w);
    w->lines.count = 0;
    reserve_grid(w);
    w->raw = true;
    playback_start(&w->play, recording);
    prepare_recording_view(w);
    begin_piece(w);
}

void waveform_next_piece(struct waveform *w)
{
    end_piece(w);
    if (w->play.recording) {
        apply_changes(w);
        return;
    }
    build_world(w);
    begin_piece(w);
}

/* The steady state with the envelopes as they are now. */
static void present_truth(const struct waveform *w, struct waveform_truth *truth)
{
    struct truth_sums sums = { 0 };
    struct lines now = { 0 };
    motion_present_lines(w->motion, waveform_time_of(w, w->samples), &w->lines, &now);
    for (int k = 0; k < now.count; k++)
        truth_add_line(&sums, w->wiring, &now.item[k]);
    truth_from_sums(&sums, w->wiring, w->hz + w->slope * ((double)w->piece / w->rate),
                    truth);
    lines_free(&now);
}

void waveform_truth(const struct waveform *w, struct waveform_truth *truth)
{
    struct playback play = w->play;
    struct truth_energy energy = w->energy;
    if (play.recording)
        playback_truth(&play, w->wiring, w->rate, truth);
    else if (w->moves || w->slope != 0)
        present_truth(w, truth);
    else
        *truth = w->steady;
    add_piece(w, &play, &energy);
    truth_set_energy(truth, &energy);
}

/* acos by the project's own arctangent: libm's last bit depends on the processor. */
double waveform_lag_degrees(double pf, bool leading)
{
    double rest = 1 - pf * pf;
    struct turn angle = turn_from_vector(pf, sqrt(rest > 0 ? rest : 0));
    double degrees = (double)angle.frac * (360.0 / TWO_TO_64);

    return leading ? -degrees : degrees;
}
