/* Text for the page. See describe.h. */
#include "page/describe.h"
#include "hal_sim/glass_text.h"
#include <inttypes.h>
#include <string.h>

static void add_flag(struct text *json, const char *name, bool value)
{
    text_add(json, ",\"%s\":%s", name, value ? "true" : "false");
}

static void add_string(struct text *json, const char *name, const char *value)
{
    text_add(json, ",\"%s\":", name);
    text_add_json(json, value);
}

static void add_glass(struct text *json, const uint8_t lcd[HAL_LCD_SIZE])
{
    struct glass_text glass;
    const char *comma = "";

    glass_read(lcd, &glass);
    add_string(json, "top", glass.top);
    add_string(json, "bottom", glass.bottom);
    text_add(json, ",\"icons\":[");
    for (int k = 0; k < 4; k++)
        if (glass.icon[k]) {
            text_add(json, "%s\"%s\"", comma, glass_labels[GLASS_ICONS][k]);
            comma = ",";
        }
    text_add(json, "]");
}

static void add_readings(struct text *json, const struct frame *f)
{
    text_add(json, ",\"readings\":[");
    for (int k = 0; k < f->rows; k++) {
        text_add(json, "%s[", k ? "," : "");
        text_add_json(json, f->row[k].name);
        text_add(json, ",");
        text_add_json(json, f->row[k].value);
        text_add(json, ",");
        text_add_json(json, f->row[k].unit);
        text_add(json, "]");
    }
    text_add(json, "],\"alerts\":[");
    for (int k = 0; k < f->alerts; k++) {
        text_add(json, "%s", k ? "," : "");
        text_add_json(json, f->alert[k]);
    }
    text_add(json, "]");
}

void describe_quantity(int row, double value, struct text *out)
{
    static const char *const units[6] = { "W", "var", "VA", "", "Hz", "Wh" };
    char text[FORMAT_TEXT];

    format_micro_text(text, (int64_t)(value * 1e6), units[row]);
    text_add(out, "%s", text);
}

/* What truly flows, beside what the meter makes of it. */
static void add_truth(struct text *json, const struct unit *u)
{
    struct waveform_truth t;

    waveform_truth(u->world, &t);
    const double value[6] = { t.p_total,  t.q_total, t.s_total,
                              t.pf_total, t.hz,      t.wh_import_total };
    text_add(json, ",\"truth\":[");
    for (int k = 0; k < 6; k++) {
        text_add(json, "%s\"", k ? "," : "");
        describe_quantity(k, value[k], json);
        text_add(json, "\"");
    }
    text_add(json, "]");
}

static void add_frame(struct text *json, const struct frame *f)
{
    add_string(json, "model", f->model);
    add_flag(json, "powered", f->powered);
    add_flag(json, "red", f->led_red);
    add_flag(json, "green", f->led_green);
    add_flag(json, "alarm", f->alarm_closed);
    add_flag(json, "energy", f->energy_closed);
    add_glass(json, f->lcd);
    add_readings(json, f);
}

void describe_frame(const struct frame *f, struct text *json)
{
    text_add(json, "{\"ms\":0");
    add_frame(json, f);
    text_add(json, "}");
}

void describe_state(const struct session *s, struct text *json)
{
    const struct panel_status status = { .connections = -1 };
    const struct unit *u = s->unit;
    struct frame f;

    frame_read(&f, u, &status, PANEL_VIEW_READINGS);
    text_add(json, "{\"ms\":%" PRId64, s->now_ms);
    add_frame(json, &f);
    text_add(json, ",\"closures\":%u",
             (unsigned)(u->hal.output_edges[HAL_ENERGY_CONTACT] / 2));
    add_truth(json, u);
    text_add(json, "}");
}

static void add_values(struct text *json, const double value[3], int count)
{
    text_add(json, ",\"value\":[");
    for (int k = 0; k < count; k++)
        text_add(json, "%s%.9g", k ? "," : "", value[k]);
    text_add(json, "]");
}

static void add_fault(struct text *json, const struct unit *u, enum fault_id id)
{
    const struct fault_row *row = &fault_table[id];
    const char *idle = action_fault_idle(u, id);

    text_add(json, "{\"name\":\"%s\",\"family\":\"%s\",\"phases\":%d", row->name,
             fault_family_name(row->family), row->per_phase);
    add_string(json, "unit", row->unit);
    text_add(json, ",\"min\":%.9g,\"max\":%.9g,\"neutral\":%.9g,\"usual\":%.9g",
             row->min, row->max, row->neutral, row->usual);
    add_string(json, "text", row->text);
    add_string(json, "idle", idle ? idle : "");
    add_values(json, u->faults->value[id], row->per_phase ? 3 : 1);
    text_add(json, "}");
}

void describe_faults(const struct session *s, struct text *json)
{
    text_add(json, "[");
    for (int id = 0; id < FAULTS; id++) {
        text_add(json, "%s", id ? "," : "");
        add_fault(json, s->unit, (enum fault_id)id);
    }
    text_add(json, "]");
}

void describe_models(struct text *json)
{
    text_add(json, "[");
    for (unsigned k = 0; model_at(k); k++)
        text_add(json, "%s[\"%s\",\"%s\"]", k ? "," : "", model_at(k)->name,
                 model_at(k)->product);
    text_add(json, "]");
}
