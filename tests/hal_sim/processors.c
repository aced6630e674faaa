/* Prints one hash for each model: of the whole tape of a unit that goes through every
 * fault, every kind of load and event, a recording with its exact values, power cycles, keys
 * and requests. Built for other
 * processors by tests/tools/processors.sh, its lines must be the same on each. It needs
 * core, waveform and hal_sim alone, and no test library. */
#include "hal_sim/unit.h"
#include "waveform/base/random.h"
#include "waveform/base/turn.h"
#include "waveform/event.h"
#include "waveform/load_kind.h"
#include "waveform/recording.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct digest {
    uint64_t hash; /* FNV-1a */
    uint64_t bytes, outputs;
};

static void add_bytes(struct digest *d, const uint8_t *bytes, size_t size)
{
    for (size_t k = 0; k < size; k++)
        d->hash = (d->hash ^ bytes[k]) * 0x100000001B3;
    d->bytes += size;
}

static void add_record(void *user, const struct tape_record *record)
{
    static uint8_t bytes[TAPE_HEADER + TAPE_DATA_MAX];
    struct digest *d = user;

    add_bytes(d, bytes, tape_encode(record, bytes));
    d->outputs += record->kind >= TAPE_FIRST_OUTPUT;
}

static struct unit *new_unit(const struct model *model, struct digest *d)
{
    const struct unit_options o = { .model = model,
                                    .wiring = WAVEFORM_WYE,
                                    .ct_primary_a = 100,
                                    .ct_output_v = model->unidirectional ? 0 : 1,
                                    .pt_ratio = 1,
                                    .serial_number = 1234567,
                                    .seed = 9,
                                    .sink = add_record,
                                    .sink_user = d };
    struct unit *u = unit_new(&o, 0);
    struct waveform_grid grid = { .hz = 60.3 };
    struct waveform_load load = { .ab = false };

    if (!u) {
        fprintf(stderr, "processors: no unit of %s\n", model->name);
        exit(2);
    }
    for (int k = 0; k < 3; k++) {
        grid.volts[k] = 277;
        grid.degrees[k] = -120 * k;
        grid.harmonics[k] = (struct waveform_harmonics){ 1, { { 5, 4, 30 } } };
        load.amps[k] = 40 + k;
        load.lag_degrees[k] = 25;
    }
    unit_set_grid(u, &grid);
    waveform_set_load(u->world, &load);
    unit_power(u, true);
    return u;
}

static void advance_ms(struct unit *u, int64_t ms)
{
    unit_advance(u, u->now_ns + ms * 1000000 + 12345);
}

static void all_faults(struct unit *u)
{
    static const uint8_t request[] = { 3, 0, 0, 0, 100 };
    uint8_t answer[METER_PDU_MAX];

    for (int id = 0; id < FAULTS; id++) {
        const struct fault_row *row = &fault_table[id];
        int phase = row->per_phase ? 1 : -1;
        unit_set_fault(u, (enum fault_id)id, phase, row->usual);
        advance_ms(u, 1300);
        unit_request(u, request, sizeof request, answer);
        unit_set_fault(u, (enum fault_id)id, phase, row->neutral);
        advance_ms(u, 200);
    }
}

static void all_loads_and_events(struct unit *u)
{
    for (int kind = 0; kind < WAVEFORM_LOAD_KINDS; kind++) {
        struct waveform_load_spec spec = load_defaults((enum waveform_load_kind)kind);
        if (kind == WAVEFORM_LOAD_PROFILE)
            continue;
        spec.amps = 10;
        waveform_add_load(u->world, &spec);
        advance_ms(u, 1700);
    }
    for (int kind = 0; kind < WAVEFORM_EVENTS; kind++) {
        struct waveform_event event = event_defaults((enum waveform_event_kind)kind);
        event.at_s = 0.1;
        waveform_add_event(u->world, &event);
        advance_ms(u, 1100);
    }
}

/* What the kernels make: three cores that saturate, loads that move, noise. */
static void all_kernels(struct unit *u)
{
    struct waveform_load_spec sun = load_defaults(WAVEFORM_LOAD_SOLAR);
    struct waveform_load_spec car = load_defaults(WAVEFORM_LOAD_VEHICLE);

    sun.kw = 5;
    sun.clock_s = 9 * 3600;
    car.kw = 7;
    waveform_clear_loads(u->world);
    waveform_add_load(u->world, &sun);
    waveform_add_load(u->world, &car);
    unit_set_fault(u, FAULT_CT_SATURATION, -1, 0.2);
    unit_set_fault(u, FAULT_ADC_NOISE, -1, 12);
    advance_ms(u, 20000);
}

/* Its numbers, of which all members are. */
static void add_truth(struct digest *d, const struct waveform_truth *truth)
{
    double number[sizeof *truth / sizeof(double)];

    memcpy(number, truth, sizeof number);
    for (size_t n = 0; n < sizeof number / sizeof *number; n++) {
        uint64_t bits;
        uint8_t bytes[sizeof bits];
        memcpy(&bits, &number[n], sizeof bits);
        for (unsigned k = 0; k < sizeof bytes; k++)
            bytes[k] = (uint8_t)(bits >> 8 * k);
        add_bytes(d, bytes, sizeof bytes);
    }
}

/* A recording of 99 odd cycles, in samples of its own, and its exact values. */
static void play(struct unit *u, struct digest *d)
{
    enum { SAMPLES = 4000 };
    static double x[WAVEFORM_CHANNELS][SAMPLES];
    struct recording r = { .hz = 60.7, .samples_per_s = HAL_SAMPLE_RATE };
    struct waveform_truth truth;
    uint64_t dice = 77;

    r.count = SAMPLES;
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
        for (int n = 0; n < SAMPLES; n++)
            x[ch][n] =
                turn_sin((uint64_t)n * 444355223912347000u + (uint64_t)ch) * 100 +
                random_share(&dice);
        r.x[ch] = x[ch];
    }
    waveform_play(u->world, &r);
    advance_ms(u, 1500);
    waveform_truth(u->world, &truth);
    add_truth(d, &truth);
    waveform_play(u->world, NULL);
}

static void power_and_keys(struct unit *u)
{
    for (unsigned k = 0; k < 40; k++) {
        unit_keys(u, 1U << k % 4);
        advance_ms(u, 150);
        unit_keys(u, 0);
        advance_ms(u, 130);
    }
    for (int k = 0; k < 5; k++) {
        unit_power(u, !u->powered);
        advance_ms(u, 777 * (k + 1));
    }
}

int main(void)
{
    static const struct model *const models[] = { &model_s4100, &model_s4000r };

    for (unsigned k = 0; k < sizeof models / sizeof *models; k++) {
        struct digest d = { .hash = 0xCBF29CE484222325 };
        struct unit *u = new_unit(models[k], &d);
        advance_ms(u, 3000);
        all_faults(u);
        unit_power(u, true); /* which a fault of the memory has taken */
        all_loads_and_events(u);
        all_kernels(u);
        play(u, &d);
        power_and_keys(u);
        unit_free(u);
        printf("%s %016" PRIx64 ", %" PRIu64 " bytes, %" PRIu64 " outputs\n",
               models[k]->name, d.hash, d.bytes, d.outputs);
    }
    return 0;
}
