/* The flashed image behind the device's seam. See device_image.h. */
#include "hal_sim/image/device_image.h"
#include "core/factory_block.h"
#include "core/reading.h"
#include "core/registers.h"
#include "hal_sim/board.h"
#include "hal_sim/device_core_check.h"
#include "hal_sim/image/image_aside.h"
#include "hal_sim/image/image_fault.h"
#include "hal_sim/image/image_state.h"
#include "hal_sim/image/image_wires.h"
#include "waveform/base/store.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* How far ahead of the unit's time a start may run until the main loop waits. */
#define START_NS      INT64_C(1000000000)
/* When instructions take time, what falls at the unit's time goes on for a while; else a
 * set that has just been converted comes to the core: its frame takes 20 µs on SPI, and
 * the rest of the turn of the main loop no time. */
#define SETTLE_NS     INT64_C(100000)
#define PERIOD_NS     (INT64_C(1000000000) / HAL_SAMPLE_RATE)
#define FRAME_NS      INT64_C(30000)
/* A block of instructions is not cut: with its accesses to registers it takes less. */
#define BLOCK_NS      INT64_C(20000)
#define ACCESSES_NS   INT64_C(2000)
/* By so much a conversion may be before or behind the instant of its set. */
#define NEAR_NS       INT64_C(50000)
/* After a character on the line an answer may come: t3.5 at 1200 baud and a few ms. The
 * unit then stops a moment after each interrupt, so that its first bit is heard then. */
#define LINE_ALIVE_NS INT64_C(60000000)
#define LINE_STEP_NS  INT64_C(20000)

static struct image_device *of(struct device *d)
{
    return (struct image_device *)(void *)d;
}

static const struct image_device *seen_of(const struct device *d)
{
    return (const struct image_device *)(const void *)d;
}

static void write_factory(struct image_device *i)
{
    struct factory_block block = { .revision = FACTORY_BLOCK_REVISION,
                                   .serial = i->device.board->serial_number };
    uint8_t *bytes = i->machine.flash + IMAGE_FACTORY;

    strncpy(block.model, i->device.model->name, sizeof block.model - 1);
    factory_block_make(&block, bytes);
    if (i->factory_damaged)
        bytes[FACTORY_BLOCK_SIZE - 1] ^= 1;
}

/* The identification of the meter's image that runs, in the slot to which VTOR points; NULL
 * while the reset system does. */
static const uint8_t *running(const struct image_device *i)
{
    const uint32_t at = i->machine.soc.nvic.vtor - MACHINE_FLASH + IMAGE_IDENTITY;

    if (at < IMAGE_SLOTS || at >= IMAGE_FACTORY || !i->machine.waited ||
        memcmp(i->machine.flash + at, "METERFW", 8) != 0)
        return NULL;
    return i->machine.flash + at;
}

static void release(struct device *d)
{
    machine_free(&of(d)->machine);
    free(d);
}

static bool has_time(const struct image_device *i)
{
    return cpu_time_passes(&i->machine.time);
}

/* The state in RAM behind its head, once the main loop has it; NULL: it has not. When
 * instructions take time, it is that between two turns of the main loop. */
static uint8_t *body(struct image_device *i)
{
    const uint8_t *who = running(i);

    if (!who || image_word(who + IMAGE_IDENTITY_METER_SIZE) != IMAGE_METER ||
        (has_time(i) && !i->machine.waits))
        return NULL;
    return machine_ram(&i->machine, image_word(who + IMAGE_IDENTITY_METER) + IMAGE_HEAD,
                       IMAGE_BODY);
}

static void look(void *user)
{
    struct image_device *i = user;
    const uint8_t *ram = body(i);

    if (!ram)
        return;
    memcpy((uint8_t *)&i->seen + IMAGE_OWN_HEAD, ram, IMAGE_BODY);
    i->checked = false;
}

/* While a turn of the main loop takes its time, a script reads what it comes to: the next
 * wait of a copy. */
static struct image_device *at_present(const struct device *d)
{
    struct image_device *i = of((struct device *)d);

    if (has_time(i) && !i->ahead && machine_has_turn(&i->machine))
        image_aside_turn(&i->device);
    i->ahead = true;
    return i;
}

/* What is in RAM may be anything: of an image that has lost its way, or of a snapshot
 * that somebody has made. Core may read the state of a meter alone; NULL: it is none. */
static struct meter *meter_in(const struct device *d)
{
    struct image_device *i = at_present(d);

    if (!i->checked) {
        i->sound = device_core_check(&i->seen);
        i->checked = true;
    }
    return i->sound ? &i->seen : NULL;
}

/* Power has gone inside a write to the FRAM: what has landed is reported. */
static void end_write(struct image_device *i)
{
    if (!i->machine.halted)
        return;
    i->cut_while_selected |= i->board.fram.selected;
    fm25v20a_select(&i->board.fram, false, i->machine.soc.now_ns);
}

/* Not as far as a conversion about the present whose set the unit has not given yet. */
static int64_t before_next_set(const struct image_device *i, int64_t to_ns)
{
    const int64_t next_ns = i->machine.soc.due_ns[SOC_PART],
                  before_ns = next_ns - (has_time(i) ? BLOCK_NS : ACCESSES_NS);
    const bool waits =
        next_ns > i->last_ns + PERIOD_NS / 2 && next_ns > i->to_ns - NEAR_NS;

    return waits && before_ns < to_ns ? before_ns : to_ns;
}

static void run_to(struct image_device *i, int64_t to_ns)
{
    machine_run(&i->machine, before_next_set(i, to_ns - NEAR_NS));
    machine_run(&i->machine, before_next_set(i, to_ns));
}

/* A turn of the main loop that takes time goes on at the unit's next step. */
static void settle(struct image_device *i, int64_t to_ns)
{
    /* The instant of the last conversion, rounded; far ahead when a front end without a
     * clock never converts. */
    const int64_t converted_ns = i->machine.soc.due_ns[SOC_PART] - PERIOD_NS;

    if (has_time(i))
        run_to(i, to_ns + SETTLE_NS);
    else if (converted_ns < to_ns + PERIOD_NS && to_ns - converted_ns < FRAME_NS)
        run_to(i, converted_ns + FRAME_NS);
    if (!has_time(i))
        machine_finish_turn(&i->machine);
}

static void execute(struct image_device *i, int64_t to_ns)
{
    struct hal *h = i->device.board;
    const int64_t now_ns = h->now_ns;

    i->board.fram.silent = h->nvm_silent;
    i->ahead = false;
    run_to(i, to_ns);
    settle(i, to_ns);
    end_write(i);
    h->now_ns = now_ns;
    look(i);
}

/* At once as far as the main loop: what the unit is asked at the moment of its power-up
 * is answered. The unit's power-up is the moment from which on the front end converts, as
 * it is with the linked core; the supply came these milliseconds before. */
static void power_up(struct device *d)
{
    struct image_device *i = of(d);

    const int64_t now_ns = d->board->now_ns;

    d->stopped = false;
    i->seen.model = d->model;
    i->began_ns = i->powered_ns = now_ns;
    i->to_ns = 0;
    i->count = 0;
    i->last_ns = 0;
    i->cut_while_selected = false;
    memset(i->before, 0, sizeof i->before);
    i->sent = i->given = 0;
    i->line_ns = -LINE_ALIVE_NS;
    write_factory(i);
    if (i->off_ns >= 0)
        stm32_rtc_rest(&i->machine.soc, now_ns - i->off_ns);
    machine_power_up(&i->machine, d->board->serial_number);
    meter_board_power(&i->board, true);
    i->board.fram.silent = d->board->nvm_silent;
    meter_board_power_good(&i->board, true);
    d->grid_changed = false;
    machine_start_up(&i->machine, START_NS);
    if (d->grid_changed)
        i->began_ns -= d->grid_ns - i->began_ns;
    d->grid_changed = false;
    end_write(i);
    look(i);
    d->board->now_ns = now_ns;
}

static void power_down(struct device *d)
{
    soc_power_down(&of(d)->machine.soc);
    of(d)->off_ns = d->board->now_ns;
    meter_board_power(&of(d)->board, false);
}

static void supply(struct device *d, bool good)
{
    meter_board_power_good(&of(d)->board, good);
}

static void samples(struct device *d, const int32_t x[][DEVICE_BLOCK], int count)
{
    struct image_device *i = of(d);

    for (int ch = 0; ch < HAL_CHANNELS && i->count; ch++)
        i->before[ch] = i->x[ch][i->count - 1];
    memcpy(i->x, x, sizeof i->x);
    i->count = count;
    i->last_ns = d->sampled_ns - i->began_ns;
}

static void follow_crystal(struct image_device *i)
{
    struct stm32_crystal crystal = i->machine.soc.rcc.crystal;

    if (crystal.error_ppb == i->device.clock_error_ppb)
        return;
    crystal.error_ppb = i->device.clock_error_ppb;
    stm32_crystal_set(&i->machine.soc, &crystal);
}

static void run(struct device *d, uint64_t now_us)
{
    struct image_device *i = of(d);

    (void)now_us;
    i->to_ns = d->board->now_ns - i->began_ns;
    follow_crystal(i);
    execute(i, i->to_ns);
}

static uint64_t deadline_us(const struct device *d)
{
    (void)d;
    return UINT64_MAX;
}

static void keys(struct device *d, unsigned closed, uint64_t now_us)
{
    (void)now_us;
    meter_board_keys(&of(d)->board, closed);
}

static void uart_byte(struct device *d, uint8_t byte, unsigned flags, uint64_t now_us)
{
    run(d, now_us);
    of(d)->line_ns = of(d)->machine.soc.now_ns;
    meter_board_receive(&of(d)->board, byte, flags);
}

static uint64_t uart_deadline_us(const struct device *d)
{
    const struct image_device *i = seen_of(d);
    const struct soc *s = &i->machine.soc;
    int64_t next_ns = s->due_ns[SOC_SYSTICK];

    if (s->now_ns - i->line_ns > LINE_ALIVE_NS && !i->board.transceiver.drives)
        return UINT64_MAX;
    for (int who = SOC_I2C1; who < SOC_WHO; who++)
        if (who != SOC_ALARM && s->due_ns[who] < next_ns)
            next_ns = s->due_ns[who];
    next_ns -= has_time(i) ? SETTLE_NS : 0;
    if (next_ns < i->to_ns)
        next_ns = i->to_ns;
    /* In the unit's time, which begins later and is ahead by what settles. */
    const int64_t at_ns = next_ns + LINE_STEP_NS + i->began_ns - i->powered_ns;
    return at_ns > 0 ? (uint64_t)at_ns / 1000 + 1 : 1;
}

static int request(struct device *d, const uint8_t *pdu, int size, uint8_t *answer)
{
    struct image_device *i = of(d);
    const int64_t now_ns = d->board->now_ns;
    const uint32_t at = MACHINE_CALL_BUFFER, answer_at = at + MACHINE_CALL_ROOM / 2;
    bool returned;

    machine_finish_turn(&i->machine);
    const uint8_t *who = running(i);
    if (!who)
        return 0;
    const uint32_t arguments[4] = { image_word(who + IMAGE_IDENTITY_METER), at,
                                    (uint32_t)size, answer_at };
    memcpy(machine_ram(&i->machine, at, (uint32_t)size), pdu, (size_t)size);
    const uint32_t length = machine_call(
        &i->machine, image_word(who + IMAGE_IDENTITY_REQUEST), arguments, &returned);
    end_write(i);
    d->board->now_ns = now_ns;
    look(i);
    if (!returned || length > METER_PDU_MAX)
        return 0;
    memcpy(answer, machine_ram(&i->machine, answer_at, length), length);
    return (int)length;
}

static bool reading(const struct device *d, enum quantity q, int64_t *value)
{
    const struct meter *m = meter_in(d);

    return m && meter_reading(m, q, value);
}

static bool registers(struct device *d, uint16_t addr, int count, uint16_t *words)
{
    struct meter *m = meter_in(d);

    return m && registers_read(m, addr, (uint16_t)count, words) == MODBUS_OK;
}

static void settings(const struct device *d, struct settings *copy)
{
    const struct meter *m = meter_in(d);

    *copy = m ? m->settings : (struct settings){ 0 };
}

static uint32_t seconds(const struct device *d)
{
    return at_present(d)->seen.seconds;
}

static uint16_t alerts(const struct device *d)
{
    return at_present(d)->seen.alerts;
}

static void store_moment(struct store *s, int64_t *ns)
{
    store_integers(s, ns, 1, -STORE_NS_MAX, STORE_NS_MAX);
}

/* Two times that should be the same may be a step of the unit and a turn of the main loop
 * apart. */
static bool are_near(int64_t a_ns, int64_t b_ns)
{
    return a_ns - b_ns < START_NS && b_ns - a_ns < START_NS;
}

/* A device whose time is not the unit's would run until it is. */
static bool times_hold(const struct image_device *i, bool powered)
{
    const struct machine *m = &i->machine;
    const int64_t now_ns = i->device.board->now_ns;

    if (i->off_ns > now_ns || i->powered_ns > now_ns)
        return false;
    return !powered || (are_near(now_ns - i->began_ns, i->to_ns) &&
                        (m->halted || are_near(m->soc.now_ns, i->to_ns)));
}

/* The image itself is not stored: whoever loads must have the same. */
static void store(struct device *d, bool powered, struct store *s)
{
    struct image_device *i = of(d);
    const uint32_t own = i->image->crc;
    uint32_t crc = own;

    STORE(s, crc);
    if (crc != own) {
        s->failed = true;
        return;
    }
    machine_store(&i->machine, s);
    meter_board_store(&i->board, s);
    store_moment(s, &i->to_ns);
    store_moment(s, &i->began_ns);
    store_moment(s, &i->powered_ns);
    store_moment(s, &i->off_ns);
    store_flag(s, &i->factory_damaged);
    STORE(s, i->x);
    STORE(s, i->before);
    i->count = store_count(s, i->count, 0, DEVICE_BLOCK);
    store_moment(s, &i->last_ns);
    STORE(s, i->frame);
    STORE(s, i->sent);
    STORE(s, i->given);
    store_moment(s, &i->line_ns);
    store_flag(s, &d->grid_changed);
    store_moment(s, &d->grid_ns);
    if (i->sent > sizeof i->frame || (s->loading && !times_hold(i, powered)))
        s->failed = true;
    if (s->loading && !s->failed) {
        write_factory(i);
        i->ahead = i->checked = false;
        look(i);
    }
}

static void fault(struct device *d, enum fault_id which, double value)
{
    struct image_device *i = of(d);

    if (which == FAULT_FACTORY_DAMAGED)
        i->factory_damaged = value != 0;
    image_fault(&i->machine, &i->board, which, value);
}

static int figures(const struct device *d, struct device_figure f[DEVICE_FIGURES])
{
    const struct image_device *i = seen_of(d);

    return has_time(i) ? cpu_figures_list(&i->machine.figures, &i->machine, f) : 0;
}

/* As a debugger sets it in RAM: no register has it. */
void device_image_option(struct device *d, enum unit_option which, uint16_t value)
{
    struct image_device *i = of(d);
    uint8_t *ram = body(i);

    if (!ram)
        return;
    look(i);
    if (which == UNIT_FILL_WORD)
        i->seen.fill_word = value;
    else if (which == UNIT_IMBALANCE_RULE)
        i->seen.rules.imbalance = (uint8_t)value;
    else
        i->seen.rules.phase_loss = (uint8_t)value;
    memcpy(ram, (const uint8_t *)&i->seen + IMAGE_OWN_HEAD, IMAGE_BODY);
}

static const struct device_kind kind = { .name = "image",
                                         .free = release,
                                         .power_up = power_up,
                                         .power_down = power_down,
                                         .supply = supply,
                                         .samples = samples,
                                         .run = run,
                                         .deadline_us = deadline_us,
                                         .keys = keys,
                                         .uart_byte = uart_byte,
                                         .uart_deadline_us = uart_deadline_us,
                                         .request = request,
                                         .reading = reading,
                                         .registers = registers,
                                         .settings = settings,
                                         .seconds = seconds,
                                         .alerts = alerts,
                                         .store = store,
                                         .fault = fault,
                                         .figures = figures };

struct device *image_device_make(const struct device_maker *maker, struct hal *board,
                                 const struct model *model)
{
    const struct device_image *image = (const struct device_image *)(const void *)maker;
    struct image_device *i = calloc(1, sizeof *i);

    if (!i)
        abort();
    i->device = (struct device){ .kind = &kind, .board = board, .model = model };
    i->image = image;
    i->off_ns = -1;
    i->seen.hal = board;
    i->seen.model = model;
    machine_set_cycles(&i->machine, image->cycles);
    if (has_time(i)) {
        i->machine.on_wait = look;
        i->machine.user = i;
    }
    if (!machine_start(&i->machine, image->module, image->flash))
        abort();
    i->board.wires = image_wires(i);
    meter_board_start(&i->board, &i->machine.soc);
    return &i->device;
}
