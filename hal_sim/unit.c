/* A unit: world, sensors, board and meter. See unit.h. */
#include "hal_sim/unit.h"
#include "hal_sim/device_core.h"
#include "hal_sim/sensors_view.h"
#include "hal_sim/unit_ahead.h"
#include "hal_sim/unit_control.h"
#include <stdlib.h>
#include <string.h>

struct unit *unit_new(const struct unit_options *o, int64_t now_ns)
{
    struct unit *u = calloc(1, sizeof *u);

    if (!u)
        abort();
    board_start(&u->hal, o->serial_number);
    u->hal.sink = o->sink;
    u->hal.sink_user = o->sink_user;
    u->model = o->model;
    u->device = o->maker ? o->maker->make(o->maker, &u->hal, o->model)
                         : device_core_new(&u->hal, o->model);
    u->world = waveform_new(o->wiring);
    u->sensors = (struct sensors){ .ct_primary_a = o->ct_primary_a,
                                   .ct_output_v = o->ct_output_v,
                                   .pt_ratio = o->pt_ratio,
                                   .wiring = o->wiring,
                                   .rope = o->model->rope_ct,
                                   .noise_state = o->seed };
    u->link.random = o->seed ^ 0x5851F42D4C957F2Du;
    u->faults = &faults_none;
    u->rot_state = o->seed;
    if (o->nvm)
        board_nvm_attach(&u->hal, o->nvm);
    contacts_start(&u->contacts);
    u->now_ns = u->hal.now_ns = now_ns;
    unit_sensors_changed(u);
    return u;
}

void unit_free(struct unit *u)
{
    if (!u)
        return;
    u->device->kind->free(u->device);
    waveform_free(u->world);
    board_free(&u->hal);
    unit_drop_faults(u);
    free(u->asked);
    free(u);
}

void unit_guard(struct unit *u)
{
    u->device->guarded = true;
}

void unit_sensors_changed(struct unit *u)
{
    sensors_prepare(&u->sensors, u->faults, u->hal.ct_range);
    waveform_set_view(u->world, sensors_view, &u->sensors);
}

/* Content of NVM is an input of the power-up that follows. */
static void tape_nvm(struct unit *u)
{
    for (unsigned page = 0; page < BOARD_PAGES; page++) {
        uint8_t content[BOARD_PAGE];
        if (!u->hal.sink || !board_nvm_has_page(&u->hal, page))
            continue;
        board_nvm_peek(&u->hal, page * BOARD_PAGE, content, BOARD_PAGE);
        board_tape(&u->hal, TAPE_NVM_PAGE, TAPE_NUMBERS(page * BOARD_PAGE), content,
                   BOARD_PAGE);
    }
}

/* What the switches of a real board would give the firmware at every start. */
static void apply_option(struct unit *u, enum unit_option option, uint16_t value)
{
    board_tape(&u->hal, TAPE_OPTION, TAPE_NUMBERS(option, value), NULL, 0);
    u->device->kind->inside->option(u->device, option, value);
}

static void power_down(struct unit *u)
{
    u->powered = false;
    board_tape(&u->hal, TAPE_POWER_DOWN, NULL, NULL, 0);
    u->device->kind->power_down(u->device);
    board_power_down(&u->hal);
}

/* After each call of the meter: has power gone inside a write to NVM, or has an
 * assertion stopped it? Power stays away until it is given again. */
static bool died(struct unit *u)
{
    if (!u->hal.dead && !u->device->stopped)
        return false;
    u->supplied = false;
    power_down(u);
    return true;
}

/* The firmware gets the contacts as they are now. */
static void deliver_keys(struct unit *u)
{
    uint64_t now_us = (uint64_t)(u->now_ns - u->power_on_ns) / 1000;

    if (!u->powered)
        return;
    board_tape(&u->hal, TAPE_KEYS, TAPE_NUMBERS(u->contacts.closed, now_us), NULL, 0);
    u->device->kind->keys(u->device, u->contacts.closed, now_us);
    died(u);
}

static void press(struct unit *u, unsigned down)
{
    const int stuck = (int)u->faults->value[FAULT_KEY_STUCK][0];
    const double bounce_ms = u->faults->value[FAULT_KEY_BOUNCE][0];
    uint8_t before = u->contacts.closed;

    contacts_press(&u->contacts, down, stuck ? 1u << (stuck - 1) : 0,
                   (int64_t)(bounce_ms * 1e6), u->now_ns);
    if (u->contacts.closed != before)
        deliver_keys(u);
}

void unit_keys(struct unit *u, unsigned down)
{
    press(u, down);
}

void unit_glass(const struct unit *u, uint8_t memory[HAL_LCD_SIZE])
{
    const int dead = (int)u->faults->value[FAULT_LCD_SEGMENT_DEAD][0] - 1;

    memcpy(memory, u->hal.lcd, HAL_LCD_SIZE);
    if (u->faults->value[FAULT_LCD_ABSENT][0] != 0)
        memset(memory, 0, HAL_LCD_SIZE);
    if (dead >= 0)
        memory[dead / 8] &= (uint8_t) ~(1u << dead % 8);
}

static void power_up(struct unit *u)
{
    u->powered = true;
    u->power_on_ns = u->clock_ns = u->now_ns;
    u->clock_count = 0;
    u->since_lost = u->since_doubled = 0;
    u->filled = 0;
    tape_nvm(u);
    board_tape(&u->hal, TAPE_POWER_UP, TAPE_NUMBERS(u->hal.serial_number),
               u->model->name, strlen(u->model->name));
    u->device->kind->power_up(u->device);
    if (died(u))
        return;
    for (int option = 0; option < UNIT_OPTIONS; option++)
        if (u->option_set[option])
            apply_option(u, (enum unit_option)option, u->option[option]);
    if (u->contacts.closed)
        deliver_keys(u);
    unit_board_started(u);
    unit_sensors_changed(u);
}

void unit_power(struct unit *u, bool on)
{
    u->supplied = on;
    u->dipped = u->off = false;
    if (on == u->powered)
        return;
    if (on)
        power_up(u);
    else
        power_down(u);
}

void unit_switch(struct unit *u, bool on)
{
    u->off = !on;
    u->dipped = false;
    unit_supply(u, on);
}

void unit_report_supply(struct unit *u, bool good)
{
    board_tape(&u->hal, TAPE_SUPPLY, TAPE_NUMBERS(good), NULL, 0);
    u->device->kind->supply(u->device, good);
    died(u);
}

void unit_supply(struct unit *u, bool on)
{
    if (on == u->supplied || (on && (u->off || u->control.lost)))
        return;
    u->supplied = on;
    if (u->powered)
        unit_report_supply(u, on && u->faults->value[FAULT_POWER_GOOD_LOW][0] == 0);
    if (on)
        unit_power(u, true);
    else
        u->supply_lost_ns = u->now_ns;
}

enum { DIP_PERIOD_NS = 1000000000, GRID_BACK = 63, GRID_BACK_NS = 25000000 };

/* supply_dips: control power is away at the beginning of every second. */
void unit_dip(struct unit *u)
{
    int64_t length = (int64_t)(u->faults->value[FAULT_SUPPLY_DIPS][0] * 1e6);
    bool away = (u->now_ns - u->dips_ns) % DIP_PERIOD_NS < length;

    if (away && u->supplied) {
        unit_supply(u, false);
        u->dipped = true;
    } else if (!away && u->dipped) {
        u->dipped = false;
        unit_supply(u, true);
    }
}

/* When supply_dips acts next. */
static int64_t next_dip(const struct unit *u)
{
    int64_t length = (int64_t)(u->faults->value[FAULT_SUPPLY_DIPS][0] * 1e6);
    int64_t into = (u->now_ns - u->dips_ns) % DIP_PERIOD_NS;

    if (length <= 0)
        return INT64_MAX;
    return u->now_ns + (into < length ? length : DIP_PERIOD_NS) - into;
}

/* 63 samples take 25 ms without an error of the clock: for four years 64 bits do, and
 * constant divisors. A division of 128 bits takes longest of all. */
static bool is_plain(const struct unit *u, int64_t n, int64_t factor)
{
    return u->rate_ppb == 0 && n > 0 && n < INT64_MAX / factor;
}

int64_t unit_sample_ns(const struct unit *u, int64_t n)
{
    const __int128 rate = (__int128)HAL_SAMPLE_RATE * (1000000000 + u->rate_ppb);

    if (is_plain(u, n, GRID_BACK_NS))
        return u->clock_ns + n * GRID_BACK_NS / GRID_BACK;
    return u->clock_ns + (int64_t)((__int128)n * 1000000000 * 1000000000 / rate);
}

/* The last sample at or before t: the last that comes before the ns after t. */
static int64_t samples_until(const struct unit *u, int64_t t_ns)
{
    const __int128 rate = (__int128)HAL_SAMPLE_RATE * (1000000000 + u->rate_ppb);
    const int64_t end_ns = t_ns - u->clock_ns + 1;

    if (is_plain(u, end_ns, GRID_BACK))
        return (end_ns * GRID_BACK - 1) / GRID_BACK_NS;
    return (int64_t)((end_ns * rate - 1) / INT64_C(1000000000000000000));
}

static uint64_t since_power_up_us(const struct unit *u)
{
    return (uint64_t)(u->now_ns - u->power_on_ns) / 1000;
}

/* A request may have switched the input divider. */
static void follow_ct_range(struct unit *u)
{
    if (u->hal.ct_range != u->sensors.range)
        unit_sensors_changed(u);
}

/* The world is sampled when the device samples it: its grid goes through the present,
 * from 63 samples (25 ms) before its beginning on. */
static void follow_grid(struct unit *u)
{
    struct device *d = u->device;

    if (!d->grid_changed)
        return;
    d->grid_changed = false;
    u->clock_ns = d->grid_ns;
    const int64_t back_ns = unit_sample_ns(u, GRID_BACK) - u->clock_ns;
    while (u->clock_ns > u->now_ns)
        u->clock_ns -= back_ns;
    u->clock_count = samples_until(u, u->now_ns);
}

static void pass(struct unit *u)
{
    uint64_t now_us = since_power_up_us(u);

    if (!u->powered || died(u))
        return;
    u->device->clock_error_ppb = u->rate_ppb;
    board_tape(&u->hal, TAPE_PASS, TAPE_NUMBERS(now_us), NULL, 0);
    u->device->kind->run(u->device, now_us);
    died(u);
    follow_ct_range(u);
}

static void deliver(struct unit *u, int n, int32_t codes[][WAVEFORM_BLOCK])
{
    if (u->powered) {
        board_tape_samples(&u->hal, *codes, WAVEFORM_BLOCK, (unsigned)n);
        u->device->sampled_ns = unit_sample_ns(u, u->clock_count + n);
        u->device->kind->samples(u->device, (const int32_t(*)[DEVICE_BLOCK])codes, n);
    }
    u->filled = (u->filled + n) % WAVEFORM_BLOCK;
}

/* True at every n-th call; 0: never. */
static bool is_nth(int64_t *calls, double n)
{
    return n >= 1 && ++*calls % (int64_t)n == 0;
}

/* How often the next sample set reaches the meter: 0, 1 or 2 times. */
static int copies(struct unit *u)
{
    bool lost = is_nth(&u->since_lost, unit_board_lost_sets(u));
    bool doubled = is_nth(&u->since_doubled, u->faults->value[FAULT_ADC_DOUBLED][0]);

    return lost ? 0 : 1 + doubled;
}

/* With lost or doubled sample sets, the meter's blocks end where they will; it is given
 * a turn of its main loop at each. */
static void deliver_some(struct unit *u, int n, int32_t codes[][WAVEFORM_BLOCK])
{
    int32_t out[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    int count = 0;

    for (int t = 0; t < n; t++)
        for (int left = copies(u); left > 0; left--) {
            for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
                out[ch][count] = codes[ch][t];
            if (u->filled + ++count == WAVEFORM_BLOCK) {
                deliver(u, count, out);
                pass(u);
                count = 0;
            }
        }
    if (count)
        deliver(u, count, out);
}

static void sample(struct unit *u, int n, struct unit_ahead *ahead)
{
    const double lost = unit_board_lost_sets(u),
                 doubled = u->faults->value[FAULT_ADC_DOUBLED][0];
    double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    int32_t codes[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];

    waveform_fill(u->world, n, x);
    unit_ahead_fetch(ahead);
    unit_control_samples(u, n, x);
    if (!u->powered) {
        u->filled = (u->filled + n) % WAVEFORM_BLOCK;
        return;
    }
    sensors_convert(&u->sensors, n, x, codes);
    unit_ahead_fetch(ahead);
    if (lost != 0 || doubled != 0)
        deliver_some(u, n, codes);
    else
        deliver(u, n, codes);
}

/* The next moment at which the meter must run: the end of its block, or its own
 * deadline. */
static int64_t next_stop(const struct unit *u, int64_t to_ns)
{
    int64_t stop = unit_sample_ns(u, u->clock_count + WAVEFORM_BLOCK - u->filled);

    if (u->contacts.next_ns < stop)
        stop = u->contacts.next_ns > u->now_ns ? u->contacts.next_ns : u->now_ns;
    if (u->powered) {
        uint64_t deadline_us = u->device->kind->deadline_us(u->device);
        if (deadline_us < (uint64_t)INT64_MAX / 2000) {
            int64_t deadline = u->power_on_ns + (int64_t)deadline_us * 1000;
            deadline = deadline > u->now_ns ? deadline : u->now_ns;
            stop = deadline < stop ? deadline : stop;
        }
    }
    if (u->powered && !u->supplied) {
        int64_t brown_out = u->supply_lost_ns + unit_ride_ns(u);
        brown_out = brown_out > u->now_ns ? brown_out : u->now_ns;
        stop = brown_out < stop ? brown_out : stop;
    }
    int64_t dips = next_dip(u), control = unit_control_next(u);
    stop = dips < stop ? dips : stop;
    stop = control < stop ? control : stop;
    return stop < to_ns ? stop : to_ns;
}

/* The capacitor is empty. */
static void brown_out(struct unit *u)
{
    bool dipped = u->dipped;

    unit_power(u, false);
    u->dipped = dipped; /* its end brings power back */
}

/* From now to its next stop, on the way to to_ns. */
static void advance_to_stop(struct unit *u, int64_t stop, int64_t to_ns,
                            struct unit_ahead *ahead)
{
    int n = (int)(samples_until(u, stop) - u->clock_count);

    u->now_ns = u->hal.now_ns = stop;
    if (n > 0)
        sample(u, n, ahead);
    u->clock_count += n;
    pass(u);
    if (contacts_run(&u->contacts, stop))
        deliver_keys(u);
    unit_dip(u);
    unit_control_run(u);
    if (u->powered && !u->supplied && stop > u->supply_lost_ns + unit_ride_ns(u) - 1 &&
        stop < to_ns)
        brown_out(u);
}

void unit_advance_with(struct unit *u, int64_t to_ns, const struct unit *next)
{
    struct unit_ahead ahead = unit_ahead(next, u->device->kind->bytes);

    while (u->now_ns < to_ns) {
        unit_ahead_fetch(&ahead);
        follow_grid(u);
        advance_to_stop(u, next_stop(u, to_ns), to_ns, &ahead);
    }
}

void unit_advance_before(struct unit *u, int64_t to_ns)
{
    struct unit_ahead ahead = unit_ahead(NULL, 0);

    for (;;) {
        follow_grid(u);
        int64_t stop = next_stop(u, to_ns);
        if (stop >= to_ns)
            return;
        advance_to_stop(u, stop, to_ns, &ahead);
    }
}

int unit_request(struct unit *u, const uint8_t *request, int length, uint8_t *answer)
{
    if (u->before_request)
        u->before_request(u->before_request_user, u);
    if (!u->powered || length < 1 || length > METER_PDU_MAX)
        return 0;
    board_tape(&u->hal, TAPE_REQUEST, NULL, request, (size_t)length);
    int size = u->device->kind->request(u->device, request, length, answer);
    board_tape(&u->hal, TAPE_ANSWER, NULL, answer, (size_t)size);
    if (died(u))
        return 0;
    follow_ct_range(u);
    return size;
}

void unit_uart_byte(struct unit *u, uint8_t byte, unsigned flags)
{
    uint64_t now_us = since_power_up_us(u);

    if (!u->powered)
        return;
    flags |= unit_board_uart_flags(u);
    board_tape(&u->hal, TAPE_UART_BYTE, TAPE_NUMBERS(byte, flags, now_us), NULL, 0);
    u->device->kind->uart_byte(u->device, byte, flags, now_us);
    died(u);
    follow_ct_range(u);
}

int64_t unit_uart_deadline(const struct unit *u)
{
    uint64_t at_us =
        u->powered ? u->device->kind->uart_deadline_us(u->device) : UINT64_MAX;

    if (at_us >= (uint64_t)INT64_MAX / 2000)
        return INT64_MAX;
    return u->power_on_ns + (int64_t)at_us * 1000;
}

bool unit_set_option(struct unit *u, enum unit_option option, uint16_t value)
{
    if (!u->device->kind->inside)
        return false;
    u->option[option] = value;
    u->option_set[option] = true;
    if (u->powered)
        apply_option(u, option, value);
    return true;
}
