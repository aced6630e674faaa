/* What one picture shows. See frame.h. */
#include "gui/frame.h"
#include "core/alert.h"
#include "gui/phasors.h"
#include "gui/samples.h"
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NOTHING "–"

static void put(char text[FORMAT_TEXT], const char *what)
{
    snprintf(text, FORMAT_TEXT, "%s", what);
}

/* A name may be longer; it is cut between two characters of UTF-8. */
static void put_whole(char text[FORMAT_TEXT], const char *what)
{
    size_t length = strlen(what);

    if (length >= FORMAT_TEXT)
        for (length = FORMAT_TEXT - 1; length && (what[length] & 0xC0) == 0x80;)
            length--;
    snprintf(text, FORMAT_TEXT, "%.*s", (int)length, what);
}

/* Conductors at the terminals, as the system type has them: bits 0-2 phases, 3 neutral.
 */
static uint8_t wires_of(const struct config *c)
{
    static const uint8_t ends[3] = { SYSTEM_A | SYSTEM_B, SYSTEM_B | SYSTEM_C,
                                     SYSTEM_C | SYSTEM_A };
    const struct system_type_row *type = config_type(c);
    unsigned wires = type->phases;

    for (int k = 0; k < 3; k++)
        if (type->line_voltages >> k & 1)
            wires |= ends[k];
    return (uint8_t)(type->phase_voltages ? wires | 8 : wires);
}

static void read_board(struct frame *f, const struct unit *u)
{
    const struct hal *h = &u->hal;
    const struct config config = unit_config(u);

    unit_glass(u, f->lcd);
    f->powered = u->powered;
    f->backlight = h->output[HAL_BACKLIGHT];
    f->led_red = h->output[HAL_LED_RED];
    f->led_green = h->output[HAL_LED_GREEN];
    f->alarm_closed = !h->output[HAL_ALARM_CONTACT];
    f->energy_closed = h->output[HAL_ENERGY_CONTACT];
    f->phases = config.phases;
    f->wires = wires_of(&config);
    snprintf(f->model, sizeof f->model, "%s", u->model->product);
    snprintf(f->serial, sizeof f->serial, "SN %" PRIu32, h->serial_number);
}

/* "277.1 V" at terminal k: against the neutral, or to the next phase without one. */
static void read_terminal(struct frame *f, const struct unit *u, int k)
{
    static const char *const to_neutral[3] = { "A–N", "B–N", "C–N" };
    static const char *const to_next[3] = { "A–B", "B–C", "C–A" };
    int64_t micro;

    put(f->volt_name[k], to_neutral[k]);
    put(f->volt[k], NOTHING);
    put(f->amp[k], NOTHING);
    if (!u)
        return;
    if (unit_reading(u, (enum quantity)(Q_V_AN + k), &micro)) {
        format_micro_text(f->volt[k], micro, "V");
    } else if (!(unit_config(u).type_bit & quantity_table[Q_V_AN].types)) {
        put(f->volt_name[k], to_next[k]);
        if (unit_reading(u, (enum quantity)(Q_V_AB + k), &micro))
            format_micro_text(f->volt[k], micro, "V");
    }
    if (unit_reading(u, (enum quantity)(Q_I_A + k), &micro))
        format_micro_text(f->amp[k], micro, "A");
}

/* Rows of the pane, in the words of the front's own screens. */
static const struct {
    enum quantity quantity;
    const char *name, *unit;
    int counts_per_micro; /* of the unit: energies come in mWh */
} rows[FRAME_ROWS] = {
    { Q_KW_TOTAL, "Real power", "W", 1 },
    { Q_KVAR_TOTAL, "Reactive power", "var", 1 },
    { Q_KVA_TOTAL, "Apparent power", "VA", 1 },
    { Q_PF_TOTAL, "Power factor", "", 1 },
    { Q_FREQ, "Frequency", "Hz", 1 },
    { Q_VLL_AVG, "Voltage L–L", "V", 1 },
    { Q_I_AVG, "Current", "A", 1 },
    { Q_KWH_IMPORT, "Energy import", "Wh", 1000 },
    { Q_KWH_EXPORT, "Energy export", "Wh", 1000 },
    { Q_KW_DEMAND, "Demand", "W", 1 },
};

static void read_rows(struct frame *f, const struct unit *u)
{
    int64_t counts;

    f->rows = FRAME_ROWS;
    for (int k = 0; k < FRAME_ROWS; k++) {
        struct frame_reading *r = &f->row[k];
        put(r->name, rows[k].name);
        put(r->value, NOTHING);
        if (u && unit_reading(u, rows[k].quantity, &counts))
            format_micro(r->value, r->unit, sizeof r->unit,
                         counts * rows[k].counts_per_micro, rows[k].unit);
    }
}

/* The bits of register 146 in words; the phases of a kind make one line. */
static void list_alerts(struct frame *f, unsigned bits)
{
    const char *words = NULL;

    for (int bit = 0; bit < ALERT_BITS; bit++) {
        const struct alert_row *row = &alert_table[bit];
        if (!(bits >> bit & 1))
            continue;
        if (!words || strcmp(words, row->words) != 0)
            snprintf(f->alert[f->alerts++], sizeof *f->alert, "%c%s",
                     toupper((unsigned char)*row->words), row->words + 1);
        words = row->words;
        strncat(f->alert[f->alerts - 1], row->phase, 2);
    }
}

static void read_setup(struct frame *f, const struct unit *u)
{
    const struct settings now = unit_settings(u);
    const uint16_t *value = now.value;

    snprintf(f->setup[0], FORMAT_TEXT, "System type %u", value[SETTING_SYSTEM_TYPE]);
    snprintf(f->setup[1], FORMAT_TEXT, "CT %u A", value[SETTING_CT_PRIMARY]);
    snprintf(f->setup[2], FORMAT_TEXT, "PT %.2f", value[SETTING_PT_RATIO] / 100.0);
    snprintf(f->setup[3], FORMAT_TEXT, "%u V L–L", value[SETTING_SYSTEM_VOLTAGE]);
}

static void read_strip(struct frame *f, const struct panel_status *s)
{
    int64_t seconds = s->sim_ns / 1000000000;

    snprintf(f->time, sizeof f->time, "%" PRId64 ":%02d:%02d", seconds / 3600,
             (int)(seconds / 60 % 60), (int)(seconds % 60));
    if (s->speed > 0)
        snprintf(f->speed, sizeof f->speed, "%g× real time", s->speed);
    else
        put(f->speed, "full speed");
    if (s->connections >= 0)
        snprintf(f->connections, sizeof f->connections, "%d connection%s",
                 s->connections, s->connections == 1 ? "" : "s");
    put_whole(f->title, s->title ? s->title : "");
    f->several = s->several;
}

void frame_read(struct frame *f, const struct unit *u,
                const struct panel_status *status, enum panel_view view)
{
    const struct unit *m = u && u->powered ? u : NULL; /* it has readings */
    int64_t uhz;

    memset(f, 0, sizeof *f);
    f->view = view;
    f->alarm_closed = true; /* normally closed: so it is without power */
    if (u)
        read_board(f, u);
    for (int k = 0; k < 3; k++)
        read_terminal(f, m, k);
    read_strip(f, status);
    if (view == PANEL_VIEW_READINGS) {
        read_rows(f, m);
        list_alerts(f, m ? unit_alerts(m) : 0);
    }
    if (m && view == PANEL_VIEW_READINGS)
        read_setup(f, m);
    if (m && view == PANEL_VIEW_PHASORS)
        phasors_read(f, u);
    if (m && view == PANEL_VIEW_WAVES)
        samples_read_waves(f, u);
    if (m && unit_reading(m, Q_FREQ, &uhz))
        format_micro_text(f->hz, uhz, "Hz");
}
