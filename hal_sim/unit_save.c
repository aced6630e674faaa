/* A unit as bytes. Derived values (the ADC's, the cores') are kept and not prepared
 * anew: preparing again would begin a new block of samples or round a flux once more,
 * and what follows would differ in its last bits. Whatever points out of the unit, to a
 * tape, a line, whoever watches requests, stays as the loading unit has it. */
#include "core/meter.h"
#include "hal_sim/unit.h"
#include "waveform/base/store.h"
#include <stdlib.h>
#include <string.h>

enum { NAME = 32, RATE_PPB_MAX = 20000000, LATE_US = 1000000 };

/* A page that was never written reads 0xFF; FRAM that is lent has all pages. */
static void store_page(struct store *s, struct hal *h, unsigned page)
{
    uint8_t bytes[BOARD_PAGE];
    bool there = board_nvm_has_page(h, page);

    memset(bytes, 0xFF, sizeof bytes);
    if (there && !s->loading)
        board_nvm_peek(h, page * BOARD_PAGE, bytes, BOARD_PAGE);
    store_flag(s, &there);
    if (there)
        STORE(s, bytes);
    if (s->loading && (there || h->nvm.memory))
        board_nvm_put_page(h, page, bytes);
}

static void store_outputs(struct store *s, struct hal *h)
{
    for (int which = 0; which < HAL_OUTPUTS; which++) {
        store_flag(s, &h->output[which]);
        store_flag(s, &h->driven[which]);
        STORE(s, h->output_edges[which]);
        h->stuck[which] =
            (uint8_t)store_count(s, h->stuck[which], 0, BOARD_CONTACT_OPEN);
    }
}

static void store_board(struct store *s, struct hal *h)
{
    if (s->loading)
        board_free(h);
    for (unsigned page = 0; page < BOARD_PAGES; page++)
        store_page(s, h, page);
    store_flag(s, &h->nvm_silent);
    STORE(s, h->nvm_tear);
    store_flag(s, &h->dead);
    STORE(s, h->lcd);
    store_outputs(s, h);
    STORE_ENUM(s, h->ct_range, HAL_CT_THIRD_V);
    STORE(s, h->baud);
    STORE_ENUM(s, h->parity, HAL_PARITY_ODD);
    STORE(s, h->frames_sent);
    STORE(s, h->serial_number);
    store_integers(s, &h->now_ns, 1, 0, STORE_NS_MAX);
}

static void store_adc(struct store *s, struct adc *a)
{
    STORE_REALS(s, a->clip, STORE_SIZE_MAX);
    STORE_REALS(s, a->offset, STORE_SIZE_MAX);
    STORE_REAL(s, a->noise_codes, STORE_SIZE_MAX);
    STORE_REALS(s, a->bend, STORE_SIZE_MAX);
    store_flag(s, &a->bent);
    a->slip = store_count(s, a->slip, 0, HAL_CHANNELS);
    store_flag(s, &a->stuck);
    STORE(s, a->ones);
    STORE(s, a->zeros);
    adc_find_spans(a);
}

static void store_core(struct store *s, struct ct_core *c)
{
    double *const number[] = { &c->knee,     &c->dc,  &c->gain,     &c->half,
                               &c->limit,    &c->q_r, &c->q_beyond, &c->g_r,
                               &c->g_beyond, &c->r,   &c->kept,     &c->rest };

    for (size_t k = 0; k < sizeof number / sizeof *number; k++)
        STORE_REAL(s, *number[k], STORE_SIZE_MAX);
    STORE_REALS(s, c->last, STORE_SIZE_MAX);
    store_flag(s, &c->fresh);
}

static void store_class(struct store *s, struct ct_class *c)
{
    double *const number[] = {
        &c->value, &c->rated, &c->side, &c->gain, &c->keep,
        &c->take,  &c->low,   &c->last, &c->sum,  &c->mean_square
    };

    for (size_t k = 0; k < sizeof number / sizeof *number; k++)
        STORE_REAL(s, *number[k], STORE_SIZE_MAX);
    c->count = store_count(s, c->count, 0, CT_CLASS_PERIOD - 1);
    store_flag(s, &c->fresh);
    if (s->loading)
        ct_class_find(c);
}

static void store_sensors(struct store *s, struct sensors *x)
{
    STORE_REAL(s, x->ct_primary_a, STORE_SIZE_MAX);
    STORE_REAL(s, x->ct_output_v, STORE_SIZE_MAX);
    STORE_REAL(s, x->pt_ratio, STORE_SIZE_MAX);
    STORE_ENUM(s, x->wiring, WAVEFORM_WIRINGS - 1);
    store_flag(s, &x->rope);
    STORE(s, x->noise_state);
    STORE_ENUM(s, x->range, HAL_CT_THIRD_V);
    STORE_REAL(s, x->codes_per_v, STORE_SIZE_MAX);
    STORE_REAL(s, x->codes_per_a, STORE_SIZE_MAX);
    store_adc(s, &x->adc);
    x->destroyed = (uint8_t)store_count(s, x->destroyed, 0, 7);
    x->saturating = (uint8_t)store_count(s, x->saturating, 0, 7);
    x->classed = (uint8_t)store_count(s, x->classed, 0, 7);
    STORE_REALS(s, x->remanence, STORE_SIZE_MAX);
    for (int k = 0; k < 3; k++) {
        store_core(s, &x->core[k]);
        store_class(s, &x->error[k]);
    }
}

static void store_model(struct store *s, struct unit *u)
{
    char name[NAME] = "";

    if (!s->loading)
        strncpy(name, u->model->name, sizeof name - 1);
    store_text(s, name, sizeof name);
    const struct model *model = model_find(name);
    if (model)
        u->model = u->device->model = model;
    else
        s->failed = true;
}

static void store_power(struct store *s, struct unit *u)
{
    int64_t *const number[] = {
        &u->supply_lost_ns, &u->now_ns,      &u->power_on_ns,  &u->rate_ppb,
        &u->clock_ns,       &u->clock_count, &u->since_lost,   &u->since_doubled,
        &u->dips_ns,        &u->uart_bytes,  &u->start_faults, &u->reported_faults
    };

    store_flag(s, &u->powered);
    store_flag(s, &u->supplied);
    store_flag(s, &u->dipped);
    store_flag(s, &u->off);
    for (size_t k = 0; k < sizeof number / sizeof *number; k++)
        store_integers(s, number[k], 1, number[k] == &u->rate_ppb ? -RATE_PPB_MAX : 0,
                       number[k] == &u->rate_ppb ? RATE_PPB_MAX : STORE_NS_MAX);
    u->filled = store_count(s, u->filled, 0, WAVEFORM_BLOCK - 1);
}

static void store_control(struct store *s, struct control *c)
{
    STORE_ENUM(s, c->wired, CONTROL_CA);
    store_flag(s, &c->lost);
    store_integers(s, &c->charged_ns, 1, 0, STORE_NS_MAX);
    store_integers(s, &c->since_ns, 1, 0, STORE_NS_MAX);
    STORE_REAL(s, c->peak, STORE_SIZE_MAX);
    STORE_REAL(s, c->peak_before, STORE_SIZE_MAX);
    store_integers(s, &c->block_ns, 1, 0, STORE_NS_MAX);
}

static void store_asked(struct store *s, struct unit *u)
{
    STORE(s, u->rot_state);
    STORE(s, u->link.random);
    store_integers(s, &u->link.answers, 1, 0, STORE_NS_MAX);
    store_integers(s, &u->link.polls, 1, 0, STORE_NS_MAX);
    store_integers(s, &u->link.hits, 1, 0, STORE_NS_MAX);
    bool shaped = u->asked != NULL;
    store_flag(s, &shaped);
    if (s->loading)
        unit_keep_asked(u, shaped);
    if (shaped) {
        waveform_store_grid(s, &u->asked->grid);
        waveform_store_disturbance(s, &u->asked->disturbance);
    }
    STORE_REAL(s, u->hz_shift, WAVEFORM_HZ_MAX);
    for (int option = 0; option < UNIT_OPTIONS; option++) {
        STORE(s, u->option[option]);
        store_flag(s, &u->option_set[option]);
    }
}

static void store_contacts(struct store *s, struct contacts *c)
{
    STORE(s, *c);
    if (s->loading && ((c->pressed | c->wanted | c->closed | c->bouncing) >> KEYS) != 0)
        s->failed = true;
}

static void check_faults(struct store *s, const struct faults *f)
{
    for (int id = 0; id < FAULTS; id++)
        for (int k = 0; k < 3; k++) {
            const struct fault_row *row = &fault_table[id];
            const double x = f->value[id][k];
            if (x != row->neutral && !(x >= row->min && x <= row->max))
                s->failed = true;
        }
}

static void store_faults(struct store *s, struct unit *u)
{
    struct faults f = *u->faults;

    STORE(s, f);
    if (!s->loading)
        return;
    check_faults(s, &f);
    if (fault_is_any(&f))
        *unit_own_faults(u) = f;
    else
        unit_drop_faults(u);
}

/* Samples have come up to now and no further, and the firmware was last called for what
 * was due. */
static bool clock_holds(const struct unit *u)
{
    const int64_t before[] = { u->supply_lost_ns,     u->power_on_ns,
                               u->clock_ns,           u->dips_ns,
                               u->control.charged_ns, u->control.since_ns,
                               u->control.block_ns };

    for (size_t k = 0; k < sizeof before / sizeof *before; k++)
        if (before[k] > u->now_ns)
            return false;
    if (u->hal.now_ns != u->now_ns || unit_sample_ns(u, u->clock_count) > u->now_ns ||
        unit_sample_ns(u, u->clock_count + 1) <= u->now_ns)
        return false;
    const uint64_t now_us = (uint64_t)(u->now_ns - u->power_on_ns) / 1000;
    return !u->powered || now_us <= LATE_US ||
           u->device->kind->deadline_us(u->device) >= now_us - LATE_US;
}

static bool contacts_hold(const struct unit *u)
{
    const struct contacts *c = &u->contacts;

    for (int k = 0; k < KEYS; k++)
        if (c->rest_ns[k] < 0 || c->rest_ns[k] > STORE_NS_MAX)
            return false;
    return c->next_ns == INT64_MAX ||
           (c->next_ns >= u->now_ns - CONTACTS_BOUNCE_NS && c->next_ns <= STORE_NS_MAX);
}

static void store_unit(struct store *s, struct unit *u)
{
    store_model(s, u);
    store_board(s, &u->hal);
    store_sensors(s, &u->sensors);
    store_contacts(s, &u->contacts);
    store_faults(s, u);
    store_power(s, u);
    store_control(s, &u->control);
    store_asked(s, u);
    u->device->kind->store(u->device, u->powered, s);
    if (s->loading && !s->failed && !(clock_holds(u) && contacts_hold(u)))
        s->failed = true;
}

int unit_save(const struct unit *u, struct store *s)
{
    struct unit *copy = malloc(sizeof *copy);

    if (!copy)
        abort();
    memcpy(copy, u, sizeof *copy);
    store_unit(s, copy);
    free(copy);
    return s->failed ? -1 : waveform_save(u->world, s);
}

int unit_restore(struct unit *u, struct store *s)
{
    store_unit(s, u);
    return s->failed ? -1 : waveform_restore(u->world, s);
}

uint64_t unit_layout(void)
{
    return sizeof(struct unit) * 31 + sizeof(struct meter) * 7;
}

struct unit *unit_new_restored(struct store *s, const struct unit_options *o)
{
    const struct unit_options options = { .model = model_at(0),
                                          .wiring = WAVEFORM_WYE,
                                          .ct_primary_a = 1,
                                          .ct_output_v = 1,
                                          .pt_ratio = 1,
                                          .sink = o->sink,
                                          .sink_user = o->sink_user,
                                          .maker = o->maker };
    struct unit *u = unit_new(&options, 0);

    if (unit_restore(u, s) == 0)
        return u;
    unit_free(u);
    return NULL;
}
