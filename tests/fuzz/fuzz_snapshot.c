/* libFuzzer target of snapshots with a right CRC and wrong content. An input is a byte of
 * choices, then edits of the state of a plant that has been used. Whatever stands there,
 * the file is refused, or a plant comes of it that runs on, answers and can be saved. */
#include "hal_sim/unit.h"
#include "sim/plant/sim.h"
#include "sim/site/site_grid.h"
#include "sim/site/site_state.h"
#include "sim/site/state_file.h"
#include "waveform/event.h"
#include "waveform/load_kind.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { EDITS_MAX = 16, NUMBERS = 12, PLANTS = 2 };

static const int64_t second_ns = 1000000000, warm_up_ns = 3217000000;

static void require(bool kept)
{
    if (!kept)
        abort();
}

struct plant {
    struct sim *sim;
    struct site site;
};

static void plant_open(struct plant *p)
{
    memset(p, 0, sizeof *p);
    p->sim = sim_new();
    site_init(&p->site, p->sim);
}

static void plant_close(struct plant *p)
{
    site_clear(&p->site);
    sim_free(p->sim);
}

static struct site_meter *adopt(void *user, struct unit *unit, const char *name)
{
    struct plant *p = user;

    return site_add(&p->site, unit, name);
}

static bool plant_store(struct plant *p, struct store *st)
{
    const struct unit_options none = { .sink = NULL };

    return site_state_store(&p->site, st, &none, adopt, p);
}

static void add_unit(struct plant *p, const char *model)
{
    const struct unit_options o = { .model = model_find(model),
                                    .wiring = WAVEFORM_WYE,
                                    .ct_primary_a = 200,
                                    .ct_output_v = 1,
                                    .pt_ratio = 1,
                                    .serial_number = 7 };
    struct unit *u = unit_new(&o, sim_now(p->sim));
    struct waveform_grid grid = { .hz = 60 };
    struct waveform_load load = { .ab = false };

    for (int k = 0; k < 3; k++) {
        grid.volts[k] = 277;
        grid.degrees[k] = -120 * k;
        load.amps[k] = 40 + k;
        load.lag_degrees[k] = 25;
    }
    unit_set_grid(u, &grid);
    waveform_set_load(u->world, &load);
    unit_power(u, true);
    sim_add_unit(p->sim, u);
    site_add(&p->site, u, model);
}

/* What plays besides: a motor that starts, a sag that begins, faults of sensors. */
static void enliven(struct unit *u)
{
    struct waveform_event sag = event_defaults(WAVEFORM_EVENT_SAG);
    struct waveform_load_spec motor = load_defaults(WAVEFORM_LOAD_MOTOR);

    sag.duration_s = 2;
    sag.ramp_in_s = 1;
    motor.kw = 30;
    require(waveform_add_event(u->world, &sag) == 0);
    require(waveform_add_load(u->world, &motor) == 0);
    unit_set_fault(u, FAULT_ADC_NOISE, -1, 20);
    unit_set_fault(u, FAULT_CT_CLASS, -1, 0.5);
    unit_keys(u, METER_KEY_PLUS);
}

static struct store states[PLANTS];

static void make_states(void)
{
    for (int n = 0; n < PLANTS; n++) {
        struct plant p;
        plant_open(&p);
        add_unit(&p, n ? "s4000r" : "s4100");
        sim_run(p.sim, warm_up_ns);
        if (n == 0)
            enliven(sim_unit(p.sim, 0));
        sim_run(p.sim, warm_up_ns + second_ns / 2);
        require(plant_store(&p, &states[n]));
        plant_close(&p);
    }
}

struct input {
    const uint8_t *at, *end;
};

static uint64_t take(struct input *in, int count)
{
    uint64_t x = 0;

    while (count--)
        x = x << 8 | (in->at < in->end ? *in->at++ : 0u);
    return x;
}

/* Puts a number where one of its size may stand. */
static void edit(struct input *in, uint8_t *state, size_t size)
{
    static const double number[NUMBERS] = {
        0, -1, 1e300, -1e300, 1e15, 1e-300, 1e19, -1e19, 1e9, 4e9, 60, 0.0 / 0.0
    };
    const uint64_t what = take(in, 1), at = take(in, 3) % (size - 8);
    uint64_t value = take(in, 4);

    if (what % 4 == 0) {
        state[at] = (uint8_t)value;
    } else if (what % 4 == 1) {
        memcpy(state + at / 4 * 4, &value, 4);
    } else if (what % 4 == 2) {
        value = what & 4 ? 1ull << (value & 63) : value & 1 ? 0 - value : value << 31;
        memcpy(state + at / 4 * 4, &value, 8);
    } else {
        memcpy(state + at / 4 * 4, &number[value % NUMBERS], 8);
    }
}

/* What a scenario does with it: grid {} changes what was asked for before. */
static void use(struct plant *p, int64_t run_ns)
{
    static const uint8_t request[] = { 3, 0, 0, 0, 100 };
    struct waveform_truth truth;
    uint8_t answer[METER_PDU_MAX];

    for (int k = 0; k < sim_unit_count(p->sim); k++) {
        struct unit *u = sim_unit(p->sim, k);
        unit_request(u, request, sizeof request, answer);
        waveform_truth(u->world, &truth);
        unit_keys(u, METER_KEY_SELECT);
    }
    for (guint k = 0; k < p->site.meters->len; k++)
        site_grid_apply(site_at(&p->site, k), 0);
    sim_run(p->sim, sim_now(p->sim) + run_ns);
    for (int k = 0; k < sim_unit_count(p->sim); k++) {
        struct unit *u = sim_unit(p->sim, k);
        unit_set_fault(u, FAULT_HARMONIC_5, -1, 6);
        waveform_truth(u->world, &truth);
        unit_request(u, request, sizeof request, answer);
    }
}

static void restore(const struct store *state, int64_t run_ns)
{
    size_t size;
    uint8_t *file = state_file_pack(state, &size);
    struct store from, again = { .loading = false };
    struct plant p;

    require(state_file_unpack(file, size, &from) == NULL);
    plant_open(&p);
    if (site_state_meters(state) >= 0 && plant_store(&p, &from)) {
        use(&p, run_ns);
        require(plant_store(&p, &again));
        store_free(&again);
    }
    plant_close(&p);
    free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct input in = { bytes, bytes + size };

    if (!states[0].byte)
        make_states();
    const uint64_t choices = take(&in, 1);
    const struct store *base = &states[choices % PLANTS];
    struct store state = { .byte = malloc(base->size), .size = base->size };
    require(state.byte != NULL);
    memcpy(state.byte, base->byte, base->size);
    for (int left = EDITS_MAX; left && in.at < in.end; left--)
        edit(&in, state.byte, state.size);
    if (choices & 2)
        state.size -= take(&in, 2) % state.size;
    restore(&state, choices & 4 ? second_ns + second_ns / 10 : second_ns / 10);
    free(state.byte);
    return 0;
}
