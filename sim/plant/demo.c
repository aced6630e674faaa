/* A meter in a plain world. See demo.h. */
#include "sim/plant/demo.h"
#include <math.h>

enum { ADDRESSES = 247 };

void demo_default(struct demo *d)
{
    *d = (struct demo){ .model = model_find("s4100"),
                        .system_type = 40,
                        .ct_primary_a = 200,
                        .pt_ratio = 1,
                        .volts_ll = 480,
                        .hz = 60,
                        .amps = 80,
                        .pf = 0.92 };
}

/* One phase to neutral, two legs at half the voltage, or three phases. */
void demo_grid(const struct demo *d, struct waveform_grid *grid)
{
    static const double three[3] = { 0, -120, 120 }, legs[3] = { 0, 180, 0 };
    enum waveform_wiring wiring = unit_wiring_of(d->system_type);

    *grid = (struct waveform_grid){ .hz = d->hz };
    for (int k = 0; k < 3; k++) {
        bool two = wiring == WAVEFORM_AB || wiring == WAVEFORM_ABN;
        grid->degrees[k] = two ? legs[k] : three[k];
        if (wiring == WAVEFORM_AN)
            grid->volts[k] = k == 0 ? d->volts_ll / sqrt(3) : 0;
        else if (two)
            grid->volts[k] = k < 2 ? d->volts_ll / 2 : 0;
        else
            grid->volts[k] = d->volts_ll / sqrt(3);
    }
}

void demo_load(const struct demo *d, struct waveform_load *load)
{
    enum waveform_wiring wiring = unit_wiring_of(d->system_type);

    *load = (struct waveform_load){ .ab = wiring == WAVEFORM_AB };
    for (int k = 0; k < 3; k++) {
        load->amps[k] = d->amps;
        load->lag_degrees[k] = waveform_lag_degrees(d->pf, false);
    }
}

int demo_write(struct unit *u, uint16_t reg, uint16_t value)
{
    const uint16_t addr = (uint16_t)(reg - 1);
    const uint8_t request[5] = { 6, (uint8_t)(addr >> 8), (uint8_t)addr,
                                 (uint8_t)(value >> 8), (uint8_t)value };
    uint8_t answer[METER_PDU_MAX];
    int size = unit_request(u, request, sizeof request, answer);

    return size == 2 ? answer[1] : 0;
}

static bool configure(const struct demo *d, struct unit *u)
{
    return !demo_write(u, 130, (uint16_t)d->system_type) &&
           !demo_write(u, 131, (uint16_t)d->ct_primary_a) &&
           !demo_write(u, 133, (uint16_t)(d->pt_ratio * 100 + 0.5)) &&
           !demo_write(u, 134, (uint16_t)d->volts_ll);
}

/* A meter that remembers its settings gets the CTs and PTs that they speak of. */
static void fit_sensors(struct unit *u)
{
    u->sensors.ct_primary_a = unit_setting(u, SETTING_CT_PRIMARY);
    u->sensors.pt_ratio = unit_setting(u, SETTING_PT_RATIO) / 100.0;
    unit_sensors_changed(u);
}

/* What no register has; addresses count up, and go on at 1 behind 247. */
static void program(const struct demo *d, struct unit *u, unsigned index)
{
    struct unit_factory f = d->factory;
    const unsigned first = f.given[SETTING_ADDRESS] ? f.value[SETTING_ADDRESS] : 1;

    f.given[SETTING_ADDRESS] = true;
    f.value[SETTING_ADDRESS] = (uint16_t)(1 + (first - 1 + index) % ADDRESSES);
    unit_program(u, &f);
}

struct unit *demo_unit(const struct demo *d, unsigned index)
{
    return demo_unit_with_nvm(d, index, NULL, false);
}

uint32_t demo_serial(unsigned index)
{
    return 1000 + index;
}

struct unit *demo_unit_with_nvm(const struct demo *d, unsigned index,
                                const struct board_nvm *nvm, bool configured)
{
    struct unit_options options = { .model = d->model,
                                    .wiring = unit_wiring_of(d->system_type),
                                    .ct_primary_a = d->ct_primary_a,
                                    .ct_output_v = 1,
                                    .pt_ratio = d->pt_ratio,
                                    .serial_number = demo_serial(index),
                                    .seed = index,
                                    .nvm = nvm,
                                    .maker = d->maker,
                                    .sink = d->tape,
                                    .sink_user = d->tape_user };
    struct unit *u = unit_new(&options, 0);
    struct waveform_grid grid;
    struct waveform_load load;

    demo_grid(d, &grid);
    demo_load(d, &load);
    waveform_set_grid(u->world, &grid);
    waveform_set_load(u->world, &load);
    if (d->fill_word)
        unit_set_option(u, UNIT_FILL_WORD, d->fill_word);
    if (!configured)
        program(d, u, index);
    unit_power(u, true);
    if (!configured && !configure(d, u)) {
        unit_free(u);
        return NULL;
    }
    if (configured)
        fit_sensors(u);
    return u;
}
